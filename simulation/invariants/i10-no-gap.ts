import { merged, type Interval } from '../oracle/interval.ts'
import { oracleOf } from '../oracle/oracle.ts'
import { membershipInWords, timeOf } from './in-words.ts'
import type { Invariant } from './invariant.ts'

/** What an administrator takes, or what goes with its group, is no gap of ours. */
export const noGap: Invariant = {
  id: 'I10',
  says: 'Where windows overlap or touch, the person is a member from the first to the last moment of them all.',
  check({ run }) {
    const { windows, windowsOf, presences } = oracleOf(run)
    const seen = new Set<string>()
    let told = false
    const broken = windows.flatMap(({ groups, agreement }) =>
      groups.flatMap((group) => {
        const user = agreement.holder.oktaId
        if (seen.has(`${group} ${user}`)) return []
        seen.add(`${group} ${user}`)
        const lives = windowsOf(group, user).flatMap(({ held }): Interval[] =>
          held === null || held.liveFrom >= held.until ? [] : [{ from: held.liveFrom, until: held.until }],
        )
        const chains = merged(lives).filter(
          (each) => lives.filter(({ from }) => each.from <= from && from <= each.until).length > 1,
        )
        told ||= chains.length > 0
        return presences
          .of(group, user)
          .filter(({ endedBy, until }) => endedBy?.by.kind === 'client' && isWithin(until, chains))
          .map(({ until }) => ({
            at: until,
            what: `${membershipInWords(group, user)} ended at ${timeOf(until)} by our hand, between windows that meet`,
          }))
      }),
    )
    return told ? broken : null
  },
}

function isWithin(at: number, intervals: readonly Interval[]): boolean {
  return intervals.some((each) => each.from <= at && at < each.until)
}
