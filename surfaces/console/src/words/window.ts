import type { RequestLine } from '../wire.ts'
import { dayAndTime, durationWords, hoursWords } from './when.ts'

/** What there is to say about the window of a request: the thing to know, and beside it the detail. */
export interface WindowWords {
  readonly main: string
  readonly detail: string
  /** Access that should be gone is still there: never just one grey line among others. */
  readonly overdue: boolean
  /** How much of the window is over, from 0 to 1; null when there is nothing running. */
  readonly share: number | null
}

type Line = Pick<RequestLine, 'state' | 'hours' | 'startsAt' | 'endsAt' | 'confirmedGroups' | 'groupCount'>

export function windowWords(line: Line, now: number): WindowWords {
  const asked = line.hours === null ? 'No end' : hoursWords(line.hours)
  const calm = (main: string, detail: string): WindowWords => ({ main, detail, overdue: false, share: null })
  const time = (instant: number): string => dayAndTime(instant, now)

  switch (line.state) {
    case 'waiting for approval':
      return calm(asked, 'starts when granted')
    case 'refused':
      // Refused before it was understood: then nobody knows how long it was meant to be, and "no end" would be a lie.
      return calm(line.hours === null ? 'Not granted' : asked, 'never started')
    case 'declined':
    case 'void':
      return calm(asked, 'never started')
    case 'being granted':
      return calm(asked, `${line.confirmedGroups} of ${line.groupCount} groups read back`)
    case 'live':
      return liveWords(line, now)
    case 'being removed': {
      const overdue = line.endsAt !== null && line.endsAt <= now
      const held = `${line.confirmedGroups} of ${line.groupCount} groups still held`
      return { main: overdue ? `Ended ${time(line.endsAt ?? now)}` : 'Ends now', detail: held, overdue, share: 1 }
    }
    case 'ended': {
      // When exactly it ended stands in the timeline: a revocation comes before the window's own end.
      if (line.endsAt === null) return calm('Ended', 'was without an end')
      return calm(line.endsAt > now ? 'Ended early' : 'Ended', `window to ${time(line.endsAt)}`)
    }
    case 'failed':
      return calm(asked, line.startsAt === null ? 'never started' : `started ${time(line.startsAt)}`)
  }
}

function liveWords(line: Line, now: number): WindowWords {
  const since = line.startsAt === null ? '' : `since ${dayAndTime(line.startsAt, now)}`
  if (line.endsAt === null) return { main: 'No end', detail: since, overdue: false, share: null }
  const ends = dayAndTime(line.endsAt, now)
  if (line.endsAt <= now) {
    return {
      main: `Overdue by ${durationWords(now - line.endsAt)}`,
      detail: `ended ${ends}, still held`,
      overdue: true,
      share: 1,
    }
  }
  const whole = line.startsAt === null ? null : line.endsAt - line.startsAt
  return {
    main: `${durationWords(line.endsAt - now)} left`,
    detail: `ends ${ends}`,
    overdue: false,
    share: whole && line.startsAt !== null ? Math.min(1, Math.max(0, (now - line.startsAt) / whole)) : null,
  }
}
