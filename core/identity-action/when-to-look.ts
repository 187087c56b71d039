import type { Instant } from '../instant.ts'
import { lateLookAt } from './late-arrival.ts'
import { workOf, type MembershipState } from './membership.ts'
import { endToSet, watched } from './native-end.ts'
import { CHECK_AGAIN, changeDelayMs, readDelayMs } from './patience.ts'
import { URGENCY, type Urgency } from './urgency.ts'

/** What goes first when the provider lets us do only so much. */
export function urgencyOf(state: MembershipState, work: 'write' | 'read'): Urgency {
  if (work === 'read') return URGENCY['read-back']
  // A native end that is only drawn in can wait; one that somebody waits for goes with the beginnings.
  if (state.desired !== 'removed')
    return endToSet(state) && state.reasons.every((each) => each.confirmed) ? URGENCY['read-back'] : URGENCY.grant
  return state.ending.some((each) => each.privileged) ? URGENCY['privileged expiry'] : URGENCY.expiry
}

/**
 * When to look next; `attempts` counts the looks since something new was learnt.
 * `retryAfterMs` is the vendor's own wish, never shortened.
 */
export function nextLookAt(
  state: MembershipState,
  now: Instant,
  attempts: number,
  retryAfterMs: number | null,
): Instant {
  if (state.blocked !== null) {
    // A removal is never put off for long: what is rejected today may be a scope that somebody grants in a minute.
    return now + (state.desired === 'removed' ? CHECK_AGAIN.blockedRemovalMs : CHECK_AGAIN.blockedMs)
  }
  const answered = state.change?.answered
  if (answered && answered.kind !== 'unavailable')
    return now + Math.max(readDelayMs(answered, now, attempts), retryAfterMs ?? 0)
  const lateAt = lateLookAt(state)
  if (lateAt !== null && lateAt > now) return lateAt
  const from = workOf(state) === 'read' ? (watched(state)?.from ?? null) : null
  if (from !== null && Date.parse(from) > now) return Date.parse(from)
  if (attempts === 0 && retryAfterMs === null) return now
  return now + Math.max(retryAfterMs ?? 0, changeDelayMs(attempts))
}
