import type { Instant } from '#core/instant.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import type { Habit } from './habits.ts'
import type { CallKind } from './path.ts'

/** One call, in a few words. Only tests, benches and the simulation read it. */
export interface LoggedCall {
  readonly at: Instant
  readonly method: HttpRequest['method']
  readonly kind: CallKind
  readonly status: number
  /** Refused by the limits themselves. A refusal that was a habit is not. */
  readonly refused: boolean
  /** The bad day that befell it. */
  readonly habit: Habit | null
}
