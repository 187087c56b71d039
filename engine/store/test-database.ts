import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { open, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Client, Pool } from 'pg'
import { systemCodeOf } from './embedded-postgres/fault.ts'
import { isAlive } from './embedded-postgres/postmaster-file.ts'
import { makePassage, serverAccount } from './embedded-postgres/server-account.ts'
import { startEmbeddedPostgres, type Connection, type EmbeddedPostgres } from './embedded-postgres/start.ts'
import { patience, wait } from './embedded-postgres/wait.ts'

/**
 * An empty database of the newest schema for a test file, in milliseconds: a copy of a template that was migrated
 * once per schema. All processes of a test run share one embedded server with fsync on. It stops when the last of
 * them has dropped its database, and in any case when the run is over (see test-database-keeper.ts).
 */
export interface TestDatabase {
  /** For `new Pool(connectionConfig)`. */
  readonly connectionConfig: Connection
  /** The same as a DATABASE_URL, for a server in a process of its own. */
  readonly url: string
  /** Ends whatever is still connected. Call it in `after`. */
  drop(): Promise<void>
}

export type Migrate = (pool: Pool) => Promise<void>

/** Without a schema of its own, a test gets that of engine/store/migrations. */
export async function createTestDatabase(own?: {
  readonly schema: string
  readonly migrate: Migrate
}): Promise<TestDatabase> {
  const server = await enter()
  try {
    const template = await provideTemplate(server.connection, own ?? (await schemaOfEngine()))
    const database = `test_${process.pid}_${randomBytes(4).toString('hex')}`
    await asMaintainer(server.connection, async (client) => {
      await client.query(`CREATE DATABASE ${database} TEMPLATE ${template}`)
    })
    const connectionConfig = { ...server.connection, database }
    const { host, port, user } = connectionConfig
    let dropped: Promise<void> | undefined
    return {
      connectionConfig,
      url: `postgresql://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`,
      drop() {
        dropped ??= asMaintainer(server.connection, async (client) => {
          await untilDeserted(client, database)
          await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)
        }).finally(leave)
        return dropped
      },
    }
  } catch (thrown) {
    await leave()
    throw thrown
  }
}

/**
 * A pool that was ended a moment ago may still be saying goodbye: to be cut off then would be an error that nobody
 * handles. Whoever stays longer than half a second is cut off.
 */
async function untilDeserted(client: Client, database: string): Promise<void> {
  for (const ms of patience(500)) {
    const { rowCount } = await client.query('SELECT FROM pg_stat_activity WHERE datname = $1', [database])
    if (rowCount === 0) return
    await wait(ms)
  }
}

/** The server of this process, and how many of its databases still need it. */
let shared: Promise<EmbeddedPostgres> | undefined
let users = 0

async function enter(): Promise<EmbeddedPostgres> {
  users += 1
  shared ??= start()
  try {
    return await shared
  } catch (thrown) {
    users -= 1
    shared = undefined
    throw thrown
  }
}

async function leave(): Promise<void> {
  users -= 1
  if (users > 0) return
  const server = shared
  shared = undefined
  await (await server)?.stop()
}

async function start(): Promise<EmbeddedPostgres> {
  const stateFolder = testStateFolder()
  await makePassage(stateFolder, serverAccount())
  await keepUntilRunIsOver(stateFolder)
  const server = await startEmbeddedPostgres({ stateFolder })
  await asMaintainer(server.connection, dropLeftovers)
  return server
}

export function testStateFolder(): string {
  const named = process.env['TENURE_TEST_HOME']
  return named ? resolve(named) : join(tmpdir(), `tenure-test-${process.getuid?.() ?? 'user'}`)
}

/** One keeper per run, and before the server starts, so that no kill can leave a server without one. */
async function keepUntilRunIsOver(stateFolder: string): Promise<void> {
  const run = await pidOfRun()
  const mark = join(stateFolder, `keeper-of-${run}`)
  const first = await open(mark, 'wx').catch((thrown: unknown) => {
    if (systemCodeOf(thrown) !== 'EEXIST') throw thrown
  })
  if (first === undefined) return
  await first.close()
  const keeper = join(import.meta.dirname, 'test-database-keeper.ts')
  const parameters = [keeper, stateFolder, String(run), mark]
  spawn(process.execPath, parameters, { detached: true, stdio: 'ignore', cwd: '/' }).unref()
}

/** Under `node --test` a test file is a child of the runner, unless that was killed meanwhile: then whoever adopts orphans is the parent. */
async function pidOfRun(): Promise<number> {
  const parent = process.ppid
  if (process.platform !== 'linux') return parent === 1 ? process.pid : parent
  const command = await readFile(`/proc/${parent}/cmdline`, 'utf8').catch(() => '')
  return command.split('\0').some((word) => word.startsWith('--test')) ? parent : process.pid
}

/** Databases of processes that were killed; templates of schemas of long ago. */
async function dropLeftovers(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>('SELECT datname AS name FROM pg_database ORDER BY oid DESC')
  const names = rows.map((row) => row.name)
  const leftover = names.filter((name) => {
    const pid = /^test_(\d+)_/.exec(name)?.[1]
    return pid !== undefined && !isAlive(Number(pid))
  })
  const outdated = names.filter((name) => name.startsWith('template_')).slice(8)
  for (const name of outdated) await quietly(client.query(`ALTER DATABASE ${name} IS_TEMPLATE false`))
  for (const name of [...leftover, ...outdated]) await quietly(client.query(`DROP DATABASE ${name} WITH (FORCE)`))
}

/** Another process may be doing the same at this moment. */
async function quietly(statement: Promise<unknown>): Promise<void> {
  await statement.catch(() => undefined)
}

/** The template of a schema, made by the first process that needs it while the others wait. */
async function provideTemplate(
  connection: Connection,
  { schema, migrate }: { readonly schema: string; readonly migrate: Migrate },
): Promise<string> {
  const hash = createHash('sha256').update(schema).digest()
  const template = `template_${hash.toString('hex', 0, 8)}`
  await asMaintainer(connection, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [hash.readInt32BE()])
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template])
    if (rowCount !== 0) return
    const unfinished = `unfinished_${template}`
    await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`)
    await client.query(`CREATE DATABASE ${unfinished}`)
    const pool = new Pool({ ...connection, database: unfinished, max: 2 })
    await migrate(pool).finally(() => pool.end())
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`)
    await client.query(`ALTER DATABASE ${template} IS_TEMPLATE true ALLOW_CONNECTIONS false`)
  })
  return template
}

async function schemaOfEngine(): Promise<{ readonly schema: string; readonly migrate: Migrate }> {
  const { migrate } = (await import('./migrate.ts')) as { migrate: Migrate }
  const folder = join(import.meta.dirname, 'migrations')
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const texts = await Promise.all(
    [...files.map((name) => join(folder, name)), join(import.meta.dirname, 'migrate.ts')].map(async (path) => {
      return `${path}\0${await readFile(path, 'utf8')}`
    }),
  )
  return { schema: texts.join('\0'), migrate }
}

async function asMaintainer(connection: Connection, step: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ ...connection, database: 'postgres' })
  await client.connect()
  try {
    await step(client)
  } finally {
    await client.end()
  }
}
