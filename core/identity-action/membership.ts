import { accepted, type Decision, type Event } from '../event.ts'
import { isoOf, type Instant } from '../instant.ts'
import type { Outcome, Rejection } from './outcome.ts'
import { CHECK_AGAIN, readDelayMs, retryDelayMs } from './patience.ts'
import { URGENCY, type Urgency } from './urgency.ts'

/*
 * A membership is one person in one group of one provider, and what we want of it:
 *
 *   not ours   we never gave it and nobody adopted it. It is never written.
 *   held       at least one reason (a grant) lives.
 *   removed    the last reason that we acted on has ended. Only an end leads here; a missing reason never does.
 *
 * A change (add or remove) brings the provider to what we want. It has one id for its whole life, and ends with exactly
 * one record:
 *
 *   (none) --plan--> intended --answer--> answered --a read that agrees--> proven
 *                    intended, no answer (the worker died: nobody knows) --> read first, then proven or sent again
 *                    answered `unavailable` --> read first, then proven or sent again
 *                    answered `rejected` --> abandoned, and blocked: somebody must act; tried again from time to time
 *                                            (an earlier sending may have had its effect? blocked, and read first)
 *                    a read shows no effect and we want the opposite by now --> abandoned; the opposite is written, not assumed
 *
 * One change at a time: the opposite of an open change waits until that one is proven or abandoned. An intent is
 * recorded before the provider is called, together with a due *read*: whoever finds the membership after a crash reads
 * before writing.
 */

export type MembershipEvent =
  | Event<'ReasonAdded', ReasonAddedData>
  | Event<
      'ReasonEnded',
      {
        readonly reasonId: string
        readonly otherReasons: readonly string[]
        /** This end leaves the membership as it was found: another hand had given it, and no window has ended on it. */
        readonly leftAsFound: boolean
      }
    >
  | Event<'ChangeIntended', IntendedData>
  /** Sent again under the same id: no answer came, or reads kept showing no effect. */
  | Event<'ChangeResent', { readonly changeId: string; readonly because: 'no answer' | 'no effect was read' }>
  | Event<'ChangeAnswered', AnsweredData>
  | Event<
      'ChangeAbandoned',
      { readonly changeId: string; readonly because: 'superseded' | 'rejected'; readonly readAt: string | null }
    >
  | Event<'ChangeProven', ProvenData>
  /** A call of a worker that had been away was carried out after the change was settled without it: what is there now is unknown, and is written as wanted. */
  | Event<'LateEffect', Omit<IntendedData, 'account'>>
  /**
   * A read that settled it without a change of ours: a further reason found it held, an end found it gone, or an end
   * found it given by another hand before we had added it, and left it.
   */
  | Event<'StateProven', { readonly present: boolean; readonly readAt: string; readonly reasonIds: readonly string[] }>

interface ReasonAddedData {
  readonly reasonId: string
  readonly requestId: string
  readonly account: string
  /** The last read told that the person was a member already, by another hand: this reason adopts the membership. */
  readonly heldBefore: boolean
  /** Missing in records from before schema 0003: not privileged, as far as anybody knows. */
  readonly privileged?: boolean
}

interface IntendedData {
  readonly changeId: string
  readonly do: 'add' | 'remove'
  readonly grantId: string
  readonly requestId: string
  readonly account: string
}

interface AnsweredData {
  readonly changeId: string
  readonly kind: Outcome['kind']
  readonly at?: string
  readonly receipt?: string
  readonly because?: Rejection
  readonly retryAfterMs?: number | null
}

export interface ProvenData {
  readonly changeId: string
  readonly do: 'add' | 'remove'
  readonly effect: 'changed' | 'already so' | 'found by read-back'
  readonly receipt: string | null
  readonly intendedAt: string
  readonly answeredAt: string | null
  readonly readAt: string
  readonly grantId: string
  readonly requestId: string
}

export interface Reason {
  readonly grantId: string
  readonly requestId: string
  /** Whether a read has found the membership held since this reason was added. */
  readonly confirmed: boolean
  /** Whether it holds a membership that somebody else had given, and on which no window has ended yet. */
  readonly adopted: boolean
  /** Whether its role is privileged: such an end goes before others. */
  readonly privileged: boolean
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
  /** The last change that was proven, for those who tell people about it. */
  readonly lastProven: ProvenData | null
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
      /** Whether the role of the grant is privileged. */
      readonly privileged: boolean
    }
  /** `windowBegan: false`: the grant never became live, so a membership that it only adopted is left as it was found. */
  | { readonly kind: 'end reason'; readonly grantId: string; readonly windowBegan: boolean }
  | { readonly kind: 'plan'; readonly changeId: string }
  | { readonly kind: 'answer'; readonly changeId: string; readonly outcome: Outcome; readonly now: Instant }
  /** As `answer`, from a worker whose lease ran out meanwhile: the change may have been settled by another. */
  | {
      readonly kind: 'late answer'
      readonly changeId: string
      readonly do: 'add' | 'remove'
      readonly grantId: string
      readonly requestId: string
      readonly outcome: Outcome
      readonly now: Instant
    }
  /** `startedAt` counts; a read that is recorded late has learnt nothing since. */
  | { readonly kind: 'read'; readonly present: boolean; readonly startedAt: Instant; readonly now: Instant }

export function decideMembership(command: MembershipCommand, state: MembershipState): Decision<MembershipEvent> {
  switch (command.kind) {
    case 'add reason': {
      const { grantId: reasonId, requestId, account, heldBefore, privileged } = command
      if (state.reasons.some((each) => each.grantId === reasonId)) return accepted()
      return accepted({ type: 'ReasonAdded', data: { reasonId, requestId, account, heldBefore, privileged } })
    }
    case 'end reason': {
      if (!state.reasons.some((each) => each.grantId === command.grantId)) return accepted()
      const otherReasons = state.reasons.map((each) => each.grantId).filter((each) => each !== command.grantId)
      // Whichever reason adopted it: while no window has ended on it, the membership is still as it was found.
      const leftAsFound = state.reasons.some((each) => each.adopted) && !command.windowBegan
      return accepted({ type: 'ReasonEnded', data: { reasonId: command.grantId, otherReasons, leftAsFound } })
    }
    case 'plan':
      return state.change ? resend(state.change, state) : plan(command.changeId, state)
    case 'answer':
      return answer(command.changeId, command.outcome, command.now, state)
    case 'late answer':
      return lateAnswer(command, state)
    case 'read':
      return read(command.present, command.startedAt, state)
  }
}

function plan(changeId: string, state: MembershipState): Decision<MembershipEvent> {
  if (state.account === null) return accepted()
  const adding = state.desired === 'held' && state.reasons.some((each) => !each.confirmed)
  const removing = state.desired === 'removed' && state.ending.length > 0 && state.present !== false
  const reason = adding ? state.reasons.at(-1) : removing ? state.ending.at(-1) : undefined
  if (!reason) return accepted()
  const { grantId, requestId } = reason
  const data = { changeId, do: adding ? 'add' : 'remove', grantId, requestId, account: state.account } as const
  return accepted({ type: 'ChangeIntended', data })
}

function resend(change: OpenChange, state: MembershipState): Decision<MembershipEvent> {
  if (change.uncertain || changeToSend(state) === null) return accepted()
  const because = change.answered === null ? 'no answer' : 'no effect was read'
  return accepted({ type: 'ChangeResent', data: { changeId: change.changeId, because } })
}

function answer(changeId: string, outcome: Outcome, now: Instant, state: MembershipState): Decision<MembershipEvent> {
  const { change } = state
  // An answer to a change that a read has settled meanwhile adds nothing: its one record is written.
  if (!change || change.changeId !== changeId) return accepted()
  switch (outcome.kind) {
    case 'changed':
    case 'unchanged':
    case 'accepted': {
      const { kind, receipt } = outcome
      return accepted({ type: 'ChangeAnswered', data: { changeId, kind, at: isoOf(outcome.at), receipt } })
    }
    case 'rejected': {
      const said: MembershipEvent = {
        type: 'ChangeAnswered',
        data: { changeId, kind: 'rejected', because: outcome.because, at: isoOf(now) },
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
      const data: AnsweredData = { changeId, kind: 'unavailable', at: isoOf(now), retryAfterMs: outcome.retryAfterMs }
      return accepted({ type: 'ChangeAnswered', data, personal: { said: outcome.said } })
    }
  }
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
  const isNews = wanted !== null && (wanted !== did || !isKnown)
  return mayHaveHappened && isNews
    ? accepted({ type: 'LateEffect', data: { changeId, do: did, grantId, requestId } })
    : accepted()
}

function read(present: boolean, startedAt: Instant, state: MembershipState): Decision<MembershipEvent> {
  const { change } = state
  const readAt = isoOf(startedAt)
  if (!change) return readWithoutChange(present, readAt, state)
  // A read that began before the answer proves nothing about it.
  const since = change.answered?.at ?? change.intendedAt
  if (readAt < since) return accepted()
  const wanted = change.do === wantedOf(state)
  if (present === (change.do === 'add')) {
    const goOn = wanted || change.answered?.kind === 'accepted'
    return goOn && mayBeOlder(change, startedAt, state) ? accepted() : accepted(proven(change, readAt, state))
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
  const before = state.lastProven
  const since =
    state.present === null
      ? (change.answered?.at ?? change.intendedAt)
      : before && before.do !== change.do
        ? before.readAt
        : null
  return since !== null && startedAt - Date.parse(since) < CHECK_AGAIN.disagreementMs
}

function wantedOf(state: MembershipState): 'add' | 'remove' | null {
  return state.desired === 'held' ? 'add' : state.desired === 'removed' ? 'remove' : null
}

function readWithoutChange(present: boolean, readAt: string, state: MembershipState): Decision<MembershipEvent> {
  // While a change is due, a read that began before all that led to it could seem to agree: then only the change proves.
  if (workOf(state) !== 'read') return accepted()
  const waiting = state.desired === 'held' ? state.reasons.filter((each) => !each.confirmed) : state.ending
  const agrees = present === (state.desired === 'held')
  if (!agrees && !givenMeanwhile(state)) return accepted()
  return accepted({ type: 'StateProven', data: { present, readAt, reasonIds: waiting.map((each) => each.grantId) } })
}

/** The last reason ended before anything of ours was there. If the person is a member now, another hand gave it: not ours to remove. */
function givenMeanwhile(state: MembershipState): boolean {
  return state.desired === 'removed' && state.present === false
}

function proven(change: OpenChange, readAt: string, state: MembershipState): MembershipEvent {
  const { changeId, intendedAt, grantId, requestId } = change
  const { answered } = change
  const answer = answered?.kind === 'unavailable' || answered?.kind === 'rejected' ? null : answered
  const already = answer?.kind === 'unchanged' || state.present === (change.do === 'add')
  const untold = change.uncertain || !answer || (answer.kind !== 'unchanged' && state.present === null)
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
    },
  }
}

export function evolveMembership(state: MembershipState, event: MembershipEvent, at: Instant): MembershipState {
  switch (event.type) {
    case 'ReasonAdded': {
      const { reasonId: grantId, requestId, account, heldBefore, privileged = false } = event.data
      const untouched = state.reasons.length === 0 && state.ending.length === 0
      const reason = { grantId, requestId, confirmed: false, adopted: untouched && heldBefore, privileged }
      const present = untouched ? heldBefore : state.present
      return { ...state, desired: 'held', account, present, reasons: [...state.reasons, reason], blocked: null }
    }
    case 'ReasonEnded': {
      const { reasonId, otherReasons, leftAsFound } = event.data
      const ended = state.reasons.filter((each) => each.grantId === reasonId)
      const reasons = state.reasons.filter((each) => each.grantId !== reasonId)
      // Kept by another reason: the end of this one is proven by that alone, and what was found passes on to the others.
      if (otherReasons.length > 0)
        return { ...state, reasons: reasons.map((each) => ({ ...each, adopted: leftAsFound })) }
      if (leftAsFound) return { ...state, desired: 'not ours', reasons, blocked: null }
      return { ...state, desired: 'removed', reasons, ending: [...state.ending, ...ended], blocked: null }
    }
    case 'ChangeIntended':
      return { ...state, change: { ...event.data, intendedAt: isoOf(at), answered: null, uncertain: false } }
    case 'ChangeResent':
      return state.change ? { ...state, change: { ...state.change, uncertain: true } } : state
    case 'ChangeAnswered': {
      if (!state.change) return state
      const { kind, at: answeredAt, receipt, because } = event.data
      const answered = { kind, at: answeredAt ?? isoOf(at), receipt: receipt ?? null }
      const uncertain = state.change.uncertain || kind === 'unavailable'
      return { ...state, change: { ...state.change, answered, uncertain }, blocked: because ?? null }
    }
    case 'ChangeAbandoned':
      // It may have been sent all the same and show late: what is there now is unknown, unless the vendor said no.
      return { ...state, change: null, present: event.data.because === 'rejected' ? state.present : null }
    case 'ChangeProven': {
      const doubtful = state.change !== null && mayBeOlder(state.change, Date.parse(event.data.readAt), state)
      const present = doubtful ? null : event.data.do === 'add'
      return proof({ ...state, change: null, blocked: null, lastProven: event.data }, present)
    }
    case 'LateEffect': {
      const { do: did, grantId, requestId } = event.data
      // Whatever is open was answered before: a read proves it only if it begins after this.
      const answered = { kind: 'unavailable', at: isoOf(at), receipt: null } as const
      const change = state.change && { ...state.change, answered, uncertain: true }
      const unknown = { ...state, change, present: null, blocked: null }
      if (did === 'remove') return { ...unknown, reasons: state.reasons.map((each) => ({ ...each, confirmed: false })) }
      if (state.desired === 'held') return unknown
      return {
        ...unknown,
        ending: [...state.ending, { grantId, requestId, confirmed: false, adopted: false, privileged: false }],
      }
    }
    case 'StateProven':
      if (event.data.present && state.desired === 'removed') {
        return { ...state, desired: 'not ours', present: true, ending: [], blocked: null }
      }
      return proof({ ...state, blocked: null }, event.data.present)
  }
}

function proof(state: MembershipState, present: boolean | null): MembershipState {
  const reasons = present ? state.reasons.map((each) => ({ ...each, confirmed: true })) : state.reasons
  return settled({ ...state, present, reasons })
}

/** Once it is gone, or a newer reason holds it, no end waits for proof any more. */
function settled(state: MembershipState): MembershipState {
  const open = state.desired === 'removed' && state.present !== false
  return open ? state : { ...state, ending: [] }
}

/**
 * The open change, if it may be sent (again) now: what is not wanted any more is only read back, whatever was due when
 * somebody set out to send it.
 */
export function changeToSend(state: MembershipState): OpenChange | null {
  return state.change && state.change.do === wantedOf(state) ? state.change : null
}

/**
 * What the membership waits for. A change that is open waits for a read: its sender knows, everybody else must look
 * before sending it again.
 */
export function workOf(state: MembershipState): 'write' | 'read' | null {
  if (state.change) return 'read'
  if (state.desired === 'held') {
    if (state.reasons.every((each) => each.confirmed)) return null
    return state.reasons.some((each) => each.confirmed) ? 'read' : 'write'
  }
  if (state.desired === 'removed' && state.ending.length > 0) {
    // What the vendor refuses to remove may be gone all the same, with the person or by another hand: look first.
    return state.present === false || state.blocked !== null ? 'read' : 'write'
  }
  return null
}

/** What goes first when the provider lets us do only so much. */
export function urgencyOf(state: MembershipState, work: 'write' | 'read'): Urgency {
  if (work === 'read') return URGENCY['read-back']
  if (state.desired !== 'removed') return URGENCY.grant
  return state.ending.some((each) => each.privileged) ? URGENCY['privileged expiry'] : URGENCY.expiry
}

/**
 * When to look next; `attempts` counts the looks since something new was learnt.
 * `retryAfterMs` is the vendor's own wish, never shortened.
 */
export function nextLookAt(
  state: MembershipState,
  now: Instant,
  attempts: number,
  retryAfterMs: number | null,
): Instant {
  if (state.blocked !== null) {
    // A removal is never put off for long: what is rejected today may be a scope that somebody grants in a minute.
    return now + (state.desired === 'removed' ? CHECK_AGAIN.blockedRemovalMs : CHECK_AGAIN.blockedMs)
  }
  const answered = state.change?.answered
  if (answered && answered.kind !== 'unavailable') return now + readDelayMs(attempts, answered.kind)
  if (attempts === 0 && retryAfterMs === null) return now
  return now + Math.max(retryAfterMs ?? 0, retryDelayMs(attempts))
}

/** A read disagreed with an open change: is it time to send it again, or to read again? Reads may come from a stale copy. */
export function afterDisagreement(change: OpenChange, now: Instant): 'send again' | 'read again' {
  const { answered } = change
  if (answered === null || answered.kind === 'unavailable') return 'send again'
  return now - Date.parse(answered.at) >= CHECK_AGAIN.disagreementMs ? 'send again' : 'read again'
}
