import type { Pool, PoolClient } from 'pg'

/**
 * All that `work` writes, or nothing. A connection on which even ROLLBACK fails is thrown away: back in the pool, the
 * same broken one would be handed to the next try, and to the one after that.
 */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (cause) {
    await client.query('ROLLBACK').catch((failed: Error) => (broken = failed))
    throw cause
  } finally {
    client.release(broken)
  }
}
