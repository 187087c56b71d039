import { AsyncLocalStorage } from 'node:async_hooks'
import type { Instant } from '#core/instant.ts'
import type { Urgency } from '#core/identity-action/urgency.ts'
import type { Ledger } from './ledger.ts'

/*
 * Who pays for a call is known by where it comes from, not by an argument: a call may be made deep in a connector, for a
 * fact that it needs first, and a purse that was handed through every function would sooner or later be forgotten in one.
 * What is called without a purse pays one call at a time.
 */
const paying = new AsyncLocalStorage<Purse>()

export function purseHere(): Purse | undefined {
  return paying.getStore()
}

/** Calls that one piece of work has reserved, in memory; what is left of them is given back. */
export class Purse {
  readonly provider: string
  readonly urgency: Urgency
  /** How many are reserved at a time when more are needed than were asked for. */
  readonly block: number
  /** Whether the work is tried again for what it did not get. */
  readonly comesAgain: boolean
  /** Calls that may go although the provider is down, to find out whether it still is. */
  probes = 0
  /** How many calls were held back, and how many went. */
  heldBack = 0
  paid = 0
  private readonly left = new Map<Ledger, { readonly window: number; calls: number }>()

  constructor(of: Pick<Purse, 'provider' | 'urgency' | 'block' | 'comesAgain'>) {
    this.provider = of.provider
    this.urgency = of.urgency
    this.block = of.block
    this.comesAgain = of.comesAgain
  }

  pays<Result>(work: () => Promise<Result>): Promise<Result> {
    return paying.run(this, work)
  }

  put(ledger: Ledger, calls: number): void {
    const left = this.left.get(ledger)
    if (left?.window === ledger.window) left.calls += calls
    else this.left.set(ledger, { window: ledger.window, calls })
  }

  /** Whether it has a call left that is good. */
  has(ledger: Ledger, now: Instant): boolean {
    const left = this.left.get(ledger)
    return left !== undefined && left.calls > 0 && ledger.good(left.window, left.calls, now) > 0
  }

  spend(ledger: Ledger): void {
    const left = this.left.get(ledger)
    if (left !== undefined) left.calls -= 1
    this.paid += 1
  }

  /** Gives back what is left, of all buckets or of one. */
  giveBack(only?: Ledger): void {
    for (const [ledger, { window, calls }] of this.left) {
      if (only !== undefined && ledger !== only) continue
      ledger.givenBack(window, calls)
      this.left.delete(ledger)
    }
  }

  /** Whether it has a call left that was reserved in this window, good or not. */
  holds(ledger: Ledger): boolean {
    const left = this.left.get(ledger)
    return left !== undefined && left.calls > 0 && left.window === ledger.window
  }
}
