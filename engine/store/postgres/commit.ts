import type { Pool, PoolClient } from 'pg'
import type { Append, Commit, Look, Queue, Settlement, Timer } from '../store.ts'
import { storableNote } from '../note.ts'
import { queuesMadeDue } from '../queues-made-due.ts'
import { bigints, booleans, ints, jsons, smallints, texts } from './binary-array.ts'
import { saveLinks } from './directory.ts'
import { insertEvents } from './insert-events.ts'

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
    const written = new Set(value.appends.filter((each) => each.events.length > 0).map((each) => each.stream))
    await settle(
      client,
      (value.settle ?? []).filter((each) => each.queue !== 'membership' || !written.has(each.id)),
    )
    await require(client, value.requires ?? [])
    await append(client, value)
    if (value.catalog) {
      const { version, catalog } = value.catalog
      await client.query('INSERT INTO catalog_version (version, catalog, at) VALUES ($1, $2, $3)', [
        version,
        catalog,
        value.now,
      ])
    }
    if (!(await saveLinks(client, value.links ?? []))) throw new NotCommitted('conflict')
    await setTimers(client, value)
    const due = queuesMadeDue(value)
    if (due.length > 0) await client.query(`SELECT pg_notify('tenure_due', $1)`, [due.join(' ')])
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

/** Locked against change until the end of the transaction, so that two turns cannot each act on what the other undoes. */
async function require(client: PoolClient, required: NonNullable<Commit['requires']>): Promise<void> {
  if (required.length === 0) return
  const { rowCount } = await client.query(
    `SELECT FROM stream_state s JOIN json_to_recordset($1::json) AS r(stream text, version int) ON s.name = r.stream AND s.version = r.version
     ORDER BY s.name FOR SHARE OF s`,
    [JSON.stringify(required)],
  )
  if (rowCount !== required.length) throw new NotCommitted('conflict')
}

async function append(client: PoolClient, value: Commit): Promise<void> {
  // Always in the same order, so that two commits never wait for each other's rows crosswise.
  const moved = value.appends
    .filter((each) => each.events.length > 0)
    .toSorted((a, b) => (a.stream < b.stream ? -1 : 1))
  await writeStates(
    client,
    moved.filter((each) => !isMembership(each)),
    value.now,
  )
  await writeMemberships(client, moved.filter(isMembership), value.settle ?? [])
  await insertEvents(client, moved, value.now)
  const outbox = value.outbox ?? []
  if (outbox.length > 0) {
    await client.query(
      `INSERT INTO outbox (key, stream, version, due_at)
       SELECT key, stream, version, $2::bigint
       FROM ROWS FROM (json_to_recordset($1::json) AS (key text, stream text, version int)) WITH ORDINALITY AS m(key, stream, version, place)
       ORDER BY place`,
      [JSON.stringify(outbox), value.now],
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
       SELECT name, split_part(name, '/', 1), version, state, ARRAY(SELECT jsonb_array_elements_text(keys)), $5
       FROM unnest($1::text[], $2::int[], $3::jsonb[], $4::jsonb[]) AS s(name, version, state, keys)`,
      [...statesOf(fresh), now],
    )
  }
  const known = appends.filter((each) => each.expected > 0)
  if (known.length > 0) {
    const { rowCount } = await client.query(
      `UPDATE stream_state SET version = s.version, state = s.state, keys = ARRAY(SELECT jsonb_array_elements_text(s.keys))
       FROM unnest($1::text[], $2::int[], $3::jsonb[], $4::jsonb[], $5::int[]) AS s(name, version, state, keys, expected)
       WHERE stream_state.name = s.name AND stream_state.version = s.expected`,
      [...statesOf(known), ints(known.map((each) => each.expected))],
    )
    if (rowCount !== known.length) throw new NotCommitted('conflict')
  }
}

function statesOf(appends: readonly Append[]): readonly Buffer[] {
  return [
    texts(appends.map((each) => each.stream)),
    ints(appends.map(versionAfter)),
    jsons(appends.map((each) => each.state)),
    jsons(appends.map((each) => each.keys)),
  ]
}

/** State and place in the line of work change in one update, however the turn came by the membership: with a claim to settle, or without. */
async function writeMemberships(
  client: PoolClient,
  appends: readonly Append[],
  settlements: readonly Settlement[],
): Promise<void> {
  const settledBy = new Map(settlements.filter((each) => each.queue === 'membership').map((each) => [each.id, each]))
  const rows = appends.map((each) => membershipRow(each, settledBy.get(each.stream)))
  const fresh = rows.filter((each) => each.expected === 0)
  if (fresh.length > 0) {
    await client.query(
      `INSERT INTO membership (name, provider, group_id, person_id, version, state, work, due_at, urgency)
       SELECT name, split_part(name, '/', 2), split_part(name, '/', 3), split_part(name, '/', 4), version, state, work, due_at, coalesce(urgency, 3)
       FROM json_to_recordset($1::json) AS m(name text, version int, state jsonb, work text, due_at bigint, urgency smallint)`,
      [JSON.stringify(fresh)],
    )
  }
  const known = rows.filter((each) => each.expected > 0)
  if (known.length === 0) return
  const { rowCount } = await client.query(
    `UPDATE membership SET version = m.version, state = m.state,
       work = CASE WHEN m.looks THEN m.work ELSE membership.work END,
       due_at = CASE WHEN m.looks THEN m.due_at ELSE membership.due_at END,
       urgency = coalesce(m.urgency, membership.urgency),
       attempts = CASE WHEN m.progress THEN 0 ELSE membership.attempts END,
       note = CASE WHEN m.fence IS NULL THEN membership.note ELSE m.note END,
       lease_until = CASE WHEN m.fence IS NULL OR m.keep THEN membership.lease_until END
     FROM unnest($1::text[], $2::int[], $3::int[], $4::jsonb[], $5::boolean[], $6::text[],
       $7::bigint[], $8::smallint[], $9::boolean[], $10::text[], $11::bigint[], $12::boolean[])
       AS m(name, expected, version, state, looks, work, due_at, urgency, progress, note, fence, keep)
     WHERE membership.name = m.name AND membership.version = m.expected AND (m.fence IS NULL OR membership.fence = m.fence)`,
    [
      texts(known.map((each) => each.name)),
      ints(known.map((each) => each.expected)),
      ints(known.map((each) => each.version)),
      jsons(known.map((each) => each.state)),
      booleans(known.map((each) => each.looks)),
      texts(known.map((each) => each.work)),
      bigints(known.map((each) => each.due_at)),
      smallints(known.map((each) => each.urgency)),
      booleans(known.map((each) => each.progress)),
      texts(known.map((each) => each.note)),
      bigints(known.map((each) => each.fence)),
      booleans(known.map((each) => each.keep)),
    ],
  )
  if (rowCount === known.length) return
  const claimed = known.flatMap(({ name, fence }) => (fence === undefined ? [] : [{ name, fence }]))
  throw new NotCommitted(await whyNot(client, claimed))
}

/** A membership that could not be written has moved on, or was taken over: the fences tell. */
async function whyNot(
  client: PoolClient,
  claimed: readonly { readonly name: string; readonly fence: number }[],
): Promise<'conflict' | 'lease lost'> {
  const { rows } = await client.query<{ held: number }>(
    `SELECT count(*)::int AS held FROM membership JOIN json_to_recordset($1::json) AS m(name text, fence bigint) USING (name)
     WHERE membership.fence = m.fence`,
    [JSON.stringify(claimed)],
  )
  return rows[0]?.held === claimed.length ? 'conflict' : 'lease lost'
}

/** One row of the update. Without a settlement the claim of somebody else, if there is one, stays as it is. */
interface MembershipRow {
  readonly name: string
  readonly expected: number
  readonly version: number
  readonly state: Append['state']
  readonly looks: boolean
  readonly progress: boolean
  readonly work?: Look['work'] | undefined
  readonly due_at?: number | null | undefined
  readonly urgency?: number | undefined
  readonly note?: string | null
  readonly fence?: number
  readonly keep?: boolean
}

function membershipRow(append: Append, settlement: Settlement | undefined): MembershipRow {
  const row = { name: append.stream, expected: append.expected, version: versionAfter(append), state: append.state }
  if (settlement) {
    const { work, dueAt, urgency, progress, note, fence, keepLease } = settlement
    return {
      ...row,
      looks: true,
      work,
      due_at: dueAt,
      urgency,
      progress,
      note: storableNote(note),
      fence,
      keep: keepLease ?? false,
    }
  }
  const { look } = append
  if (look === undefined) return { ...row, looks: false, progress: false }
  return { ...row, looks: true, work: look?.work, due_at: look?.dueAt, urgency: look?.urgency, progress: true }
}

async function setTimers(client: PoolClient, { setTimers: timers = [], cancelTimers = [] }: Commit): Promise<void> {
  const set = (those: readonly Timer[], onConflict: string): Promise<unknown> | null =>
    those.length === 0
      ? null
      : client.query(
          `INSERT INTO timer (id, kind, about, due_at) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
           ON CONFLICT (id) DO ${onConflict}`,
          [those.map((t) => t.id), those.map((t) => t.kind), those.map((t) => t.about), those.map((t) => t.dueAt)],
        )
  await set(
    timers.filter((each) => !each.unlessSet),
    'UPDATE SET due_at = excluded.due_at, about = excluded.about, attempts = 0, lease_until = NULL, fence = timer.fence + 1',
  )
  await set(
    timers.filter((each) => each.unlessSet),
    'NOTHING',
  )
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
    `UPDATE ${queue} SET ${queue === 'membership' ? 'work = s.work, urgency = coalesce(s.urgency, membership.urgency),' : ''} due_at = s.due_at, note = s.note,
       lease_until = CASE WHEN s.keep THEN lease_until END,
       attempts = CASE WHEN s.progress THEN 0 ELSE attempts END
     FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::boolean[], $5::text[], $6::text[], $7::boolean[], $8::int[], $9::smallint[])
       AS s(id, fence, due_at, progress, note, work, keep, version, urgency)
     WHERE ${queue}.${key} = s.id AND ${queue}.fence = s.fence
       ${queue === 'membership' ? 'AND (s.version IS NULL OR membership.version = s.version)' : ''}`,
    [
      own.map((each) => each.id),
      own.map((each) => each.fence),
      own.map((each) => each.dueAt),
      own.map((each) => each.progress),
      own.map((each) => storableNote(each.note)),
      own.map((each) => each.work ?? null),
      own.map((each) => each.keepLease ?? false),
      own.map((each) => each.version ?? null),
      own.map((each) => each.urgency ?? null),
    ],
  )
  if (rowCount === own.length) return
  throw new NotCommitted(
    queue === 'membership'
      ? await whyNot(
          client,
          own.map((each) => ({ name: each.id, fence: each.fence })),
        )
      : 'lease lost',
  )
}
