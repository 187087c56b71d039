import type { PoolClient } from 'pg'
import type { Append, NewEvent } from '../store.ts'
import { bytes, ints, jsons, texts } from './binary-array.ts'

/** What happened, in the order in which it was decided, and the leaves that it becomes (unsealed.ts). */
export async function insertEvents(client: PoolClient, appends: readonly Append[], now: number): Promise<void> {
  const events: { readonly stream: string; readonly version: number; readonly event: NewEvent }[] = []
  for (const { stream, expected, events: added } of appends) {
    added.forEach((event, place) => events.push({ stream, version: expected + place + 1, event }))
  }
  if (events.length === 0) return
  events.sort((a, b) => a.event.place - b.event.place)
  const leaves = events.flatMap(({ event }) => event.leafHash ?? [])
  const areKnown = leaves.length === events.length
  // Positions are drawn in the order of the rows, which is that of the hashes.
  await client.query(
    `WITH added AS (
       INSERT INTO event (stream, version, type, at, by, data, nonce, personal)
       SELECT s, v, t, $1::bigint, b, d, n, p
       FROM unnest($2::text[], $3::int[], $4::text[], $5::jsonb[], $6::jsonb[], $7::bytea[], $8::text[])
         WITH ORDINALITY AS e(s, v, t, b, d, n, p, place)
       ORDER BY place RETURNING position)
     ${
       areKnown
         ? `INSERT INTO unsealed_run (first_position, positions, hashes)
            SELECT min(position), array_agg(position ORDER BY position), $9::bytea FROM added`
         : `INSERT INTO unsealed (position) SELECT position FROM added`
     }`,
    [
      now,
      texts(events.map((each) => each.stream)),
      ints(events.map((each) => each.version)),
      texts(events.map(({ event }) => event.type)),
      jsons(events.map(({ event }) => event.by)),
      jsons(events.map(({ event }) => event.data)),
      bytes(events.map(({ event }) => event.nonce)),
      texts(events.map(({ event }) => event.personal?.digest)),
      ...(areKnown ? [Buffer.concat(leaves)] : []),
    ],
  )
  const personal = events.flatMap(({ stream, version, event }) =>
    event.personal
      ? [{ stream, version, salt: event.personal.salt.toString('hex'), fields: event.personal.fields }]
      : [],
  )
  if (personal.length > 0) {
    await client.query(
      `INSERT INTO personal (stream, version, salt, fields)
       SELECT stream, version, decode(salt, 'hex'), fields
       FROM json_to_recordset($1::json) AS p(stream text, version int, salt text, fields jsonb)`,
      [JSON.stringify(personal)],
    )
  }
}
