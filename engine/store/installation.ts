import type { Pool } from 'pg'

/** Few small facts about the installation itself, e.g. whether it is the sandbox. */
export async function installationFact(pool: Pool, name: string): Promise<string | null> {
  const { rows } = await pool.query<{ value: string }>('SELECT value FROM installation WHERE name = $1', [name])
  return rows[0]?.value ?? null
}

export async function setInstallationFact(pool: Pool, name: string, value: string): Promise<void> {
  await pool.query(
    'INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    [name, value],
  )
}

/** Writes a fact down for ever, unless somebody did before; what is written down now. */
export async function keepInstallationFact(pool: Pool, name: string, value: string): Promise<string> {
  await pool.query('INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING', [
    name,
    value,
  ])
  return (await installationFact(pool, name)) ?? value
}

/** Takes an unused database for one mode for ever. False: it belongs to the other. */
export async function claimDatabaseFor(pool: Pool, mode: 'sandbox' | 'company'): Promise<boolean> {
  return (await keepInstallationFact(pool, 'mode', mode)) === mode
}
