import type { Pool } from 'pg'
import type { Instant } from '#core/instant.ts'
import { URGENCIES } from '#core/identity-action/urgency.ts'
import type {
  ClaimMembershipOptions,
  ClaimOptions,
  Claimed,
  ClaimedMembership,
  Held,
  Queue,
  TimerPart,
  TimersOf,
  WorkOf,
} from '../store.ts'

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
const ENDS = `('window ends', 'complete by')`
const SYNCS = `('sync directory', 'read members')`
const KINDS: Readonly<Record<TimerPart, string>> = {
  ends: `kind IN ${ENDS}`,
  // The first half says nothing new: it is how the index over all but the ends is found.
  syncs: `kind NOT IN ${ENDS} AND kind IN ${SYNCS}`,
  others: `kind NOT IN ${ENDS} AND kind NOT IN ${SYNCS}`,
}

const TABLES: Readonly<Record<Queue, { readonly id: string; readonly seq: string; readonly only: string }>> = {
  // Ends of access are taken apart from the rest: nothing that waits for a vendor may stand in their way.
  timer: {
    id: 'id',
    seq: 'seq',
    only: `AND CASE $4::text WHEN 'ends' THEN ${KINDS.ends} WHEN 'syncs' THEN ${KINDS.syncs} WHEN 'others' THEN ${KINDS.others} ELSE true END`,
  },
  inbox: { id: 'id', seq: 'seq', only: '' },
  // Messages of one key go out in order: only the oldest open one of a key can be claimed.
  outbox: {
    id: 'id::text',
    seq: 'id',
    only: 'AND NOT EXISTS (SELECT FROM outbox older WHERE older.key = outbox.key AND older.id < outbox.id AND older.due_at IS NOT NULL)',
  },
  membership: { id: 'name', seq: 'seq', only: '' },
}

const GIVEN_UP = (queue: Queue): string =>
  `WITH given_up AS (UPDATE ${queue} SET lease_until = NULL WHERE lease_until <= $1)`

const LEASED = 'lease_until = $1::bigint + $2::bigint, fence = fence + 1, attempts = attempts + 1'

function claimStatement(queue: Exclude<Queue, 'membership'>, returning: string): string {
  const { id, seq, only } = TABLES[queue]
  return `
    ${GIVEN_UP(queue)}
    UPDATE ${queue} SET ${LEASED}
    WHERE id = ANY(ARRAY(
      SELECT id FROM ${queue}
      WHERE due_at <= $1 AND lease_until IS NULL ${only}
      ORDER BY due_at, ${seq} LIMIT $3 FOR UPDATE SKIP LOCKED))
    RETURNING ${id} AS id, ${seq} AS seq, fence, lease_until, due_at, attempts, ${returning}`
}

const STATEMENTS = {
  timer: claimStatement('timer', 'about, kind'),
  inbox: claimStatement('inbox', 'about, source AS kind'),
  outbox: claimStatement('outbox', "key AS about, stream || '@' || version AS kind"),
}

/** One step of the index an urgency, so that what is due is found without walking over what is not. */
const OF_PROVIDER = `
    SELECT name FROM unnest($6::smallint[]) AS u(urgency) CROSS JOIN LATERAL (
      SELECT name, due_at, seq FROM membership
      WHERE provider = $7 AND work = $4 AND urgency = u.urgency AND due_at <= $1 - $5::bigint AND lease_until IS NULL
      ORDER BY due_at, seq LIMIT $3 FOR UPDATE SKIP LOCKED) AS free
    ORDER BY u.urgency, free.due_at, free.seq LIMIT $3`
const OF_OTHERS = `
    SELECT name FROM membership
    WHERE urgency = ANY($6::smallint[]) AND provider <> ALL($7) AND work = $4 AND due_at <= $1 - $5::bigint AND lease_until IS NULL
    ORDER BY urgency, due_at, seq LIMIT $3 FOR UPDATE SKIP LOCKED`

function membershipStatement(names: string): string {
  return `
    ${GIVEN_UP('membership')}
    UPDATE membership SET ${LEASED} WHERE name = ANY(ARRAY(${names}))
    RETURNING name AS id, seq, fence, lease_until, due_at, attempts, urgency, provider, group_id, person_id, version, state`
}

const MEMBERSHIPS = { ofProvider: membershipStatement(OF_PROVIDER), ofOthers: membershipStatement(OF_OTHERS) }

interface ClaimedRow {
  readonly id: string
  readonly seq: number
  readonly fence: number
  readonly lease_until: number
  readonly due_at: number
  readonly attempts: number
}

export async function claim(
  pool: Pool,
  queue: Exclude<Queue, 'membership'>,
  options: ClaimOptions,
): Promise<readonly Claimed[]> {
  const { rows } = await pool.query<ClaimedRow & { about: string; kind: string }>(STATEMENTS[queue], [
    options.now,
    options.leaseMs,
    options.limit,
    ...(queue === 'timer' ? [options.part ?? null] : []),
  ])
  return rows.sort(inTurn).map((row) => ({ ...claimedOf(row), about: row.about, kind: row.kind }))
}

function inTurn(a: ClaimedRow, b: ClaimedRow): number {
  return a.due_at - b.due_at || a.seq - b.seq
}

export async function claimMemberships(
  pool: Pool,
  work: 'write' | 'read',
  options: ClaimMembershipOptions,
): Promise<readonly ClaimedMembership[]> {
  type Row = ClaimedRow & {
    urgency: number
    provider: string
    group_id: string
    person_id: string
    version: number
    state: ClaimedMembership['state']
  }
  const { of } = options
  const { rows } = await pool.query<Row>('provider' in of ? MEMBERSHIPS.ofProvider : MEMBERSHIPS.ofOthers, [
    options.now,
    options.leaseMs,
    options.limit,
    work,
    options.dueSinceMs ?? 0,
    options.urgencies ?? URGENCIES,
    'provider' in of ? of.provider : of.noneOf,
  ])
  rows.sort((a, b) => a.urgency - b.urgency || inTurn(a, b))
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
  const renewed = new Set(rows.map((row) => row.id))
  return new Set(held.flatMap(({ id }) => (renewed.has(id) ? [id] : [])))
}

export async function nextDue(pool: Pool, only?: Queue, of?: WorkOf | TimersOf): Promise<Instant | null> {
  const queues = only === undefined ? (['timer', 'inbox', 'outbox', 'membership'] as const) : [only]
  const directories = of && 'work' in of ? of.of : undefined
  const values =
    directories === undefined ? [] : ['provider' in directories ? directories.provider : directories.noneOf]
  const firsts = queues.flatMap((queue) => {
    if (of === undefined) return firstsOf(queue)
    return 'part' in of ? firstsOfTimers(of.part) : firstsOfWork(of)
  })
  const { rows } = await pool.query<{ at: number | null }>(
    `SELECT min(at) AS at FROM (${firsts.join(' UNION ALL ')}) AS due`,
    values,
  )
  return rows[0]?.at ?? null
}

/** The first entry of each index. */
function firstsOf(queue: Queue): readonly string[] {
  // A message behind an older one of its key waits for that one: its own time would keep everybody awake for nothing.
  const { only } = TABLES[queue]
  return [
    `(SELECT min(lease_until) AS at FROM ${queue} WHERE lease_until IS NOT NULL)`,
    `(SELECT min(due_at) AS at FROM ${queue} WHERE due_at IS NOT NULL AND lease_until IS NULL ${queue === 'outbox' ? only : ''})`,
  ]
}

function firstsOfTimers(part: TimerPart): readonly string[] {
  return [
    '(SELECT min(lease_until) AS at FROM timer WHERE lease_until IS NOT NULL)',
    `(SELECT min(due_at) AS at FROM timer WHERE due_at IS NOT NULL AND lease_until IS NULL AND ${KINDS[part]})`,
  ]
}

function firstsOfWork({ work, of, urgencies }: WorkOf): readonly string[] {
  const free = `due_at IS NOT NULL AND lease_until IS NULL AND work = '${work}'`
  const leased = `(SELECT min(lease_until) AS at FROM membership WHERE lease_until IS NOT NULL)`
  if (of === undefined || 'noneOf' in of) {
    const only = `${of ? 'AND provider <> ALL($1)' : ''} ${urgencies ? `AND urgency IN (${urgencies.join()})` : ''}`
    return [leased, `(SELECT min(due_at) AS at FROM membership WHERE ${free} ${only})`]
  }
  return [
    leased,
    ...(urgencies ?? URGENCIES).map(
      (urgency) =>
        `(SELECT min(due_at) AS at FROM membership WHERE ${free} AND provider = $1 AND urgency = ${urgency})`,
    ),
  ]
}
