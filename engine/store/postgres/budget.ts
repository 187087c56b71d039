import type { Pool } from 'pg'
import type { JsonObject } from '#core/event.ts'

export async function budget(
  pool: Pool,
  provider: string,
): Promise<{ readonly version: number; readonly state: JsonObject } | null> {
  const { rows } = await pool.query<{ version: number; state: JsonObject }>(
    'SELECT version, state FROM budget WHERE provider = $1',
    [provider],
  )
  return rows[0] ?? null
}

export async function saveBudget(pool: Pool, provider: string, expected: number, state: JsonObject): Promise<boolean> {
  const { rowCount } = await pool.query(
    expected === 0
      ? 'INSERT INTO budget (provider, version, state) VALUES ($1, $2 + 1, $3) ON CONFLICT (provider) DO NOTHING'
      : 'UPDATE budget SET version = $2 + 1, state = $3 WHERE provider = $1 AND version = $2',
    [provider, expected, state],
  )
  return rowCount === 1
}
