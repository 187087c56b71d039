import type { PoolClient } from 'pg'
import type { Sealing, StoredEvent } from '../store.ts'
import { EVENT } from './event-rows.ts'

/*
 * Events that are no leaf yet wait in two tables: by the transaction that recorded them, with their leaf hashes
 * (`unsealed_run`), and one by one where the hash is yet to be computed (`unsealed`).
 */

export interface Leaf {
  readonly position: number
  readonly hash: Buffer
}

/** Takes the first of them in the order of their position, so that nobody takes them again. */
export async function takeUnsealed(client: PoolClient, limit: number, sealing: Sealing): Promise<readonly Leaf[]> {
  const { rows: events } = await client.query<StoredEvent>(
    `${EVENT} WHERE e.position = ANY(ARRAY(SELECT position FROM unsealed ORDER BY position LIMIT $1)) ORDER BY e.position`,
    [limit],
  )
  const single = events.map((event) => ({ position: event.position, hash: sealing.leafHash(event) }))
  const runs = await firstRuns(client, limit)
  const all = [...single, ...runs.flatMap(leavesOf)].sort((a, b) => a.position - b.position)
  const taken = all.slice(0, limit)
  const left = new Set(all.slice(limit).map((each) => each.position))
  if (single.length > 0) {
    const own = single.filter((each) => !left.has(each.position))
    await client.query('DELETE FROM unsealed WHERE position = ANY($1::bigint[])', [arrayOf(own)])
  }
  if (runs.length > 0) {
    const firsts = runs.map((run) => ({ position: run.first }))
    await client.query('DELETE FROM unsealed_run WHERE first_position = ANY($1::bigint[])', [arrayOf(firsts)])
  }
  for (const run of left.size > 0 ? runs : [])
    await putBack(
      client,
      leavesOf(run).filter((each) => left.has(each.position)),
    )
  return taken
}

interface Run {
  readonly first: number
  readonly positions: string
  readonly hashes: Buffer
}

/** As many as it takes to hold so many events. */
async function firstRuns(client: PoolClient, limit: number): Promise<readonly Run[]> {
  const { rows } = await client.query<Run>(
    `SELECT first_position AS first, array_to_string(positions, ',') AS positions, hashes
     FROM (SELECT *, sum(cardinality(positions)) OVER (ORDER BY first_position) - cardinality(positions) AS before
       FROM (SELECT * FROM unsealed_run ORDER BY first_position LIMIT $1) AS first) AS run
     WHERE before < $1 ORDER BY first_position`,
    [limit],
  )
  return rows
}

const HASH_BYTES = 32

function leavesOf({ positions, hashes }: Run): readonly Leaf[] {
  return positions.split(',').map((position, place) => ({
    position: Number(position),
    hash: hashes.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES),
  }))
}

async function putBack(client: PoolClient, leaves: readonly Leaf[]): Promise<void> {
  const [first] = leaves
  if (first === undefined) return
  await client.query('INSERT INTO unsealed_run (first_position, positions, hashes) VALUES ($1, $2, $3)', [
    first.position,
    arrayOf(leaves),
    Buffer.concat(leaves.map((each) => each.hash)),
  ])
}

/** As PostgreSQL reads an array: numbers need no quotes, and thousands of them no care. */
export function arrayOf(rows: readonly { readonly position: number }[]): string {
  return `{${rows.map((each) => each.position).join()}}`
}
