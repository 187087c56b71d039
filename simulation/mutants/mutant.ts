/** A mistake that somebody could make, or that somebody has made: put into the product on purpose, to see that it is found. */
export interface Mutant {
  readonly name: string
  readonly file: string
  /** Occurs exactly once in the file. */
  readonly find: string
  readonly replace: string
  /** The published incident that it re-enacts, or null. */
  readonly incident: string | null
  /** It shows in circumstances that chance seldom brings: these faults, by their numbers, and no others. */
  readonly faults?: readonly number[]
}
