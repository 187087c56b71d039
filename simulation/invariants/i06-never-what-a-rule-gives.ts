import { oracleOf } from '../oracle/oracle.ts'
import { rulesWereHidden } from '../oracle/rules-hidden.ts'
import { membershipInWords } from './in-words.ts'
import type { Invariant } from './invariant.ts'

/**
 * Okta removes such a member all the same, and puts them on the rule's exclusion list for ever. So its own log tells. Excused is
 * only a process from which Okta hid its rules (oracle/rules-hidden.ts).
 */
export const neverWhatARuleGives: Invariant = {
  id: 'I6',
  says: 'We never remove a membership that a rule of the directory holds.',
  check({ run }) {
    const removals = run.okta.truth.changeLog.filter((each) => each.op === 'remove' && each.by.kind === 'client')
    if (removals.length === 0) return null
    const { calls } = oracleOf(run)
    return removals
      .filter((each) => each.heldByRule)
      .filter(({ group, user, at }) => {
        const sent = calls.writeBehind('remove', group, user, at)?.call
        return sent === undefined || !rulesWereHidden(run, sent.replica, sent.sentAt)
      })
      .map(({ group, user, at }) => ({
        at,
        what: `we removed ${membershipInWords(group, user)}, whom a rule holds there`,
      }))
  },
}
