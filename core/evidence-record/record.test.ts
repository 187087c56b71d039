import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ApprovalRuleEvent } from '../approval-rule/approval-rule.ts'
import type { CatalogEvent } from '../catalog/catalog.ts'
import type { FindingEvent } from '../finding/finding.ts'
import type { GrantEvent } from '../grant/grant.ts'
import type { GroupEvent } from '../group/group.ts'
import type { HaltEvent } from '../halt/halt.ts'
import type { MembershipEvent } from '../identity-action/membership.ts'
import type { RequestEvent } from '../request/request.ts'
import { partOf, recordOf, type Part } from './record.ts'

type AccessEvent = RequestEvent | GrantEvent | MembershipEvent | FindingEvent
type AboutNoAccess = CatalogEvent | ApprovalRuleEvent | GroupEvent | HaltEvent

/** Every type of event about somebody's access: the compiler asks for each, and for no other. */
const PART_OF: Readonly<Record<AccessEvent['type'], Part>> = {
  RequestSubmitted: 'trigger',
  GrantEnding: 'trigger',
  FindingRaised: 'trigger',
  RevokeRefused: 'trigger',
  RequestRefused: 'approval rule',
  RequestApproved: 'approval rule',
  FindingRemovalDecided: 'approval rule',
  RequestDeclined: 'approval rule',
  RequestVoided: 'approval rule',
  AnswerNotCounted: 'approval rule',
  EditNoted: 'approval rule',
  GrantOpened: 'identity action',
  ReasonAdded: 'identity action',
  ReasonEnded: 'identity action',
  ReasonDated: 'identity action',
  ChangeIntended: 'identity action',
  ChangeResent: 'identity action',
  ChangeAnswered: 'identity action',
  ChangeAbandoned: 'identity action',
  LateEffect: 'identity action',
  ChangeProven: 'evidence record',
  StateProven: 'evidence record',
  FoundGone: 'evidence record',
  GroupConfirmed: 'evidence record',
  WindowStarted: 'evidence record',
  GroupReleased: 'evidence record',
  GrantEnded: 'evidence record',
  GrantFailed: 'evidence record',
  GrantOverdue: 'evidence record',
  OverdueIssueRaised: 'evidence record',
  OverdueProven: 'evidence record',
  FindingBecameTask: 'evidence record',
  FindingIssueRaised: 'evidence record',
  FindingSettled: 'evidence record',
}

test('every event about access belongs to one of the four parts [R093]', () => {
  for (const [type, part] of Object.entries(PART_OF)) assert.equal(partOf(type), part, type)
})

test('what is about nobody’s access belongs to none', () => {
  const none: Readonly<Record<AboutNoAccess['type'], true>> = {
    CatalogPublished: true,
    ApprovalRulePublished: true,
    GroupClaimed: true,
    GroupFirstLookedAt: true,
    HaltOrdered: true,
    HaltLifted: true,
  }
  for (const type of [...Object.keys(none), 'PersonLinked', '', 'constructor']) assert.equal(partOf(type), null, type)
})

test('a record holds what happened, and of personal fields only their digest', () => {
  const event = {
    stream: 'request/req_1',
    version: 2,
    type: 'RequestDeclined',
    at: Date.parse('2026-11-02T09:00:00.007Z'),
    by: { kind: 'person', id: 'per_max', door: 'jira' },
    data: { askHash: 'aa' },
    personal: { reason: 'Closing the quarter' },
  } as const
  assert.deepEqual(recordOf(event, 'digest'), {
    v: 1,
    stream: 'request/req_1',
    version: 2,
    type: 'RequestDeclined',
    at: '2026-11-02T09:00:00.007Z',
    by: { kind: 'person', id: 'per_max', door: 'jira' },
    data: { askHash: 'aa' },
    personal: 'digest',
  })
  assert.equal(recordOf({ ...event, personal: null }, null).personal, null)
})
