import type { Pool } from 'pg'
import type { Instant } from '#core/instant.ts'
import type { ClaimOptions, Claimed, ClaimedMembership, Held, Queue } from '../store.ts'

/*
 * The one claim statement, for everything that waits to be worked: timers, memberships, inbox and outbox.
 *
 * Rows are taken by `id = ANY(ARRAY(SELECT … FOR UPDATE SKIP LOCKED))`. The join form (`UPDATE … FROM (SELECT …)`) was
 * measured at 52 s on stale statistics where this one took 0.07 s, so keep the form. A claim raises the row's fence:
 * whoever settles with an older fence writes nothing.
 *
 * Two small indexes carry it: rows that are due and free, and rows that are leased. Leased rows are not in the way of the
 * free ones, and the next moment at which something is due is the first entry of either. A lease that ran out is given up
 * in passing by whoever claims next, so a worker that died needs nobody to notice.
 */
const TABLES: Readonly<Record<Queue, { readonly id: string; readonly returning: string; readonly only: string }>> = {
  // Ends of access are taken apart from the rest: nothing that waits for a vendor may stand in their way.
  timer: {
    id: 'id',
    returning: 'about, kind',
    only: `AND ($4::boolean IS NULL OR (kind IN ('window ends', 'complete by')) = $4)`,
  },
  inbox: { id: 'id', returning: 'about, source AS kind', only: '' },
  // Messages of one key go out in order: only the oldest open one of a key can be claimed.
  outbox: {
    id: 'id::text',
    returning: "key AS about, stream || '@' || version AS kind",
    only: 'AND NOT EXISTS (SELECT FROM outbox older WHERE older.key = outbox.key AND older.id < outbox.id AND older.due_at IS NOT NULL)',
  },
  membership: {
    id: 'name',
    returning: 'provider, group_id, person_id, version, state',
    only: 'AND work = $4 AND due_at <= $1 - $5::bigint',
  },
}

function claimStatement(queue: Queue): string {
  const { id, returning, only } = TABLES[queue]
  const key = queue === 'membership' ? 'name' : 'id'
  return `
    WITH given_up AS (UPDATE ${queue} SET lease_until = NULL WHERE lease_until <= $1)
    UPDATE ${queue} SET lease_until = $1::bigint + $2::bigint, fence = fence + 1, attempts = attempts + 1
    WHERE ${key} = ANY(ARRAY(
      SELECT ${key} FROM ${queue}
      WHERE due_at <= $1 AND lease_until IS NULL ${only}
      ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED))
    RETURNING ${id} AS id, fence, lease_until, due_at, attempts, ${returning}`
}

interface ClaimedRow {
  readonly id: string
  readonly fence: number
  readonly lease_until: number
  readonly due_at: number
  readonly attempts: number
}

export async function claim(pool: Pool, queue: Queue, options: ClaimOptions): Promise<readonly Claimed[]> {
  const { rows } = await pool.query<ClaimedRow & { about: string; kind: string }>(claimStatement(queue), [
    options.now,
    options.leaseMs,
    options.limit,
    ...(queue === 'timer' ? [options.ends ?? null] : []),
  ])
  return rows.map((row) => ({ ...claimedOf(row), about: row.about, kind: row.kind })).sort((a, b) => a.dueAt - b.dueAt)
}

export async function claimMemberships(
  pool: Pool,
  work: 'write' | 'read',
  options: ClaimOptions,
): Promise<readonly ClaimedMembership[]> {
  type Row = ClaimedRow & {
    provider: string
    group_id: string
    person_id: string
    version: number
    state: ClaimedMembership['state']
  }
  const { rows } = await pool.query<Row>(claimStatement('membership'), [
    options.now,
    options.leaseMs,
    options.limit,
    work,
    options.dueSinceMs ?? 0,
  ])
  return rows.map((row) => ({
    ...claimedOf(row),
    group: { provider: row.provider, id: row.group_id },
    personId: row.person_id,
    version: row.version,
    state: row.state,
  }))
}

function claimedOf(row: ClaimedRow): Pick<Claimed, 'id' | 'fence' | 'leaseUntil' | 'dueAt' | 'attempts'> {
  return { id: row.id, fence: row.fence, leaseUntil: row.lease_until, dueAt: row.due_at, attempts: row.attempts }
}

export async function renew(
  pool: Pool,
  queue: Queue,
  held: readonly Held[],
  until: Instant,
): Promise<ReadonlySet<string>> {
  const key = TABLES[queue].id
  const { rows } = await pool.query<{ id: string }>(
    `UPDATE ${queue} SET lease_until = $3
     FROM unnest($1::text[], $2::bigint[]) AS held(id, fence)
     WHERE ${queue}.${key} = held.id AND ${queue}.fence = held.fence AND lease_until IS NOT NULL
     RETURNING held.id AS id`,
    [held.map((each) => each.id), held.map((each) => each.fence), until],
  )
  return new Set(rows.map((row) => row.id))
}

export async function nextDue(pool: Pool, only?: Queue, work?: 'write' | 'read'): Promise<Instant | null> {
  const queues = only === undefined ? (['timer', 'inbox', 'outbox', 'membership'] as const) : [only]
  const { rows } = await pool.query<{ at: number | null }>(
    `SELECT min(at) AS at FROM (${queues.flatMap((queue) => firstsOf(queue, work)).join(' UNION ALL ')}) AS due`,
  )
  return rows[0]?.at ?? null
}

const WORKS = ['write', 'read'] as const

/** The first entry of each index. */
function firstsOf(queue: Queue, only: 'write' | 'read' | undefined): readonly string[] {
  // A message behind an older one of its key waits for that one: its own time would keep everybody awake for nothing.
  const free = (more = queue === 'outbox' ? TABLES.outbox.only : ''): string =>
    `(SELECT min(due_at) AS at FROM ${queue} WHERE due_at IS NOT NULL AND lease_until IS NULL ${more})`
  return [
    `(SELECT min(lease_until) AS at FROM ${queue} WHERE lease_until IS NOT NULL)`,
    ...(queue !== 'membership'
      ? [free()]
      : WORKS.filter((work) => work === (only ?? work)).map((work) => free(`AND work = '${work}'`))),
  ]
}
