import { readFile, readdir } from 'node:fs/promises'
import type { Pool, QueryResult } from 'pg'

const FOLDER = new URL('./migrations/', import.meta.url)
/** Any two replicas that start together take turns; the number only has to be ours. */
const MIGRATION_LOCK = 7_301_977
/** To rewrite a large table, or to wait for the replica that does, takes as long as it takes: the pool's patience is not meant for it. */
const PATIENCE_MS = 24 * 60 * 60 * 1_000

/**
 * Brings the schema up to date: each file of `migrations/` once, in the order of its name, in one transaction with its mark.
 * `upTo`: the last file to be done, for whoever needs a database as an earlier release left it.
 */
export async function migrate(pool: Pool, upTo?: string): Promise<void> {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort()
  const client = await pool.connect()
  const query = (text: string, values: readonly unknown[] = []): Promise<QueryResult<{ name: string }>> => {
    // A file of several statements goes without values: with some, it could hold one statement only.
    const patient = { text, query_timeout: PATIENCE_MS, ...(values.length > 0 ? { values: [...values] } : {}) }
    return client.query<{ name: string }>(patient)
  }
  try {
    await query('SET statement_timeout = 0')
    await query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
    await query('CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY)')
    const done = await query('SELECT name FROM migration')
    const names = new Set(done.rows.map((row) => row.name))
    const unknown = [...names].filter((name) => !files.includes(name))
    if (unknown.length > 0) {
      throw new Error(
        `The database was migrated by a newer Tenure (${unknown.join(', ')}). Start that version, or a newer one.`,
      )
    }
    if (upTo !== undefined && !files.includes(upTo)) throw new Error(`there is no migration ${upTo}`)
    const wanted = upTo === undefined ? files : files.slice(0, files.indexOf(upTo) + 1)
    for (const name of wanted.filter((each) => !names.has(each))) {
      const sql = await readFile(new URL(name, FOLDER), 'utf8')
      await query('BEGIN')
      await query(sql)
      await query('INSERT INTO migration (name) VALUES ($1)', [name])
      await query('COMMIT')
    }
  } finally {
    // Ends the connection, and with it the open transaction, the lock and the patience, none of which may outlive this.
    client.release(true)
  }
}
