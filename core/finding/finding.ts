import { accepted, refused, type Decision, type Event } from '../event.ts'
import type { OverdueIssue } from '../grant/overdue.ts'
import type { GroupRef, PersonId } from '../identity-action/membership-key.ts'
import { isoOf, type Instant } from '../instant.ts'
import type { Assessment, FindingKind } from './assess-membership.ts'

/*
 * A finding is a membership of a claimed group that the directory and the grants do not agree on. One stream for each account in
 * each group; it can be raised again after it was settled, under a new id.
 *
 *   (nothing) --a look finds it--> open --somebody decides to remove it--> removing
 *   open, removing --a look finds directory and grants agreed--> settled
 *                    (the member is gone, or a grant holds it by now: that is how a finding is adopted)
 *   open, removing --a look finds that a rule of the vendor holds it--> the same, and a task: no removal would stick
 *
 * A finding changes nobody's access by itself. To adopt it, the role is asked for as always, and its approval rule decides;
 * the grant takes the membership over with its window. To remove it, a grant is opened that ends at once, so that the
 * removal is tried, read back, called overdue and recorded like every other.
 */

export interface FoundData {
  readonly findingId: string
  readonly kind: FindingKind
  readonly group: GroupRef
  readonly account: string
  /** Null: no account that the directory lists as a person's, such as a group within the group. */
  readonly personId: PersonId | null
  /** When the look began. */
  readonly readAt: string
  /** What one look finds is told in one issue, which is the first finding's. Null: no issue is raised. */
  readonly leadId: string | null
}

export type SettledBecause = 'held by a grant' | 'gone' | 'removed' | 'there again' | 'found otherwise'

export type FindingEvent =
  | Event<'FindingRaised', FoundData>
  | Event<'FindingRemovalDecided', { readonly findingId: string; readonly grantId: string }>
  | Event<'FindingBecameTask', { readonly findingId: string; readonly because: 'rule'; readonly readAt: string }>
  | Event<'FindingIssueRaised', IssueRaisedData>
  | Event<'FindingSettled', { readonly findingId: string; readonly because: SettledBecause; readonly readAt: string }>

interface IssueRaisedData {
  readonly findingId: string
  readonly desk: string
  readonly issueId: string
  readonly key: string
  readonly assigned: boolean
}

export interface FindingState {
  readonly status: 'none' | 'open' | 'removing' | 'settled'
  readonly found: FoundData | null
  /** Why no removal would stick, as far as the last look told: somebody has to change that at the vendor. */
  readonly task: 'rule' | null
  readonly grantId: string | null
  /** Of the first finding of a look. */
  readonly issue: OverdueIssue | null
}

export const NO_FINDING: FindingState = { status: 'none', found: null, task: null, grantId: null, issue: null }

export type FindingCommand =
  | {
      readonly kind: 'look'
      readonly assessment: Assessment
      /** The id that it gets if it is news. */
      readonly findingId: string
      readonly leadId: string | null
      readonly group: GroupRef
      readonly account: string
      readonly personId: PersonId | null
      readonly readAt: Instant
    }
  | {
      readonly kind: 'decide removal'
      readonly findingId: string
      readonly grantId: string
      readonly reason: string
      readonly isProtectedPerson: boolean
      readonly isProtectedGroup: boolean
      /** Whether a grant holds the membership, or is on its way to. */
      readonly isHeld: boolean
    }
  | {
      readonly kind: 'note issue'
      readonly findingId: string
      readonly issue: OverdueIssue
      readonly assigned: boolean
    }

export function isOpen({ status }: FindingState): boolean {
  return status === 'open' || status === 'removing'
}

export function decideFinding(command: FindingCommand, state: FindingState): Decision<FindingEvent> {
  switch (command.kind) {
    case 'look':
      return look(command, state)
    case 'decide removal':
      return decideRemoval(command, state)
    case 'note issue': {
      const { findingId, issue, assigned } = command
      if (state.found?.findingId !== findingId || state.issue !== null) return accepted()
      const { desk, id: issueId, key } = issue
      return accepted({ type: 'FindingIssueRaised', data: { findingId, desk, issueId, key, assigned } })
    }
  }
}

type Look = Extract<FindingCommand, { kind: 'look' }>

function look(command: Look, state: FindingState): Decision<FindingEvent> {
  const { assessment } = command
  const open = isOpen(state) ? state.found : null
  switch (assessment.kind) {
    case 'unclear':
      return accepted()
    case 'found':
      if (!open) return accepted(raised(command, assessment.as))
      if (isAddition(open.kind) === isAddition(assessment.as)) return accepted()
      return accepted<FindingEvent>(settled(open, 'found otherwise', command), raised(command, assessment.as))
    case 'by a rule': {
      if (!open) return accepted()
      if (!isAddition(open.kind)) return accepted(settled(open, 'there again', command))
      if (state.task === 'rule') return accepted()
      const data = { findingId: open.findingId, because: 'rule', readAt: isoOf(command.readAt) } as const
      return accepted({ type: 'FindingBecameTask', data })
    }
    case 'agreed':
      return open ? accepted(settled(open, agreedBecause(open.kind, assessment.present, state), command)) : accepted()
  }
}

function agreedBecause(kind: FindingKind, present: boolean, { status }: FindingState): SettledBecause {
  if (!isAddition(kind)) return present ? 'there again' : 'gone'
  if (present) return 'held by a grant'
  return status === 'removing' ? 'removed' : 'gone'
}

function isAddition(kind: FindingKind): boolean {
  return kind !== 'removed outside'
}

function raised({ findingId, leadId, group, account, personId, readAt }: Look, kind: FindingKind): FindingEvent {
  const data = { findingId, kind, group, account, personId, readAt: isoOf(readAt), leadId }
  return { type: 'FindingRaised', data }
}

function settled({ findingId }: FoundData, because: SettledBecause, { readAt }: Look): FindingEvent {
  return { type: 'FindingSettled', data: { findingId, because, readAt: isoOf(readAt) } }
}

function decideRemoval(
  command: Extract<FindingCommand, { kind: 'decide removal' }>,
  { status, found, task }: FindingState,
): Decision<FindingEvent> {
  if (found?.findingId !== command.findingId || status !== 'open') return refused('finding not open')
  if (command.reason.trim() === '') return refused('removal without a reason')
  if (found.kind === 'removed outside') return refused('nothing to remove')
  if (command.isProtectedPerson) return refused('protected account')
  if (command.isProtectedGroup) return refused('protected group', { group: found.group.id })
  if (found.personId === null) return refused('member is no person', { account: found.account })
  if (task === 'rule') return refused('removal would not stick', { group: found.group.id })
  if (command.isHeld) return refused('held by a grant')
  const { findingId, grantId, reason } = command
  return accepted({ type: 'FindingRemovalDecided', data: { findingId, grantId }, personal: { reason } })
}

export function evolveFinding(state: FindingState, event: FindingEvent): FindingState {
  switch (event.type) {
    case 'FindingRaised':
      return { ...NO_FINDING, status: 'open', found: event.data }
    case 'FindingRemovalDecided':
      return { ...state, status: 'removing', grantId: event.data.grantId }
    case 'FindingBecameTask':
      return { ...state, task: event.data.because }
    case 'FindingIssueRaised': {
      const { desk, issueId: id, key } = event.data
      return { ...state, issue: { desk, id, key } }
    }
    case 'FindingSettled':
      return { ...state, status: 'settled' }
  }
}
