import { resolve } from 'node:path'
import { Client } from 'pg'
import { findPackage, installBinaries } from './binaries.ts'
import { makeCluster, SUPERUSER } from './cluster.ts'
import { EmbeddedPostgresFault } from './fault.ts'
import { launch, type Launched, type Place } from './launch.ts'
import { MAINTENANCE_DATABASE, takeLease, type Lease } from './lease.ts'
import { isAlive, runningServer, takePlaceOfDeadServer, type RunningServer } from './postmaster-file.ts'
import { makePassage, serverAccount } from './server-account.ts'
import { makeSocketFolder, removeSocketFolder, socketFolderOf } from './socket-folder.ts'
import { patience, wait } from './wait.ts'

/**
 * A real PostgreSQL from npm, for those who have none.
 *
 * One server per state folder, shared by every process that asks for it. It is *started* by the first, *re-used* by
 * whoever finds it running (a second process, or the next start after the first was killed), and *stopped* by the
 * last one to leave, whoever that is. When it dies under a process that uses it, that process starts it again.
 * Processes agree by two things only: PostgreSQL's own lock on its data folder, and the lease (see lease.ts).
 */
export interface EmbeddedPostgres {
  /** For `new Pool(connection)`. */
  readonly connection: Connection
  /** False when this call started the server. */
  readonly reused: boolean
  /** To be called when all connections of this process are closed. */
  stop(): Promise<'stopped' | 'left to others'>
  /** For a keeper: as `stop`, but stays until the others have left too, however they leave. */
  stopWhenAlone(): Promise<void>
}

export interface Connection {
  /** The folder of the unix socket. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
}

const DATABASE = 'tenure'
const READY_WITHIN_MS = 120_000
const STOPPED_WITHIN_MS = 60_000

export async function startEmbeddedPostgres(options: {
  readonly stateFolder: string
  /** Told when the server died later and could not be started again. */
  readonly onFault?: (fault: unknown) => void
}): Promise<EmbeddedPostgres> {
  const place = await prepare(resolve(options.stateFolder))
  const first = await obtain(place)
  await makeDatabase(first.server)

  let held = Promise.resolve(first)
  let leaving = false
  const watch = ({ lease }: Obtained): void => {
    void lease.ended.then(() => {
      if (leaving) return
      held = obtain(place)
      held.then(watch, (fault: unknown) => options.onFault?.(fault))
    })
  }
  watch(first)

  const leave = async (): Promise<'stopped' | 'left to others'> => {
    leaving = true
    const last = await held.catch(() => undefined)
    if (last === undefined) return 'stopped' // it had died, and would not start again
    const others = await last.lease.giveUp()
    if (others === 'not alone') return 'left to others'
    if (others === 'alone') await stopServer(place, last.server)
    await last.lease.end()
    return 'stopped'
  }

  return {
    connection: { host: first.server.socketFolder, port: first.server.port, user: SUPERUSER, database: DATABASE },
    reused: first.reused,
    async stop() {
      const outcome = await leave()
      await held.then(
        ({ lease }) => lease.end(),
        () => undefined,
      )
      return outcome
    },
    async stopWhenAlone() {
      while ((await leave()) === 'left to others') await wait(100)
    },
  }
}

async function prepare(stateFolder: string): Promise<Place> {
  const account = serverAccount()
  const socketFolder = socketFolderOf(stateFolder)
  await makePassage(stateFolder, account)
  const binaries = await installBinaries(await findPackage(), stateFolder)
  const dataFolder = await makeCluster(binaries, stateFolder, account)
  return { stateFolder, dataFolder, socketFolder, postgres: binaries.postgres, account }
}

interface Obtained {
  readonly lease: Lease
  readonly server: RunningServer
  readonly reused: boolean
}

async function obtain(place: Place): Promise<Obtained> {
  let launched: Launched | undefined
  let server: RunningServer | undefined
  for (const ms of patience(READY_WITHIN_MS)) {
    server = await runningServer(place.dataFolder)
    if (server !== undefined) {
      const lease = await takeLease(server)
      if (lease !== undefined) return { lease, server, reused: server.pid !== launched?.pid }
    } else if (launched === undefined) {
      await takePlaceOfDeadServer(place.dataFolder)
      await makeSocketFolder(place.socketFolder, place.account)
      launched = await launch(place)
    }
    const ending = (await launched?.ending()) ?? null
    if (ending instanceof EmbeddedPostgresFault) throw ending
    if (ending === 'try again') launched = undefined
    await wait(ms)
  }
  throw new EmbeddedPostgresFault(
    'SERVER_DOES_NOT_ANSWER',
    server === undefined
      ? `The embedded PostgreSQL on ${place.dataFolder} did not start within ${READY_WITHIN_MS / 1000} s. See postgres.log in ${place.stateFolder}.`
      : `A PostgreSQL (process ${server.pid}) runs on ${place.dataFolder} but does not answer at ${server.socketFolder}. ` +
          `Stop it with \`kill -INT ${server.pid}\` and start again.`,
  )
}

async function makeDatabase(server: RunningServer): Promise<void> {
  const client = new Client({
    host: server.socketFolder,
    port: server.port,
    user: SUPERUSER,
    database: MAINTENANCE_DATABASE,
    ssl: false,
  })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`)
  } catch (thrown) {
    // Two first starts at once: 42P04 duplicate_database, 23505 when both were in the middle of it.
    if (!['42P04', '23505'].includes((thrown as { code?: string }).code ?? '')) throw thrown
  } finally {
    await client.end()
  }
}

/** PostgreSQL's fast shutdown: open transactions are rolled back, everything committed is written. */
async function stopServer(place: Place, server: RunningServer): Promise<void> {
  process.kill(server.pid, 'SIGINT')
  for (const ms of patience(STOPPED_WITHIN_MS)) {
    // By its file and folder too: where nobody collects dead processes, their numbers live on.
    if (!isAlive(server.pid) || (await runningServer(place.dataFolder)) === undefined) {
      return removeSocketFolder(server.socketFolder)
    }
    await wait(ms)
  }
  throw new EmbeddedPostgresFault(
    'SERVER_DOES_NOT_ANSWER',
    `The embedded PostgreSQL (process ${server.pid}) did not stop within ${STOPPED_WITHIN_MS / 1000} s.`,
  )
}
