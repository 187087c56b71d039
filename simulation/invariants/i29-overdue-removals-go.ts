import { MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import { calmSince } from '../oracle/calm.ts'
import { oracleOf } from '../oracle/oracle.ts'
import { oursOf } from './i01-gone-in-time.ts'
import { membershipInWords, timeOf } from './in-words.ts'
import type { Invariant } from './invariant.ts'

/** A provider that was down is asked this often whether it is well. */
const PROBE_MS = 30 * SECOND_MS
const WORK_MS = 5 * SECOND_MS
/** The removal, and the reads without which it may not be made: the group, its rules, whether a rule holds the member. */
const CALLS_A_REMOVAL = 4

export const overdueRemovalsGo: Invariant = {
  id: 'I29',
  says: 'After the last fault has ended every overdue removal is accepted within the windows that the rate needs, a probe and 5 s.',
  check({ run }) {
    const { presences, windowsOf, reaches } = oracleOf(run)
    const calm = calmSince(run)
    const overdue = presences.all.filter((presence) => {
      const own = windowsOf(presence.group, presence.user)
      const isDue = own.every((each) => each.to <= calm || each.from > calm)
      return isDue && oursOf(presence, own).some(({ from, until }) => from <= calm && calm < until)
    })
    if (overdue.length === 0) return null
    const limit = reaches.windows?.find((each) => each.bucket === 'other')?.limit
    const rateMs =
      limit === undefined ? 0 : Math.ceil((overdue.length * CALLS_A_REMOVAL) / Math.max(1, limit)) * MINUTE_MS
    const latest = calm + rateMs + PROBE_MS + WORK_MS
    return overdue
      .filter((each) => each.until > latest && each.ruledFrom > latest)
      .map(({ group, user, until }) => ({
        at: latest,
        what: `${membershipInWords(group, user)} was overdue when the calm began at ${timeOf(calm)}, and went at ${timeOf(until)}, ${Math.round((until - calm) / SECOND_MS)} s later`,
      }))
  },
}
