import type { Pool } from 'pg'
import type { GrantState } from '#core/grant/grant.ts'
import { dueSinceOf } from '#core/grant/overdue.ts'
import type { MembershipState, Reason } from '#core/identity-action/membership.ts'
import type { Instant } from '#core/instant.ts'
import type { RequestState } from '#core/request/request.ts'
import { namesFor } from './requests.ts'

/** Who holds, is being given, or has still to lose a group because of one grant. */
export interface LiveWindow {
  readonly person: string
  readonly personId: string
  /** By the provider's own id. */
  readonly account: string
  readonly provider: string
  readonly group: string
  readonly groupId: string
  readonly app: string
  readonly role: string
  readonly startsAt: Instant | null
  /** Null: without an end, or not begun yet. */
  readonly endsAt: Instant | null
  /** Standing access: nobody asked for an end. */
  readonly noEnd: boolean
  readonly state: 'opening' | 'live' | 'ending'
  readonly overdueSince: Instant | null
  readonly requestId: string
  readonly ticket: string
}

interface MembershipRow {
  readonly name: string
  readonly provider: string
  readonly group_id: string
  readonly person_id: string
  readonly state: MembershipState
}

const PAGE = 1_000

/**
 * One line for each grant and group, by provider, group and person; page by page, however many there are. It reads the
 * memberships themselves: what is to be taken away is here as long as nobody has read that it is gone, whatever became of
 * its grant.
 */
export async function* liveWindows(
  pool: Pool,
  at: { readonly now: Instant; readonly overdueAfterMs: number },
): AsyncGenerator<LiveWindow> {
  let after = ''
  for (;;) {
    const { rows } = await pool.query<MembershipRow>(
      `SELECT name, provider, group_id, person_id, state FROM membership
       WHERE name > $1 AND (state -> 'reasons' <> '[]'::jsonb OR state -> 'ending' <> '[]'::jsonb)
       ORDER BY name LIMIT $2`,
      [after, PAGE],
    )
    yield* await linesOf(pool, rows, at)
    const last = rows.at(-1)
    if (rows.length < PAGE || !last) return
    after = last.name
  }
}

async function linesOf(
  pool: Pool,
  rows: readonly MembershipRow[],
  { now, overdueAfterMs }: { readonly now: Instant; readonly overdueAfterMs: number },
): Promise<readonly LiveWindow[]> {
  const held = rows.flatMap((row) => [...row.state.reasons, ...row.state.ending].map((reason) => ({ row, reason })))
  const streams = held.flatMap(({ reason }) => [`grant/${reason.grantId}`, `request/${reason.requestId}`])
  const { rows: states } = await pool.query<{ name: string; state: unknown }>(
    'SELECT name, state FROM stream_state WHERE name = ANY($1)',
    [[...new Set(streams)]],
  )
  const stateOf = new Map(states.map(({ name, state }) => [name, state]))
  const names = await namesFor(
    pool,
    rows.map(({ group_id: id, person_id: person }) => ({ id, person })),
  )
  return held.map(({ row, reason }) => {
    const grant = stateOf.get(`grant/${reason.grantId}`) as GrantState | undefined
    const request = stateOf.get(`request/${reason.requestId}`) as RequestState | undefined
    const state = lineState(row.state, reason, grant)
    const dueSince = grant ? dueSinceOf(grant) : null
    const end = state === 'ending' ? dueSince : (grant?.endsAt ?? null)
    const isOverdue = dueSince !== null && Date.parse(dueSince) + overdueAfterMs <= now
    return {
      person: names.person(row.person_id),
      personId: row.person_id,
      account: row.state.account ?? '',
      provider: row.provider,
      group: names.group({ provider: row.provider, id: row.group_id }),
      groupId: row.group_id,
      app: request?.submitted ? names.app(request.submitted.appId) : '',
      role: grant?.opened ? names.role(grant.opened.roleId) : '',
      startsAt: instantOf(grant?.startsAt ?? null),
      endsAt: instantOf(end),
      noEnd: grant?.opened?.hours === null,
      state,
      overdueSince: isOverdue ? instantOf(dueSince) : null,
      requestId: reason.requestId,
      ticket: request?.issue?.key ?? '',
    }
  })
}

function lineState(membership: MembershipState, reason: Reason, grant: GrantState | undefined): LiveWindow['state'] {
  if (!membership.reasons.includes(reason)) return 'ending'
  return grant?.status === 'opening' ? 'opening' : 'live'
}

function instantOf(iso: string | null): Instant | null {
  return iso === null ? null : Date.parse(iso)
}
