import { oracleOf } from '../oracle/oracle.ts'
import { uncovered } from '../oracle/interval.ts'
import type { Presence } from '../oracle/presence.ts'
import type { Window } from '../oracle/windows.ts'
import { membershipInWords, timeOf, windowInWords } from './in-words.ts'
import type { Invariant } from './invariant.ts'

/**
 * Whatever we put in, and whatever a window of ours took over, is gone within a second of clear time after the last window
 * that justifies it (oracle/reach.ts says what is not clear: what stood in the way, and for how long). And a ticket tells
 * an end only when it fits a read that showed all of it.
 */
export const goneInTime: Invariant = {
  id: 'I1',
  says: 'No membership that we granted lasts longer than something justifies it, by more than a second in which we could have acted.',
  check({ run }) {
    const { presences, windows, windowsOf, endsAt } = oracleOf(run)
    const ours = presences.all.flatMap((each) => oursOf(each, windowsOf(each.group, each.user)))
    if (ours.length === 0 && windows.length === 0) return null
    const misfits = windows
      .filter((each) => each.misfit)
      .map((each) => ({
        at: each.told.live[0]?.at ?? each.from,
        what: `${windowInWords(each)} tells an end that fits no read-back of all its groups`,
      }))
    return [
      ...misfits,
      ...ours.flatMap(({ group, user, from, until }) => {
        const own = windowsOf(group, user)
        const justified = own.map((each) => ({ from: each.from, until: each.goneBy }))
        return uncovered({ from: Math.max(from, run.start), until: Math.min(until, endsAt) }, justified)
          .slice(0, 1)
          .map((left) => ({
            at: left.from,
            what: `${membershipInWords(group, user)} stands from ${timeOf(left.from)} to ${timeOf(left.until)}, and nothing justifies it; had been: ${own.map(windowInWords).join('; ') || 'nothing ever'}`,
          }))
      }),
    ]
  },
}

/**
 * The part of a presence that is ours to end: all of it, if we put them in; what another hand gave, from when something was
 * agreed that then began and took it over. What a rule of the directory holds is nobody's but the rule's.
 */
export function oursOf(presence: Presence, windows: readonly Window[]): readonly Presence[] {
  const { begunBy, from, ruledFrom } = presence
  const takenOver = windows.filter((each) => each.held !== null && from < each.from).map((each) => each.from)
  const since = begunBy === 'client' ? from : Math.min(...takenOver)
  const until = Math.min(presence.until, ruledFrom)
  return since < until ? [{ ...presence, from: since, until }] : []
}
