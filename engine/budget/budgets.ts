import { URGENCY, type Urgency } from '#core/identity-action/urgency.ts'
import type { CallOf } from '#connectors/kit/budget.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { Ids, Log } from '../ports.ts'
import type { Clock } from '../store/clock.ts'
import type { Store } from '../store/store.ts'
import { allowanceOf, BOUNDLESS, type Allowance } from './allowance.ts'
import { ProviderBudget } from './provider-budget.ts'
import { Purse } from './purse.ts'

/** The budgets of all providers in one process. Connectors are handed `of`; who works asks for an allowance. */
export interface Budgets {
  readonly of: NonNullable<Io['budget']>
  /** What one kind of work of a provider may spend. Without limits everything may go. */
  allowance(provider: string, of: { readonly call: CallOf; readonly urgency: Urgency }): Allowance
  /** Calls of one urgency that nobody reserved in advance, e.g. of a sync. */
  pays<Result>(provider: string, urgency: Urgency, work: () => Promise<Result>): Promise<Result>
  /** Calls back when something may go now that could not before. Returns how to stop. */
  onEased(wake: () => void): () => void
}

export interface BudgetsParts {
  readonly store: Pick<Store, 'budget' | 'saveBudget'>
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  /** For how long a replica holds its places for calls at once, unless it renews them. */
  readonly leaseMs: number
}

/** How many calls are reserved at a time beyond what was asked for. */
const BLOCK = { change: 20, read: 20, sync: 5 } as const

export function createBudgets(parts: BudgetsParts): Budgets {
  const replica = parts.ids.next('rep')
  const budgets = new Map<string, ProviderBudget>()
  const listeners = new Set<{ readonly wake: () => void }>()
  const eased = (): void => {
    for (const { wake } of listeners) wake()
  }
  return {
    of(provider, limits) {
      // A call that nobody reserved is one that somebody waits for: a person's request is looked at, a group is claimed.
      const budget = new ProviderBudget({ ...parts, provider, limits, replica, eased, urgency: URGENCY.grant })
      budgets.set(provider, budget)
      return budget
    },
    allowance(provider, { call, urgency }) {
      const budget = budgets.get(provider)
      return budget ? allowanceOf(budget, { call, urgency, block: BLOCK[call] }) : BOUNDLESS
    },
    async pays(provider, urgency, work) {
      if (!budgets.has(provider)) return work()
      const purse = new Purse({ provider, urgency, block: BLOCK.sync, comesAgain: false })
      try {
        return await purse.pays(work)
      } finally {
        purse.giveBack()
      }
    },
    onEased(wake) {
      const listener = { wake }
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
