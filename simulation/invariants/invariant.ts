import type { Instant } from '#core/instant.ts'
import type { Facts } from '../facts.ts'

/** One promise, as a predicate over one run. The ids are those of the list of promises. */
export interface Invariant {
  readonly id: `I${number}`
  /** The promise in one sentence. */
  readonly says: string
  /** Everything in this run that breaks it. `null`: this run had nothing that it could be told by. */
  check(facts: Facts): readonly Violation[] | null
}

/** As `Invariant`, where looking takes its time: files are written, or signatures verified. */
export interface InvariantInTime extends Omit<Invariant, 'check'> {
  check(facts: Facts): Promise<readonly Violation[] | null>
}

export interface Violation {
  readonly at: Instant
  readonly what: string
}
