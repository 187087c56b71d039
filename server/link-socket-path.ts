import { mkdir, stat } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { shortNameOf } from './database.ts'

/** Where a running server is asked for another console link: a folder that only its owner can enter, with a path short enough for a socket. */
export async function linkSocketPath(stateFolder: string): Promise<string> {
  const folder = join(tmpdir(), `tenure-link-${userInfo().uid}-${shortNameOf(stateFolder)}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { uid, mode } = await stat(folder)
  if (uid !== userInfo().uid || (mode & 0o077) !== 0)
    throw new Error(`${folder} belongs to somebody else, or others can enter it: remove it`)
  return join(folder, 'link')
}
