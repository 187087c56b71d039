import type { Instant } from '../instant.ts'

/**
 * Every answer of a vendor to a change, in five words.
 *
 * - `changed`      the vendor says that it changed something.
 * - `unchanged`    it was so already.
 * - `accepted`     taken, effective later: read back until it is.
 * - `rejected`     the vendor (or our own look before the call) says no, for good. Trying again will not help.
 * - `unavailable`  nothing is known about the effect. A read must come before any second write.
 */
export type Outcome =
  | {
      readonly kind: 'changed' | 'unchanged' | 'accepted'
      /** When we had the answer, by our clock: reads are ordered by it. */
      readonly at: Instant
      readonly receipt: string
      /** When the vendor did it, by its own clock, to a second, where it says so. */
      readonly vendorAt?: Instant
    }
  | { readonly kind: 'rejected'; readonly because: Rejection; readonly said: string }
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number | null; readonly said: string }

/** Why a vendor will never do what was asked. `said` beside it holds the vendor's own words: hostile text, internal only. */
export type Rejection =
  | 'no such person'
  | 'no such group'
  | 'group is managed by the vendor' // Okta APP_GROUP and BUILT_IN, Entra dynamic groups, …
  | 'membership comes from a rule' // removing it would not stick, or would poison the rule
  | 'no native end' // the vendor's edition, or this kind of group, cannot end a membership by itself
  | 'not allowed' // scope or role is missing: an operator must act
  | 'not understood' // the vendor refused the request for a reason that we do not know
