import type { Pool } from 'pg'
import type { GrantState } from '#core/grant/grant.ts'
import { dueSinceOf, lastWordOf } from '#core/grant/overdue.ts'
import { membershipStream, type PersonId } from '#core/identity-action/membership-key.ts'
import type { MembershipState } from '#core/identity-action/membership.ts'
import type { Instant } from '#core/instant.ts'
import type { RequestState } from '#core/request/request.ts'
import { OVERDUE_KEY } from '../handle/stream-kinds.ts'
import { overdueMessageKey } from '../outbox/announcement.ts'
import { standingGroups } from '../overdue/look-whether-overdue.ts'
import type { OverdueRemoval } from './overdue-view.ts'
import type { Names } from './request-line.ts'
import { namesFor, type ReadSettings } from './requests.ts'

interface GrantRow {
  readonly name: string
  readonly state: GrantState
}

/**
 * All that is overdue at this moment, the longest first. It does not take the engine's word for it alone: a window whose end
 * nobody has worked is here as well, and so is one that was worked late and is not called overdue yet.
 */
export async function overdueRemovals(
  pool: Pool,
  settings: ReadSettings,
  at: { readonly now: Instant; readonly overdueAfterMs: number },
): Promise<readonly OverdueRemoval[]> {
  const grants = await overdueGrants(pool, at)
  const [requests, memberships, troubles] = await Promise.all([
    requestsOf(
      pool,
      grants.map(({ state }) => `request/${state.opened?.requestId}`),
    ),
    membershipsOf(pool, grants.flatMap(streamsOf)),
    troublesOf(pool, grants.map(idOf)),
  ])
  const names = await namesFor(pool, [grants, [...requests.values()]])
  return grants.map((row) => {
    const request = requests.get(`request/${row.state.opened?.requestId}`) ?? null
    return removalOf(row, request, memberships, troubles.get(idOf(row)) ?? null, names, settings)
  })
}

export async function countOverdue(
  pool: Pool,
  at: { readonly now: Instant; readonly overdueAfterMs: number },
): Promise<number> {
  return (await overdueGrants(pool, at)).length
}

/** Known as overdue, or with a timer that tells that they are: the end of a window that was not worked, a removal that is late. */
async function overdueGrants(
  pool: Pool,
  { now, overdueAfterMs }: { readonly now: Instant; readonly overdueAfterMs: number },
): Promise<readonly GrantRow[]> {
  const { rows } = await pool.query<GrantRow>(
    `SELECT name, state FROM stream_state WHERE keys @> ARRAY[$3]
     UNION SELECT g.name, g.state FROM timer t JOIN stream_state g ON g.name = 'grant/' || t.about
     WHERE t.due_at <= $1::bigint + $2::bigint
       AND (t.kind = 'removal overdue' OR (t.kind = 'window ends' AND t.due_at <= $1::bigint - $2::bigint))`,
    [now, overdueAfterMs, OVERDUE_KEY],
  )
  const late = ({ state }: GrantRow): boolean =>
    dueOf(state) + overdueAfterMs <= now && standingGroups(state).length > 0
  return rows.filter(late).toSorted((a, b) => dueOf(a.state) - dueOf(b.state) || (a.name < b.name ? -1 : 1))
}

function dueOf(state: GrantState): Instant {
  const since = state.overdue?.since ?? dueSinceOf(state)
  return since === null ? Number.POSITIVE_INFINITY : Date.parse(since)
}

function idOf({ name }: GrantRow): string {
  return name.slice('grant/'.length)
}

function streamsOf({ state }: GrantRow): readonly string[] {
  const personId: PersonId = state.opened?.personId ?? ''
  return standingGroups(state).map((group) => membershipStream({ group, personId }))
}

interface MembershipRow {
  readonly state: MembershipState
  readonly note: string | null
  readonly attempts: number
}

function removalOf(
  row: GrantRow,
  request: RequestState | null,
  memberships: ReadonlyMap<string, MembershipRow>,
  trouble: string | null,
  names: Names,
  settings: ReadSettings,
): OverdueRemoval {
  const { opened, overdue } = row.state
  const personId = opened?.personId ?? ''
  const issue = overdue?.issue ?? null
  const key = request?.issue?.key ?? ''
  return {
    grantId: idOf(row),
    requestId: opened?.requestId ?? '',
    issueKey: key,
    issueUrl: key === '' ? null : settings.issueUrl(key),
    personName: names.person(personId),
    appName: request?.submitted ? names.app(request.submitted.appId) : '',
    roleName: names.role(opened?.roleId ?? ''),
    since: dueOf(row.state),
    groups: standingGroups(row.state).map((group) => {
      const membership = memberships.get(membershipStream({ group, personId }))
      return {
        name: names.group(group),
        lastWord: membership ? lastWordOf(membership.state) : 'not asked yet',
        said: membership?.note ?? null,
        attempts: membership?.attempts ?? 0,
      }
    }),
    ownerName: overdue?.ownerId ? names.person(overdue.ownerId) : null,
    alarm: issue && { key: issue.key, url: settings.issueUrl(issue.key) },
    alarmTrouble: issue ? null : trouble,
  }
}

async function requestsOf(pool: Pool, names: readonly string[]): Promise<ReadonlyMap<string, RequestState>> {
  const { rows } = await pool.query<{ name: string; state: RequestState }>(
    'SELECT name, state FROM stream_state WHERE name = ANY($1)',
    [names],
  )
  return new Map(rows.map((row) => [row.name, row.state]))
}

async function membershipsOf(pool: Pool, names: readonly string[]): Promise<ReadonlyMap<string, MembershipRow>> {
  const { rows } = await pool.query<MembershipRow & { name: string }>(
    'SELECT name, state, note, attempts FROM membership WHERE name = ANY($1)',
    [names],
  )
  return new Map(rows.map((row) => [row.name, row]))
}

/** Why the message that raises the issue waits, by grant. */
async function troublesOf(pool: Pool, grantIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ key: string; note: string }>(
    'SELECT key, note FROM outbox WHERE key = ANY($1) AND due_at IS NOT NULL AND note IS NOT NULL ORDER BY id DESC',
    [grantIds.map(overdueMessageKey)],
  )
  return new Map(rows.map((row) => [row.key.slice(overdueMessageKey('').length), row.note]))
}
