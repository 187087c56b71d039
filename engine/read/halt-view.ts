import type { Instant } from '#core/instant.ts'

/** One order of the emergency stop that is in force. */
export interface HaltLine {
  /** A provider's name; null: everything. */
  readonly provider: string | null
  readonly exceptRemovals: boolean
  readonly since: Instant
  /** Who gave the newest order, as the record names them. Text of people: hostile. */
  readonly orderedBy: string
  /** Null: erased. Text of people: hostile. */
  readonly reason: string | null
}

/** How much of one provider waits to be written. */
export interface WaitingLine {
  readonly provider: string
  readonly additions: number
  readonly removals: number
  /** At most so many calls are on their way, or their answer is being recorded. */
  readonly onTheirWay: number
}

/** What the surfaces may ask about the emergency stop. */
export interface HaltReads {
  /** Everything first, then by the name of the provider. */
  orders(): Promise<readonly HaltLine[]>
  waiting(now: Instant): Promise<readonly WaitingLine[]>
  /** Directories that were read at least once. */
  providers(): Promise<readonly string[]>
}
