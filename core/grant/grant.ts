import { accepted, refused, type Decision, type Event, type RefusalCode } from '../event.ts'
import { sameGroup, type GroupRef, type PersonId } from '../identity-action/membership-key.ts'
import type { EndedBy } from '../identity-action/native-end.ts'
import { HOUR_MS, isoOf, type Instant } from '../instant.ts'
import { dueSinceOf, isPastBound, type Overdue, type OverdueData, type OverdueIssue, type Standing } from './overdue.ts'

/*
 * A grant is a reason, with a window, for a person to hold a role. A role is one or more groups.
 *
 *   opening  the groups are being added; each is confirmed when it was read back. 3 of 5 is not live.
 *   live     every group was read back. The window began then, once, and ends at one instant for all groups.
 *   ending   the reason died: the window ended, somebody with the right revoked it, or the groups could not be completed.
 *            Each group is released when its removal was read back, or kept because another reason holds it.
 *            When that takes longer than a bound, the removal is overdue (overdue.ts): it stays due, and people hear of it.
 *   ended    every group was released after a live window.
 *   failed   every group was released and the window never began; somebody owns the failure.
 *
 * A membership that nobody gave is removed by a grant that is `ending` from its first moment.
 *
 *   (nothing) --open--> opening --confirm the last group--> live --end--> ending --release the last group--> ended
 *                       opening --end (deadline passed, vendor rejects, revoked)--> ending --release the last group--> failed
 *
 * There is no way from `opening` to `failed` that leaves a group behind: no group of a window is ever held without an end.
 */

export type GrantEvent =
  | Event<'GrantOpened', OpenedData>
  | Event<
      'GroupConfirmed',
      { readonly group: GroupRef; readonly readAt: string; readonly confirmed: number; readonly of: number }
    >
  | Event<'WindowStarted', { readonly startsAt: string; readonly endsAt: string | null }>
  | Event<'GrantEnding', { readonly because: EndedBecause; readonly group?: GroupRef }>
  | Event<'GroupReleased', ReleasedData>
  | Event<'GrantEnded', { readonly because: EndedBecause }>
  | Event<'GrantFailed', { readonly because: EndedBecause; readonly ownerId: PersonId | null }>
  | Event<
      'RevokeRefused',
      { readonly code: RefusalCode; readonly personId: PersonId | null; readonly attemptId: string }
    >
  | Event<'GrantOverdue', OverdueData>
  | Event<'OverdueIssueRaised', IssueRaisedData>
  | Event<'OverdueProven', OverdueProvenData>

/** `not given`: a membership that was found and that nobody had given; the grant was opened to remove it. */
export type EndedBecause = 'window ended' | 'revoked' | 'incomplete' | 'rejected' | 'not given'

interface OpenedData {
  readonly requestId: string
  readonly personId: PersonId
  readonly roleId: string
  readonly groups: readonly GroupRef[]
  readonly hours: number | null
  /** If the last group was not read back by then, what was added is taken back. */
  readonly completeBy: string
  /** Who answers for it when it fails: the app's owner. */
  readonly ownerId: PersonId | null
}

export interface ReleasedData {
  readonly group: GroupRef
  readonly how: 'removed' | 'kept' | 'never added'
  /** Grants that hold the group still, when it was kept. */
  readonly otherReasons: readonly string[]
  /** When the absence was read; null when the group was kept. */
  readonly readAt: string | null
  /** Where the provider can end it by itself: who did. */
  readonly endedBy?: EndedBy
}

interface IssueRaisedData {
  readonly alarmId: string
  readonly desk: string
  readonly issueId: string
  readonly key: string
  /** Whether the issue is assigned to the owner; otherwise its words say whose it is. */
  readonly assigned: boolean
}

interface OverdueProvenData {
  readonly alarmId: string
  readonly since: string
  readonly overdueAt: string
  /** When the last absence was read; null when nothing had to go because other reasons hold it. */
  readonly readAt: string | null
}

export interface GrantState {
  readonly status: 'none' | 'opening' | 'live' | 'ending' | 'ended' | 'failed'
  readonly opened: OpenedData | null
  readonly confirmed: readonly GroupRef[]
  /** When the youngest of the reads began that confirmed its groups: they may be recorded in another order. */
  readonly readBackAt?: string
  readonly released: readonly ReleasedData[]
  readonly startsAt: string | null
  readonly endsAt: string | null
  readonly endedBecause: EndedBecause | null
  readonly endingSince: string | null
  /** Attempts to revoke that were refused: each is answered once, however often it is looked at. */
  readonly refusedAttempts: readonly string[]
  /** Null: not overdue, or not yet. Missing in states from before schema 0010. */
  readonly overdue?: Overdue | null
}

export const NO_GRANT: GrantState = {
  status: 'none',
  opened: null,
  confirmed: [],
  released: [],
  startsAt: null,
  endsAt: null,
  endedBecause: null,
  endingSince: null,
  refusedAttempts: [],
  overdue: null,
}

export type GrantCommand =
  | {
      readonly kind: 'open'
      readonly requestId: string
      readonly personId: PersonId
      readonly roleId: string
      readonly groups: readonly GroupRef[]
      readonly hours: number | null
      readonly completeWithinHours: number
      readonly ownerId: PersonId | null
      readonly now: Instant
    }
  /** To remove what was found and nobody gave: it ends with its beginning. */
  | {
      readonly kind: 'open to remove'
      readonly requestId: string
      readonly personId: PersonId
      readonly group: GroupRef
      readonly ownerId: PersonId | null
      readonly now: Instant
    }
  /** The membership was read back as held, by a read that began at `readAt`. */
  | { readonly kind: 'confirm'; readonly group: GroupRef; readonly readAt: Instant }
  | { readonly kind: 'end window'; readonly now: Instant }
  | { readonly kind: 'give up completing'; readonly now: Instant }
  /** The vendor will never add this group, so the window can never begin. */
  | { readonly kind: 'reject'; readonly group: GroupRef; readonly now: Instant }
  | {
      readonly kind: 'revoke'
      readonly byId: PersonId | null
      readonly attemptId: string
      readonly rights: RevokeRights
      readonly now: Instant
    }
  | { readonly kind: 'release'; readonly release: ReleasedData }
  /** Time to look whether the removal is proven. What stands and who owns it was gathered before. */
  | {
      readonly kind: 'look whether overdue'
      readonly alarmId: string
      readonly standing: readonly Standing[]
      readonly ownerId: PersonId | null
      readonly afterMs: number
      readonly now: Instant
    }
  | {
      readonly kind: 'note issue'
      readonly alarmId: string
      readonly issue: OverdueIssue
      readonly assigned: boolean
    }

/** Everybody who may end this grant by revoking it, gathered before the core is asked. */
export interface RevokeRights {
  readonly managerId: PersonId | null
  readonly ownerIds: readonly PersonId[]
  readonly securityIds: readonly PersonId[]
  readonly administratorIds: readonly PersonId[]
}

export function decideGrant(command: GrantCommand, state: GrantState): Decision<GrantEvent> {
  switch (command.kind) {
    case 'open':
      return state.status === 'none' ? accepted(open(command)) : accepted()
    case 'open to remove':
      return state.status === 'none' ? accepted(openedToRemove(command), ending('not given')) : accepted()
    case 'confirm':
      return confirm(command.group, command.readAt, state)
    case 'end window':
      return state.status === 'live' && state.endsAt !== null && isoOf(command.now) >= state.endsAt
        ? accepted(ending('window ended'))
        : accepted()
    case 'give up completing':
      return state.status === 'opening' && state.opened !== null && isoOf(command.now) >= state.opened.completeBy
        ? accepted(ending('incomplete'))
        : accepted()
    case 'reject':
      return state.status === 'opening'
        ? accepted({ type: 'GrantEnding', data: { because: 'rejected', group: command.group } })
        : accepted()
    case 'revoke':
      return revoke(command.byId, command.attemptId, command.rights, state)
    case 'release':
      return release(command.release, state)
    case 'look whether overdue':
      return lookWhetherOverdue(command, state)
    case 'note issue':
      return noteIssue(command, state)
  }
}

function open(command: Extract<GrantCommand, { kind: 'open' }>): GrantEvent {
  const { requestId, personId, roleId, groups, hours, ownerId } = command
  const boundHours = Math.min(command.completeWithinHours, hours ?? command.completeWithinHours)
  const completeBy = isoOf(command.now + boundHours * HOUR_MS)
  return { type: 'GrantOpened', data: { requestId, personId, roleId, groups, hours, completeBy, ownerId } }
}

function openedToRemove(command: Extract<GrantCommand, { kind: 'open to remove' }>): GrantEvent {
  const { requestId, personId, group, ownerId, now } = command
  const data = { requestId, personId, roleId: '', groups: [group], hours: null, completeBy: isoOf(now), ownerId }
  return { type: 'GrantOpened', data }
}

function confirm(group: GroupRef, readAt: Instant, state: GrantState): Decision<GrantEvent> {
  const { opened } = state
  if (state.status !== 'opening' || !opened || !opened.groups.some((each) => sameGroup(each, group))) return accepted()
  if (state.confirmed.some((each) => sameGroup(each, group))) return accepted()
  const confirmed = state.confirmed.length + 1
  const event: GrantEvent = {
    type: 'GroupConfirmed',
    data: { group, readAt: isoOf(readAt), confirmed, of: opened.groups.length },
  }
  // The last group came after the bound: no window begins any more, however late the bound itself is looked at.
  const startsAt = laterOf(isoOf(readAt), state.readBackAt ?? '')
  if (confirmed < opened.groups.length || startsAt > opened.completeBy) return accepted(event)
  const endsAt = opened.hours === null ? null : isoOf(Date.parse(startsAt) + opened.hours * HOUR_MS)
  return accepted<GrantEvent>(event, { type: 'WindowStarted', data: { startsAt, endsAt } })
}

function laterOf(a: string, b: string): string {
  return a > b ? a : b
}

/** Until when a grant can last: to the end of its window, or, before that has begun, of one that begins as late as it may. Null: it has no end. */
export function latestEndOf({ opened, startsAt, endsAt }: GrantState): Instant | null {
  if (startsAt !== null) return endsAt === null ? null : Date.parse(endsAt)
  return opened === null || opened.hours === null ? null : Date.parse(opened.completeBy) + opened.hours * HOUR_MS
}

function revoke(
  byId: PersonId | null,
  attemptId: string,
  rights: RevokeRights,
  state: GrantState,
): Decision<GrantEvent> {
  if (state.status !== 'live' && state.status !== 'opening') return refused('not live')
  if (state.refusedAttempts.includes(attemptId)) return accepted()
  const { managerId, ownerIds, securityIds, administratorIds } = rights
  const may =
    byId !== null &&
    [state.opened?.personId, managerId, ...ownerIds, ...securityIds, ...administratorIds].includes(byId)
  return may
    ? accepted(ending('revoked'))
    : accepted({ type: 'RevokeRefused', data: { code: 'may not revoke', personId: byId, attemptId } })
}

function release(released: ReleasedData, state: GrantState): Decision<GrantEvent> {
  const { opened, endedBecause } = state
  if (state.status !== 'ending' || !opened || !endedBecause) return accepted()
  if (!opened.groups.some((each) => sameGroup(each, released.group))) return accepted()
  if (state.released.some((each) => sameGroup(each.group, released.group))) return accepted()
  const event: GrantEvent = { type: 'GroupReleased', data: released }
  if (state.released.length + 1 < opened.groups.length) return accepted(event)
  const over = overdueProven(state, released)
  return state.startsAt === null && endedBecause !== 'not given'
    ? accepted(event, ...over, { type: 'GrantFailed', data: { because: endedBecause, ownerId: opened.ownerId } })
    : accepted(event, ...over, { type: 'GrantEnded', data: { because: endedBecause } })
}

function overdueProven({ overdue, released }: GrantState, last: ReleasedData): readonly GrantEvent[] {
  if (!overdue) return []
  const { alarmId, since, at } = overdue
  const reads = [...released, last].flatMap((each) => each.readAt ?? [])
  return [{ type: 'OverdueProven', data: { alarmId, since, overdueAt: at, readAt: reads.sort().at(-1) ?? null } }]
}

function lookWhetherOverdue(
  command: Extract<GrantCommand, { kind: 'look whether overdue' }>,
  state: GrantState,
): Decision<GrantEvent> {
  const { alarmId, standing, ownerId, afterMs, now } = command
  const since = dueSinceOf(state)
  if (state.status !== 'ending' || state.overdue || since === null) return accepted()
  if (!isPastBound(state.endingSince, afterMs, now)) return accepted()
  return accepted({ type: 'GrantOverdue', data: { alarmId, since, standing, ownerId } })
}

function noteIssue(
  { alarmId, issue, assigned }: Extract<GrantCommand, { kind: 'note issue' }>,
  { overdue }: GrantState,
): Decision<GrantEvent> {
  if (overdue?.alarmId !== alarmId || overdue.issue !== null) return accepted()
  const { desk, id: issueId, key } = issue
  return accepted({ type: 'OverdueIssueRaised', data: { alarmId, desk, issueId, key, assigned } })
}

function ending(because: EndedBecause): GrantEvent {
  return { type: 'GrantEnding', data: { because } }
}

/** `at` is when the event was recorded. */
export function evolveGrant(state: GrantState, event: GrantEvent, at: Instant): GrantState {
  switch (event.type) {
    case 'GrantOpened':
      return { ...state, status: 'opening', opened: event.data }
    case 'GroupConfirmed':
      return {
        ...state,
        confirmed: [...state.confirmed, event.data.group],
        readBackAt: laterOf(event.data.readAt, state.readBackAt ?? ''),
      }
    case 'WindowStarted':
      return { ...state, status: 'live', startsAt: event.data.startsAt, endsAt: event.data.endsAt }
    case 'GrantEnding':
      return { ...state, status: 'ending', endedBecause: event.data.because, endingSince: isoOf(at) }
    case 'GroupReleased':
      return { ...state, released: [...state.released, event.data] }
    case 'GrantEnded':
      return { ...state, status: 'ended' }
    case 'GrantFailed':
      return { ...state, status: 'failed' }
    case 'RevokeRefused':
      return { ...state, refusedAttempts: [...state.refusedAttempts, event.data.attemptId] }
    case 'GrantOverdue':
      return { ...state, overdue: { ...event.data, at: isoOf(at), issue: null, over: false } }
    case 'OverdueIssueRaised': {
      const { desk, issueId: id, key } = event.data
      return { ...state, overdue: state.overdue ? { ...state.overdue, issue: { desk, id, key } } : null }
    }
    case 'OverdueProven':
      return { ...state, overdue: state.overdue ? { ...state.overdue, over: true } : null }
  }
}
