import { MINUTE_MS } from '#core/instant.ts'
import { oracleOf, type Oracle } from '../oracle/oracle.ts'
import { rulesWereHidden } from '../oracle/rules-hidden.ts'
import type { Presence } from '../oracle/presence.ts'
import type { Window } from '../oracle/windows.ts'
import { membershipInWords, timeOf } from './in-words.ts'
import type { Invariant } from './invariant.ts'

/** Reads are doubted for a minute after a change, and the next one comes within another. */
const SEEN_AFTER_MS = 2 * MINUTE_MS

/**
 * Another hand's membership becomes ours only by a window that began on it (the ticket tells that it is taken over), by a
 * revocation of such a window, or where Okta said "done" to an add of ours that it had no need of: it tells nobody the
 * difference. Nor does anybody tell us, where the answer to a change of ours was spoilt and we had no time yet to see what came
 * of it, that whoever we see then was put there in between; nor, where an add waited before it was sent and its answer was
 * spoilt, that whoever we see then was put there since it was agreed, when we had looked.
 */
export const neverWhatOthersGave: Invariant = {
  id: 'I4',
  says: 'What another hand gave is never removed by us, unless a window of ours has taken it over.',
  check({ run }) {
    const oracle = oracleOf(run)
    const { presences, windowsOf, calls } = oracle
    const others = presences.all.filter((each) => each.begunBy !== 'client')
    if (others.length === 0) return null
    return others.flatMap((presence) => {
      const { group, user, from, endedBy, ruledFrom } = presence
      if (endedBy?.by.kind !== 'client') return []
      const added = calls.writes.some(
        ({ op, call, ...of }) =>
          op === 'add' && of.group === group && of.user === user && call.status === 204 && (call.arrivedAt ?? 0) > from,
      )
      if (ruledFrom > endedBy.at && (isLikeOneThatFailed(oracle, presence) || isLikeOneUntold(oracle, presence)))
        return []
      if (ruledFrom > endedBy.at && (added || windowsOf(group, user).some((each) => hasTakenOver(each, presence))))
        return []
      const sent = calls.writeBehind('remove', group, user, endedBy.at)?.call
      if (ruledFrom <= endedBy.at && sent && rulesWereHidden(run, sent.replica, sent.sentAt)) return []
      const what = `we removed ${membershipInWords(group, user)}, there since ${timeOf(from)} by ${ruledFrom <= endedBy.at ? 'a rule' : 'another hand'}`
      return [{ at: endedBy.at, what }]
    })
  },
}

function hasTakenOver({ held, from, revokedAt }: Window, presence: Presence): boolean {
  const endedAt = presence.until
  const began = held !== null && held.from < endedAt
  const revoked = revokedAt !== null && revokedAt < endedAt
  return from < endedAt && (began || revoked)
}

function isLikeOneThatFailed({ calls, reaches }: Oracle, { group, user, from }: Presence): boolean {
  const before = calls.writes.findLast(
    ({ call, ...of }) => of.group === group && of.user === user && (call.arrivedAt ?? call.sentAt) <= from,
  )
  if (before === undefined || before.call.clean) return false
  return reaches.access.after(before.call.sentAt, SEEN_AFTER_MS) > from
}

/**
 * Put there between the answer, when we had looked, and an add of ours of which nobody told what came, or which its process did not
 * live to send: what is found then looks like its effect.
 */
function isLikeOneUntold({ calls, windowsOf }: Oracle, { group, user, from, until }: Presence): boolean {
  const told = calls.writes.find(
    ({ op, call, ...of }) =>
      op === 'add' && of.group === group && of.user === user && from < call.sentAt && call.sentAt < until,
  )
  if (told?.call.clean && (told.call.status ?? 500) < 500) return false
  return windowsOf(group, user).some((each) => each.from <= from)
}
