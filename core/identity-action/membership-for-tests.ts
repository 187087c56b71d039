import { isoOf, MINUTE_MS, type Instant } from '../instant.ts'
import {
  decideMembership,
  evolveMembership,
  NO_MEMBERSHIP,
  type MembershipCommand,
  type MembershipEvent,
  type MembershipState,
  type ProvenData,
} from './membership.ts'
import type { Outcome, Rejection } from './outcome.ts'

/** One membership, and grants `grt_1`, `grt_2` … as reasons for it. Everything happens so many minutes after nine. */

export const MEMBERSHIP: {
  readonly none: MembershipState
  readonly decide: typeof decideMembership
  readonly evolve: typeof evolveMembership
} = { none: NO_MEMBERSHIP, decide: decideMembership, evolve: evolveMembership }

type Data<Type extends MembershipEvent['type']> = Extract<MembershipEvent, { type: Type }>['data']
type Moment = { readonly at: Instant; readonly event: MembershipEvent }

export function minute(minutes: number): Instant {
  return Date.parse('2026-11-02T09:00:00.000Z') + minutes * MINUTE_MS
}

function iso(minutes: number): string {
  return isoOf(minute(minutes))
}

function ids(grant: number): { readonly grantId: string; readonly requestId: string } {
  return { grantId: `grt_${grant}`, requestId: `req_${grant}` }
}

// What is told.

export function addReason(grant: number, heldBefore = false): MembershipCommand {
  return { kind: 'add reason', ...ids(grant), account: '00uMara', heldBefore, privileged: false }
}

export function endReason(grant: number, windowBegan = true): MembershipCommand {
  return { kind: 'end reason', grantId: `grt_${grant}`, windowBegan }
}

export function plan(change: number, minutes = 0): MembershipCommand {
  return { kind: 'plan', changeId: `chg_${change}`, now: minute(minutes) }
}

export function answer(change: number, outcome: Outcome, minutes: number): MembershipCommand {
  return { kind: 'answer', changeId: `chg_${change}`, outcome, now: minute(minutes) }
}

export function callOff(change: number): MembershipCommand {
  return { kind: 'call off', changeId: `chg_${change}` }
}

/** From a worker whose lease ran out: it tells what its call was, because the change may be settled by now. */
export function lateAnswer(
  change: number,
  what: 'add' | 'remove' | 'set end',
  grant: number,
  outcome: Outcome,
  minutes: number,
): MembershipCommand {
  const call = { changeId: `chg_${change}`, do: what, ...ids(grant) }
  return { kind: 'late answer', ...call, outcome, now: minute(minutes) }
}

/** A read that was recorded when it was answered, unless `now` says later. */
export function read(present: boolean, startedAt: number, now: number = startedAt): MembershipCommand {
  return { kind: 'read', present, startedAt: minute(startedAt), now: minute(now) }
}

export function taken(kind: 'changed' | 'unchanged' | 'accepted', minutes: number): Outcome {
  return { kind, at: minute(minutes), receipt: `receipt of ${kind}` }
}

export const UNAVAILABLE: Outcome = { kind: 'unavailable', retryAfterMs: 7_000, said: '503 <b>busy</b>' }

export function rejection(because: Rejection): Outcome {
  return { kind: 'rejected', because, said: '403 no' }
}

// What happened.

export function reasonAdded(grant: number, heldBefore = false): MembershipEvent {
  const { grantId: reasonId, requestId } = ids(grant)
  return { type: 'ReasonAdded', data: { reasonId, requestId, account: '00uMara', heldBefore, privileged: false } }
}

export function reasonEnded(grant: number, more: Partial<Data<'ReasonEnded'>> = {}): MembershipEvent {
  return { type: 'ReasonEnded', data: { reasonId: `grt_${grant}`, otherReasons: [], leftAsFound: false, ...more } }
}

export function intended(change: number, what: 'add' | 'remove', grant: number): MembershipEvent {
  return {
    type: 'ChangeIntended',
    data: { changeId: `chg_${change}`, do: what, ...ids(grant), account: '00uMara' },
  }
}

export function intendedAt(minutes: number, change: number, what: 'add' | 'remove', grant: number): Moment {
  return { at: minute(minutes), event: intended(change, what, grant) }
}

export function resent(change: number, because: 'no answer' | 'no effect was read'): MembershipEvent {
  return { type: 'ChangeResent', data: { changeId: `chg_${change}`, because } }
}

export function answered(change: number, kind: 'changed' | 'unchanged' | 'accepted', minutes: number): MembershipEvent {
  const data = { changeId: `chg_${change}`, kind, at: iso(minutes), receipt: `receipt of ${kind}` }
  return { type: 'ChangeAnswered', data }
}

export function unanswered(change: number, minutes: number): MembershipEvent {
  const data = { changeId: `chg_${change}`, kind: 'unavailable', at: iso(minutes), retryAfterMs: 7_000 } as const
  return { type: 'ChangeAnswered', data }
}

export function rejected(change: number, because: Rejection, minutes: number): readonly MembershipEvent[] {
  const changeId = `chg_${change}`
  return [
    { type: 'ChangeAnswered', data: { changeId, kind: 'rejected', because, at: iso(minutes) } },
    { type: 'ChangeAbandoned', data: { changeId, because: 'rejected', readAt: null } },
  ]
}

export function superseded(change: number, readAt: number): MembershipEvent {
  return { type: 'ChangeAbandoned', data: { changeId: `chg_${change}`, because: 'superseded', readAt: iso(readAt) } }
}

export function notSent(change: number): MembershipEvent {
  return { type: 'ChangeAbandoned', data: { changeId: `chg_${change}`, because: 'not sent', readAt: null } }
}

/** `times`: intended, answered, read. */
export function proven(
  [change, what, grant]: readonly [number, 'add' | 'remove', number],
  [intendedMinute, answeredMinute, readMinute]: readonly [number, number | null, number],
  effect: ProvenData['effect'] = 'changed',
  receipt: string | null = answeredMinute === null ? null : 'receipt of changed',
): MembershipEvent {
  return {
    type: 'ChangeProven',
    data: {
      changeId: `chg_${change}`,
      do: what,
      effect,
      receipt,
      intendedAt: iso(intendedMinute),
      answeredAt: answeredMinute === null ? null : iso(answeredMinute),
      readAt: iso(readMinute),
      ...ids(grant),
    },
  }
}

export function lateEffect(change: number, what: 'add' | 'remove' | 'set end', grant: number): MembershipEvent {
  return { type: 'LateEffect', data: { changeId: `chg_${change}`, do: what, ...ids(grant) } }
}

export function stateProven(present: boolean, readAt: number, ...grants: readonly number[]): MembershipEvent {
  return { type: 'StateProven', data: { present, readAt: iso(readAt), reasonIds: grants.map((each) => `grt_${each}`) } }
}

/** Added for `grt_1` in minute 0, answered in 1, read back in 2. */
export const HELD: readonly (MembershipEvent | Moment)[] = [
  reasonAdded(1),
  intendedAt(0, 1, 'add', 1),
  answered(1, 'changed', 1),
  proven([1, 'add', 1], [0, 1, 2]),
]
