import { READERS, WRITERS } from '../catalog/catalog-for-tests.ts'
import type { GroupRef, PersonId } from '../identity-action/membership-key.ts'
import { HOUR_MS, isoOf, type Instant } from '../instant.ts'
import { OVERDUE_AFTER_MS, type OverdueData, type OverdueIssue, type Standing } from './overdue.ts'
import {
  decideGrant,
  evolveGrant,
  NO_GRANT,
  type EndedBecause,
  type GrantCommand,
  type GrantEvent,
  type GrantState,
  type ReleasedData,
  type RevokeRights,
} from './grant.ts'

/** Mara's six hours of a role of two groups, opened at nine. */

export const GRANT: {
  readonly none: GrantState
  readonly decide: typeof decideGrant
  readonly evolve: typeof evolveGrant
} = { none: NO_GRANT, decide: decideGrant, evolve: evolveGrant }

const OPENED_AT: Instant = Date.parse('2026-11-02T09:00:00.000Z')

/** So many hours after the grant was opened. */
export function hoursLater(hours: number): Instant {
  return OPENED_AT + hours * HOUR_MS
}

type Data<Type extends GrantEvent['type']> = Extract<GrantEvent, { type: Type }>['data']
type Open = Extract<GrantCommand, { kind: 'open' }>

export function open(more: Partial<Open> = {}): GrantCommand {
  return {
    kind: 'open',
    requestId: 'req_1',
    personId: 'per_mara',
    roleId: 'role_admin',
    groups: [READERS, WRITERS],
    hours: 6,
    completeWithinHours: 24,
    ownerId: 'per_olga',
    now: OPENED_AT,
    ...more,
  }
}

export function opened(more: Partial<Data<'GrantOpened'>> = {}): GrantEvent {
  return {
    type: 'GrantOpened',
    data: {
      requestId: 'req_1',
      personId: 'per_mara',
      roleId: 'role_admin',
      groups: [READERS, WRITERS],
      hours: 6,
      completeBy: isoOf(hoursLater(6)),
      ownerId: 'per_olga',
      ...more,
    },
  }
}

export function confirmed(group: GroupRef, readAt: Instant, count: number, of = 2): GrantEvent {
  return { type: 'GroupConfirmed', data: { group, readAt: isoOf(readAt), confirmed: count, of } }
}

export function started(startsAt: Instant, endsAt: Instant | null): GrantEvent {
  const data = { startsAt: isoOf(startsAt), endsAt: endsAt === null ? null : isoOf(endsAt) }
  return { type: 'WindowStarted', data }
}

export function ending(because: EndedBecause, group?: GroupRef): GrantEvent {
  return { type: 'GrantEnding', data: group ? { because, group } : { because } }
}

export function release(group: GroupRef, more: Partial<ReleasedData> = {}): GrantCommand {
  return { kind: 'release', release: released(group, more) }
}

export function released(group: GroupRef, more: Partial<ReleasedData> = {}): ReleasedData {
  return { group, how: 'removed', otherReasons: [], readAt: isoOf(hoursLater(7)), ...more }
}

export function groupReleased(group: GroupRef, more: Partial<ReleasedData> = {}): GrantEvent {
  return { type: 'GroupReleased', data: released(group, more) }
}

export const RIGHTS: RevokeRights = {
  managerId: 'per_max',
  ownerIds: ['per_olga', 'per_rolf'],
  securityIds: ['per_sami'],
  administratorIds: ['per_ada'],
}

export function revoke(byId: PersonId | null, attemptId = 'attempt 1', rights: RevokeRights = RIGHTS): GrantCommand {
  return { kind: 'revoke', byId, attemptId, rights, now: hoursLater(2) }
}

export const STANDING: readonly Standing[] = [
  { group: READERS, lastWord: 'unavailable' },
  { group: WRITERS, lastWord: 'not allowed' },
]

export function lookWhetherOverdue(now: Instant, afterMs: number = OVERDUE_AFTER_MS): GrantCommand {
  return { kind: 'look whether overdue', alarmId: 'alm_1', standing: STANDING, ownerId: 'per_olga', afterMs, now }
}

export function overdue(since: Instant, more: Partial<OverdueData> = {}): GrantEvent {
  const data = { alarmId: 'alm_1', since: isoOf(since), standing: STANDING, ownerId: 'per_olga', ...more }
  return { type: 'GrantOverdue', data }
}

export const ISSUE: OverdueIssue = { desk: 'jira', id: '10007', key: 'OPS-7' }

export function issueRaised(issue: OverdueIssue = ISSUE, assigned = true): GrantEvent {
  const { desk, id: issueId, key } = issue
  return { type: 'OverdueIssueRaised', data: { alarmId: 'alm_1', desk, issueId, key, assigned } }
}

/** Both groups read back after one hour: live until seven hours after the opening. */
export const LIVE: readonly GrantEvent[] = [
  opened(),
  confirmed(READERS, hoursLater(0.5), 1),
  confirmed(WRITERS, hoursLater(1), 2),
  started(hoursLater(1), hoursLater(7)),
]
