import { isoOf, type Instant } from '#core/instant.ts'

/** "2026-11-26 04:12 UTC": the same for everybody who reads the ticket, wherever they are. */
export function momentInWords(instant: Instant | string): string {
  const iso = typeof instant === 'string' ? instant : isoOf(instant)
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}

/** "6 hours", "1 day", "no end". */
export function hoursInWords(hours: number | null): string {
  if (hours === null) return 'no end'
  if (hours % 24 === 0 && hours >= 48) return `${hours / 24} days`
  return hours === 1 ? '1 hour' : `${hours} hours`
}
