import type { MembershipChange } from '#connectors/okta/stand-in/company.ts'
import { MINUTE_MS, SECOND_MS, type Instant } from '#core/instant.ts'
import type { Facts } from '../facts.ts'
import { clocksOf, type Off } from '../oracle/clocks.ts'
import { oracleOf, type Oracle } from '../oracle/oracle.ts'
import { changesOnRecord, isLeftOpen, saidBetween, type ChangeOnRecord } from './changes-on-record.ts'
import { membershipInWords, timeOf } from './in-words.ts'
import type { Invariant, Violation } from './invariant.ts'
import { recordedStreams } from './recorded.ts'

/*
 * What Okta's own log attributes to us, and what we have on record, are the same changes.
 *
 * A change has one record that proves it. Where nobody can know whether it happened, that is its record: it was given up
 * without a certain answer while the opposite was wanted, or it had its effect long after everybody had given it up. (Where
 * the opposite was on its way by then anyhow, its own record tells that there was something to undo.)
 * Where another hand undid a change before it was read back and it was made again, one record stands for both.
 */
const PROVIDER_TIME_MS = SECOND_MS

export const oneRecordForEachChange: Invariant = {
  id: 'I23',
  says: 'Every change that the directory attributes to us has one record, with the receipt and the time where we were told; and no record tells of a change that was none.',
  check(facts) {
    const records = changesOnRecord(facts).filter((each) => each.do === 'add' || each.do === 'remove')
    if (records.length === 0) return null
    const seen: Seen = { facts, oracle: oracleOf(facts.run), offAt: clocksOf(facts.run) }
    const byKey = Map.groupBy(records, (each) => `${each.do} ${each.group} ${each.user}`)
    const told = new Map<ChangeOnRecord, MembershipChange[]>()
    const broken = facts.changes.flatMap((change): readonly Violation[] => {
      if (change.by.kind !== 'client') return []
      const membership = `${change.group} ${change.user}`
      const undone = byKey.get(`${change.op === 'add' ? 'remove' : 'add'} ${membership}`) ?? []
      const flaw = flawOf(change, byKey.get(`${change.op} ${membership}`) ?? [], undone, told, seen)
      return flaw === null ? [] : [{ at: change.at, what: `${inWords(change)} ${flaw}` }]
    })
    return [...broken, ...records.flatMap((each) => flawOfRecord(each, told.get(each) ?? [], seen))]
  },
}

interface Seen {
  readonly facts: Facts
  readonly oracle: Oracle
  readonly offAt: (at: Instant) => Off
}

function inWords({ op, group, user, at }: Pick<MembershipChange, 'op' | 'group' | 'user' | 'at'>): string {
  return `the ${op} of ${membershipInWords(group, user)} at ${timeOf(at)}`
}

/** Which record tells of this change, and whether it tells it as it was. */
function flawOf(
  change: MembershipChange,
  own: readonly ChangeOnRecord[],
  undone: readonly ChangeOnRecord[],
  told: Map<ChangeOnRecord, MembershipChange[]>,
  seen: Seen,
): string | null {
  const { at, requestId } = change
  const { behindMs, beforeMs } = seen.offAt(at)
  const telling = own.filter((each) => {
    const said = saidBetween(each)
    return said !== null && said.from - beforeMs <= at && at <= said.until - behindMs
  })
  const [record, second] = telling
  if (second !== undefined) return `has ${telling.length} records`
  if (record === undefined) {
    const isOpen = own.some((each) => leavesOpen(each, at))
    return isOpen || (own.some(isLeftOpen) && undone.some((each) => wasThereToUndo(each, at))) ? null : 'has no record'
  }
  told.set(record, [...(told.get(record) ?? []), change])
  const { effect, receipt } = record.proof ?? { effect: null, receipt: null }
  if (effect === 'already so') {
    const couldNotKnow = wasMisled(record, seen) || anotherHandDid(record, change.op === 'add' ? 'remove' : 'add', seen)
    return couldNotKnow ? null : 'is recorded as "already so"'
  }
  if (effect === 'changed' && receipt !== requestId) return 'is recorded with the receipt of another call'
  // Where it was sent again, the proof names the last answer, and the log holds all of them.
  const answer = record.answers.find(({ event }) => event.data['receipt'] === requestId)
  if (answer === undefined)
    return wasHeard(change, record, seen) ? 'is recorded without its receipt, which reached us' : null
  const apartMs = Math.abs(Date.parse(String(answer.event.data['vendorAt'] ?? answer.event.data['at'])) - at)
  return apartMs <= PROVIDER_TIME_MS + Math.max(-behindMs, beforeMs)
    ? null
    : `is recorded ${apartMs} ms apart from when the directory did it`
}

/** It may have happened then, for all that the log knows: which it says. */
function leavesOpen(each: ChangeOnRecord, at: Instant): boolean {
  if (each.intended.at > at) return false
  if (each.late.some((one) => at <= one.at)) return true
  return each.ended === null || (isLeftOpen(each) && at <= each.ended.at)
}

/** The opposite was begun before it, or directly after, and the vendor had something to do. */
function wasThereToUndo({ intended, proof }: ChangeOnRecord, at: Instant): boolean {
  if (proof === null || proof.effect === 'already so') return false
  return at <= Date.parse(proof.readAt) && intended.at - at < UNDONE_WITHIN_MS
}

/** What was called off is planned anew within a minute. */
const UNDONE_WITHIN_MS = MINUTE_MS

/** Answers are written down when all that were sent together have come, or were given up. */
const A_BATCH_MS = MINUTE_MS

/** The answer was there, its change was open still, and nothing kept the process from writing it down. */
function wasHeard({ op, group, user, at }: MembershipChange, record: ChangeOnRecord, seen: Seen): boolean {
  const call = seen.oracle.calls.writeBehind(op, group, user, at)?.call
  if (call === undefined || call.answeredAt === null || !call.clean || call.status !== 204) return false
  const { answeredAt, replica } = call
  const { history } = seen.facts.run
  const until = answeredAt + A_BATCH_MS
  const { ended } = record
  const stumbled =
    (ended !== null && ended.at < answeredAt + (ended.replica === replica ? 0 : SECOND_MS)) ||
    history.replicas.some((each) => each.replica === replica && call.sentAt <= each.at && each.at <= until) ||
    history.fired.some((each) => each.number === 45 && answeredAt <= each.at && each.at <= until) ||
    record.resent.some((each) => each.at > answeredAt)
  return !stumbled
}

function flawOfRecord(record: ChangeOnRecord, told: readonly MembershipChange[], seen: Seen): readonly Violation[] {
  const { proof, ended } = record
  if (proof === null || ended === null) return []
  const broken: Violation[] = []
  const say = (what: string): void =>
    void broken.push({ at: ended.at, what: `${record.stream}@${ended.event.version} ${what}` })
  if (
    proof.effect === 'changed' &&
    told.length === 0 &&
    !anotherHandDid(record, record.do, seen) &&
    !wasMisled(record, seen)
  )
    say('says "changed" of what was never changed')
  for (const [place, change] of told.slice(1).entries()) {
    const before = told[place]?.at ?? 0
    const byOthers = seen.facts.changes.some(
      (each) =>
        each.group === change.group &&
        each.user === change.user &&
        each.by.kind !== 'client' &&
        before <= each.at &&
        each.at <= change.at,
    )
    if (!byOthers) say(`tells of two changes, at ${timeOf(before)} and ${timeOf(change.at)}`)
  }
  if (!wasReadBack(record, seen)) say(`is proven by a read at ${proof.readAt} that nobody made after the answer`)
  return broken
}

/** Okta answers 204 to what was so already and to what was not. What somebody else had done since we read last, nobody can know. */
function anotherHandDid(
  { stream, group, user, intended, ended }: ChangeOnRecord,
  op: string,
  { facts }: Seen,
): boolean {
  const reads = (recordedStreams(facts).get(stream) ?? []).filter(
    ({ event, at }) => at <= intended.at && typeof event.data['readAt'] === 'string',
  )
  const lastReadAt = reads.at(-1)?.at ?? 0
  return facts.changes.some(
    (each) =>
      each.by.kind !== 'client' &&
      each.op === op &&
      each.group === group &&
      each.user === user &&
      lastReadAt < each.at &&
      each.at <= (ended?.at ?? 0),
  )
}

/** What the directory said before was spoilt on its way, in a manner that nobody can see, or came from a copy that lay behind. */
function wasMisled({ group, user, intended }: ChangeOnRecord, { oracle, facts }: Seen): boolean {
  const last = oracle.calls.looks.findLast(
    ({ call, ...of }) => (of.user === user || of.group === group) && (call.answeredAt ?? Infinity) <= intended.at,
  )
  if (last === undefined) return false
  const { sentAt, path } = last.call
  const list = path.split('?')[0] ?? path
  const { history, schedule, start } = facts.run
  const pages = history.calls.filter(
    (each) => each.path.startsWith(list) && sentAt <= each.sentAt && each.sentAt <= intended.at,
  )
  return (
    pages.some((each) => !each.clean) ||
    schedule.faults.some((each) => LAGGING.has(each.kind) && start + each.at <= sentAt && sentAt <= start + each.until)
  )
}

const LAGGING = new Set(['stale reads', 'reads a little stale', 'reads flip-flop'])

/**
 * A read of ours that tells this membership began when the proof says, on the process that wrote the proof; it was over
 * by then, and began after the answer that the proof names had come.
 */
function wasReadBack(record: ChangeOnRecord, { oracle, offAt }: Seen): boolean {
  const { group, user, proof, ended, intended } = record
  if (proof === null || ended === null) return false
  const isAt = (iso: string, at: Instant): boolean => {
    const { behindMs, beforeMs } = offAt(at)
    const said = Date.parse(iso)
    return at + behindMs <= said && said <= at + beforeMs
  }
  const { readAt, answeredAt: named } = proof
  const answer =
    named === null
      ? null
      : oracle.calls.writes.find(
          ({ call, ...of }) =>
            of.op === record.do && of.group === group && of.user === user && isAt(named, call.answeredAt ?? 0),
        )
  // By a clock that was behind when the answer came, a read seems to have begun after it that began before.
  const answeredAt = answer?.call.answeredAt ?? 0
  const since = Math.max(intended.at, answeredAt) + offAt(answeredAt).behindMs
  return oracle.calls.looks.some(({ call, ...of }) => {
    if ((of.user !== user && of.group !== group) || call.replica !== ended.replica) return false
    const { sentAt, answeredAt } = call
    return since <= sentAt && (answeredAt ?? Infinity) <= ended.at && isAt(readAt, sentAt)
  })
}
