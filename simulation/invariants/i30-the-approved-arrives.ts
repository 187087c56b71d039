import { MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import type { Ticket } from '#connectors/jira/stand-in/site.ts'
import { calmSince } from '../oracle/calm.ts'
import { oracleOf } from '../oracle/oracle.ts'
import { OUR_ACCOUNT } from '../oracle/told.ts'
import { timeOf } from './in-words.ts'
import type { Invariant } from './invariant.ts'

const ARRIVES_MS = MINUTE_MS

/** Seen from the ticket, because what nobody can see did not happen. A refusal is an answer, too. */
export const theApprovedArrives: Invariant = {
  id: 'I30',
  says: 'Everything that was agreed is told to be live, or to have failed, within a minute and what the rate needs.',
  check({ run }) {
    const { windows: all, reaches, endsAt } = oracleOf(run)
    const windows = all.filter(({ agreement }) => agreement.by === 'person' || wasLeftAlone(agreement.ticket))
    if (windows.length === 0) return null
    const calm = calmSince(run)
    const byTicket = Map.groupBy(windows, ({ agreement }) => agreement.ticket.key)
    const rateMs = reaches.windows === null ? 0 : MINUTE_MS
    return [...byTicket].flatMap(([key, own]) => {
      const told = own.flatMap((each) => [
        ...each.told.live.map((one) => one.at),
        each.told.overAt ?? Infinity,
        each.told.refusedAt ?? Infinity,
      ])
      const from = Math.max(calm, Math.min(...own.map((each) => each.from)))
      // A webhook that was lost in the last minutes of the storm is made up for in the calm.
      const latest = Math.max(from + ARRIVES_MS, reaches.desk.after(from, ARRIVES_MS)) + rateMs
      const at = Math.min(...told)
      if (at <= latest || endsAt <= latest) return []
      const after = at === Infinity ? 'never' : `${Math.round((at - from) / SECOND_MS)} s after ${timeOf(from)}`
      return [
        {
          at: latest,
          what: `${key} was agreed at ${timeOf(own[0]?.from ?? from)}, and how it came out was told ${after}`,
        },
      ]
    })
  },
}

/** Edited or moved by hand before we had said anything, it may have become another question, or none: then no rule has said yes. */
function wasLeftAlone({ history, comments }: Ticket): boolean {
  const firstWord = comments.find((each) => each.by === OUR_ACCOUNT)?.at ?? Infinity
  return history.every((each) => each.by === OUR_ACCOUNT || each.at > firstWord)
}
