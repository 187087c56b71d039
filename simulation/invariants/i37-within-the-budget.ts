import { oracleOf } from '../oracle/oracle.ts'
import { timeOf } from './in-words.ts'
import { mostAtOnce } from './under-way.ts'
import type { Invariant } from './invariant.ts'

/** OKTA_CONCURRENCY, of all processes together, where nobody sets it. */
const CALLS_AT_ONCE = 10

/**
 * As Okta counts. In a window of which another client ate, a refusal is not ours: nobody tells us of it before. Where a
 * bad day spoilt every answer of a window nobody was told when it began or what is left, and where it brought a 429 of its own making, with
 * another limit and another end, what was told is not so. Such a 429 is no refusal of the vendor's either.
 */
export const withinTheBudget: Invariant = {
  id: 'I37',
  says: 'No call of ours is refused for the rate in a window that is only ours, and no more are under way at once than we said.',
  check({ run }) {
    const { windows } = oracleOf(run).reaches
    const most = mostAtOnce(run, 'okta', 'all processes together')
    const tooMany =
      most.calls > CALLS_AT_ONCE
        ? [{ at: most.at, what: `${most.calls} calls to Okta were under way at ${timeOf(most.at)}` }]
        : []
    return [
      ...tooMany,
      ...(windows ?? [])
        .filter((each) => each.refused > 0 && each.spent === 0 && each.isTold && !each.isMisled)
        .map(({ bucket, from, used, refused, limit, usedUpAt }) => ({
          at: usedUpAt ?? from,
          what: `${refused} calls of ours were refused in the window of "${bucket}" from ${timeOf(from)}: ${used} of ${limit} were used, all by us`,
        })),
    ]
  },
}
