import { HOUR_MS, SECOND_MS } from '#core/instant.ts'
import type { HttpAnswer } from './io.ts'

/** A vendor that asks for more is asked again after this long all the same. */
const LONGEST_MS = HOUR_MS

/** The end of a window that is already past: the vendor's clock has just turned, so a moment is enough. */
const SHORTEST_MS = SECOND_MS

/**
 * How long the vendor itself asks to wait, or null when it does not say.
 *
 * `Retry-After` holds seconds or a date (RFC 9110 section 10.2.3), `X-Rate-Limit-Reset` the second since 1970 at
 * which the window ends. A moment is compared with the answer's own `Date` header and never with a clock of ours:
 * the two may be minutes apart. Without a `Date` a moment says nothing.
 */
export function statedWaitMs(headers: HttpAnswer['headers']): number | null {
  const answeredAt = momentOf(headers['date'])
  return retryAfterMs(headers['retry-after'], answeredAt) ?? resetMs(headers['x-rate-limit-reset'], answeredAt)
}

/** The wish of `Retry-After` alone. */
export function retryAfterMs(value: string | undefined, answeredAt: number | null): number | null {
  if (value === undefined) return null
  if (/^\d{1,15}$/.test(value)) return within(Number(value) * SECOND_MS)
  const until = momentOf(value)
  return until === null || answeredAt === null ? null : within(until - answeredAt)
}

function resetMs(value: string | undefined, answeredAt: number | null): number | null {
  if (value === undefined || answeredAt === null || !/^\d{1,15}$/.test(value)) return null
  return within(Number(value) * SECOND_MS - answeredAt)
}

export function momentOf(value: string | undefined): number | null {
  const moment = value === undefined ? Number.NaN : Date.parse(value)
  return Number.isNaN(moment) ? null : moment
}

function within(ms: number): number {
  return Math.min(Math.max(ms, SHORTEST_MS), LONGEST_MS)
}
