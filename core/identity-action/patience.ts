import type { Instant } from '../instant.ts'
import type { OpenChange } from './membership.ts'

/** How long we wait before looking again, in milliseconds. There is no last attempt: the waits grow to a bound and stay there. */
const RETRY = { firstMs: 500, longestMs: 60_000, longestOfChangeMs: 30_000 } as const

/** A read-back waits a moment, so that one list of a group proves every change to it. */
const READ = { firstMs: 100, acceptedMs: 2_000 } as const

export const CHECK_AGAIN = {
  /** A vendor that rejects for good is asked again this often: somebody may have mended it. */
  blockedMs: 3_600_000,
  blockedRemovalMs: 30_000,
  /** A provider may answer reads from a stale copy this long before we send the change again. */
  disagreementMs: 60_000,
  /**
   * The oldest copy that a provider may answer a read from. Without the provider's word for a change, a read that agrees
   * proves it only if it cannot be older than the state before; until then an idempotent change is sent again.
   */
  stalestMs: 86_400_000,
  /** A call that was not answered may be carried out until then. Our client gives up after 30 s, a vendor within two minutes. */
  lateMs: 150_000,
} as const

export function retryDelayMs(attempts: number): number {
  return Math.min(RETRY.longestMs, RETRY.firstMs * 2 ** Math.min(Math.max(attempts - 1, 0), 20))
}

/** Of a change to somebody's access. A provider that is ill as a whole is left alone by its breaker, so one change need not be patient. */
export function changeDelayMs(attempts: number): number {
  return Math.min(RETRY.longestOfChangeMs, retryDelayMs(attempts))
}

/**
 * Of a read-back: as long again as has been waited since the answer, so that looks become rare while reads lag, and there
 * is one at the very moment from which reads are believed. What comes after that is trouble like any other.
 */
export function readDelayMs({ kind, at }: Answered, now: Instant, attempts: number): number {
  const waitedMs = now - Date.parse(at)
  const doubtedMs = CHECK_AGAIN.disagreementMs - waitedMs
  if (doubtedMs <= 0) return changeDelayMs(attempts)
  return Math.min(Math.max(kind === 'accepted' ? READ.acceptedMs : READ.firstMs, waitedMs), doubtedMs)
}

type Answered = Pick<NonNullable<OpenChange['answered']>, 'kind' | 'at'>
