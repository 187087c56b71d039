import { isoOf, MINUTE_MS, SECOND_MS, type Instant } from '../instant.ts'
import type { MembershipState, OpenChange, Reason } from './membership.ts'
import type { Rejection } from './outcome.ts'

/*
 * The native end is the end that a provider gives a membership by itself: an assignment with an end, a role that expires.
 * It is the safety net under our own removal. It is wanted a margin after the latest end of all reasons that live, so that access
 * ends even when all of Tenure is dead; while Tenure lives, ours comes first and is the end that people were told. As
 * long as any living reason is open-ended, none is wanted. Against what is wanted, what the provider has stands
 *
 *   unseen     no read has told it, or something happened since that may have moved it.
 *   as wanted  within what a vendor may round.
 *   short      it would cut a living reason off. It is moved before a reason is confirmed, so before a grant is called
 *              live: an extension leaves no gap, and what has no end does not begin with one.
 *   loose      later than wanted, or missing. It is moved too, and nobody waits for that: the person is a member already,
 *              and our own end holds.
 *
 *   an add brings its end along --> member, with an end that a read tells
 *   short or loose --set end--> as wanted, when a read shows it
 *                  --the vendor refuses--> refused: our own end holds alone, which the record says. Confirmed all the
 *                                          same, and tried anew only when another end is wanted
 *   short and refused --the provider ends it--> found gone; added again while a reason lives
 *
 * The end of a reason is known exactly once its window has begun. Until then the latest is taken that it can come to.
 *
 * What another hand gave is left as it was found until a window of ours has begun on it; only what is short is moved
 * before, because the window could not begin otherwise. (If it then never begins, that end is not put back.)
 *
 * A membership of a provider that has no such end has no `native`, and nothing of this page touches it.
 */

export interface NativeEnd {
  /** What the provider has, as the last read told it; null: unseen. */
  readonly seen: { readonly endsAt: string | null; readonly readAt: string } | null
  /** Why the provider will not set the end that is wanted now. */
  readonly refused: Rejection | null
  /** Once it is gone: who ended it, as far as that can be told. */
  readonly endedBy: EndedBy | null
}

/** Of an end that could have been either's, the record says just that. */
export type EndedBy = 'Tenure' | 'the provider' | 'Tenure or the provider'

export const UNSEEN: NativeEnd = { seen: null, refused: null, endedBy: null }

/** How long after the last of our own ends the provider's comes. */
export const MARGIN_MS: number = 15 * MINUTE_MS

/** So much later than asked a vendor may put an end, because it counts in seconds or minutes. Never earlier. */
const ROUNDED_MS: number = MINUTE_MS

/** Null: no end. Whole seconds, rounded up, because that is as fine as vendors count. */
export function wantedEnd(reasons: readonly Pick<Reason, 'until'>[]): string | null {
  const last = decidingReason(reasons)?.until ?? null
  return last === null ? null : isoOf(Math.ceil((Date.parse(last) + MARGIN_MS) / SECOND_MS) * SECOND_MS)
}

/** The reason that needs the end to be where it is wanted: the newest that is open-ended, else the one that lasts longest. */
export function decidingReason<Bounded extends Pick<Reason, 'until'>>(
  reasons: readonly Bounded[],
): Bounded | undefined {
  const [first, ...others] = reasons
  if (!first) return undefined
  const openEnded = reasons.findLast((each) => (each.until ?? null) === null)
  return openEnded ?? others.reduce((last, each) => ((each.until ?? '') >= (last.until ?? '') ? each : last), first)
}

/** Whether the windows of all reasons are over: their ends are about to be acted on, and no end is set for them any more. */
export function areOver(reasons: readonly Reason[], now: Instant): boolean {
  return reasons.every(({ until }) => (until ?? null) !== null && Date.parse(until ?? '') <= now)
}

function standingOf({ seen }: NativeEnd, reasons: readonly Reason[]): 'unseen' | 'as wanted' | 'short' | 'loose' {
  if (seen === null) return 'unseen'
  const wanted = wantedEnd(reasons)
  if (isAsAsked(seen.endsAt, wanted)) return 'as wanted'
  return seen.endsAt !== null && (wanted === null || seen.endsAt < wanted) ? 'short' : 'loose'
}

/** Whether what a read shows is the end that was asked for. */
export function isAsAsked(endsAt: string | null, asked: string | null): boolean {
  if (endsAt === null || asked === null) return endsAt === asked
  return endsAt >= asked && Date.parse(endsAt) - Date.parse(asked) <= ROUNDED_MS
}

/** Another hand gave it, and no window of ours has begun on it. */
function isAsFound(reasons: readonly Reason[]): boolean {
  return reasons.some((each) => each.adopted) && !reasons.some((each) => each.begun)
}

/** Whether the last read that told of it found the person as a member, and with which end. */
export function isSeen({ present, native }: MembershipState): boolean {
  return present === true && native !== undefined && native.seen !== null
}

/** The end that is to be set now, or null. Only a member has one: who was never added gets it with the add. */
export function endToSet({ desired, present, native, reasons }: MembershipState): {
  readonly endsAt: string | null
} | null {
  if (!native || native.refused !== null || desired !== 'held' || present !== true) return null
  const standing = standingOf(native, reasons)
  if (standing === 'as wanted') return null
  const isDue = standing === 'short' || (reasons.some((each) => each.confirmed) && !isAsFound(reasons))
  return isDue ? { endsAt: wantedEnd(reasons) } : null
}

/** Whether a read that shows the person as a member, with this end, confirms the reasons that live. */
export function mayConfirm(native: NativeEnd | undefined, reasons: readonly Reason[]): boolean {
  return !native || native.refused !== null || standingOf(native, reasons) !== 'short'
}

/** Whether an open `set end` asks still for what is wanted. */
export function isWantedStill(change: OpenChange, { desired, native, reasons }: MembershipState): boolean {
  return desired === 'held' && native?.refused === null && change.endsAt === wantedEnd(reasons)
}

/** What is to go needs no end: such a change stands in nobody's way, and is given up unread. */
export function isMoot({ desired, change }: MembershipState): boolean {
  return desired === 'removed' && change?.do === 'set end'
}

/**
 * All is confirmed, and yet somebody must look: the end is unseen, or the provider will end it too early and could not
 * be moved from that. `from`: when there is something to see; null: now.
 */
export function watched({ present, native, reasons }: MembershipState): { readonly from: string | null } | null {
  if (!native || present !== true || reasons.some((each) => !each.confirmed)) return null
  if (native.seen === null) return { from: null }
  return native.refused !== null && standingOf(native, reasons) === 'short' ? { from: native.seen.endsAt } : null
}

/** Who ended a membership that a read found gone while its removal was wanted. Null: the effect of the change says all there is. */
export function whoEnded(
  { seen }: NativeEnd,
  readAt: string,
  change: Pick<OpenChange, 'answered' | 'uncertain'> | null,
): EndedBy | null {
  const answered = change?.uncertain ? null : (change?.answered ?? null)
  if (answered?.kind === 'changed') return 'Tenure'
  const endsAt = seen?.endsAt ?? null
  if (endsAt === null || readAt < endsAt) return null
  if (change === null) return 'the provider'
  if (answered?.kind !== 'unchanged') return 'Tenure or the provider'
  // Gone before the vendor was asked to remove it; before its own end, another hand did that.
  return answered.at >= endsAt ? 'the provider' : null
}
