import type { Instant } from '#core/instant.ts'
import type { Bucket, Told } from '#connectors/kit/budget.ts'
import type { BucketState } from './bucket.ts'

/** What this process has reserved of a bucket, what is under way, and what the shared row does not know yet. */
export class Ledger {
  readonly bucket: Bucket
  /** Nothing limits it, as far as this process knows: then nothing is reserved and nothing is noted. */
  isFree = false
  underWay = 0
  /** A call of this process opens the window, and so long its answer is waited for before another one tries; null: none does. */
  openingUntil: Instant | null = null
  answers: Told[] = []
  /** Reserved and not let go, by all purses, good until the window ends. Purses of an earlier window are void. */
  private held = 0
  private goodUntil: Instant = 0
  private least = Number.POSITIVE_INFINITY
  private since: Instant = 0
  private waiting: (() => void)[] = []
  window = 0

  constructor(bucket: Bucket) {
    this.bucket = bucket
  }

  outstanding(now: Instant): number {
    this.passTo(now)
    return this.underWay + this.held
  }

  /** How many of the calls that a purse has left are good: the vendor may have told that others ate them. */
  good(window: number, calls: number, now: Instant): number {
    this.passTo(now)
    return window === this.window ? Math.max(0, Math.min(calls, this.least - this.underWay)) : 0
  }

  reserved(calls: number): void {
    this.held += calls
  }

  /** A reserved call goes. */
  spent(): void {
    this.held -= 1
    this.underWay += 1
  }

  /** A purse gives back what it did not need. */
  givenBack(window: number, calls: number): void {
    if (window === this.window) this.held -= calls
    if (calls > 0) this.openingUntil = null
    this.wake()
  }

  told(told: Told | null): void {
    this.underWay -= 1
    if (told === null || told.sentAt >= this.since) {
      this.openingUntil = null
      if (told?.remaining != null) this.least = Math.min(this.least, told.remaining)
    }
    if (told !== null) this.note(told)
    this.wake()
  }

  private note(told: Told): void {
    const isAboutBucket = told.limit !== null || told.refused === 'rate limit'
    if (isAboutBucket) this.isFree = false
    if (!this.isFree) this.answers.push(told)
  }

  /** The row stands so now, and knows the first so many of our answers. */
  agree(state: BucketState, reported: number): void {
    this.answers.splice(0, reported)
    this.isFree = state.limit === 'none' && state.left === null && this.answers.length === 0
    this.goodUntil = state.left === null ? Number.POSITIVE_INFINITY : state.endsAt
    this.least = state.left ?? Number.POSITIVE_INFINITY
    this.since = state.since
  }

  /** Resolves with the next answer, or when something was given back. */
  news(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  private passTo(now: Instant): void {
    if (now < this.goodUntil) return
    this.since = this.goodUntil
    this.goodUntil = Number.POSITIVE_INFINITY
    this.held = 0
    this.window += 1
    this.least = Number.POSITIVE_INFINITY
  }

  private wake(): void {
    const { waiting } = this
    if (waiting.length === 0) return
    this.waiting = []
    for (const each of waiting) each()
  }
}
