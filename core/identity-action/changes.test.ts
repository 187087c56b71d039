import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given, stateAfter } from '../../tests/given.ts'
import {
  answer,
  answered,
  HELD,
  intended,
  intendedAt,
  MEMBERSHIP,
  minute,
  plan,
  reasonAdded,
  reasonEnded,
  rejected,
  rejection,
  resent,
  stateProven,
  superseded,
  taken,
  UNAVAILABLE,
  unanswered,
} from './membership-for-tests.ts'
import { changeToSend, type MembershipState } from './membership.ts'
import type { Rejection } from './outcome.ts'

const SENT = [reasonAdded(1), intendedAt(0, 1, 'add', 1)]
const REMOVING = [...HELD, reasonEnded(1), intendedAt(10, 2, 'remove', 1)]

test('what is wanted is intended before it is sent, in the name of the newest reason', () => {
  given(MEMBERSHIP, [reasonAdded(1)])
    .when(plan(1))
    .then([intended(1, 'add', 1)])
  given(MEMBERSHIP, [reasonAdded(1), reasonAdded(2)])
    .when(plan(1))
    .then([intended(1, 'add', 2)])
  given(MEMBERSHIP, [...HELD, reasonEnded(1)])
    .when(plan(2))
    .then([intended(2, 'remove', 1)])
  const { change } = stateAfter(MEMBERSHIP, SENT)
  assert.deepEqual(
    [change?.intendedAt, change?.answered, change?.uncertain],
    [new Date(minute(0)).toISOString(), null, false],
  )
})

test('what is as wanted takes no change', () => {
  given(MEMBERSHIP, HELD).when(plan(2)).thenNothing()
})

test('a further reason that a read could not confirm is added after all', () => {
  given(MEMBERSHIP, [...HELD, reasonAdded(2)])
    .when(plan(2))
    .then([intended(2, 'add', 2)])
})

test('there is one change at a time: a second plan sends the first again, under its id [I12]', () => {
  given(MEMBERSHIP, SENT)
    .when(plan(2))
    .then([resent(1, 'no answer')])
  given(MEMBERSHIP, [...SENT, answered(1, 'changed', 1)])
    .when(plan(2))
    .then([resent(1, 'no effect was read')])
  given(MEMBERSHIP, [...SENT, resent(1, 'no answer')])
    .when(plan(2))
    .thenNothing()
  given(MEMBERSHIP, [...SENT, unanswered(1, 1)])
    .when(plan(2))
    .thenNothing()
})

test('a change that is not wanted any more is never sent again, whatever was due when it was planned [I3, I11]', () => {
  const revoked = [...SENT, reasonEnded(1)]
  given(MEMBERSHIP, revoked).when(plan(2)).thenNothing()
  assert.equal(changeToSend(stateAfter(MEMBERSHIP, revoked)), null)
  assert.equal(changeToSend(stateAfter(MEMBERSHIP, SENT))?.changeId, 'chg_1')
})

test('a removal is never sent again once a new reason lives [I2]', () => {
  const wantedAgain = [...REMOVING, reasonAdded(2)]
  given(MEMBERSHIP, wantedAgain).when(plan(3)).thenNothing()
  assert.equal(changeToSend(stateAfter(MEMBERSHIP, wantedAgain)), null)
  assert.equal(changeToSend(stateAfter(MEMBERSHIP, REMOVING))?.do, 'remove')
})

test('nothing is sent for a membership that was left as it was found', () => {
  const left = [reasonAdded(1, true), intendedAt(0, 1, 'add', 1), reasonEnded(1, { leftAsFound: true })]
  given(MEMBERSHIP, left).when(plan(2)).thenNothing()
  assert.equal(changeToSend(stateAfter(MEMBERSHIP, left)), null)
  assert.equal(changeToSend(stateAfter(MEMBERSHIP, HELD)), null)
})

test('what was never added is not removed: only a read can say what there is [I4]', () => {
  given(MEMBERSHIP, [reasonAdded(1), reasonEnded(1)])
    .when(plan(1))
    .thenNothing()
})

// Answers.

test('an answer is kept with its moment and its receipt', () => {
  for (const kind of ['changed', 'unchanged', 'accepted'] as const) {
    given(MEMBERSHIP, SENT)
      .when(answer(1, taken(kind, 1), 2))
      .then([answered(1, kind, 1)])
    const { change } = stateAfter(MEMBERSHIP, [...SENT, answered(1, kind, 1)])
    const at = new Date(minute(1)).toISOString()
    assert.deepEqual(change?.answered, { kind, at, receipt: `receipt of ${kind}` })
    assert.equal(change?.uncertain, false)
  }
})

test('of an outage only the first answer is an event, with the words of the vendor where they can be erased', () => {
  given(MEMBERSHIP, SENT)
    .when(answer(1, UNAVAILABLE, 1))
    .then([{ ...unanswered(1, 1), personal: { said: '503 <b>busy</b>' } }])
  given(MEMBERSHIP, [...SENT, unanswered(1, 1)])
    .when(answer(1, UNAVAILABLE, 5))
    .thenNothing()
  given(MEMBERSHIP, [...SENT, unanswered(1, 1)])
    .when(answer(1, taken('changed', 6), 6))
    .then([answered(1, 'changed', 6)])
  assert.equal(stateAfter(MEMBERSHIP, [...SENT, unanswered(1, 1)]).change?.uncertain, true)
})

test('an answer to another change, or to one that was settled, adds nothing [I23]', () => {
  given(MEMBERSHIP, SENT)
    .when(answer(9, taken('changed', 1), 1))
    .thenNothing()
  given(MEMBERSHIP, HELD)
    .when(answer(1, taken('changed', 3), 3))
    .thenNothing()
  given(MEMBERSHIP, HELD)
    .when(answer(1, rejection('not allowed'), 3))
    .thenNothing()
})

const REJECTIONS: readonly Rejection[] = [
  'no such person',
  'no such group',
  'group is managed by the vendor',
  'membership comes from a rule',
  'not allowed',
  'not understood',
]

test('a rejection ends the change and blocks the membership, and is tried again under a new change [R036, R055]', () => {
  for (const because of REJECTIONS) {
    const [no, given_up] = rejected(1, because, 1)
    assert.ok(no && given_up)
    given(MEMBERSHIP, SENT)
      .when(answer(1, rejection(because), 1))
      .then([{ ...no, personal: { said: '403 no' } }, given_up])
    const state = stateAfter(MEMBERSHIP, [...SENT, no, given_up])
    assert.deepEqual([state.change, state.blocked, state.present], [null, because, false])
    given(MEMBERSHIP, [...SENT, no, given_up])
      .when(plan(2))
      .then([intended(2, 'add', 1)])
  }
})

test('a rejection does not end a change of which an earlier sending may have had an effect [I23]', () => {
  const [no] = rejected(1, 'not allowed', 2)
  assert.ok(no)
  for (const earlier of [resent(1, 'no answer'), unanswered(1, 1)]) {
    given(MEMBERSHIP, [...SENT, earlier])
      .when(answer(1, rejection('not allowed'), 2))
      .then([no])
    const { change, blocked }: MembershipState = stateAfter(MEMBERSHIP, [...SENT, earlier, no])
    assert.deepEqual([change?.changeId, change?.answered?.kind, blocked], ['chg_1', 'rejected', 'not allowed'])
  }
})

test('what was there stays known when the vendor said no, and is unknown when the change was given up', () => {
  assert.equal(stateAfter(MEMBERSHIP, [...REMOVING, ...rejected(2, 'not allowed', 11)]).present, true)
  assert.equal(stateAfter(MEMBERSHIP, [...SENT, reasonEnded(1), superseded(1, 2)]).present, null)
})

test('an answer that came before the rejection blocks nothing, and news about reasons lifts the block', () => {
  const blocked = [...SENT, ...rejected(1, 'not allowed', 1)]
  for (const event of [reasonAdded(2), reasonEnded(1), reasonEnded(1, { leftAsFound: true })]) {
    assert.equal(stateAfter(MEMBERSHIP, [...blocked, event]).blocked, null)
  }
  const again = [...blocked, intendedAt(2, 2, 'add', 1), answered(2, 'changed', 3)]
  assert.equal(stateAfter(MEMBERSHIP, again).blocked, null)
  const refusedRemoval = [...REMOVING, ...rejected(2, 'not allowed', 11)]
  assert.equal(stateAfter(MEMBERSHIP, [...refusedRemoval, stateProven(false, 12, 1)]).blocked, null)
})

test('late news about a change that is over changes nothing', () => {
  for (const event of [resent(1, 'no answer'), answered(1, 'changed', 1)]) {
    assert.deepEqual(stateAfter(MEMBERSHIP, [reasonAdded(1), event]), stateAfter(MEMBERSHIP, [reasonAdded(1)]))
  }
})
