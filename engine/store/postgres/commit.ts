import type { Pool, PoolClient } from 'pg'
import type { Append, Commit, NewEvent, Queue, Settlement } from '../store.ts'

class NotCommitted extends Error {
  readonly result: 'conflict' | 'lease lost'
  constructor(result: 'conflict' | 'lease lost') {
    super(result)
    this.result = result
  }
}

/** Writes everything or nothing, in a handful of statements however large the commit is. */
export async function commit(pool: Pool, value: Commit): Promise<'committed' | 'conflict' | 'lease lost'> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    await settle(client, value.settle ?? [])
    await append(client, value)
    if (value.catalog) {
      const { version, catalog } = value.catalog
      await client.query('INSERT INTO catalog_version (version, catalog, at) VALUES ($1, $2, $3)', [
        version,
        catalog,
        value.now,
      ])
    }
    await setTimers(client, value)
    if (makesWorkDue(value)) await client.query(`SELECT pg_notify('tenure_due', '')`)
    await client.query('COMMIT')
    return 'committed'
  } catch (cause) {
    await client.query('ROLLBACK').catch((failed: Error) => (broken = failed))
    if (cause instanceof NotCommitted) return cause.result
    // Two turns wrote the same stream (unique_violation), or each waited for the other (deadlock_detected): decide again.
    if (['23505', '40P01', '40001'].includes((cause as { code?: string }).code ?? '')) return 'conflict'
    throw cause
  } finally {
    client.release(broken)
  }
}

async function append(client: PoolClient, value: Commit): Promise<void> {
  const appends = value.appends.toSorted((a, b) => (a.stream < b.stream ? -1 : 1))
  const moved = appends.filter((each) => each.events.length > 0)
  await writeStates(
    client,
    moved.filter((each) => !isMembership(each)),
    value.now,
  )
  await writeMemberships(client, moved.filter(isMembership))
  await insertEvents(client, moved, value.now)
  const outbox = value.outbox ?? []
  if (outbox.length > 0) {
    await client.query(
      `INSERT INTO outbox (key, stream, version, due_at)
       SELECT key, stream, version, $4::bigint FROM unnest($1::text[], $2::text[], $3::int[]) WITH ORDINALITY AS m(key, stream, version, place)
       ORDER BY place`,
      [
        outbox.map((each) => each.key),
        outbox.map((each) => each.stream),
        outbox.map((each) => each.version),
        value.now,
      ],
    )
  }
}

function isMembership(each: Append): boolean {
  return each.stream.startsWith('membership/')
}

function versionAfter(each: Append): number {
  return each.expected + each.events.length
}

async function writeStates(client: PoolClient, appends: readonly Append[], now: number): Promise<void> {
  const fresh = appends.filter((each) => each.expected === 0)
  if (fresh.length > 0) {
    // The unique key turns two births of one stream into a conflict.
    await client.query(
      `INSERT INTO stream_state (name, kind, version, state, keys, created_at)
       SELECT name, kind, version, state, ARRAY(SELECT jsonb_array_elements_text(keys)), $6
       FROM unnest($1::text[], $2::text[], $3::int[], $4::jsonb[], $5::jsonb[]) AS s(name, kind, version, state, keys)`,
      [
        fresh.map((each) => each.stream),
        fresh.map((each) => each.stream.split('/')[0]),
        fresh.map(versionAfter),
        fresh.map((each) => JSON.stringify(each.state)),
        fresh.map((each) => JSON.stringify(each.keys)),
        now,
      ],
    )
  }
  const known = appends.filter((each) => each.expected > 0)
  if (known.length > 0) {
    const { rowCount } = await client.query(
      `UPDATE stream_state SET version = s.version, state = s.state, keys = ARRAY(SELECT jsonb_array_elements_text(s.keys))
       FROM unnest($1::text[], $2::int[], $3::int[], $4::jsonb[], $5::jsonb[]) AS s(name, expected, version, state, keys)
       WHERE stream_state.name = s.name AND stream_state.version = s.expected`,
      [
        known.map((each) => each.stream),
        known.map((each) => each.expected),
        known.map(versionAfter),
        known.map((each) => JSON.stringify(each.state)),
        known.map((each) => JSON.stringify(each.keys)),
      ],
    )
    if (rowCount !== known.length) throw new NotCommitted('conflict')
  }
}

async function writeMemberships(client: PoolClient, appends: readonly Append[]): Promise<void> {
  const fresh = appends.filter((each) => each.expected === 0)
  if (fresh.length > 0) {
    const parts = fresh.map((each) => each.stream.split('/'))
    await client.query(
      `INSERT INTO membership (name, provider, group_id, person_id, version, state, work, due_at)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::jsonb[], $7::text[], $8::bigint[])`,
      [
        fresh.map((each) => each.stream),
        parts.map((each) => each[1]),
        parts.map((each) => each[2]),
        parts.map((each) => each[3]),
        fresh.map(versionAfter),
        fresh.map((each) => JSON.stringify(each.state)),
        fresh.map((each) => each.look?.work ?? null),
        fresh.map((each) => each.look?.dueAt ?? null),
      ],
    )
  }
  const known = appends.filter((each) => each.expected > 0)
  if (known.length > 0) {
    const { rowCount } = await client.query(
      `UPDATE membership SET version = m.version, state = m.state,
         work = CASE WHEN m.looks THEN m.work ELSE membership.work END,
         due_at = CASE WHEN m.looks THEN m.due_at ELSE membership.due_at END,
         attempts = CASE WHEN m.looks THEN 0 ELSE membership.attempts END
       FROM unnest($1::text[], $2::int[], $3::int[], $4::jsonb[], $5::boolean[], $6::text[], $7::bigint[])
         AS m(name, expected, version, state, looks, work, due_at)
       WHERE membership.name = m.name AND membership.version = m.expected`,
      [
        known.map((each) => each.stream),
        known.map((each) => each.expected),
        known.map(versionAfter),
        known.map((each) => JSON.stringify(each.state)),
        known.map((each) => each.look !== undefined),
        known.map((each) => each.look?.work ?? null),
        known.map((each) => each.look?.dueAt ?? null),
      ],
    )
    if (rowCount !== known.length) throw new NotCommitted('conflict')
  }
}

async function insertEvents(client: PoolClient, appends: readonly Append[], now: number): Promise<void> {
  const events: { readonly stream: string; readonly version: number; readonly event: NewEvent }[] = []
  for (const { stream, expected, events: added } of appends) {
    added.forEach((event, place) => events.push({ stream, version: expected + place + 1, event }))
  }
  if (events.length === 0) return
  events.sort((a, b) => a.event.place - b.event.place)
  await client.query(
    `WITH added AS (
       INSERT INTO event (stream, version, type, at, by, data, nonce, personal)
       SELECT stream, version, type, $8::bigint, by, data, nonce, personal
       FROM unnest($1::text[], $2::int[], $3::text[], $4::jsonb[], $5::jsonb[], $6::bytea[], $7::text[])
         WITH ORDINALITY AS e(stream, version, type, by, data, nonce, personal, place)
       ORDER BY place RETURNING position)
     INSERT INTO unsealed (position) SELECT position FROM added`,
    [
      events.map((each) => each.stream),
      events.map((each) => each.version),
      events.map((each) => each.event.type),
      events.map((each) => JSON.stringify(each.event.by)),
      events.map((each) => JSON.stringify(each.event.data)),
      events.map((each) => each.event.nonce),
      events.map((each) => each.event.personal?.digest ?? null),
      now,
    ],
  )
  const personal = events.filter((each) => each.event.personal !== null)
  if (personal.length > 0) {
    await client.query(
      `INSERT INTO personal (stream, version, salt, fields) SELECT * FROM unnest($1::text[], $2::int[], $3::bytea[], $4::jsonb[])`,
      [
        personal.map((each) => each.stream),
        personal.map((each) => each.version),
        personal.map((each) => each.event.personal?.salt),
        personal.map((each) => JSON.stringify(each.event.personal?.fields)),
      ],
    )
  }
}

async function setTimers(client: PoolClient, { setTimers: timers = [], cancelTimers = [] }: Commit): Promise<void> {
  if (timers.length > 0) {
    await client.query(
      `INSERT INTO timer (id, kind, about, due_at) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
       ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, about = excluded.about, attempts = 0, lease_until = NULL, fence = timer.fence + 1`,
      [timers.map((t) => t.id), timers.map((t) => t.kind), timers.map((t) => t.about), timers.map((t) => t.dueAt)],
    )
  }
  if (cancelTimers.length > 0) await client.query('DELETE FROM timer WHERE id = ANY($1)', [cancelTimers])
}

/** Ends claims; each only while its fence is still the claimant's. */
async function settle(client: PoolClient, settlements: readonly Settlement[]): Promise<void> {
  for (const queue of ['timer', 'inbox', 'outbox', 'membership'] as const) {
    const own = settlements.filter((each) => each.queue === queue).sort((a, b) => (a.id < b.id ? -1 : 1))
    const spent = own.filter((each) => each.dueAt === null && (queue === 'timer' || queue === 'outbox'))
    await remove(client, queue, spent)
    await settleRows(
      client,
      queue,
      own.filter((each) => !spent.includes(each)),
    )
  }
}

/** A timer that rang and a message that was said leave nothing behind; an inbox item stays, to know its double by. */
async function remove(client: PoolClient, queue: Queue, spent: readonly Settlement[]): Promise<void> {
  if (spent.length === 0) return
  const { rowCount } = await client.query(
    `DELETE FROM ${queue} USING unnest($1::text[], $2::bigint[]) AS s(id, fence)
     WHERE ${queue}.${queue === 'outbox' ? 'id::text' : 'id'} = s.id AND ${queue}.fence = s.fence`,
    [spent.map((each) => each.id), spent.map((each) => each.fence)],
  )
  if (rowCount !== spent.length) throw new NotCommitted('lease lost')
}

async function settleRows(client: PoolClient, queue: Queue, own: readonly Settlement[]): Promise<void> {
  if (own.length === 0) return
  const key = queue === 'membership' ? 'name' : queue === 'outbox' ? 'id::text' : 'id'
  const { rowCount } = await client.query(
    `UPDATE ${queue} SET ${queue === 'membership' ? 'work = s.work,' : ''} due_at = s.due_at, note = s.note,
       lease_until = CASE WHEN s.keep THEN lease_until END,
       attempts = CASE WHEN s.progress THEN 0 ELSE attempts END
     FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::boolean[], $5::text[], $6::text[], $7::boolean[])
       AS s(id, fence, due_at, progress, note, work, keep)
     WHERE ${queue}.${key} = s.id AND ${queue}.fence = s.fence`,
    [
      own.map((each) => each.id),
      own.map((each) => each.fence),
      own.map((each) => each.dueAt),
      own.map((each) => each.progress),
      own.map((each) => each.note ?? null),
      own.map((each) => each.work ?? null),
      own.map((each) => each.keepLease ?? false),
    ],
  )
  if (rowCount !== own.length) throw new NotCommitted('lease lost')
}

function makesWorkDue({ appends, setTimers: timers = [], outbox = [], settle: settlements = [] }: Commit): boolean {
  return (
    timers.length > 0 ||
    outbox.length > 0 ||
    appends.some((each) => each.look) ||
    settlements.some((each) => each.dueAt !== null)
  )
}
