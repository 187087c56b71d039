import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

/** All that a build depends on, below the repository's root. The lock file stands for everything that npm installed. */
const SOURCES = [
  'surfaces/console/src',
  'surfaces/console/index.html',
  'surfaces/console/vite.config.ts',
  'package-lock.json',
]

/** A hash of the content of the console's sources: it names their build, so a build is stale exactly when none has this name. */
export async function hashConsoleSources(root: string): Promise<string> {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    for (const path of await filesUnder(join(root, source))) {
      // Names and contents each with their length, so that no two sets of files look alike.
      const name = relative(root, path).split(sep).join('/')
      const content = await readFile(path)
      hash.update(`${name.length}:${name}${content.length}:`).update(content)
    }
  }
  return hash.digest('hex').slice(0, 16)
}

async function filesUnder(path: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true, recursive: true })
    return entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return [path]
    throw error
  }
}
