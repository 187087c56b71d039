import { MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import { SILENCE_MS } from '../world/network.ts'

/*
 * What one fault can keep the product from, each time when it really befalls something: for how long it lasts, and for how
 * long the design waits after it. Only what the design needs is allowed here, each with its reason; that repeated failures
 * make waits grow is not in these numbers but in reach.ts.
 */
export interface Hindrance {
  readonly of: 'access' | 'desk'
  readonly lastsMs: number
  readonly thenMs: number
}

/**
 * A read is sent again after 100 and 400 ms, a change half a second later and after a read; and that read may wait 5 s for
 * company while full batches of writes are on their way (engine/workers/workers.ts).
 */
const AGAIN_MS = 7 * SECOND_MS
/** A 429 says that a window is used up, and is believed, whatever else it says: to the end of that window, a minute at most. */
export const RATE_WINDOW_MS = MINUTE_MS + AGAIN_MS
/** A removal that was refused for good is looked at again after half a minute (core/identity-action/patience.ts). */
const BLOCKED_MS = 30 * SECOND_MS + AGAIN_MS
/** A lease is at most 10 s (promise I31), and whoever takes over looks within a second. */
const TAKE_OVER_MS = 11 * SECOND_MS
/** What no webhook told is found by the poll for tickets that moved, every 15 min in the simulation (world/simulate.ts). */
const POLL_MS = 16 * MINUTE_MS

const access = (thenMs: number, lastsMs = 100): Hindrance => ({ of: 'access', lastsMs, thenMs })
const desk = (thenMs: number, lastsMs = 100): Hindrance => ({ of: 'desk', lastsMs, thenMs })
const NOTHING: Hindrance = { of: 'access', lastsMs: 0, thenMs: 0 }

const OF_KIND: Readonly<Record<string, Hindrance>> = {
  '429': access(RATE_WINDOW_MS),
  '429 with Retry-After': access(RATE_WINDOW_MS),
  '429 with a date in Retry-After': access(RATE_WINDOW_MS),
  '429 by a clock that is an hour ahead': access(RATE_WINDOW_MS),
  '429 without headers': access(RATE_WINDOW_MS),
  '429 with a reset in the past': access(RATE_WINDOW_MS),
  '429 with a reset hours ahead': access(RATE_WINDOW_MS),
  '403': access(BLOCKED_MS),
  // Of a rule's status: nobody knows whether it holds the member, so nobody may be removed.
  'unknown enum value': access(BLOCKED_MS),
  slow: access(AGAIN_MS, SILENCE_MS),
  'effect long after': access(AGAIN_MS, SILENCE_MS),
  'a competitor': access(RATE_WINDOW_MS),
  'desk: request lost': desk(AGAIN_MS),
  'desk: answer lost': desk(AGAIN_MS),
  'desk: slow': desk(AGAIN_MS, SILENCE_MS),
  'desk away': desk(AGAIN_MS),
  'webhook lost': desk(POLL_MS),
  'webhook hours late': desk(POLL_MS),
  'webhooks out of order': desk(0, 20 * SECOND_MS),
  'webhook doubled': NOTHING,
  'forged webhook': NOTHING,
  'replayed webhook': NOTHING,
  'webhook of another site': NOTHING,
  'serialisation failure': access(SECOND_MS),
  'connection lost before': access(TAKE_OVER_MS),
  'connection lost after COMMIT': access(TAKE_OVER_MS),
  'disk full': access(TAKE_OVER_MS),
  'database away': access(TAKE_OVER_MS),
  'killed at a commit': access(TAKE_OVER_MS),
  killed: access(TAKE_OVER_MS),
  paused: access(TAKE_OVER_MS),
  'one scheduler more': access(TAKE_OVER_MS),
  'two people click within a millisecond': NOTHING,
  'paused while a change is under way': access(TAKE_OVER_MS, 52 * SECOND_MS),
}

/** "Done", and nothing was: for a minute the reads that deny it may be old, and then it is done again. */
const DENIED_MS = MINUTE_MS + AGAIN_MS

/** Of a kind that is not named here: one failed call. */
export function hindranceOf(kind: string, ofChange: boolean): Hindrance {
  if (ofChange && kind === '204 without effect') return access(DENIED_MS)
  return OF_KIND[kind] ?? access(AGAIN_MS)
}

/** A provider that was down is asked every 30 s whether it is well. */
const PROBE_LATEST_MS = 31 * SECOND_MS
/** While reads lag a change is doubted for a minute, and read again every minute. */
const DOUBTED_MS = 2 * MINUTE_MS + 5 * SECOND_MS
/** A clock that stood still is set right when the database is asked again, half a minute later. */
const CLOCK_SET_MS = 31 * SECOND_MS

/** What lasts from its beginning to its end, and how long the design waits after it. */
export const LASTING: ReadonlyMap<string, number> = new Map([
  ['outage', PROBE_LATEST_MS],
  ['tokens refused', PROBE_LATEST_MS],
  ['role lost', BLOCKED_MS],
  ['stale reads', DOUBTED_MS],
  ['reads a little stale', DOUBTED_MS],
  ['reads flip-flop', DOUBTED_MS],
  ['database away', TAKE_OVER_MS],
  ['paused', TAKE_OVER_MS],
  ['clock stands still in a pause', CLOCK_SET_MS],
])

/**
 * Waits grow up to this and stay there, of a change to access (with the five seconds for which the read before it may wait for
 * company) and of what else is tried again (core/identity-action/patience.ts).
 */
export const LONGEST_WAIT_MS = { access: 36 * SECOND_MS, desk: MINUTE_MS } as const

/**
 * After five bad answers in a row the design asks only every 30 s whether the provider is well (engine/budget/breaker.ts).
 * Some of the five may lie further back, when nobody called in between.
 */
export const MANY_FAILURES = 2
export const PROBE_MS: number = PROBE_LATEST_MS
