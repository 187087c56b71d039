import { MINUTE_MS } from '#core/instant.ts'
import { accountOfFinding } from '#engine/handle/finding-keys.ts'
import type { FindingState } from '#core/finding/finding.ts'
import { calmSince } from '../oracle/calm.ts'
import { oracleOf } from '../oracle/oracle.ts'
import { presencesOf } from '../oracle/presence.ts'
import type { Facts } from '../facts.ts'
import { timeOf } from './in-words.ts'
import type { Invariant, Violation } from './invariant.ts'

/** Beside the time from one sync to the next: one that was under way, the minute in which a look is not believed, and what the rate needs. */
const BESIDE_A_SYNC_MS = 20 * MINUTE_MS

/**
 * Looked at when the run ends, if its calm was long enough. Who is in a claimed group by another hand, whom no rule holds and
 * about whom nobody ever agreed to anything, is an open finding. And what is open is so: nobody is called found who is not there.
 */
export const driftIsFound: Invariant = {
  id: 'I33',
  says: 'Whoever another hand put into a claimed group is found within one sync, and what is still called found is so.',
  check(facts) {
    const { run } = facts
    const end = run.start + run.schedule.endMs
    const before = end - run.schedule.syncEveryMs - BESIDE_A_SYNC_MS
    if (calmSince(run) > before) return null
    const open = openFindings(facts)
    const agreed = new Set(
      oracleOf(run).windows.flatMap(({ agreement, groups }) =>
        groups.map((group) => `${group} ${agreement.holder.oktaId}`),
      ),
    )
    const { all, of } = presencesOf(run)
    const broken: Violation[] = []
    for (const { group, user, from, until, ruledFrom } of all) {
      if (until !== Infinity || from > before || ruledFrom !== Infinity) continue
      if (agreed.has(`${group} ${user}`)) continue
      if (open.get(`${group} ${user}`) === undefined)
        broken.push({ at: end, what: `${user} is in ${group} by another hand, and nobody has found it` })
    }
    for (const [key, kind] of open) {
      const [group = '', user = ''] = key.split(' ')
      const last = of(group, user).at(-1)
      const changedAt = last === undefined ? -Infinity : Math.max(last.from, last.until === Infinity ? 0 : last.until)
      const isThere = last?.until === Infinity
      if (changedAt <= before && isThere !== (kind !== 'removed outside'))
        broken.push({ at: end, what: `${user} is called "${kind}" in ${group} at ${timeOf(end)}, and it is not so` })
    }
    return broken
  },
}

function openFindings({ product }: Facts): ReadonlyMap<string, string> {
  const open = new Map<string, string>()
  for (const [name, { state }] of product.streams) {
    const { status, found } = state as unknown as FindingState
    if (!name.startsWith('finding/') || status !== 'open' || !found) continue
    open.set(`${found.group.id} ${accountOfFinding(name)}`, found.kind)
  }
  return open
}
