import type { Pool, PoolClient } from 'pg'
import type { JsonObject } from '#core/event.ts'
import type { SealedEvent, Sealing, StoredCheckpoint, StoredEvent } from '../store.ts'
import { EVENT } from './event-rows.ts'
import { inTransaction } from './transaction.ts'
import { arrayOf, takeUnsealed } from './unsealed.ts'

export async function eventAt(pool: Pool, stream: string, version: number): Promise<StoredEvent | null> {
  const { rows } = await pool.query<StoredEvent>(`${EVENT} WHERE e.stream = $1 AND e.version = $2`, [stream, version])
  return rows[0] ?? null
}

/** One sequencer at a time among all replicas; the number only has to be ours. */
const SEQUENCER_LOCK = 7_301_978

/**
 * Takes events that are no leaf yet in the order of their position and appends them to the log. A transaction that
 * commits late simply gets later leaves: appends never wait for the sequencer, and nothing is passed over.
 */
export async function seal(pool: Pool, limit: number, sealing: Sealing): Promise<number> {
  return inTransaction(pool, async (client) => {
    const { rows: mine } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS mine', [
      SEQUENCER_LOCK,
    ])
    return mine[0]?.mine ? sealLocked(client, limit, sealing) : 0
  })
}

async function sealLocked(client: PoolClient, limit: number, sealing: Sealing): Promise<number> {
  const leaves = await takeUnsealed(client, limit, sealing)
  const [first] = leaves
  if (first === undefined) return 0
  const { rows: last } = await client.query<{ size: number; frontier: JsonObject }>(
    'SELECT size, frontier FROM checkpoint ORDER BY size DESC LIMIT 1',
  )
  const size = last[0]?.size ?? 0
  const hashes = leaves.map((each) => each.hash)
  const { frontier, rootHash, note } = sealing.grow(last[0]?.frontier ?? null, size, hashes)
  await client.query(
    `INSERT INTO checkpoint (size, root_hash, note, frontier, at, first_index, positions, hashes, first_position, last_position)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      size + leaves.length,
      rootHash,
      note,
      frontier,
      sealing.at,
      size,
      arrayOf(leaves),
      Buffer.concat(hashes),
      first.position,
      leaves.at(-1)?.position,
    ],
  )
  return leaves.length
}

export async function newestCheckpoint(pool: Pool): Promise<StoredCheckpoint | null> {
  const { rows } = await pool.query<StoredCheckpoint>(
    'SELECT size, root_hash AS "rootHash", note, at FROM checkpoint ORDER BY size DESC LIMIT 1',
  )
  return rows[0] ?? null
}

export async function sealed(pool: Pool, fromIndex: number, limit: number): Promise<readonly SealedEvent[]> {
  const { rows } = await pool.query<StoredEvent & { index: number; hash: Buffer }>(
    `SELECT l.index, l.hash, e.* FROM (
       SELECT c.first_index + place - 1 AS index, position, substring(c.hashes FROM (place::int - 1) * 32 + 1 FOR 32) AS hash
       FROM checkpoint c, unnest(c.positions) WITH ORDINALITY AS u(position, place)
       WHERE c.size > $1 AND c.first_index < $2) l
     JOIN (${EVENT}) e USING (position)
     WHERE l.index >= $1 AND l.index < $2 ORDER BY l.index`,
    [fromIndex, fromIndex + limit],
  )
  return rows.map(({ index, hash, ...event }) => ({ index, leafHash: hash, event }))
}

/** Erases the row, and the copy that the state of the stream keeps of it: what `evolve` makes of the event from now on. */
export async function erase(pool: Pool, stream: string, version: number): Promise<boolean> {
  const { rows } = await pool.query(
    `WITH erased AS (DELETE FROM personal WHERE stream = $1 AND version = $2 RETURNING fields),
     forgotten AS (
       UPDATE stream_state SET state =
         (SELECT coalesce(jsonb_object_agg(key, CASE WHEN value = erased.fields THEN 'null' ELSE value END), '{}') FROM jsonb_each(state))
       FROM erased WHERE name = $1)
     SELECT FROM erased`,
    [stream, version],
  )
  return rows.length === 1
}
