import { overdueTimerId, overdueTimerOf } from '../overdue/overdue-timer.ts'
import { membershipStream } from '#core/identity-action/membership-key.ts'
import type { GrantCommand, GrantState } from '#core/grant/grant.ts'
import { GRANT, MEMBERSHIP } from './stream-kinds.ts'
import type { Subject, Turn } from './turn.ts'

/**
 * After `GrantEnding`: the reason dies in each of the grant's memberships. A membership that another reason holds stays,
 * and its group is released at once, saying which reasons keep it; any other is released when its absence was read.
 */
export async function endReasons(turn: Turn, grantId: string, grant: Subject<GrantState, GrantCommand>): Promise<void> {
  const { opened, startsAt, endedBecause } = grant.state
  if (grant.state.status !== 'ending' || !opened) return
  turn.cancelTimer(`${grantId}:complete`)
  turn.cancelTimer(`${grantId}:window`)
  await turn.load(opened.groups.map((group) => membershipStream({ group, personId: opened.personId })))
  for (const group of opened.groups) {
    const membership = turn.openLoaded(MEMBERSHIP, membershipStream({ group, personId: opened.personId }))
    membership.decide({
      kind: 'end reason',
      grantId,
      windowBegan: startsAt !== null || endedBecause === 'revoked' || endedBecause === 'not given',
    })
    const waits = membership.state.ending.some((each) => each.grantId === grantId)
    if (waits) continue
    const otherReasons = membership.state.reasons.map((each) => each.grantId)
    grant.decide({ kind: 'release', release: { group, how: 'kept', otherReasons, readAt: null } })
  }
  const timer = overdueTimerOf(grantId, grant.state, turn.overdueAfterMs)
  if (timer) turn.setTimer(timer)
  else turn.cancelTimer(overdueTimerId(grantId))
}

/** The window's end, or the bound for completing a grant, has come. */
export async function grantTimeCame(turn: Turn, grantId: string, kind: 'window ends' | 'complete by'): Promise<void> {
  const grant = await turn.open(GRANT, `grant/${grantId}`)
  grant.decide({ kind: kind === 'window ends' ? 'end window' : 'give up completing', now: turn.now }, { kind: 'timer' })
  await endReasons(turn, grantId, grant)
}
