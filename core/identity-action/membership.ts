import { accepted, type Decision } from '../event.ts'
import { isoOf, type Instant } from '../instant.ts'
import type { AnsweredData, Doing, IntendedData, MembershipEvent, ProvenData } from './membership-event.ts'
import {
  areOver,
  decidingReason,
  endToSet,
  isMoot,
  isSeen,
  isWantedStill,
  mayConfirm,
  UNSEEN,
  wantedEnd,
  watched,
  whoEnded,
  type NativeEnd,
} from './native-end.ts'
import { endOf, nativeFrom, readOfEnd, readOfHeld, seen, unseen, type Told } from './native-reads.ts'
import type { Outcome, Rejection } from './outcome.ts'
import { lateAfter, lateOpposite, type LateArrival } from './late-arrival.ts'
import { CHECK_AGAIN } from './patience.ts'

/*
 * A membership is one person in one group of one provider, and what we want of it:
 *
 *   not ours   we never gave it and nobody adopted it. It is never written.
 *   held       at least one reason (a grant) lives.
 *   removed    the last reason that we acted on has ended. Only an end leads here; a missing reason never does.
 *
 * A change (add, remove or set end) brings the provider to what we want. It has one id for its whole life, and ends with
 * exactly one record:
 *
 *   (none) --plan--> intended --answer--> answered --a read that agrees--> proven
 *                    intended, no answer (the worker died: nobody knows) --> read first, then proven or sent again
 *                    answered `unavailable` --> read first, then proven or sent again
 *                    answered `rejected` --> abandoned, and blocked: somebody must act; tried again from time to time
 *                                            (an earlier sending may have had its effect? blocked, and read first)
 *                    a read shows no effect and we want the opposite by now --> abandoned; the opposite is written, not assumed
 *                    intended, and called off before it was ever sent --> abandoned; what is wanted is planned anew
 *
 * One change at a time: the opposite of an open change waits until that one is proven or abandoned. An intent is
 * recorded before the provider is called, together with a due *read*: whoever finds the membership after a crash reads
 * before writing.
 *
 * Where the provider can end a membership by itself, `native` follows that end, and `set end` moves it (native-end.ts).
 */

export type { MembershipEvent, ProvenData } from './membership-event.ts'

export interface Reason {
  readonly grantId: string
  readonly requestId: string
  /** Whether a read has found the membership held since this reason was added. */
  readonly confirmed: boolean
  /** Whether it holds a membership that somebody else had given, and on which no window has ended yet. */
  readonly adopted: boolean
  /** Whether its role is privileged: such an end goes before others. */
  readonly privileged: boolean
  /** Until when it can last at most, null: no end. Missing where the provider cannot end it by itself, which is as no end. */
  readonly until?: string | null
  /** Whether its window has begun, as far as the membership was told (see `until`). */
  readonly begun?: boolean
}

export interface OpenChange extends IntendedData {
  readonly intendedAt: string
  /** Null: not answered, so nobody knows whether it was sent. */
  readonly answered: { readonly kind: Outcome['kind']; readonly at: string; readonly receipt: string | null } | null
  /** Whether an answer was ever lost: then only a read can tell what happened, and when between. */
  readonly uncertain: boolean
}

export interface MembershipState {
  readonly desired: 'not ours' | 'held' | 'removed'
  readonly account: string | null
  readonly reasons: readonly Reason[]
  /** Reasons that ended and whose end is not proven yet. */
  readonly ending: readonly Reason[]
  readonly change: OpenChange | null
  /** The last thing a read or a proven change told; null: never read. */
  readonly present: boolean | null
  readonly blocked: Rejection | null
  /** The last add or removal that was proven, for those who tell people about it. */
  readonly lastProven: ProvenData | null
  /** Missing where the provider cannot end it by itself. */
  readonly native?: NativeEnd
  /** Since when `present` is unknown: before that, anything may have been so. */
  readonly unknownSince?: string
  /** Something stood in the way before it could be sent, and people were told; until there is an answer. */
  readonly troubled?: true
  /** Calls without an answer that may still be carried out (late-arrival.ts). Missing: none. */
  readonly late?: readonly LateArrival[]
}

export const NO_MEMBERSHIP: MembershipState = {
  desired: 'not ours',
  account: null,
  reasons: [],
  ending: [],
  change: null,
  present: null,
  blocked: null,
  lastProven: null,
}

export type MembershipCommand =
  | {
      readonly kind: 'add reason'
      readonly grantId: string
      readonly requestId: string
      readonly account: string
      /** What the last read told: the person was a member already, by another hand. */
      readonly heldBefore: boolean
      /** The last read found it gone, although we held it. */
      readonly seenGone?: boolean
      /** Whether the role of the grant is privileged. */
      readonly privileged: boolean
      /** Given exactly where the provider can end it by itself: until when the grant can last at most, null: it has no end. */
      readonly until?: Instant | null
    }
  /** The window of a grant has begun. */
  | { readonly kind: 'date reason'; readonly grantId: string; readonly until: Instant | null }
  /** `windowBegan: false`: the grant never became live, so a membership that it only adopted is left as it was found. */
  | { readonly kind: 'end reason'; readonly grantId: string; readonly windowBegan: boolean }
  | { readonly kind: 'plan'; readonly changeId: string; readonly now: Instant }
  | { readonly kind: 'answer'; readonly changeId: string; readonly outcome: Outcome; readonly now: Instant }
  /** Its sender, who holds it still, did not send it this time. */
  /** `trouble`: what stood in the way, in words, when it was neither an order nor the budget. */
  | { readonly kind: 'call off'; readonly changeId: string; readonly trouble?: string }
  /** As `answer`, from a worker whose lease ran out meanwhile: the change may have been settled by another. */
  | {
      readonly kind: 'late answer'
      readonly changeId: string
      readonly do: Doing
      readonly grantId: string
      readonly requestId: string
      readonly outcome: Outcome
      readonly now: Instant
    }
  /** `startedAt` counts; a read that is recorded late has learnt nothing since. `endsAt`: the provider's own end, where it tells one. */
  | {
      readonly kind: 'read'
      readonly present: boolean
      readonly startedAt: Instant
      readonly now: Instant
      readonly endsAt?: Instant | null
    }

export function decideMembership(command: MembershipCommand, state: MembershipState): Decision<MembershipEvent> {
  switch (command.kind) {
    case 'add reason': {
      const { grantId: reasonId, requestId, account, heldBefore, privileged } = command
      if (state.reasons.some((each) => each.grantId === reasonId)) return accepted()
      const until = command.until === undefined ? {} : { until: isoOrNull(command.until) }
      const gone = command.seenGone && state.present === true && !state.change ? ({ seenGone: true } as const) : {}
      const data = { reasonId, requestId, account, heldBefore, privileged, ...until, ...gone }
      return accepted({ type: 'ReasonAdded', data })
    }
    case 'date reason': {
      const { grantId: reasonId, until } = command
      const isNews = state.native && state.reasons.some((each) => each.grantId === reasonId && !each.begun)
      return isNews ? accepted({ type: 'ReasonDated', data: { reasonId, until: isoOrNull(until) } }) : accepted()
    }
    case 'end reason': {
      if (!state.reasons.some((each) => each.grantId === command.grantId)) return accepted()
      const otherReasons = state.reasons.map((each) => each.grantId).filter((each) => each !== command.grantId)
      // Whichever reason adopted it: while no window has ended on it, the membership is still as it was found.
      const leftAsFound = state.reasons.some((each) => each.adopted) && !command.windowBegan
      return accepted({ type: 'ReasonEnded', data: { reasonId: command.grantId, otherReasons, leftAsFound } })
    }
    case 'plan':
      return state.change ? planBeside(state.change, command, state) : plan(command, state)
    case 'answer':
      return answer(command.changeId, command.outcome, command.now, state)
    case 'call off':
      return callOff(command, state)
    case 'late answer':
      return lateAnswer(command, state)
    case 'read':
      return read(command, state)
  }
}

type Plan = Extract<MembershipCommand, { kind: 'plan' }>

function plan({ changeId, now }: Plan, state: MembershipState): Decision<MembershipEvent> {
  const { account, native, reasons } = state
  if (account === null) return accepted()
  const end = endToSet(state)
  const adding = state.desired === 'held' && reasons.some((each) => !each.confirmed)
  const removing = state.desired === 'removed' && state.ending.length > 0 && state.present !== false
  if (native && (end || adding) && areOver(reasons, now)) return accepted()
  const reason = end ? decidingReason(reasons) : adding ? reasons.at(-1) : removing ? state.ending.at(-1) : undefined
  if (!reason) return accepted()
  const { grantId, requestId } = reason
  const data = { changeId, do: end ? 'set end' : adding ? 'add' : 'remove', grantId, requestId, account } as const
  const endsAt = end ?? (native && adding ? { endsAt: wantedEnd(reasons) } : {})
  return accepted({ type: 'ChangeIntended', data: { ...data, ...endsAt } })
}

function planBeside(change: OpenChange, command: Plan, state: MembershipState): Decision<MembershipEvent> {
  const isOver = change.do === 'set end' && areOver(state.reasons, command.now)
  if (!isMoot(state) && !isOver) return resend(change, state)
  const over: MembershipEvent = {
    type: 'ChangeAbandoned',
    data: { changeId: change.changeId, because: 'superseded', readAt: null },
  }
  const next = plan(command, { ...state, change: null })
  return next.kind === 'accepted' ? accepted(over, ...next.events) : next
}

function isoOrNull(instant: Instant | null): string | null {
  return instant === null ? null : isoOf(instant)
}

function resend(change: OpenChange, state: MembershipState): Decision<MembershipEvent> {
  if (changeToSend(state) === null) return accepted()
  // Meanwhile the reasons may be others: nobody is added with an end that is too early for them, or over.
  const wanted = wantedEnd(state.reasons)
  const endsAt = change.do === 'add' && state.native && change.endsAt !== wanted ? { endsAt: wanted } : null
  if (change.uncertain && !endsAt) return accepted()
  const because = change.answered === null ? 'no answer' : 'no effect was read'
  return accepted({ type: 'ChangeResent', data: { changeId: change.changeId, because, ...endsAt } })
}

function answer(changeId: string, outcome: Outcome, now: Instant, state: MembershipState): Decision<MembershipEvent> {
  const { change } = state
  // An answer to a change that a read has settled meanwhile adds nothing: its one record is written.
  if (!change || change.changeId !== changeId) return accepted()
  const about = change.do === 'set end' ? { changeId, do: change.do } : { changeId }
  switch (outcome.kind) {
    case 'changed':
    case 'unchanged':
    case 'accepted': {
      const { kind, receipt, vendorAt } = outcome
      const told = vendorAt === undefined ? {} : { vendorAt: isoOf(vendorAt) }
      return accepted({ type: 'ChangeAnswered', data: { ...about, kind, at: isoOf(outcome.at), receipt, ...told } })
    }
    case 'rejected': {
      const said: MembershipEvent = {
        type: 'ChangeAnswered',
        data: { ...about, kind: 'rejected', because: outcome.because, at: isoOf(now) },
        personal: { said: outcome.said },
      }
      // The no is about this sending. An earlier one may have had its effect, so only a read ends the change then.
      if (change.uncertain) return accepted(said)
      return accepted<MembershipEvent>(said, {
        type: 'ChangeAbandoned',
        data: { changeId, because: 'rejected', readAt: null },
      })
    }
    case 'unavailable': {
      // An outage of a day is one line, not three hundred: only the first of a row is an event.
      if (change.answered?.kind === 'unavailable') return accepted()
      const data: AnsweredData = { ...about, kind: 'unavailable', at: isoOf(now), retryAfterMs: outcome.retryAfterMs }
      return accepted({ type: 'ChangeAnswered', data, personal: { said: outcome.said } })
    }
  }
}

function callOff(
  { changeId, trouble }: Extract<MembershipCommand, { kind: 'call off' }>,
  { change }: MembershipState,
): Decision<MembershipEvent> {
  if (change?.changeId !== changeId) return accepted()
  // An earlier sending may still have its effect: only a read ends such a change.
  if (change.uncertain || change.answered !== null) return accepted()
  const data = { changeId, because: 'not sent', readAt: null } as const
  if (trouble === undefined) return accepted({ type: 'ChangeAbandoned', data })
  return accepted({ type: 'ChangeAbandoned', data: { ...data, trouble: true }, personal: { said: trouble } })
}

function lateAnswer(
  late: Extract<MembershipCommand, { kind: 'late answer' }>,
  state: MembershipState,
): Decision<MembershipEvent> {
  const { changeId, do: did, grantId, requestId, outcome } = late
  if (state.change?.changeId === changeId) return answer(changeId, outcome, late.now, state)
  const mayHaveHappened = outcome.kind !== 'rejected' && outcome.kind !== 'unchanged'
  // What was left as it was found had been there before our call; and what is wanted is news unless it was known to be there.
  const wanted = wantedOf(state)
  const isKnown = did === 'remove' || (state.present === true && state.change === null)
  // An end adds nobody, so it matters only where somebody is held; there it may have undone a later one.
  const isNews = did === 'set end' ? wanted === 'add' : wanted !== null && (wanted !== did || !isKnown)
  return mayHaveHappened && isNews
    ? accepted({ type: 'LateEffect', data: { changeId, do: did, grantId, requestId } })
    : accepted()
}

function read(
  command: Extract<MembershipCommand, { kind: 'read' }>,
  state: MembershipState,
): Decision<MembershipEvent> {
  const { change } = state
  const { present, startedAt } = command
  const readAt = isoOf(startedAt)
  const told = { present, readAt, startedAt, endsAt: isoOrNull(command.endsAt ?? null) }
  if (!change) return readWithoutChange(told, state)
  // A read that began before the answer proves nothing about it.
  const since = change.answered?.at ?? change.intendedAt
  if (readAt < since) return accepted()
  if (change.do === 'set end') {
    const isEarly = afterDisagreement(change, startedAt) === 'read again'
    return readOfEnd(change, told, proven(change, told, state), isEarly, state)
  }
  const wanted = change.do === wantedOf(state)
  if (present === (change.do === 'add')) {
    const goOn = wanted || change.answered?.kind === 'accepted'
    return goOn && mayBeOlder(change, startedAt, state) ? accepted() : accepted(proven(change, told, state))
  }
  // A certain answer is waited for even when we want the opposite by now: each change of the provider has its one record.
  // (The wait is measured to the beginning of the read: a slow one tells what was so when it began.)
  if (wanted || afterDisagreement(change, startedAt) === 'read again') return accepted()
  return accepted({ type: 'ChangeAbandoned', data: { changeId: change.changeId, because: 'superseded', readAt } })
}

/**
 * Whether a read that agrees may come from a copy older than the change *before* this one, which looked the same: absent
 * before an add, and absent again after the removal that took it back. With the vendor's word for the change it does
 * not matter; without it, such a read would prove what never happened. (It is enough for a change that is not wanted any
 * more and that the vendor did not take: the opposite is written all the same.)
 */
function mayBeOlder(change: OpenChange, startedAt: Instant, state: MembershipState): boolean {
  if (change.answered?.kind === 'changed' || change.answered?.kind === 'unchanged') return false
  // Who does not exist is in no group, whenever that was read.
  if (state.blocked === 'no such person' || state.blocked === 'no such group') return false
  // Past its own end the provider itself has taken it away, whatever became of our call.
  const nativeEnd = change.do === 'remove' ? (state.native?.seen?.endsAt ?? null) : null
  if (nativeEnd !== null && startedAt >= Date.parse(nativeEnd)) return false
  const before = state.lastProven
  const since =
    state.present === null
      ? (change.answered?.at ?? change.intendedAt)
      : before && before.do !== change.do
        ? before.readAt
        : null
  const longestMs = change.answered?.kind === 'accepted' ? CHECK_AGAIN.disagreementMs : CHECK_AGAIN.stalestMs
  return since !== null && startedAt - Date.parse(since) < longestMs
}

function wantedOf(state: MembershipState): 'add' | 'remove' | null {
  return state.desired === 'held' ? 'add' : state.desired === 'removed' ? 'remove' : null
}

function readWithoutChange(told: Told, state: MembershipState): Decision<MembershipEvent> {
  // While a change is due, a read that began before all that led to it could seem to agree: then only the change proves.
  if (workOf(state) !== 'read') return accepted()
  const { present, readAt } = told
  const agrees = present === (state.desired === 'held')
  const late = lateOpposite(state)
  if (late && !agrees) {
    const { changeId, do: did, grantId, requestId } = late
    return accepted({ type: 'LateEffect', data: { changeId, do: did, grantId, requestId } })
  }
  const native = state.desired === 'held' ? state.native : undefined
  if (isRefusedAndDoubtful(told, state)) return accepted()
  const news = native ? readOfHeld(told, native, state) : null
  if (news?.kind === 'refused' || (news && news.events.length > 0)) return news
  const waiting = state.desired === 'held' ? state.reasons.filter((each) => !each.confirmed) : state.ending
  if (native ? !late : !agrees && !givenMeanwhile(state)) return accepted()
  // What may still come would undo what this read shows: it ends the matter only when that is over.
  if (late && readAt < late.until && (state.desired === 'removed' || waiting.length === 0)) return accepted()
  const by = state.native && !present ? whoEnded(state.native, readAt, null) : null
  const reasonIds = native ? [] : waiting.map((each) => each.grantId)
  const end = native ? { endsAt: told.endsAt } : {}
  return accepted({ type: 'StateProven', data: { present, readAt, reasonIds, ...end, ...(by ? { endedBy: by } : {}) } })
}

/**
 * The vendor has refused the removal, and a read shows it gone all the same: with the person, or by another hand, or in a
 * copy from before the add. Until that cannot be, the removal is tried again.
 */
function isRefusedAndDoubtful({ present, startedAt }: Told, state: MembershipState): boolean {
  const { blocked, lastProven, native } = state
  if (present || state.desired !== 'removed' || state.present === false || blocked === null) return false
  if (blocked === 'no such person' || blocked === 'no such group') return false
  const since = state.present === null ? state.unknownSince : lastProven?.do === 'add' ? lastProven.readAt : undefined
  if (native?.seen?.endsAt && startedAt >= Date.parse(native.seen.endsAt)) return false
  return since !== undefined && startedAt - Date.parse(since) < CHECK_AGAIN.stalestMs
}

/** The last reason ended before anything of ours was there. If the person is a member now, another hand gave it: not ours to remove. */
function givenMeanwhile(state: MembershipState): boolean {
  return state.desired === 'removed' && state.present === false
}

function proven(change: OpenChange, { readAt, endsAt }: Told, state: MembershipState): MembershipEvent {
  const { changeId, intendedAt, grantId, requestId } = change
  const { native } = state
  const { answered } = change
  const answer = answered?.kind === 'unavailable' || answered?.kind === 'rejected' ? null : answered
  // What was there before, as far as it was known: no end is set again to what it is known to be.
  const [wasSo, isKnown] =
    change.do === 'set end'
      ? [false, native?.seen !== null]
      : [state.present === (change.do === 'add'), state.present !== null]
  const already = answer?.kind === 'unchanged' || wasSo
  const untold = change.uncertain || !answer || (answer.kind !== 'unchanged' && !isKnown)
  const by = native && change.do === 'remove' ? whoEnded(native, readAt, change) : null
  const effect = untold ? 'found by read-back' : already ? 'already so' : 'changed'
  return {
    type: 'ChangeProven',
    data: {
      changeId,
      do: change.do,
      effect,
      receipt: answer?.receipt ?? null,
      intendedAt,
      answeredAt: answer?.at ?? null,
      readAt,
      grantId,
      requestId,
      ...(native && change.do !== 'remove' ? { endsAt } : {}),
      ...(by ? { endedBy: by } : {}),
    },
  }
}

export function evolveMembership(state: MembershipState, event: MembershipEvent, at: Instant): MembershipState {
  switch (event.type) {
    case 'ReasonAdded': {
      const { reasonId: grantId, requestId, account, heldBefore, privileged = false, until, seenGone } = event.data
      const untouched = state.reasons.length === 0 && state.ending.length === 0
      const bound = until === undefined ? {} : { until, begun: false }
      const reason = { grantId, requestId, confirmed: false, adopted: untouched && heldBefore, privileged, ...bound }
      const present = untouched ? heldBefore : seenGone ? false : state.present
      const { native, ...known } = state
      return {
        ...known,
        ...nativeFrom(untouched ? undefined : native, until !== undefined),
        desired: 'held',
        account,
        present,
        reasons: [...state.reasons, reason],
        blocked: null,
      }
    }
    case 'ReasonDated': {
      const { reasonId, until } = event.data
      const reasons = state.reasons.map((each) => (each.grantId === reasonId ? { ...each, until, begun: true } : each))
      return { ...state, ...nativeFrom(state.native), reasons }
    }
    case 'ReasonEnded': {
      const { reasonId, otherReasons, leftAsFound } = event.data
      const ended = state.reasons.filter((each) => each.grantId === reasonId)
      const reasons = state.reasons.filter((each) => each.grantId !== reasonId)
      // Kept by another reason: the end of this one is proven by that alone, and what was found passes on to the others.
      if (otherReasons.length > 0) {
        const passedOn = reasons.map((each) => ({ ...each, adopted: leftAsFound }))
        return { ...state, ...nativeFrom(state.native), reasons: passedOn }
      }
      if (leftAsFound) return { ...state, desired: 'not ours', reasons, blocked: null }
      const present = isGoneByHearsay(state) ? null : state.present
      return { ...state, desired: 'removed', present, reasons, ending: [...state.ending, ...ended], blocked: null }
    }
    case 'ChangeIntended':
      return { ...state, change: { ...event.data, intendedAt: isoOf(at), answered: null, uncertain: false } }
    case 'ChangeResent':
      if (!state.change) return state
      return { ...state, change: { ...state.change, ...endOf(event.data), uncertain: true } }
    case 'ChangeAnswered': {
      if (!state.change) return state
      const { kind, at: answeredAt, receipt, because } = event.data
      const answered = { kind, at: answeredAt ?? isoOf(at), receipt: receipt ?? null }
      const uncertain = state.change.uncertain || kind === 'unavailable'
      const change = { ...state.change, answered, uncertain }
      const { troubled: _, ...known } = state
      if (change.do !== 'set end') return { ...known, change, blocked: because ?? null }
      return { ...state, change, native: { ...(state.native ?? UNSEEN), refused: because ?? null } }
    }
    case 'ChangeAbandoned':
      // It may have been sent all the same and show late: what is there now is unknown, unless the vendor said no or was not asked.
      if (event.data.because !== 'superseded')
        return { ...state, change: null, ...(event.data.trouble ? { troubled: true } : {}) }
      if (state.change?.do === 'set end') return { ...unseen(state), change: null }
      return {
        ...unseen(state),
        ...lateOf(state, at, event.data.readAt ?? ''),
        change: null,
        present: null,
        unknownSince: isoOf(at),
      }
    case 'ChangeProven': {
      const { do: did, readAt, endsAt = null, endedBy = null } = event.data
      if (did === 'set end') return proof({ ...seen(state, endsAt, readAt), change: null }, true)
      const doubtful = state.change !== null && mayBeOlder(state.change, Date.parse(readAt), state)
      const present = doubtful ? null : did === 'add'
      // An add begins anew with the end: what was refused to the membership before it is no news of this one.
      const told = present ? seen(unseen(state), endsAt, readAt) : unseen(state, endedBy)
      const late = lateOf(state, at, readAt)
      const since = doubtful ? { unknownSince: isoOf(at) } : {}
      return proof({ ...told, ...late, ...since, change: null, blocked: null, lastProven: event.data }, present)
    }
    case 'LateEffect': {
      const { do: did, grantId, requestId } = event.data
      // Whatever is open was answered before: a read proves it only if it begins after this.
      const answered = { kind: 'unavailable', at: isoOf(at), receipt: null } as const
      const change = state.change && { ...state.change, answered, uncertain: true }
      const late = state.late?.filter((each) => each.changeId !== event.data.changeId)
      const nothing = { change, present: null, unknownSince: isoOf(at), blocked: null }
      const unknown = { ...unseen(state), ...(late ? { late } : {}), ...nothing }
      // A late end may have been over when it was set: then it took the person away, as a removal does.
      if (did !== 'add') return { ...unknown, reasons: state.reasons.map((each) => ({ ...each, confirmed: false })) }
      if (state.desired === 'held' || state.ending.some((each) => each.grantId === grantId)) return unknown
      return {
        ...unknown,
        ending: [...state.ending, { grantId, requestId, confirmed: false, adopted: false, privileged: false }],
      }
    }
    case 'StateProven': {
      const { present, readAt, endsAt = null, endedBy = null } = event.data
      if (present && state.desired === 'removed') {
        return { ...unseen(state), late: [], desired: 'not ours', present: true, ending: [], blocked: null }
      }
      const told = present ? seen(state, endsAt, readAt) : unseen(state, endedBy)
      return proof({ ...told, ...lateOf(state, at, readAt), blocked: null }, present)
    }
    case 'FoundGone': {
      // What another hand took is not given back by itself; what the provider's own end took is, while reasons live.
      const again = event.data.endedBy === 'the provider'
      const reasons = again ? state.reasons.map((each) => ({ ...each, confirmed: false })) : state.reasons
      return { ...unseen(state), present: null, reasons }
    }
  }
}

/**
 * A read showed it gone, but what was proven last is that we put it there: the read may have come from an old copy, as the next one
 * may. So the removal is sent, and not only read.
 */
function isGoneByHearsay({ present, native, lastProven }: MembershipState): boolean {
  return present === false && !native && lastProven?.do === 'add'
}

/** Only a state that has anything to remember says so. */
function lateOf(state: MembershipState, at: Instant, readAt: string): { readonly late?: readonly LateArrival[] } {
  const late = lateAfter(state, at, readAt)
  return late.length > 0 || state.late ? { late } : {}
}

function proof(state: MembershipState, present: boolean | null): MembershipState {
  const confirms = present && mayConfirm(state.native, state.reasons)
  const reasons = confirms ? state.reasons.map((each) => ({ ...each, confirmed: true })) : state.reasons
  return settled({ ...state, present, reasons })
}

/** Once it is gone, or a newer reason holds it, no end waits for proof any more. */
function settled(state: MembershipState): MembershipState {
  const open = state.desired === 'removed' && (state.present !== false || lateOpposite(state) !== null)
  return open ? state : { ...state, ending: [] }
}

/**
 * The open change, if it may be sent (again) now: what is not wanted any more is only read back, whatever was due when
 * somebody set out to send it.
 */
export function changeToSend(state: MembershipState): OpenChange | null {
  const { change } = state
  if (change?.do === 'set end') return isWantedStill(change, state) ? change : null
  return change && change.do === wantedOf(state) ? change : null
}

/**
 * What the membership waits for. A change that is open waits for a read: its sender knows, everybody else must look
 * before sending it again.
 */
export function workOf(state: MembershipState): 'write' | 'read' | null {
  if (state.change) return isMoot(state) ? 'write' : 'read'
  if (state.desired === 'held') {
    if (endToSet(state)) return 'write'
    if (state.reasons.every((each) => each.confirmed)) return watched(state) || lateOpposite(state) ? 'read' : null
    const isThere = state.native ? isSeen(state) : state.reasons.some((each) => each.confirmed)
    return isThere ? 'read' : 'write'
  }
  if (state.desired === 'removed' && state.ending.length > 0) {
    // What the vendor refuses to remove may be gone all the same, with the person or by another hand: look first.
    return state.present === false || state.blocked !== null ? 'read' : 'write'
  }
  return null
}

/**
 * A read disagreed with an open change: is it time to send it again, or to read again? Reads may come from a stale copy, but nothing
 * came of what was refused, and there is no answer of which a stale copy would know nothing yet.
 */
export function afterDisagreement(change: OpenChange, now: Instant): 'send again' | 'read again' {
  const { answered } = change
  if (answered === null || answered.kind === 'unavailable' || answered.kind === 'rejected') return 'send again'
  return now - Date.parse(answered.at) >= CHECK_AGAIN.disagreementMs ? 'send again' : 'read again'
}
