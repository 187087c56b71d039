import { type MembershipState } from '#core/identity-action/membership.ts'
import { nextLookAt } from '#core/identity-action/when-to-look.ts'
import { SECOND_MS, type Instant } from '#core/instant.ts'
import type { Spending } from '../budget/allowance.ts'

/** Even when nobody knows for how long the budget holds it back. */
export const HELD_BACK_MS: number = SECOND_MS

/** What became of the batch that a call belongs to. */
export type Paid = Pick<Spending, 'wasHeldBack' | 'isDown'>

/**
 * When to look again at a membership of which no answer was had. As long as the provider is down, or its budget held calls
 * back, that is no trouble of this one membership's: no attempt counts and its wait does not grow. What is down is due at
 * once, and is not claimed until it is well (engine/budget).
 */
export function afterNoAnswer(
  state: MembershipState,
  now: Instant,
  attempts: number,
  retryAfterMs: number | null,
  paid: Paid,
): { readonly dueAt: Instant; readonly progress: boolean } {
  if (paid.wasHeldBack())
    return { dueAt: nextLookAt(state, now, 0, Math.max(retryAfterMs ?? 0, HELD_BACK_MS)), progress: true }
  if (paid.isDown()) return { dueAt: nextLookAt(state, now, 0, null), progress: true }
  return { dueAt: nextLookAt(state, now, attempts, retryAfterMs), progress: false }
}
