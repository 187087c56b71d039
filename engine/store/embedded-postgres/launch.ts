import { open, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { diskFull, EmbeddedPostgresFault, SET_DATABASE_URL, writingTo } from './fault.ts'
import { start } from './run.ts'
import type { ServerAccount } from './server-account.ts'
import { settings } from './settings.ts'
import { SOCKET_PORT } from './socket-folder.ts'

const LARGEST_LOG_BYTES = 10_000_000

/** All that a start needs to know. */
export interface Place {
  readonly stateFolder: string
  readonly dataFolder: string
  readonly socketFolder: string
  readonly postgres: string
  readonly account: ServerAccount
}

/** A server that we started. */
export interface Launched {
  readonly pid: number
  /** Null while it runs. Then: whether another try may help (somebody else was faster), or why not. */
  ending(): Promise<null | 'try again' | EmbeddedPostgresFault>
}

/**
 * Starts a server that outlives us: in a session of its own, where a Ctrl-C in our terminal does not reach it, and
 * with a log that no pipe of ours has to drain.
 */
export async function launch(place: Place): Promise<Launched> {
  const logPath = join(place.stateFolder, 'postgres.log')
  return writingTo(place.stateFolder, async () => {
    await rotate(logPath)
    const log = await open(logPath, 'a', 0o600)
    try {
      const logStart = (await log.stat()).size
      const child = await start(
        place.postgres,
        ['-D', place.dataFolder, ...settings(place.socketFolder, SOCKET_PORT)],
        place.account,
        { detached: true, stdio: ['ignore', log.fd, log.fd] },
      )
      child.unref()
      return {
        pid: child.pid ?? 0,
        async ending() {
          if (child.exitCode === null && child.signalCode === null) return null
          const ended = child.exitCode ?? child.signalCode ?? 'nothing'
          return meaningOf(await readFrom(logPath, logStart), ended, place)
        },
      }
    } finally {
      await log.close()
    }
  })
}

/** What PostgreSQL's last words mean. `lc_messages` is C, so they are always English. */
function meaningOf(words: string, ended: number | string, place: Place): 'try again' | EmbeddedPostgresFault {
  if (words.includes('lock file "') || words.includes('pre-existing shared memory block')) return 'try again'
  if (words.includes('No space left on device')) return diskFull(place.dataFolder)
  return new EmbeddedPostgresFault(
    'SERVER_DID_NOT_START',
    `The embedded PostgreSQL on ${place.dataFolder} ended with ${ended} while it started. Its last words:\n` +
      `${words.trim()}\nThe whole log is ${join(place.stateFolder, 'postgres.log')}. If you cannot mend it, ${SET_DATABASE_URL}.`,
  )
}

async function readFrom(path: string, position: number): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const from = Math.max(position, size - 2_000)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2_000), 0, 2_000, from)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

/** One old log is kept. */
async function rotate(path: string): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size > LARGEST_LOG_BYTES) await rename(path, `${path}.1`)
}
