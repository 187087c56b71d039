import { membershipInWords } from './in-words.ts'
import type { Invariant } from './invariant.ts'

/** Okta removes such a member all the same, and puts them on the rule's exclusion list for ever. So its own log tells. */
export const neverWhatARuleGives: Invariant = {
  id: 'I6',
  says: 'We never remove a membership that a rule of the directory holds.',
  check({ run }) {
    const removals = run.okta.truth.changeLog.filter((each) => each.op === 'remove' && each.by.kind === 'client')
    if (removals.length === 0) return null
    return removals
      .filter((each) => each.heldByRule)
      .map(({ group, user, at }) => ({
        at,
        what: `we removed ${membershipInWords(group, user)}, whom a rule holds there`,
      }))
  },
}
