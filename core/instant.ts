/**
 * A moment, in milliseconds since 1970-01-01T00:00:00Z. The core never reads a clock: every function that
 * depends on time takes `now: Instant`.
 */
export type Instant = number

export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** The instant as an ISO 8601 string in UTC, which is how records and people read it. */
export function isoOf(instant: Instant): string {
  // Whoever writes thousands of records at one instant asks for the same text each time.
  if (instant !== last.instant) last = { instant, iso: new Date(instant).toISOString() }
  return last.iso
}

let last: { readonly instant: Instant; readonly iso: string } = { instant: 0, iso: '1970-01-01T00:00:00.000Z' }
