import type { MembershipState } from '../identity-action/membership.ts'
import type { GroupRef, PersonId } from '../identity-action/membership-key.ts'
import type { Outcome, Rejection } from '../identity-action/outcome.ts'
import { MINUTE_MS, type Instant } from '../instant.ts'

/*
 * A removal is overdue when it is not proven within a bound after Tenure set out to make it. Nothing about the removal
 * itself changes then: it stays due, and is tried until it is proven. What changes is who knows of it:
 *
 *   ending --the bound has come, something still stands--> GrantOverdue, once: what stands, since when, who owns it
 *          --an issue about it was raised--> OverdueIssueRaised, once: under which key people find it
 *          --the last group was released--> OverdueProven: over, since when, and when that was read
 *
 * The bound begins with `GrantEnding`, whatever the reason of the end, and not with the end of the window: after a
 * downtime of our own the removals get their time before people are called. `since` tells the whole truth all the same.
 */

/** Unless the configuration says otherwise. */
export const OVERDUE_AFTER_MS: number = 15 * MINUTE_MS

/** What the provider last said about a removal, as far as anybody knows. */
export type LastWord = Outcome['kind'] | Rejection | 'not asked yet' | 'no answer'

/** A group of an ending grant that was not released yet. */
export interface Standing {
  readonly group: GroupRef
  readonly lastWord: LastWord
}

export interface OverdueData {
  /** Under this id the issue about it is known again, should the answer to its creation be lost. */
  readonly alarmId: string
  /** Since when nobody should hold it any more. */
  readonly since: string
  readonly standing: readonly Standing[]
  /** Who answers for it; null when nobody could be found. */
  readonly ownerId: PersonId | null
}

/** An issue of a desk, by the vendor's immutable id and by the name that people use. */
export interface OverdueIssue {
  readonly desk: string
  readonly id: string
  readonly key: string
}

export interface Overdue extends OverdueData {
  /** When it was called overdue. */
  readonly at: string
  readonly issue: OverdueIssue | null
  /** Whether everything of it was released since. */
  readonly over: boolean
}

export function lastWordOf({ blocked, change }: Pick<MembershipState, 'blocked' | 'change'>): LastWord {
  if (blocked !== null) return blocked
  if (change?.do !== 'remove') return 'not asked yet'
  return change.answered?.kind ?? 'no answer'
}

/** When an end of access became due: the end of the window, however late anybody looked; any other end when it was decided. */
export function dueSinceOf(grant: {
  readonly endedBecause: string | null
  readonly endsAt: string | null
  readonly endingSince: string | null
}): string | null {
  const { endedBecause, endsAt, endingSince } = grant
  return endedBecause === 'window ended' || endedBecause === null ? (endsAt ?? endingSince) : endingSince
}

/**
 * Who answers for an overdue removal: an owner of the app, else somebody of security, else an administrator. Somebody
 * active; and whoever holds the access themselves only when there is nobody else.
 */
export function ownerOfRemoval(
  from: readonly (readonly PersonId[])[],
  isActive: (personId: PersonId) => boolean,
  holderId: PersonId,
): PersonId | null {
  const active = from.flat().filter(isActive)
  return active.find((each) => each !== holderId) ?? active[0] ?? null
}

export function isPastBound(endingSince: string | null, afterMs: number, now: Instant): boolean {
  return endingSince !== null && now - Date.parse(endingSince) >= afterMs
}
