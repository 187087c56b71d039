import { Client } from 'pg'
import { SUPERUSER } from './cluster.ts'
import type { RunningServer } from './postmaster-file.ts'

/**
 * Who still needs the server. Every process that uses it holds one connection with a shared advisory lock; the
 * connection of a process that was killed ends with it. Who leaves tries the exclusive lock: having it means to be
 * the last, and whoever comes then waits for the lock, loses the connection as the server stops, and starts again.
 */
const LEASE = 7_366_873

/** Advisory locks belong to a database, and this one always exists. */
export const MAINTENANCE_DATABASE = 'postgres'

export interface Lease {
  /**
   * Gives the lease up. `alone`: nobody else has one, and nobody gets one before the connection ends. May be asked
   * again. `gone`: the server does not run any more.
   */
  giveUp(): Promise<'alone' | 'not alone' | 'gone'>
  end(): Promise<void>
  /** Resolves when the connection is gone, whoever ended it. */
  readonly ended: Promise<void>
}

/** Undefined when the server does not answer: not yet, or no more. */
export async function takeLease(server: RunningServer): Promise<Lease | undefined> {
  const client = new Client({
    host: server.socketFolder,
    port: server.port,
    user: SUPERUSER,
    database: MAINTENANCE_DATABASE,
    ssl: false,
    application_name: 'tenure lease',
    connectionTimeoutMillis: 5_000,
  })
  const ended = new Promise<void>((resolve) => {
    client.on('end', resolve)
    client.on('error', () => resolve())
  })
  try {
    await client.connect()
    await client.query('SELECT pg_advisory_lock_shared($1)', [LEASE])
  } catch {
    await client.end().catch(() => undefined)
    return undefined
  }
  keepProcessAlive(client, false)
  let held = true
  return {
    ended,
    async giveUp() {
      keepProcessAlive(client, true)
      try {
        if (held) await client.query('SELECT pg_advisory_unlock_shared($1)', [LEASE])
        held = false
        const { rows } = await client.query<{ alone: boolean }>('SELECT pg_try_advisory_lock($1) AS alone', [LEASE])
        return rows[0]?.alone === true ? 'alone' : 'not alone'
      } catch {
        return 'gone'
      }
    },
    async end() {
      await client.end().catch(() => undefined)
    },
  }
}

/** A lease alone is no reason for a program to go on running. (The types of pg do not know these two methods.) */
function keepProcessAlive(client: Client, keep: boolean): void {
  const connection = client as unknown as { ref(): void; unref(): void }
  if (keep) connection.ref()
  else connection.unref()
}
