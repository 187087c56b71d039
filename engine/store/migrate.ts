import { readFile, readdir } from 'node:fs/promises'
import type { Pool } from 'pg'

const FOLDER = new URL('./migrations/', import.meta.url)
/** Any two replicas that start together take turns; the number only has to be ours. */
const MIGRATION_LOCK = 7_301_977

/** Brings the schema up to date: each file of `migrations/` once, in the order of its name, in one transaction with its mark. */
export async function migrate(pool: Pool): Promise<void> {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort()
  const client = await pool.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
    await client.query('CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY)')
    const done = await client.query<{ name: string }>('SELECT name FROM migration')
    const names = new Set(done.rows.map((row) => row.name))
    const unknown = [...names].filter((name) => !files.includes(name))
    if (unknown.length > 0) {
      throw new Error(
        `The database was migrated by a newer Tenure (${unknown.join(', ')}). Start that version, or a newer one.`,
      )
    }
    for (const name of files.filter((each) => !names.has(each))) {
      const sql = await readFile(new URL(name, FOLDER), 'utf8')
      await client.query('BEGIN')
      await client.query(sql)
      await client.query('INSERT INTO migration (name) VALUES ($1)', [name])
      await client.query('COMMIT')
    }
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw cause
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined)
    client.release()
  }
}
