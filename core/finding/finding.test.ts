import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given, NINE, stateAfter } from '../../tests/given.ts'
import type { MembershipState } from '../identity-action/membership.ts'
import { NO_MEMBERSHIP } from '../identity-action/membership.ts'
import { isoOf, MINUTE_MS } from '../instant.ts'
import { assessMembership } from './assess-membership.ts'
import {
  decideFinding,
  evolveFinding,
  NO_FINDING,
  type FindingCommand,
  type FindingEvent,
  type FoundData,
} from './finding.ts'

const FINDING = { none: NO_FINDING, decide: decideFinding, evolve: evolveFinding }
const GROUP = { provider: 'okta', id: '00g1' }

function found(over: Partial<FoundData> = {}): FindingEvent {
  const data = {
    findingId: 'fnd_1',
    kind: 'added outside',
    group: GROUP,
    account: '00u1',
    personId: 'per_ada',
  } as const
  return { type: 'FindingRaised', data: { ...data, readAt: isoOf(NINE), leadId: 'fnd_1', ...over } }
}

function look(assessment: Extract<FindingCommand, { kind: 'look' }>['assessment'], id = 'fnd_2'): FindingCommand {
  const about = { group: GROUP, account: '00u1', personId: 'per_ada', readAt: NINE + MINUTE_MS }
  return { kind: 'look', assessment, findingId: id, leadId: id, ...about }
}

function settled(because: string): FindingEvent {
  return {
    type: 'FindingSettled',
    data: { findingId: 'fnd_1', because: because as 'gone', readAt: isoOf(NINE + MINUTE_MS) },
  }
}

function removal(over: object = {}): FindingCommand {
  return {
    kind: 'decide removal',
    findingId: 'fnd_1',
    grantId: 'grt_1',
    reason: 'Left the project.',
    isProtectedPerson: false,
    isProtectedGroup: false,
    isHeld: false,
    ...over,
  }
}
const DECIDED: FindingEvent = { type: 'FindingRemovalDecided', data: { findingId: 'fnd_1', grantId: 'grt_1' } }

test('what a look finds is raised once, however often it is found [R099]', () => {
  const added = look({ kind: 'found', as: 'added outside' })
  const raised = found({ findingId: 'fnd_2', leadId: 'fnd_2', readAt: isoOf(NINE + MINUTE_MS) })
  given(FINDING, []).when(added).then([raised])
  given(FINDING, [found()]).when(added).thenNothing()
  given(FINDING, [found()])
    .when(look({ kind: 'unclear' }))
    .thenNothing()
  given(FINDING, [found(), settled('gone')])
    .when(added)
    .then([raised])
})

test('it is settled by what the directory shows, and says how', () => {
  const present = look({ kind: 'agreed', present: true })
  const absent = look({ kind: 'agreed', present: false })
  given(FINDING, []).when(absent).thenNothing()
  given(FINDING, [found()])
    .when(present)
    .then([settled('held by a grant')])
  given(FINDING, [found()])
    .when(absent)
    .then([settled('gone')])
  given(FINDING, [found(), DECIDED])
    .when(absent)
    .then([settled('removed')])
  given(FINDING, [found({ kind: 'removed outside' })])
    .when(present)
    .then([settled('there again')])
  given(FINDING, [found({ kind: 'removed outside' })])
    .when(look({ kind: 'found', as: 'added outside' }))
    .then([settled('found otherwise'), found({ findingId: 'fnd_2', leadId: 'fnd_2', readAt: isoOf(NINE + MINUTE_MS) })])
})

test('held by a rule of the vendor it becomes a task, once, and no removal is decided that would not stick [R057]', () => {
  const task: FindingEvent = {
    type: 'FindingBecameTask',
    data: { findingId: 'fnd_1', because: 'rule', readAt: isoOf(NINE + MINUTE_MS) },
  }
  const byRule = look({ kind: 'by a rule' })
  given(FINDING, []).when(byRule).thenNothing()
  given(FINDING, [found()]).when(byRule).then([task])
  given(FINDING, [found(), task]).when(byRule).thenNothing()
  given(FINDING, [found(), task]).when(removal()).thenRefused('removal would not stick')
})

test('a removal is decided once, with a reason, and never about whom nobody may touch [R101, R118]', () => {
  given(FINDING, [found()]).when(removal()).then([DECIDED])
  given(FINDING, [found(), DECIDED]).when(removal()).thenRefused('finding not open')
  given(FINDING, [found(), settled('gone')])
    .when(removal())
    .thenRefused('finding not open')
  given(FINDING, []).when(removal()).thenRefused('finding not open')
  given(FINDING, [found()])
    .when(removal({ reason: ' ' }))
    .thenRefused('removal without a reason')
  given(FINDING, [found()])
    .when(removal({ isProtectedPerson: true }))
    .thenRefused('protected account')
  given(FINDING, [found()])
    .when(removal({ isProtectedGroup: true }))
    .thenRefused('protected group')
  given(FINDING, [found()])
    .when(removal({ isHeld: true }))
    .thenRefused('held by a grant')
  given(FINDING, [found({ personId: null })])
    .when(removal())
    .thenRefused('member is no person')
  given(FINDING, [found({ kind: 'removed outside' })])
    .when(removal())
    .thenRefused('nothing to remove')
})

test('the issue is noted once', () => {
  const note = { kind: 'note issue', findingId: 'fnd_1', issue: { desk: 'jira', id: '1', key: 'IT-1' }, assigned: true }
  const state = stateAfter(FINDING, [found()])
  const decision = decideFinding(note as FindingCommand, state)
  assert.ok(decision.kind === 'accepted' && decision.events.length === 1)
  const [event] = decision.events
  assert.ok(event)
  given(FINDING, [found(), event])
    .when(note as FindingCommand)
    .thenNothing()
})

const REASON = { grantId: 'grt_1', requestId: 'req_1', confirmed: true, adopted: false, privileged: false }
const HELD: MembershipState = { ...NO_MEMBERSHIP, desired: 'held', account: '00u1', reasons: [REASON], present: true }

function assess(membership: MembershipState, source: 'direct' | 'rule' | null, isFirstLook = false) {
  const member = source === null ? null : { source }
  return assessMembership({ member, membership, readAt: NINE, isFirstLook, open: null })
}

test('what was missing is missed no more once no grant holds it, also while its removal waits for a rule [R099]', () => {
  const membership: MembershipState = { ...NO_MEMBERSHIP, desired: 'removed', ending: [REASON] }
  const look = { member: { source: 'rule' }, membership, readAt: NINE, isFirstLook: false } as const
  assert.deepEqual(assessMembership({ ...look, open: 'removed outside' }), { kind: 'agreed', present: true })
  assert.deepEqual(assessMembership({ ...look, open: 'added outside' }), { kind: 'unclear' })
})

test('directory and grants agree, or one has what the other has not [R099]', () => {
  assert.deepEqual(assess(HELD, 'direct'), { kind: 'agreed', present: true })
  assert.deepEqual(assess(NO_MEMBERSHIP, null), { kind: 'agreed', present: false })
  assert.deepEqual(assess(NO_MEMBERSHIP, 'direct'), { kind: 'found', as: 'added outside' })
  assert.deepEqual(assess(NO_MEMBERSHIP, 'direct', true), { kind: 'found', as: 'held when claimed' })
  assert.deepEqual(assess(HELD, null), { kind: 'found', as: 'removed outside' })
  assert.deepEqual(assess(NO_MEMBERSHIP, 'rule'), { kind: 'by a rule' })
})

test('nothing is found while something of ours is under way, or was so a moment ago', () => {
  const unclear = { kind: 'unclear' }
  const unconfirmed: MembershipState = { ...HELD, reasons: [{ ...REASON, confirmed: false }] }
  assert.deepEqual(assess(unconfirmed, null), unclear)
  assert.deepEqual(assess({ ...NO_MEMBERSHIP, desired: 'removed', ending: [REASON] }, 'direct'), unclear)
  const proof = {
    changeId: 'chg_1',
    do: 'remove',
    effect: 'changed',
    receipt: null,
    intendedAt: isoOf(NINE),
    answeredAt: null,
    grantId: 'grt_1',
    requestId: 'req_1',
  } as const
  const removedAt = (readAt: number): MembershipState => ({
    ...NO_MEMBERSHIP,
    desired: 'removed',
    present: false,
    lastProven: { ...proof, readAt: isoOf(readAt) },
  })
  assert.deepEqual(assess(removedAt(NINE - MINUTE_MS + 1), 'direct'), unclear)
  assert.deepEqual(assess(removedAt(NINE - MINUTE_MS), 'direct'), { kind: 'found', as: 'added outside' })
})

test('a call without an answer may still be carried out, and only until then is it a doubt', () => {
  const late = (until: number) => [
    { changeId: 'chg_1', do: 'add', grantId: 'grt_1', requestId: 'req_1', until: isoOf(until) },
  ]
  const gone = (until: number) =>
    ({ ...NO_MEMBERSHIP, desired: 'removed', present: false, late: late(until) }) as unknown as MembershipState
  assert.deepEqual(assess(gone(NINE + 1), 'direct'), { kind: 'unclear' })
  assert.deepEqual(assess(gone(NINE), 'direct'), { kind: 'found', as: 'added outside' })
})

test('what the provider itself ended at its end is never a finding', () => {
  const native = { seen: { endsAt: isoOf(NINE), readAt: isoOf(NINE - MINUTE_MS) }, refused: null }
  const ended = { ...HELD, native } as unknown as MembershipState
  assert.deepEqual(assess(ended, null), { kind: 'unclear' })
})
