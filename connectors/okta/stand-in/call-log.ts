import type { Instant } from '#core/instant.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import type { Habit } from './habits.ts'
import type { CallKind } from './path.ts'
import type { Bucket } from './rate-limit.ts'

/** One call, in a few words. Only tests, benches and the simulation read it. */
export interface LoggedCall {
  readonly at: Instant
  readonly method: HttpRequest['method']
  readonly kind: CallKind
  readonly bucket: Bucket
  readonly status: number
  /** Answered 429 by the limits themselves: too many in the window, or too many at once. A 429 that was a habit is none of these. */
  readonly refused: 'rate' | 'concurrency' | null
  /** The bad day that befell it. */
  readonly habit: Habit | null
}

/** Calls of another client, all in one moment. */
export interface Spent {
  readonly at: Instant
  readonly bucket: Bucket
  readonly calls: number
}
