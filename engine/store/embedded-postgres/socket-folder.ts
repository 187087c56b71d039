import { createHash } from 'node:crypto'
import { lstat, mkdir, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EmbeddedPostgresFault, systemCodeOf, writingTo } from './fault.ts'
import { giveToServer, type ServerAccount } from './server-account.ts'

/** Only a part of the socket's name: no TCP port is opened. */
export const SOCKET_PORT = 5432

/** Systems allow 104 (macOS) to 108 bytes; what is longer makes PostgreSQL stop with an error about its lock file. */
const LONGEST_SOCKET_PATH = 89

/** One short name per state folder, under the system's temporary folder. */
export function socketFolderOf(stateFolder: string, temporaryFolder: string = tmpdir()): string {
  const name = createHash('sha256').update(stateFolder).digest('hex').slice(0, 8)
  const folder = join(temporaryFolder, `tenure-${name}`)
  const length = Buffer.byteLength(join(folder, `.s.PGSQL.${SOCKET_PORT}`))
  if (length > LONGEST_SOCKET_PATH) {
    throw new EmbeddedPostgresFault(
      'SOCKET_PATH_TOO_LONG',
      `The path of the database's socket would have ${length} bytes, and ${LONGEST_SOCKET_PATH} are allowed: ${folder}. ` +
        'Set TMPDIR to a folder with a shorter path, such as /tmp.',
    )
  }
  return folder
}

/**
 * Whoever can enter this folder is the database's superuser (authentication is `trust`), so it is for the server's
 * account alone, and a folder or link that somebody else put there first is refused.
 */
export async function makeSocketFolder(folder: string, account: ServerAccount): Promise<void> {
  await writingTo(folder, () => mkdir(folder, { mode: 0o700 })).catch((thrown: unknown) => {
    if (systemCodeOf(thrown) !== 'EEXIST') throw thrown
  })
  const found = await lstat(folder).catch((thrown: unknown) => {
    if (systemCodeOf(thrown) !== 'ENOENT') throw thrown
  })
  if (found === undefined) return makeSocketFolder(folder, account) // tidied away by a server that stopped just now
  const ours = process.getuid?.()
  if (!found.isDirectory() || (found.uid !== ours && found.uid !== account?.uid)) {
    throw new EmbeddedPostgresFault(
      'FOLDER_NOT_OURS',
      `${folder} was made by somebody else (uid ${found.uid}). Remove it, or set TMPDIR to a folder of your own.`,
    )
  }
  await giveToServer(folder, account)
}

/** Tidies up after a server. A folder in which another one listens already is not empty, and stays. */
export async function removeSocketFolder(folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined)
}
