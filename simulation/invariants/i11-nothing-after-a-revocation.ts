import { oracleOf } from '../oracle/oracle.ts'
import type { Instant } from '#core/instant.ts'
import { COMPANY } from '../company.ts'
import { membershipInWords, timeOf } from './in-words.ts'
import type { Invariant } from './invariant.ts'

/**
 * How old the last look before a call may be: the look at the database, the gate of the connector and the call itself. What
 * was sent within it counts as on its way when the end was committed.
 */
const LOOK_MS = 250

/**
 * Not by the clock of the window but by what was committed: from the turn that ended the last reason of a membership on,
 * until one that gives it another, no add of it is sent. An add that was on its way is I1's business: it must go again.
 */
export const nothingAfterARevocation: Invariant = {
  id: 'I11',
  says: 'Once the end of the last reason is committed, no add of that membership starts any more.',
  check({ run }) {
    const { calls } = oracleOf(run)
    const users = new Map(COMPANY.people.map((each) => [each.id, each.oktaId]))
    const ends = new Map<string, { readonly from: Instant; until: Instant }[]>()
    for (const { at, streams } of run.history.commits) {
      for (const { stream, types, state } of streams) {
        if (!stream.startsWith('membership/')) continue
        const [, , group = '', person = ''] = stream.split('/')
        const key = `${group} ${users.get(person) ?? ''}`
        const last = ends.get(key)?.at(-1)
        if (types.includes('ReasonAdded') && last !== undefined) last.until = Math.min(last.until, at)
        if (!types.includes('ReasonEnded') || state['desired'] === 'held') continue
        const before = ends.get(key)
        if (before === undefined) ends.set(key, [{ from: at, until: Infinity }])
        else before.push({ from: at, until: Infinity })
      }
    }
    if (ends.size === 0) return null
    return calls.writes.flatMap(({ op, group, user, call }) => {
      const { sentAt, arrivedAt } = call
      if (op !== 'add' || arrivedAt === null) return []
      const end = ends.get(`${group} ${user}`)?.find((each) => each.from + LOOK_MS < sentAt && sentAt < each.until)
      if (end === undefined) return []
      const what = `an add of ${membershipInWords(group, user)} was sent at ${timeOf(sentAt)}, after its last reason had ended at ${timeOf(end.from)}`
      return [{ at: sentAt, what }]
    })
  },
}
