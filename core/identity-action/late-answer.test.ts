import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, given, stateAfter } from '../../tests/given.ts'
import {
  answered,
  HELD,
  intended,
  intendedAt,
  lateAnswer,
  lateEffect,
  MEMBERSHIP,
  minute,
  plan,
  proven,
  read,
  reasonAdded,
  reasonEnded,
  rejected,
  rejection,
  stateProven,
  superseded,
  taken,
  UNAVAILABLE,
} from './membership-for-tests.ts'
import { workOf } from './membership.ts'

/*
 * A worker fell asleep over a call, its lease ran out, and others took over: read, settled, and wrote what was wanted by
 * then. Now it wakes up and tells what its call came to.
 */

const ENDED = [...HELD, reasonEnded(1)]
/** An add was given up while its worker slept, because it was not wanted any more. */
const ADD_ASLEEP = [reasonAdded(1), intendedAt(0, 1, 'add', 1), reasonEnded(1), superseded(1, 1)]
const ADD_GIVEN_UP = [...ADD_ASLEEP, intendedAt(2, 2, 'remove', 1), answered(2, 'changed', 3)]
const OVER = [...ADD_GIVEN_UP, proven([2, 'remove', 1], [2, 3, 4], 'found by read-back')]
/** A removal was given up while its worker slept, because a new reason came. */
const REMOVAL_GIVEN_UP = [...ENDED, intendedAt(60, 2, 'remove', 1), reasonAdded(2), superseded(2, 61)]
const KEPT = [
  ...REMOVAL_GIVEN_UP,
  intendedAt(62, 3, 'add', 2),
  answered(3, 'unchanged', 63),
  proven([3, 'add', 2], [62, 63, 64], 'already so', 'receipt of unchanged'),
]

test('a late answer to a change that is still open is an answer like any other', () => {
  given(MEMBERSHIP, [reasonAdded(1), intendedAt(0, 1, 'add', 1)])
    .when(lateAnswer(1, 'add', 1, taken('changed', 5), 5))
    .then([answered(1, 'changed', 5)])
})

test('an add that was carried out after everything was taken back is written down, and removed again [I1, I3]', () => {
  for (const outcome of [taken('changed', 5), taken('accepted', 5), UNAVAILABLE]) {
    given(MEMBERSHIP, OVER)
      .when(lateAnswer(1, 'add', 1, outcome, 5))
      .then([lateEffect(1, 'add', 1)])
  }
  const late = [...OVER, lateEffect(1, 'add', 1)]
  assert.equal(workOf(stateAfter(MEMBERSHIP, late)), 'write')
  given(MEMBERSHIP, late)
    .when(plan(3))
    .then([intended(3, 'remove', 1)])
})

test('a removal that was carried out after a new reason came is written down, and the person is added again [I2]', () => {
  given(MEMBERSHIP, KEPT)
    .when(lateAnswer(2, 'remove', 1, taken('changed', 65), 65))
    .then([lateEffect(2, 'remove', 1)])
  const late = [...KEPT, lateEffect(2, 'remove', 1)]
  assert.equal(workOf(stateAfter(MEMBERSHIP, late)), 'write')
  given(MEMBERSHIP, late)
    .when(plan(4))
    .then([intended(4, 'add', 2)])
})

test('a call that had no effect is no news', () => {
  for (const outcome of [taken('unchanged', 5), rejection('not allowed')]) {
    given(MEMBERSHIP, OVER)
      .when(lateAnswer(1, 'add', 1, outcome, 5))
      .thenNothing()
  }
})

test('a late effect that is wanted, and known to be there, is no news', () => {
  given(MEMBERSHIP, HELD)
    .when(lateAnswer(9, 'add', 1, taken('changed', 5), 5))
    .thenNothing()
  given(MEMBERSHIP, OVER)
    .when(lateAnswer(9, 'remove', 1, taken('changed', 5), 5))
    .thenNothing()
})

test('a late add that is wanted again is news where it was taken for gone, so that its end does not take it for another hand’s [I4]', () => {
  const again = [...OVER, reasonAdded(2)]
  given(MEMBERSHIP, again)
    .when(lateAnswer(1, 'add', 1, taken('changed', 5), 5))
    .then([lateEffect(1, 'add', 1)])
  const ended = [...again, lateEffect(1, 'add', 1), reasonEnded(2)]
  given(MEMBERSHIP, ended).when(read(true, 6)).thenNothing()
  given(MEMBERSHIP, ended)
    .when(plan(3))
    .then([intended(3, 'remove', 2)])
})

test('a late add beside an open removal is news, even if the add is wanted by now: the removal may be read as done from before it', () => {
  const wantedAgain = [...ENDED, intendedAt(60, 2, 'remove', 1), answered(2, 'changed', 61), reasonAdded(2)]
  given(MEMBERSHIP, wantedAgain)
    .when(lateAnswer(9, 'add', 1, taken('changed', 62), 62))
    .then([lateEffect(9, 'add', 1)])
})

test('what was left as it was found had been there before the late call, and stays [I4]', () => {
  const found = [
    reasonAdded(1, true),
    intendedAt(0, 1, 'add', 1),
    proven([1, 'add', 1], [0, null, 2], 'found by read-back'),
  ]
  const left = [...found, reasonEnded(1, { leftAsFound: true })]
  given(MEMBERSHIP, left)
    .when(lateAnswer(1, 'add', 1, taken('changed', 5), 5))
    .thenNothing()
})

test('a change that was open meanwhile is proven only by a read that begins after the late effect', () => {
  const late = [...ADD_GIVEN_UP, at(minute(5), lateEffect(1, 'add', 1))]
  given(MEMBERSHIP, late).when(read(false, 4)).thenNothing()
  given(MEMBERSHIP, late).when(read(false, 5.5)).thenNothing()
  const aDayLater = 5 + 24 * 60
  given(MEMBERSHIP, late)
    .when(read(false, aDayLater))
    .then([proven([2, 'remove', 1], [2, null, aDayLater], 'found by read-back')])
})

test('a late effect lifts the block: what was refused before may be there now', () => {
  const blocked = [...ADD_ASLEEP, intendedAt(2, 2, 'remove', 1), ...rejected(2, 'not allowed', 3)]
  const late = [...blocked, lateEffect(1, 'add', 1)]
  assert.deepEqual([workOf(stateAfter(MEMBERSHIP, blocked)), workOf(stateAfter(MEMBERSHIP, late))], ['read', 'write'])
  given(MEMBERSHIP, blocked).when(read(false, 70)).thenNothing()
  const aDayLater = 10 + 24 * 60
  given(MEMBERSHIP, blocked)
    .when(read(false, aDayLater))
    .then([stateProven(false, aDayLater, 1)])
  given(MEMBERSHIP, late).when(read(false, 70)).thenNothing()
})
