import { MINUTE_MS } from '#core/instant.ts'
import { oracleOf } from '../oracle/oracle.ts'
import { ACTED_ON_MS, type Window } from '../oracle/windows.ts'
import { oursOf } from './i01-gone-in-time.ts'
import { membershipInWords, timeOf, windowInWords } from './in-words.ts'
import type { Invariant } from './invariant.ts'

/** As I1, but a window that our own calls have used up excuses no more than one window. */
export const theUrgentGoesFirst: Invariant = {
  id: 'I35',
  says: 'No traffic of our own delays the end of an access by more than one rate window.',
  check({ run }) {
    const { presences, windowsOf, reaches, endsAt } = oracleOf(run)
    if (reaches.windows === null) return null
    let ended = 0
    const broken = presences.all.flatMap((presence) => {
      const { group, user } = presence
      const own = windowsOf(group, user)
      return oursOf(presence, own).flatMap(({ from, until }) => {
        const last = own
          .filter((each) => each.from < until && each.goneBy > from)
          .reduce<Window | null>((a, b) => (a === null || b.to > a.to ? b : a), null)
        if (last === null || last.to >= endsAt) return []
        ended += 1
        const latest = reaches.accessButRate.after(last.to, ACTED_ON_MS + MINUTE_MS)
        if (until <= latest || endsAt <= latest) return []
        const what = `${membershipInWords(group, user)} went at ${timeOf(until)}, long after ${windowInWords(last)}`
        return [{ at: latest, what }]
      })
    })
    return ended === 0 ? null : broken
  },
}
