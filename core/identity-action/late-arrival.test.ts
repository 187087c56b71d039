import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, given, stateAfter, type Happened } from '../../tests/given.ts'
import { lateLookAt } from './late-arrival.ts'
import {
  answered,
  intendedAt,
  MEMBERSHIP,
  minute,
  proven,
  read,
  reasonAdded,
  reasonEnded,
  stateProven,
  superseded,
  unanswered,
} from './membership-for-tests.ts'
import { workOf, type MembershipEvent } from './membership.ts'
import { nextLookAt } from './when-to-look.ts'

/** The add was never answered; then its reason ended, and the removal was answered and read back within the minute. */
const REMOVED_SOON: readonly Happened<MembershipEvent>[] = [
  reasonAdded(1),
  intendedAt(0, 1, 'add', 1),
  unanswered(1, 0.5),
  reasonEnded(1),
  at(minute(0.6), superseded(1, 0.6)),
  intendedAt(0.7, 2, 'remove', 1),
  answered(2, 'changed', 0.8),
  at(minute(1), proven([2, 'remove', 1], [0.7, 0.8, 1])),
]

/** 150 seconds after the add was given up. */
const OVER = 0.6 + 2.5

test('a removal is not the end while an unanswered add may still be carried out: a last read is due when it cannot any more [I1, I11]', () => {
  const state = stateAfter(MEMBERSHIP, REMOVED_SOON)
  assert.equal(state.ending.length, 1)
  assert.deepEqual([workOf(state), lateLookAt(state)], ['read', minute(OVER)])
  assert.equal(nextLookAt(state, minute(1), 0, null), minute(OVER))
  given(MEMBERSHIP, REMOVED_SOON).when(read(false, 2)).thenNothing()
  given(MEMBERSHIP, REMOVED_SOON)
    .when(read(false, OVER))
    .then([stateProven(false, OVER, 1)])
})

test('the same holds when the sender died before any answer: nobody knows whether it was sent [I1, F5]', () => {
  const died = REMOVED_SOON.filter((_, place) => place !== 2)
  assert.equal(lateLookAt(stateAfter(MEMBERSHIP, died)), minute(OVER))
})

test('when it did come, what it did is undone by a removal of its own [I1, I11]', () => {
  const came: MembershipEvent = {
    type: 'LateEffect',
    data: { changeId: 'chg_1', do: 'add', grantId: 'grt_1', requestId: 'req_1' },
  }
  given(MEMBERSHIP, REMOVED_SOON).when(read(true, 2)).then([came])
  const state = stateAfter(MEMBERSHIP, [...REMOVED_SOON, came])
  assert.deepEqual([workOf(state), state.present, state.ending.length], ['write', null, 1])
})

test('what is long over disturbs nobody: a removal hours later is the end at once', () => {
  const later = [
    reasonAdded(1),
    intendedAt(0, 1, 'add', 1),
    unanswered(1, 0.5),
    at(minute(1), proven([1, 'add', 1], [0, null, 1], 'found by read-back')),
    reasonEnded(1),
    intendedAt(60, 2, 'remove', 1),
    answered(2, 'changed', 61),
    at(minute(62), proven([2, 'remove', 1], [60, 61, 62])),
  ]
  const state = stateAfter(MEMBERSHIP, later)
  assert.deepEqual([state.ending, workOf(state)], [[], null])
})
