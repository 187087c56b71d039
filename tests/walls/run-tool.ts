import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './tree.ts'

export interface Finding {
  readonly rule: string
  readonly file: string
  readonly words: string
}

const ROOMS = [
  'core',
  'engine',
  'connectors',
  'surfaces',
  'server',
  'sandbox',
  'simulation',
  'verify',
  'bench',
  'tests',
]

/** What dependency-cruiser says about a tree. */
export function cruise(folder: string): Finding[] {
  const rooms = ROOMS.filter((room) => existsSync(join(folder, room)))
  const output = runTool(folder, 'depcruise', [
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'json',
    ...rooms,
  ])
  const { summary } = JSON.parse(output) as {
    summary: { violations: { from: string; to: string; rule: { name: string } }[]; totalCruised: number }
  }
  if (summary.totalCruised === 0) throw new Error('dependency-cruiser saw no file')
  return summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, file: from, words: `${from} → ${to}` }))
}

/** What oxlint says about a tree. */
export function lint(folder: string): Finding[] {
  const output = runTool(folder, 'oxlint', ['--config', '.oxlintrc.json', '--no-ignore', '--format', 'json', '.'])
  const { diagnostics } = JSON.parse(output) as {
    diagnostics: { code: string; filename: string; message: string; help?: string }[]
  }
  return diagnostics.map(({ code, filename, message, help }) => ({
    rule: /\((.+)\)/.exec(code)?.[1] ?? code,
    file: filename,
    words: `${message} ${help ?? ''}`,
  }))
}

function runTool(cwd: string, tool: string, parameters: string[]): string {
  const binary = join(ROOT, 'node_modules', '.bin', tool)
  const { stdout, stderr, error } = spawnSync(binary, parameters, { cwd, encoding: 'utf8', maxBuffer: 100_000_000 })
  if (error !== undefined) throw error
  if (!stdout.includes('{')) throw new Error(`${tool} said: ${stdout}${stderr}`)
  return stdout.slice(stdout.indexOf('{'))
}
