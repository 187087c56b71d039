import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import { ConfigFault } from '#connectors/kit/config-fault.ts'
import { startEmbeddedPostgres } from '#engine/store/embedded-postgres/start.ts'
import { claimDatabaseFor } from '#engine/store/installation.ts'
import { migrate } from '#engine/store/migrate.ts'
import { openPool } from '#engine/store/postgres/postgres-store.ts'
import type { Settings } from './settings.ts'

export interface Database {
  readonly pool: Pool
  /** What to print: where the data is. */
  readonly where: string
  close(): Promise<void>
}

/** Opens the database of this mode, the embedded one unless DATABASE_URL names another, and brings its schema up to date. */
export async function openDatabase(settings: Settings, onFault: (fault: unknown) => void): Promise<Database> {
  const sandbox = settings.connections === null
  const opened = settings.databaseUrl === null ? await openEmbedded(settings, onFault) : openByUrl(settings.databaseUrl)
  try {
    await migrate(opened.pool)
    if (!(await claimDatabaseFor(opened.pool, sandbox ? 'sandbox' : 'company'))) {
      throw new ConfigFault(
        sandbox
          ? 'this database holds a real company, and the sandbox will not touch it: unset DATABASE_URL, or configure the connections of that company'
          : 'this database holds the sandbox, which never becomes a real company: name an empty database in DATABASE_URL',
      )
    }
    return opened
  } catch (cause) {
    await opened.close()
    throw cause
  }
}

function openByUrl(connectionString: string): Database {
  const pool = openPool({ connectionString })
  return { pool, where: 'the database of DATABASE_URL', close: () => pool.end() }
}

async function openEmbedded(settings: Settings, onFault: (fault: unknown) => void): Promise<Database> {
  const server = await startEmbeddedPostgres({ stateFolder: settings.stateFolder, onFault })
  const database = settings.connections === null ? 'tenure_sandbox' : 'tenure'
  const maintenance = openPool({ ...server.connection, max: 1 })
  const { rowCount } = await maintenance.query('SELECT 1 FROM pg_database WHERE datname = $1', [database])
  if (rowCount === 0) await maintenance.query(`CREATE DATABASE ${database}`).catch(ignoreDuplicate)
  await maintenance.end()
  const pool = openPool({ ...server.connection, database })
  return {
    pool,
    where: `embedded PostgreSQL in ${settings.stateFolder}`,
    close: async () => {
      await pool.end()
      await server.stop()
    },
  }
}

/** Two processes that start at once both find it missing: the second creation says that it is there. */
function ignoreDuplicate(cause: { code?: string }): void {
  if (cause.code !== '42P04' && cause.code !== '23505') throw cause
}

/** A short name for a state folder, for paths that have to stay short. */
export function shortNameOf(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 12)
}
