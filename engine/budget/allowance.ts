import type { Urgency } from '#core/identity-action/urgency.ts'
import type { Instant } from '#core/instant.ts'
import type { CallOf } from '#connectors/kit/budget.ts'
import { served } from './bucket.ts'
import { withBucket, type BudgetState } from './budget.ts'
import type { Ledger } from './ledger.ts'
import { OPENING_MS, type ProviderBudget } from './provider-budget.ts'
import { Purse } from './purse.ts'

/** What one kind of work of a provider may spend: it asks for a batch, works under what it got, and gives back the rest. */
export interface Allowance {
  /** Whether anything has to be asked and counted. While nothing limits, work need not even look whether it is due. */
  isTight(): boolean
  /** Asks for so many calls. Less may be granted; nothing, when it is not the time. */
  open(calls: number): Spending | Wait | Promise<Spending | Wait>
  /** There is nothing to do: those who stood back for it need not any longer. */
  nothingDue(): Promise<void>
  /** Looks whether the budget has moved on since this process last saw it. */
  hasMoved(): Promise<boolean>
}

export interface Wait {
  readonly kind: 'wait'
  /** When it is worth asking again, unless something eases before. */
  readonly until: Instant
}

export interface Spending {
  readonly kind: 'spending'
  /** How many calls were granted; as many as one likes where nothing limits. */
  readonly calls: number
  /** The provider is down, and this is the one piece of work that finds out whether it still is. */
  readonly isProbe: boolean
  /** Calls that `work` makes are paid from this. */
  pays<Result>(work: () => Promise<Result>): Promise<Result>
  /** How many calls were paid from it; 0 where nothing is counted. */
  paid(): number
  /** Whether any call of it was held back, and so not sent. */
  wasHeldBack(): boolean
  /** Whether the provider is down, as far as this process knows. */
  isDown(): boolean
  /** Gives back what is left; once. `hasMore`: there was work for all that was granted, and may be for more. */
  close(hasMore: boolean): Promise<void>
}

export function allowanceOf(
  budget: ProviderBudget,
  of: { readonly call: CallOf; readonly urgency: Urgency; readonly block: number },
): Allowance {
  const { limits, provider, clock } = budget.parts
  const ledger = budget.ledger(of.call === 'change' ? limits.change : limits.read)
  const newPurse = (): Purse => new Purse({ provider, urgency: of.urgency, block: of.block, comesAgain: true })

  async function ask(calls: number): Promise<Spending | Wait> {
    const purse = newPurse()
    const got = await budget.request({ purse, ledger, of: of.call, calls })
    if (got.kind === 'opening') return { kind: 'wait', until: clock.now() + OPENING_MS }
    if (got.kind === 'held back') return { kind: 'wait', until: got.until }
    const isAsMany = ledger.isFree && purse.probes === 0
    return spending(budget, purse, { ledger, of: of.call }, isAsMany ? Number.POSITIVE_INFINITY : got.calls)
  }

  return {
    isTight: () => !budget.isFree(ledger, of.call),
    hasMoved: () => budget.hasMoved(),
    open: (calls) =>
      budget.isFree(ledger, of.call)
        ? spending(budget, newPurse(), { ledger, of: of.call }, Number.POSITIVE_INFINITY)
        : ask(calls),
    async nothingDue() {
      if (!isStarved(budget.row.known, ledger, of.urgency)) return
      await budget.tell((state) => servedIn(state, ledger, of.urgency))
    },
  }
}

function spending(
  budget: ProviderBudget,
  purse: Purse,
  { ledger, of }: { readonly ledger: Ledger; readonly of: CallOf },
  calls: number,
): Spending {
  const { log, provider } = budget.parts
  const isProbe = purse.probes > 0
  let isClosed = false
  return {
    kind: 'spending',
    calls,
    isProbe,
    pays: (work) => purse.pays(work),
    paid: () => purse.paid,
    wasHeldBack: () => purse.heldBack > 0,
    isDown: () => budget.isDown(of),
    async close(hasMore) {
      if (isClosed) return
      isClosed = true
      purse.giveBack()
      const isUnused = isProbe && purse.probes > 0
      // Whatever was held back comes again, and those who are less urgent stand back until then.
      const isServed = !hasMore && purse.heldBack === 0 && isStarved(budget.row.known, ledger, purse.urgency)
      // Whoever has more to do comes again at once, and tells then.
      if (!isUnused && !isServed && !budget.isHealthNews() && (hasMore || !budget.hasToReport())) return
      const told = budget.tell((state, now) => {
        const served = isServed ? servedIn(state, ledger, purse.urgency) : state
        return isUnused ? { ...served, breaker: { ...served.breaker, probeAt: now } } : served
      })
      // What the calls came to is worth more than that: it is told the next time.
      await told.catch((fault: unknown) => log('warning', `the budget of ${provider} was not told: ${String(fault)}`))
    },
  }
}

function isStarved(state: BudgetState | null, { bucket }: Ledger, urgency: Urgency): boolean {
  return state?.buckets[bucket.name]?.starved?.urgency === urgency
}

function servedIn(state: BudgetState, { bucket }: Ledger, urgency: Urgency): BudgetState {
  const marked = state.buckets[bucket.name]
  return marked ? withBucket(state, bucket.name, served(marked, urgency)) : state
}

/** Of what nobody counts. */
export const SPENDING: Spending = {
  kind: 'spending',
  calls: Number.POSITIVE_INFINITY,
  isProbe: false,
  pays: (work) => work(),
  paid: () => 0,
  wasHeldBack: () => false,
  isDown: () => false,
  close: async () => undefined,
}

/** Of a provider whose connector counts nothing. */
export const BOUNDLESS: Allowance = {
  isTight: () => false,
  hasMoved: async () => false,
  open: () => SPENDING,
  nothingDue: async () => undefined,
}
