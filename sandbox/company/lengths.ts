/** For how long a role may be asked for. */
export interface Lengths {
  readonly hours: readonly number[]
  readonly maximumHours: number | null
  readonly noEnd: boolean
}

const HOUR = 1
const SIX_HOURS = 6
const DAY = 24
const WEEK = 168
const MONTH = 720

/** What the portal can offer, from the shortest; "No end" comes after these. */
export const OFFERED_HOURS = [HOUR, SIX_HOURS, DAY, WEEK, MONTH] as const

/** A length as the portal words it, e.g. "6 hours", "7 days", "No end". */
export function durationOptionOf(hours: number | null): string {
  if (hours === null) return 'No end'
  if (hours === HOUR) return '1 hour'
  return hours > DAY ? `${hours / DAY} days` : `${hours} hours`
}

/** Daily work: a day, a week, a month, or standing. */
export const STANDING: Lengths = { hours: [DAY, WEEK, MONTH], maximumHours: null, noEnd: true }
/** Work that comes and goes: at most a month, always with an end. */
export const UP_TO_A_MONTH: Lengths = { hours: [DAY, WEEK, MONTH], maximumHours: MONTH, noEnd: false }
export const UP_TO_A_WEEK: Lengths = { hours: [SIX_HOURS, DAY, WEEK], maximumHours: WEEK, noEnd: false }
/** Power: one, six or 24 hours. */
export const UP_TO_A_DAY: Lengths = { hours: [HOUR, SIX_HOURS, DAY], maximumHours: DAY, noEnd: false }
export const UP_TO_SIX_HOURS: Lengths = { hours: [HOUR, SIX_HOURS], maximumHours: SIX_HOURS, noEnd: false }
