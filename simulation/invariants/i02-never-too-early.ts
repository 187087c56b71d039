import { oracleOf } from '../oracle/oracle.ts'
import { membershipInWords, timeOf, windowInWords } from './in-words.ts'
import type { Invariant } from './invariant.ts'

/**
 * Neither sent after people were told that something is on its way which then began, nor accepted while it lives. (A call
 * that a network holds back is accepted later than it was sent: what began meanwhile must not be cut by it.)
 */
export const neverTooEarly: Invariant = {
  id: 'I2',
  says: 'We remove a membership only when no window that lives, or was promised and then began, justifies it.',
  check({ run }) {
    const { calls, windowsOf } = oracleOf(run)
    const removals = run.okta.truth.changeLog.filter((each) => each.op === 'remove' && each.by.kind === 'client')
    if (removals.length === 0) return null
    return removals.flatMap(({ group, user, at }) => {
      const sentAt = calls.writeBehind('remove', group, user, at)?.call.sentAt ?? at
      return windowsOf(group, user)
        .filter(
          ({ held }) =>
            held !== null && ((held.from <= sentAt && sentAt < held.until) || (held.liveFrom <= at && at < held.until)),
        )
        .map((each) => ({
          at,
          what: `we removed ${membershipInWords(group, user)} (sent ${timeOf(sentAt)}) while ${windowInWords(each)} held it`,
        }))
    })
  },
}
