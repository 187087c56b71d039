import type { MembershipState } from '../identity-action/membership.ts'
import { CHECK_AGAIN } from '../identity-action/patience.ts'
import type { Instant } from '../instant.ts'

/** `held when claimed`: by the first look after the claim. The others are drift. */
export type FindingKind = 'held when claimed' | 'added outside' | 'removed outside'

/** What a look says of one membership. */
export type Assessment =
  | { readonly kind: 'found'; readonly as: FindingKind }
  /** The directory and the grants agree. */
  | { readonly kind: 'agreed'; readonly present: boolean }
  /** The vendor's own rule is the reason. It is nobody's drift, and no removal would stick. */
  | { readonly kind: 'by a rule' }
  /** Something of ours is under way, or the look may show what was before it. The next look tells. */
  | { readonly kind: 'unclear' }

/**
 * Compares what a complete list of a group shows of one account with what the grants say. Nothing is found while a change of
 * ours is under way, or was read back less than a minute before the look: a provider may answer from a copy as old as
 * that. A membership that the provider itself ended at its end is never a finding. What was missing is missed no more once
 * no grant holds it, however long its end may take: the removal of whom a rule puts back waits for ever.
 */
export function assessMembership(of: {
  /** Null: the list does not have the account. */
  readonly member: { readonly source: 'direct' | 'rule' | 'unknown' } | null
  readonly membership: MembershipState
  /** When the list began. */
  readonly readAt: Instant
  readonly isFirstLook: boolean
  /** What is found already, and open. */
  readonly open: FindingKind | null
}): Assessment {
  const { member, membership, readAt, isFirstLook, open } = of
  const isHeld = membership.desired === 'held'
  if (open === 'removed outside' && !isHeld) return { kind: 'agreed', present: member !== null }
  if (isUnderWay(membership, readAt)) return { kind: 'unclear' }
  if (member === null) return isHeld ? { kind: 'found', as: 'removed outside' } : { kind: 'agreed', present: false }
  if (isHeld) return { kind: 'agreed', present: true }
  if (member.source === 'rule') return { kind: 'by a rule' }
  return { kind: 'found', as: isFirstLook ? 'held when claimed' : 'added outside' }
}

function isUnderWay(state: MembershipState, readAt: Instant): boolean {
  const { change, ending, late = [], reasons, lastProven, unknownSince, native } = state
  if (change !== null || ending.length > 0 || late.some((each) => readAt < Date.parse(each.until))) return true
  if (state.desired === 'held' && reasons.some((each) => !each.confirmed)) return true
  const endsAt = native?.seen?.endsAt
  if (state.desired === 'held' && endsAt && readAt >= Date.parse(endsAt)) return true
  return [lastProven?.readAt, unknownSince].some(
    (at) => at !== undefined && readAt - Date.parse(at) < CHECK_AGAIN.disagreementMs,
  )
}
