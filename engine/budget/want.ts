import type { Instant } from '#core/instant.ts'
import type { Urgency } from '#core/identity-action/urgency.ts'
import type { CallOf, Hold, Limits } from '#connectors/kit/budget.ts'
import type { Log } from '../ports.ts'
import type { Clock } from '../store/clock.ts'
import type { Store } from '../store/store.ts'
import type { Ledger } from './ledger.ts'
import type { Purse } from './purse.ts'

export interface BudgetParts {
  readonly provider: string
  readonly limits: Limits
  readonly replica: string
  readonly store: Pick<Store, 'budget' | 'saveBudget'>
  readonly clock: Clock
  /** For how long a replica holds its places, unless it renews them. */
  readonly leaseMs: number
  /** How urgent a call is that nobody has asked for in advance. */
  readonly urgency: Urgency
  readonly log: Log
  /** Something may go now that could not before. */
  readonly eased: () => void
}

/** What somebody wants to do. */
export interface Want {
  readonly purse: Purse
  readonly ledger: Ledger
  readonly of: CallOf
  readonly calls: number
}

export type Got =
  | { readonly kind: 'granted'; readonly calls: number }
  /** A call of this process opens the window: its answer is awaited. */
  | { readonly kind: 'opening' }
  | { readonly kind: 'held back'; readonly because: Hold['because']; readonly until: Instant }
