import type { RequestLine } from '../wire.ts'

type Instant = RequestLine['askedAt']

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** How long, in the two largest units: "5 h 12 min", "3 days 4 h", "under a minute". */
export function durationWords(ms: number): string {
  if (ms < MINUTE_MS) return 'under a minute'
  const days = Math.floor(ms / DAY_MS)
  const hours = Math.floor((ms % DAY_MS) / HOUR_MS)
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS)
  if (days > 0) return joined(days === 1 ? '1 day' : `${days} days`, hours > 0 ? `${hours} h` : '')
  return hours > 0 ? joined(`${hours} h`, minutes > 0 ? `${minutes} min` : '') : `${minutes} min`
}

/** A length that somebody asked for: "6 hours", "3 days". */
export function hoursWords(hours: number): string {
  if (hours % 24 === 0 && hours > 24) return `${hours / 24} days`
  return hours === 1 ? '1 hour' : `${hours} hours`
}

/** Day and minute, with the year only when it is not this one; in the time zone of the reader. */
export function dayAndTime(instant: Instant, now: Instant, zone?: string): string {
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }
  if (new Date(instant).getFullYear() !== new Date(now).getFullYear()) options.year = 'numeric'
  return format(instant, options, zone)
}

/** To the millisecond, for what is compared: "2 Nov 2026, 10:12:03.250". */
export function preciseTime(instant: Instant, zone?: string): string {
  return `${exactTime(instant, zone)}.${String(instant % 1_000).padStart(3, '0')}`
}

/** To the second, for records: "2 Nov 2026, 10:12:03". */
export function exactTime(instant: Instant, zone?: string): string {
  return format(
    instant,
    { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    zone,
  )
}

export function weekdayAndTime(instant: Instant, zone?: string): string {
  return format(instant, { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }, zone)
}

/** One way for everybody: the month in letters and 24 hours cannot be misread, in whatever country a record is read. */
function format(instant: Instant, options: Intl.DateTimeFormatOptions, zone?: string): string {
  return new Intl.DateTimeFormat('en-GB', { ...options, ...(zone ? { timeZone: zone } : {}) }).format(new Date(instant))
}

function joined(one: string, other: string): string {
  return other ? `${one} ${other}` : one
}
