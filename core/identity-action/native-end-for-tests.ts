import { isoOf, type Instant } from '../instant.ts'
import { addReason, minute, reasonAdded } from './membership-for-tests.ts'
import type { MembershipCommand, MembershipEvent, ProvenData } from './membership.ts'

/** As membership-for-tests.ts, for a provider that can end a membership by itself. Moments are minutes after nine; null is no end. */

type Moment = { readonly at: Instant; readonly event: MembershipEvent }

function iso(minutes: number | null): string | null {
  return minutes === null ? null : isoOf(minute(minutes))
}

export function addReasonUntil(grant: number, until: number | null, heldBefore = false): MembershipCommand {
  const command = addReason(grant, heldBefore)
  return { ...command, until: until === null ? null : minute(until) } as MembershipCommand
}

export function dateReason(grant: number, until: number | null): MembershipCommand {
  return { kind: 'date reason', grantId: `grt_${grant}`, until: until === null ? null : minute(until) }
}

/** A read that shows a member, and when the provider will end that by itself. */
export function readMember(startedAt: number, endsAt: number | null): MembershipCommand {
  const at = minute(startedAt)
  return { kind: 'read', present: true, startedAt: at, now: at, endsAt: endsAt === null ? null : minute(endsAt) }
}

export function reasonAddedUntil(grant: number, until: number | null, heldBefore = false): MembershipEvent {
  const event = reasonAdded(grant, heldBefore)
  return { ...event, data: { ...event.data, until: iso(until) } } as MembershipEvent
}

export function reasonDated(grant: number, until: number | null): MembershipEvent {
  return { type: 'ReasonDated', data: { reasonId: `grt_${grant}`, until: iso(until) } }
}

export function intendedUntil(
  change: number,
  what: 'add' | 'set end',
  grant: number,
  endsAt: number | null,
): MembershipEvent {
  const ids = { grantId: `grt_${grant}`, requestId: `req_${grant}` }
  return {
    type: 'ChangeIntended',
    data: { changeId: `chg_${change}`, do: what, ...ids, account: '00uMara', endsAt: iso(endsAt) },
  }
}

export function intendedUntilAt(
  minutes: number,
  change: number,
  what: 'add' | 'set end',
  grant: number,
  endsAt: number | null,
): Moment {
  return { at: minute(minutes), event: intendedUntil(change, what, grant, endsAt) }
}

/** An answer to a `set end`. */
export function endAnswered(
  change: number,
  kind: 'changed' | 'unchanged' | 'accepted',
  minutes: number,
): MembershipEvent {
  const data = { changeId: `chg_${change}`, do: 'set end', kind, at: isoOf(minute(minutes)) } as const
  return { type: 'ChangeAnswered', data: { ...data, receipt: `receipt of ${kind}` } }
}

export function endRefused(change: number, minutes: number): readonly MembershipEvent[] {
  const changeId = `chg_${change}`
  const at = isoOf(minute(minutes))
  return [
    { type: 'ChangeAnswered', data: { changeId, do: 'set end', kind: 'rejected', because: 'no native end', at } },
    { type: 'ChangeAbandoned', data: { changeId, because: 'rejected', readAt: null } },
  ]
}

/** `times`: intended, answered, read; `endsAt`: as it was read. */
export function provenUntil(
  [change, what, grant]: readonly [number, 'add' | 'set end', number],
  [intendedMinute, answeredMinute, readMinute]: readonly [number, number | null, number],
  endsAt: number | null,
  effect: ProvenData['effect'] = 'changed',
): MembershipEvent {
  return {
    type: 'ChangeProven',
    data: {
      changeId: `chg_${change}`,
      do: what,
      effect,
      receipt: answeredMinute === null ? null : 'receipt of changed',
      intendedAt: isoOf(minute(intendedMinute)),
      answeredAt: iso(answeredMinute),
      readAt: isoOf(minute(readMinute)),
      grantId: `grt_${grant}`,
      requestId: `req_${grant}`,
      endsAt: iso(endsAt),
    },
  }
}

export function stateProvenUntil(readAt: number, endsAt: number | null, ...grants: readonly number[]): MembershipEvent {
  const reasonIds = grants.map((each) => `grt_${each}`)
  return { type: 'StateProven', data: { present: true, readAt: isoOf(minute(readAt)), reasonIds, endsAt: iso(endsAt) } }
}

export function foundGone(
  readAt: number,
  endsAt: number | null,
  endedBy: 'the provider' | null,
  ...grants: readonly number[]
): MembershipEvent {
  const reasonIds = grants.map((each) => `grt_${each}`)
  return { type: 'FoundGone', data: { readAt: isoOf(minute(readAt)), endsAt: iso(endsAt), endedBy, reasonIds } }
}

/** Added for `grt_1`, whose window of an hour began in minute 2; the provider's end follows a quarter of an hour after it. */
export const HELD_FOR_AN_HOUR: readonly (MembershipEvent | Moment)[] = [
  reasonAddedUntil(1, 120),
  intendedUntilAt(0, 1, 'add', 1, 135),
  {
    type: 'ChangeAnswered',
    data: { changeId: 'chg_1', kind: 'changed', at: isoOf(minute(1)), receipt: 'receipt of changed' },
  },
  provenUntil([1, 'add', 1], [0, 1, 2], 135),
  reasonDated(1, 62),
  intendedUntilAt(2, 2, 'set end', 1, 77),
  endAnswered(2, 'changed', 3),
  provenUntil([2, 'set end', 1], [2, 3, 4], 77),
]
