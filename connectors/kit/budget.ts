import type { Instant } from '#core/instant.ts'
import type { Gate } from './gate.ts'
import type { Trouble } from './http.ts'

/**
 * How often a vendor lets itself be called, and who says so. A connector declares what its vendor counts together, as
 * data, and names the bucket of each message; before each call the HTTP core asks a budget, and afterwards it hands on
 * what the answer told. The budget is shared by all replicas; where it is kept is no business of a connector's.
 */
export interface Limits {
  readonly buckets: readonly Bucket[]
  /** The bucket that a change of a membership takes a call from, and that of a read of memberships. */
  readonly change: string
  readonly read: string
  /** How many calls may be under way at once, in all replicas together. */
  readonly callsAtOnce: number
}

/** Calls that a vendor counts together, window by window. */
export interface Bucket {
  readonly name: string
  readonly windowMs: number
  /** Calls a window, of a vendor whose answers never tell. Null: the answers tell, and what they do not tell is no limit. */
  readonly limit: number | null
}

/** One provider's budget in one process. */
export interface Budget {
  /** How many calls of this process may be under way: a call goes through it, and asks when its turn has come. */
  readonly gate: Gate
  /** Null: the call may go, at once, and exactly one `told` follows. A promise only when somebody has to be asked first. */
  take(bucket: string, of: CallOf): Hold | null | Promise<Hold | null>
  /** What became of a call that was let go. Null: it was not sent after all. */
  told(bucket: string, of: CallOf, told: Told | null): void
  /**
   * Who pays for what is asked here. An answer that several wait for is asked for by each payer for itself: who is urgent would
   * wait for one who stands back for it.
   */
  payer?(): object
}

/** What a call is for. What comes before a change (a token, the rules of a group) is a read: it changes nothing. */
export type CallOf = 'change' | 'read'

/** The call may not go now, and this is how long to wait before asking again. */
export interface Hold {
  readonly because: 'rate limit' | 'on hold'
  readonly waitMs: number
}

/** What one answer told, or its absence. Instants are of our own clock, lengths of time of the vendor's. */
export interface Told extends StatedLimit {
  readonly sentAt: Instant
  readonly at: Instant
  /** `well`: the vendor answered as it should, also with a no of its own. `ill`: it is not itself. Null: neither. */
  readonly health: 'well' | 'ill' | null
  /** What an operator is told of a vendor that is ill. */
  readonly trouble: Trouble | null
  readonly refused: 'rate limit' | 'calls at once' | null
}

/** The words of an answer about the bucket that it was counted in; null where it says nothing. */
export interface StatedLimit {
  readonly limit: number | null
  readonly remaining: number | null
  /** Until the end of the window by the vendor's own clock, which may be off: it may lie in the past, or far away. */
  readonly resetsInMs: number | null
  /** How long the vendor asks to wait. */
  readonly retryAfterMs: number | null
}

/** What says that the vendor itself is not well, rather than one call. */
const ILL: ReadonlySet<Trouble> = new Set<Trouble>([
  'no answer',
  'server error',
  'redirect',
  'no credentials',
  'not JSON',
  'not the shape',
  'error in a success',
])

export function saysThatItIsIll(trouble: Trouble): boolean {
  return ILL.has(trouble)
}
