import type { GrantCommand, GrantState } from '#core/grant/grant.ts'
import { sameGroup, type GroupRef } from '#core/identity-action/membership-key.ts'
import type { MembershipState } from '#core/identity-action/membership.ts'
import { isoOf, type Instant } from '#core/instant.ts'
import type { Subject, Turn } from '../handle/turn.ts'
import { overdueTimerId } from '../overdue/overdue-timer.ts'
import { dateReasons } from './date-reasons.ts'

/** What a read proved about a membership is news for its grants: a group is confirmed, or released. In the same turn, so neither exists without the other. */
export async function tellGrants(
  turn: Turn,
  group: GroupRef,
  before: MembershipState,
  after: MembershipState,
  readAt: Instant,
  grantOf: (grantId: string) => Subject<GrantState, GrantCommand>,
): Promise<void> {
  for (const reason of after.reasons.filter((each) => each.confirmed)) {
    if (before.reasons.some((each) => each.grantId === reason.grantId && each.confirmed)) continue
    const grant = grantOf(reason.grantId)
    const { status } = grant.state
    grant.decide({ kind: 'confirm', group, readAt })
    startTimers(turn, reason.grantId, grant.state)
    if (grant.state.status !== status) await dateReasons(turn, reason.grantId, grant.state)
  }
  for (const reason of before.ending) {
    if (after.ending.some((each) => each.grantId === reason.grantId)) continue
    const grant = grantOf(reason.grantId)
    const kept = after.desired === 'held'
    const added = grant.state.confirmed.some((each) => sameGroup(each, group))
    const how = kept ? 'kept' : added ? 'removed' : 'never added'
    const otherReasons = after.reasons.map((each) => each.grantId)
    const endedBy = how === 'removed' && after.native?.endedBy ? { endedBy: after.native.endedBy } : {}
    const release = { group, how, otherReasons, readAt: kept ? null : isoOf(readAt), ...endedBy } as const
    grant.decide({ kind: 'release', release })
    if (grant.state.status !== 'ending') turn.cancelTimer(overdueTimerId(reason.grantId))
  }
}

function startTimers(turn: Turn, grantId: string, grant: GrantState): void {
  if (grant.status !== 'live') return
  turn.cancelTimer(`${grantId}:complete`)
  if (grant.endsAt !== null) {
    turn.setTimer({ id: `${grantId}:window`, kind: 'window ends', about: grantId, dueAt: Date.parse(grant.endsAt) })
  }
}
