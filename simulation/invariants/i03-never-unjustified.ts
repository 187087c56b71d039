import { oracleOf } from '../oracle/oracle.ts'
import { membershipInWords, timeOf, windowInWords } from './in-words.ts'
import type { Invariant } from './invariant.ts'

export const neverUnjustified: Invariant = {
  id: 'I3',
  says: 'We add a membership only while something that was agreed justifies it: not before, not after its end, not after it was revoked.',
  check({ run }) {
    const { calls, windowsOf } = oracleOf(run)
    const adds = run.okta.truth.changeLog.filter((each) => each.op === 'add' && each.by.kind === 'client')
    if (adds.length === 0) return null
    return adds.flatMap(({ group, user, at }) => {
      const sentAt = calls.writeBehind('add', group, user, at)?.call.sentAt ?? at
      const own = windowsOf(group, user)
      if (own.some((each) => each.from <= sentAt && sentAt <= each.goneBy)) return []
      const had = own.map(windowInWords).join('; ') || 'nothing ever'
      return [
        {
          at,
          what: `we added ${membershipInWords(group, user)} (sent ${timeOf(sentAt)}); it was justified by: ${had}`,
        },
      ]
    })
  },
}
