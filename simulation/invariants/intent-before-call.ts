import type { Facts } from '../facts.ts'
import { oracleOf } from '../oracle/oracle.ts'
import { changesOnRecord } from './changes-on-record.ts'
import { membershipInWords, timeOf } from './in-words.ts'
import type { Violation } from './invariant.ts'

/**
 * The change is open when the call goes out, whoever began it; or a process sends what it meant itself before it was away
 * for a while, in which others ended it.
 */
export function* callsWithoutIntent(facts: Facts): Iterable<Violation> {
  const byKey = Map.groupBy(changesOnRecord(facts), (each) => `${each.do} ${each.group} ${each.user}`)
  const pauses = facts.run.history.replicas.filter((each) => each.what === 'paused')
  for (const { op, group, user, call } of oracleOf(facts.run).calls.writes) {
    const { sentAt, replica } = call
    const isMeant = (byKey.get(`${op} ${group} ${user}`) ?? []).some(({ intended, resent, ended }) => {
      if (intended.at > sentAt) return false
      if (ended === null || ended.at >= sentAt) return true
      const meant = [intended, ...resent].findLast((each) => each.replica === replica && each.at <= sentAt)
      return (
        meant !== undefined &&
        pauses.some((each) => each.replica === replica && meant.at <= each.at && each.at <= sentAt)
      )
    })
    if (!isMeant)
      yield {
        at: sentAt,
        what: `${replica} sent the ${op} of ${membershipInWords(group, user)} at ${timeOf(sentAt)}, and no intent of it was on record`,
      }
  }
}
