import { isoOf, type Instant } from '../instant.ts'
import type { MembershipState, OpenChange } from './membership.ts'
import { CHECK_AGAIN } from './patience.ts'

/*
 * A call that nobody answered may be carried out long after we gave it up: it waits in a proxy, or in the vendor's own
 * queue. When its change was settled without its answer and the opposite is wanted by then, a read that is too early would
 * prove what does not last. So such calls are remembered until they cannot come any more, and only then a last read ends
 * the matter; if one did come, what is wanted is written again.
 */
export interface LateArrival {
  readonly do: 'add' | 'remove'
  readonly changeId: string
  readonly grantId: string
  readonly requestId: string
  /** Until when it may still come. */
  readonly until: string
}

/** What may still come after a change was settled at `at`, by a read of `readAt`. */
export function lateAfter(state: MembershipState, at: Instant, readAt: string): readonly LateArrival[] {
  const { change } = state
  const before = (state.late ?? []).filter((each) => each.until > readAt)
  // Whose sender died before there was an answer may have been sent.
  const mayCome = change !== null && change.do !== 'set end' && (change.uncertain || change.answered === null)
  return mayCome ? [...before, lateOf(change, at)] : before
}

function lateOf({ do: did, changeId, grantId, requestId }: OpenChange, at: Instant): LateArrival {
  return { do: did === 'add' ? 'add' : 'remove', changeId, grantId, requestId, until: isoOf(at + CHECK_AGAIN.lateMs) }
}

/** The call that would undo what is wanted, if one may still come; the last of them. */
export function lateOpposite({ desired, late = [] }: MembershipState): LateArrival | null {
  const opposite = desired === 'held' ? 'remove' : desired === 'removed' ? 'add' : null
  return late.filter((each) => each.do === opposite).reduce<LateArrival | null>(lastOf, null)
}

function lastOf(a: LateArrival | null, b: LateArrival): LateArrival {
  return a === null || b.until > a.until ? b : a
}

/** When the last read is due that ends the matter; null: nothing is waited for. */
export function lateLookAt(state: MembershipState): Instant | null {
  const late = lateOpposite(state)
  if (late === null || state.change !== null) return null
  const isSettled = state.desired === 'held' ? state.reasons.every((each) => each.confirmed) : state.present === false
  return isSettled ? Date.parse(late.until) : null
}
