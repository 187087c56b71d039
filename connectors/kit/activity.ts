import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { Instant } from '#core/instant.ts'
import type { AccountId, Reading } from './connector.ts'
import type { From, Page } from './directory.ts'

/**
 * The vendor's own log, which is late and may leave things out: a hint where to look, never the proof that something is so,
 * and its silence proves nothing at all.
 */
export interface Activity {
  /** From `all`: as far back as `since`, if the vendor keeps it so long. The last page has a cursor, always. */
  events(from: From, since: Instant): Promise<Reading<Page<ActivityEvent>>>
}

export interface ActivityEvent {
  /** The vendor's id of the event: the same event may come twice. */
  readonly id: string
  readonly at: Instant
  readonly what:
    | { readonly kind: 'member added' | 'member removed'; readonly account: AccountId; readonly group: GroupRef }
    /** The vendor's rule will never give the group to this person again. */
    | { readonly kind: 'excluded from a rule'; readonly account: AccountId; readonly group: GroupRef | null }
    | { readonly kind: 'signed in'; readonly account: AccountId; readonly app: string | null }
    | { readonly kind: 'account changed'; readonly account: AccountId }
  /** Who did it, in the vendor's words (hostile text); null: the vendor does not say. */
  readonly by: string | null
}
