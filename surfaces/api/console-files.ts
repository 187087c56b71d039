import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

export interface ConsoleFile {
  readonly body: Buffer
  readonly contentType: string
  readonly etag: string
  /** Its name holds a hash of its content, so it may be kept for ever. */
  readonly hashed: boolean
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/**
 * A whole build in memory (about 1 MB), by path from the console's root. What is asked for is only ever looked up in this
 * map: no path of a request reaches the file system.
 */
export async function readConsoleFiles(folder: string): Promise<ReadonlyMap<string, ConsoleFile>> {
  const files = new Map<string, ConsoleFile>()
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const contentType = CONTENT_TYPES[extname(entry.name)]
    if (!entry.isFile() || !contentType) continue
    const path = join(entry.parentPath, entry.name)
    const body = await readFile(path)
    files.set(relative(folder, path).split(sep).join('/'), {
      body,
      contentType,
      etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
      hashed: /^assets\/.+-[A-Za-z0-9_-]{8}\.\w+$/.test(relative(folder, path).split(sep).join('/')),
    })
  }
  return files
}
