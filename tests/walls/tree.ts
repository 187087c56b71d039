import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

export const ROOT = join(import.meta.dirname, '..', '..')

const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.state'])

/** Every file of the repository, by its path from the root, without what tools make. */
export function filesOfTree(folder = ROOT): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !LEFT_OUT.has(entry.name) && !entry.name.endsWith('.log'))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? filesOfTree(path) : entry.isFile() ? [relative(ROOT, path)] : []
    })
    .sort()
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

export const isTest = (path: string): boolean => path.endsWith('.test.ts')
export const isTypeScript = (path: string): boolean => /\.tsx?$/.test(path)
