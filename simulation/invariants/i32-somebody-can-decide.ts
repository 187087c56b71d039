import { MINUTE_MS, type Instant } from '#core/instant.ts'
import { absencesOf } from '../oracle/activity.ts'
import { personOf } from '../oracle/agreements.ts'
import { uncovered, type Interval } from '../oracle/interval.ts'
import { oracleOf } from '../oracle/oracle.ts'
import { OUR_ACCOUNT } from '../oracle/told.ts'
import { timeOf } from './in-words.ts'
import type { Invariant } from './invariant.ts'

/** A word of ours on the ticket after that, or others being asked, is an escalation. */
export const somebodyCanDecide: Invariant = {
  id: 'I32',
  says: 'Whoever is asked can answer: a question without an active approver is escalated within a minute of losing the last.',
  check({ run }) {
    const { reaches, endsAt } = oracleOf(run)
    const absences = absencesOf(run)
    let asked = 0
    const broken = run.jira.tickets().flatMap(({ key, approvals, comments }) =>
      approvals.flatMap(({ createdAt, completedAt, answers }) => {
        asked += 1
        const open: Interval = { from: createdAt, until: completedAt ?? endsAt }
        const active = answers.flatMap(({ account }): readonly Interval[] => {
          const id = personOf(account)?.id
          return id === undefined ? [] : uncovered({ from: -Infinity, until: Infinity }, absences.get(id) ?? [])
        })
        const said = (from: Instant, until: Instant): boolean =>
          comments.some((each) => each.by === OUR_ACCOUNT && from < each.at && each.at <= until)
        return uncovered(open, active).flatMap(({ from, until }) => {
          const latest = reaches.desk.after(from, MINUTE_MS)
          if (until <= latest || said(from, latest)) return []
          return [
            { at: latest, what: `nobody who can answer is asked on ${key} since ${timeOf(from)}, and nobody was told` },
          ]
        })
      }),
    )
    return asked === 0 ? null : broken
  },
}
