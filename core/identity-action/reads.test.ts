import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given, stateAfter } from '../../tests/given.ts'
import {
  answered,
  HELD,
  intended,
  intendedAt,
  MEMBERSHIP,
  plan,
  proven,
  read,
  reasonAdded,
  reasonEnded,
  rejected,
  resent,
  stateProven,
  superseded,
  unanswered,
} from './membership-for-tests.ts'

const SENT = [reasonAdded(1), intendedAt(0, 1, 'add', 1)]
const ENDED = [...HELD, reasonEnded(1)]
/** Removed an hour after it was added. */
const REMOVING = [...ENDED, intendedAt(60, 2, 'remove', 1)]
const REMOVED = [...REMOVING, answered(2, 'changed', 61), proven([2, 'remove', 1], [60, 61, 62])]

test('a change is proven by a read that agrees, with its answer and its receipt [R039, I23]', () => {
  given(MEMBERSHIP, [...SENT, answered(1, 'changed', 1)])
    .when(read(true, 2))
    .then([proven([1, 'add', 1], [0, 1, 2])])
  given(MEMBERSHIP, [...REMOVING, answered(2, 'changed', 61)])
    .when(read(false, 62))
    .then([proven([2, 'remove', 1], [60, 61, 62])])
  const held = stateAfter(MEMBERSHIP, HELD)
  assert.deepEqual([held.change, held.present, held.reasons[0]?.confirmed], [null, true, true])
  const gone = stateAfter(MEMBERSHIP, REMOVED)
  assert.deepEqual([gone.change, gone.present, gone.ending], [null, false, []])
})

test('a change has one proof: a second read adds nothing [I23]', () => {
  for (const [past, present] of [
    [HELD, true],
    [REMOVED, false],
  ] as const) {
    given(MEMBERSHIP, past).when(read(present, 90)).thenNothing()
    given(MEMBERSHIP, past).when(read(!present, 90)).thenNothing()
  }
})

test('a read that began before the answer proves nothing, nor does one that began before the intent', () => {
  given(MEMBERSHIP, [...SENT, answered(1, 'changed', 2)])
    .when(read(true, 1, 3))
    .thenNothing()
  given(MEMBERSHIP, [reasonAdded(1), intendedAt(2, 1, 'add', 1)])
    .when(read(true, 1, 3))
    .thenNothing()
  given(MEMBERSHIP, [...SENT, answered(1, 'changed', 2)])
    .when(read(true, 2, 3))
    .then([proven([1, 'add', 1], [0, 2, 2])])
})

test('a change without an answer is found by reading back, and the record says so [I23]', () => {
  given(MEMBERSHIP, SENT)
    .when(read(true, 3))
    .then([proven([1, 'add', 1], [0, null, 3], 'found by read-back')])
  given(MEMBERSHIP, [...SENT, unanswered(1, 1)])
    .when(read(true, 3))
    .then([proven([1, 'add', 1], [0, null, 3], 'found by read-back')])
  given(MEMBERSHIP, REMOVING).when(read(false, 62)).thenNothing()
  const aDayLater = 60 + 24 * 60
  given(MEMBERSHIP, REMOVING)
    .when(read(false, aDayLater))
    .then([proven([2, 'remove', 1], [60, null, aDayLater], 'found by read-back')])
})

type Kind = 'changed' | 'unchanged' | 'accepted'

test('an effect is called changed only if the vendor said so and a read had told the opposite', () => {
  const table: readonly (readonly [
    heldBefore: boolean,
    kind: Kind,
    sentTwice: boolean,
    effect: 'changed' | 'already so' | 'found by read-back',
  ])[] = [
    [false, 'changed', false, 'changed'],
    [false, 'accepted', false, 'changed'],
    [false, 'unchanged', false, 'already so'],
    [true, 'changed', false, 'already so'],
    [true, 'accepted', false, 'already so'],
    [true, 'unchanged', false, 'already so'],
    [false, 'changed', true, 'found by read-back'],
    [false, 'unchanged', true, 'found by read-back'],
    [true, 'changed', true, 'found by read-back'],
  ]
  for (const [heldBefore, kind, sentTwice, effect] of table) {
    const again = sentTwice ? [resent(1, 'no answer')] : []
    given(MEMBERSHIP, [reasonAdded(1, heldBefore), intendedAt(0, 1, 'add', 1), ...again, answered(1, kind, 1)])
      .when(read(true, 2))
      .then([proven([1, 'add', 1], [0, 1, 2], effect, `receipt of ${kind}`)])
  }
})

test('what was there is unknown after a change was given up, so the next one is found by reading back', () => {
  const unknown = [...SENT, reasonEnded(1), superseded(1, 2)]
  given(MEMBERSHIP, [...unknown, intendedAt(3, 2, 'remove', 1), answered(2, 'changed', 4)])
    .when(read(false, 5))
    .then([proven([2, 'remove', 1], [3, 4, 5], 'found by read-back')])
  given(MEMBERSHIP, [...unknown, intendedAt(3, 2, 'remove', 1), answered(2, 'unchanged', 4)])
    .when(read(false, 5))
    .then([proven([2, 'remove', 1], [3, 4, 5], 'already so', 'receipt of unchanged')])
})

test('a worker that died before the answer: read first, then proven or sent again under the same id [I23]', () => {
  given(MEMBERSHIP, SENT).when(read(false, 1)).thenNothing()
  given(MEMBERSHIP, SENT)
    .when(plan(2))
    .then([resent(1, 'no answer')])
  given(MEMBERSHIP, [...SENT, resent(1, 'no answer'), answered(1, 'changed', 3)])
    .when(read(true, 4))
    .then([proven([1, 'add', 1], [0, 3, 4], 'found by read-back')])
})

test('a change that was rejected after an earlier sending is proven by a read that finds its effect, and else sent again [I23]', () => {
  const [no] = rejected(2, 'no such person', 61)
  assert.ok(no)
  const refused = [...REMOVING, unanswered(2, 60.5), no]
  given(MEMBERSHIP, refused)
    .when(read(false, 122))
    .then([proven([2, 'remove', 1], [60, null, 122], 'found by read-back')])
  given(MEMBERSHIP, refused).when(read(true, 122)).thenNothing()
  given(MEMBERSHIP, [...refused, reasonAdded(2)])
    .when(read(true, 62))
    .then([superseded(2, 62)])
})

// Reads that disagree.

test('a read that shows no effect of what is wanted changes nothing: it is read again, or sent again', () => {
  given(MEMBERSHIP, [...SENT, answered(1, 'changed', 1)])
    .when(read(false, 2))
    .thenNothing()
  given(MEMBERSHIP, [...SENT, answered(1, 'changed', 1)])
    .when(read(false, 600))
    .thenNothing()
})

test('a change without an answer, without effect and not wanted any more is given up, and the opposite is written', () => {
  const revoked = [...SENT, reasonEnded(1)]
  given(MEMBERSHIP, revoked)
    .when(read(false, 2))
    .then([superseded(1, 2)])
  const state = stateAfter(MEMBERSHIP, [...revoked, superseded(1, 2)])
  assert.deepEqual([state.change, state.present, state.ending.length], [null, null, 1])
  given(MEMBERSHIP, [...revoked, superseded(1, 2)])
    .when(plan(2))
    .then([intended(2, 'remove', 1)])
})

test('a change that the vendor answered is waited for a minute, even when it is not wanted any more [I23]', () => {
  const revoked = [...SENT, answered(1, 'changed', 1), reasonEnded(1)]
  given(MEMBERSHIP, revoked).when(read(false, 1.5)).thenNothing()
  given(MEMBERSHIP, revoked)
    .when(read(true, 1.5))
    .then([proven([1, 'add', 1], [0, 1, 1.5])])
  given(MEMBERSHIP, revoked)
    .when(read(false, 2))
    .then([superseded(1, 2)])
})

test('a removal that is not wanted any more is given up in the same way, and the membership is added again', () => {
  const wantedAgain = [...REMOVING, reasonAdded(2)]
  given(MEMBERSHIP, wantedAgain)
    .when(read(true, 62))
    .then([superseded(2, 62)])
  given(MEMBERSHIP, [...wantedAgain, superseded(2, 62)])
    .when(plan(3))
    .then([intended(3, 'add', 2)])
  given(MEMBERSHIP, wantedAgain)
    .when(read(false, 62))
    .then([proven([2, 'remove', 1], [60, null, 62], 'found by read-back')])
})

test('a proven change of what is not wanted any more is undone, not assumed undone', () => {
  const addedTooLate = [...SENT, answered(1, 'changed', 1), reasonEnded(1), proven([1, 'add', 1], [0, 1, 2])]
  assert.equal(stateAfter(MEMBERSHIP, addedTooLate).ending.length, 1)
  given(MEMBERSHIP, addedTooLate)
    .when(plan(2))
    .then([intended(2, 'remove', 1)])
})

test('a removal that took effect after a new reason came is proven, and nothing ends any more but by adding again', () => {
  const state = stateAfter(MEMBERSHIP, [
    ...REMOVING,
    answered(2, 'changed', 61),
    reasonAdded(2),
    proven([2, 'remove', 1], [60, 61, 62]),
  ])
  assert.deepEqual([state.present, state.ending, state.reasons[0]?.confirmed], [false, [], false])
})

// Reads without a change.

test('a further reason is confirmed by a read, without a change', () => {
  given(MEMBERSHIP, [...HELD, reasonAdded(2)])
    .when(read(true, 3))
    .then([stateProven(true, 3, 2)])
  given(MEMBERSHIP, [...HELD, reasonAdded(2), reasonAdded(3)])
    .when(read(true, 3))
    .then([stateProven(true, 3, 2, 3)])
  assert.ok(
    stateAfter(MEMBERSHIP, [...HELD, reasonAdded(2), stateProven(true, 3, 2)]).reasons.every((each) => each.confirmed),
  )
  given(MEMBERSHIP, [...HELD, reasonAdded(2)])
    .when(read(false, 3))
    .thenNothing()
})

test('a reason that ends before anything was added is released by a read that finds nothing', () => {
  const never = [reasonAdded(1), reasonEnded(1)]
  given(MEMBERSHIP, never)
    .when(read(false, 1))
    .then([stateProven(false, 1, 1)])
  const refused = [...SENT, ...rejected(1, 'no such group', 1), reasonEnded(1)]
  given(MEMBERSHIP, refused)
    .when(read(false, 2))
    .then([stateProven(false, 2, 1)])
  const { desired, ending, present } = stateAfter(MEMBERSHIP, [...never, stateProven(false, 1, 1)])
  assert.deepEqual([desired, ending, present], ['removed', [], false])
})

test('if another hand gave it before we added it, an end leaves it: it was never ours [I4]', () => {
  for (const never of [
    [reasonAdded(1), reasonEnded(1)],
    [...SENT, ...rejected(1, 'not allowed', 1), reasonEnded(1)],
  ]) {
    given(MEMBERSHIP, never)
      .when(read(true, 2))
      .then([stateProven(true, 2, 1)])
    const left = [...never, stateProven(true, 2, 1)]
    const { desired, ending, present } = stateAfter(MEMBERSHIP, left)
    assert.deepEqual([desired, ending, present], ['not ours', [], true])
    given(MEMBERSHIP, left).when(plan(9)).thenNothing()
  }
})

test('while a change is due no read takes its place, because it may have begun before all that led to it', () => {
  given(MEMBERSHIP, [reasonAdded(1)])
    .when(read(true, 1))
    .thenNothing()
  given(MEMBERSHIP, [...REMOVED, reasonAdded(2)])
    .when(read(true, 61, 63))
    .thenNothing()
  given(MEMBERSHIP, ENDED).when(read(false, 3)).thenNothing()
  given(MEMBERSHIP, [...SENT, reasonEnded(1), superseded(1, 2)])
    .when(read(false, 3))
    .thenNothing()
})

test('what the vendor refuses to remove has ended all the same when a read finds it gone [R055]', () => {
  const refused = [...REMOVING, ...rejected(2, 'no such person', 61)]
  given(MEMBERSHIP, refused).when(read(true, 122)).thenNothing()
  given(MEMBERSHIP, refused)
    .when(read(false, 122))
    .then([stateProven(false, 122, 1)])
  const over = stateAfter(MEMBERSHIP, [...refused, stateProven(false, 122, 1)])
  assert.deepEqual([over.ending, over.blocked], [[], null])
})
