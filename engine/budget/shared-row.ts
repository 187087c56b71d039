import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '#core/event.ts'
import type { Store } from '../store/store.ts'
import { budgetOf, type BudgetState } from './budget.ts'

/** What somebody makes of the row as it stands. It may be asked for more than once; only `kept` may have an effect. */
export interface Change<Answer> {
  readonly state: BudgetState
  /** Whether it holds also when the row has moved on meanwhile: a refusal is believed only of a row that was just read. */
  readonly holdsAnyway: boolean
  /** Called once, when the row stands so. */
  kept(): Answer
}

/** The row of one provider, as this process knows it. Changes of one process go one after the other, so they never meet. */
export class SharedRow {
  private readonly store: Pick<Store, 'budget' | 'saveBudget'>
  private readonly provider: string
  private row: { readonly version: number; readonly state: BudgetState } | null = null
  private seen: BudgetState | null = null
  private line: Promise<unknown> = Promise.resolve()

  constructor(store: Pick<Store, 'budget' | 'saveBudget'>, provider: string) {
    this.store = store
    this.provider = provider
  }

  /** As it stood when it was last seen; null: never. */
  get known(): BudgetState | null {
    return this.seen
  }

  get version(): number {
    return this.row?.version ?? 0
  }

  change<Answer>(decide: (state: BudgetState) => Change<Answer>): Promise<Answer> {
    const turn = this.line.then(() => this.turn(decide))
    this.line = turn.catch(() => undefined)
    return turn
  }

  private async turn<Answer>(decide: (state: BudgetState) => Change<Answer>): Promise<Answer> {
    let row = this.row
    let isFresh = false
    for (;;) {
      if (row === null) {
        const stored = await this.store.budget(this.provider)
        row = { version: stored?.version ?? 0, state: budgetOf(stored?.state ?? null) }
        this.row = row
        this.seen = row.state
        isFresh = true
      }
      const { state, holdsAnyway, kept } = decide(row.state)
      if (!holdsAnyway && !isFresh) {
        row = null
        continue
      }
      if (isDeepStrictEqual(state, row.state)) return kept()
      // Forgotten until the answer is there: should none come, nobody knows how it stands.
      this.row = null
      if (await this.store.saveBudget(this.provider, row.version, state as unknown as JsonObject)) {
        this.row = { version: row.version + 1, state }
        this.seen = state
        return kept()
      }
      row = null
    }
  }
}
