import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import { ROOT, textOf } from './tree.ts'

/**
 * A small tree full of violations, far from ours, removed when the test file is done. It has the repository's own
 * configuration, so that what is proven red there is what would be red here.
 */
export function plant(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tenure-planted-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const configuration = [
    'package.json',
    'tsconfig.json',
    '.oxlintrc.json',
    '.dependency-cruiser.mjs',
    'core/tsconfig.json',
  ]
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  for (const path of configuration) write(join(folder, path), textOf(path))
  for (const [path, text] of Object.entries(files)) write(join(folder, path), text)
  return folder
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
