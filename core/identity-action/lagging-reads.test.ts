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
  superseded,
  unanswered,
} from './membership-for-tests.ts'

/**
 * A read may come from a copy that lags behind: a minute as a rule, a day at the worst. With the vendor's word a minute is
 * waited; without it nothing counts that could be a day old, and the change is sent again until the vendor answers.
 */
const A_DAY = 24 * 60

const SENT = [reasonAdded(1), intendedAt(0, 1, 'add', 1)]
const ENDED = [...HELD, reasonEnded(1)]
const REMOVED = [
  ...ENDED,
  intendedAt(60, 2, 'remove', 1),
  answered(2, 'changed', 61),
  proven([2, 'remove', 1], [60, 61, 62]),
]

test('without the vendor’s word, a read that may be older than the change before proves nothing', () => {
  const soon = [...ENDED, intendedAt(2.1, 2, 'remove', 1)]
  given(MEMBERSHIP, soon).when(read(false, 2.5)).thenNothing()
  given(MEMBERSHIP, [...soon, unanswered(2, 2.2)])
    .when(read(false, 2.5))
    .thenNothing()
  given(MEMBERSHIP, [...soon, answered(2, 'accepted', 2.2)])
    .when(read(false, 2.5))
    .thenNothing()
  given(MEMBERSHIP, soon).when(read(false, 3)).thenNothing()
  given(MEMBERSHIP, soon)
    .when(read(false, 2 + A_DAY))
    .then([proven([2, 'remove', 1], [2.1, null, 2 + A_DAY], 'found by read-back')])
  given(MEMBERSHIP, [...soon, answered(2, 'changed', 2.2)])
    .when(read(false, 2.5))
    .then([proven([2, 'remove', 1], [2.1, 2.2, 2.5])])
})

test('the vendor’s word that it was so already is a word, and a change that repeats the one before needs none', () => {
  given(MEMBERSHIP, [...ENDED, intendedAt(2.1, 2, 'remove', 1), answered(2, 'unchanged', 2.2)])
    .when(read(false, 2.5))
    .then([proven([2, 'remove', 1], [2.1, 2.2, 2.5], 'already so', 'receipt of unchanged')])
  given(MEMBERSHIP, [...HELD, reasonAdded(2), intendedAt(2.1, 2, 'add', 2)])
    .when(read(true, 2.5))
    .then([proven([2, 'add', 2], [2.1, null, 2.5], 'found by read-back')])
})

test('the same holds for an add soon after a removal, and while it is unknown what was there', () => {
  const again = [...REMOVED, reasonAdded(2), intendedAt(62.1, 3, 'add', 2)]
  given(MEMBERSHIP, again).when(read(true, 62.5)).thenNothing()
  given(MEMBERSHIP, again)
    .when(read(true, 62 + A_DAY))
    .then([proven([3, 'add', 2], [62.1, null, 62 + A_DAY], 'found by read-back')])
  const unknown = [...SENT, reasonEnded(1), superseded(1, 2), intendedAt(3, 2, 'remove', 1)]
  given(MEMBERSHIP, unknown).when(read(false, 3.5)).thenNothing()
  given(MEMBERSHIP, unknown)
    .when(read(false, 3 + A_DAY))
    .then([proven([2, 'remove', 1], [3, null, 3 + A_DAY], 'found by read-back')])
})

test('what was proven by such a read is not taken for known: the opposite is written, not assumed', () => {
  const doubtful = proven([2, 'remove', 1], [2.1, null, 2.5], 'found by read-back')
  const wantedAgain = [...ENDED, intendedAt(2.1, 2, 'remove', 1), reasonAdded(2)]
  given(MEMBERSHIP, wantedAgain).when(read(false, 2.5)).then([doubtful])
  const state = stateAfter(MEMBERSHIP, [...wantedAgain, doubtful])
  assert.deepEqual([state.present, state.ending], [null, []])
  given(MEMBERSHIP, [...wantedAgain, doubtful, reasonEnded(2)])
    .when(read(false, 2.6))
    .thenNothing()
  given(MEMBERSHIP, [...wantedAgain, doubtful, reasonEnded(2)])
    .when(plan(3))
    .then([intended(3, 'remove', 2)])
})

test('what the vendor took for later is waited for, even when it is not wanted any more', () => {
  const taken = [...ENDED, intendedAt(2.1, 2, 'remove', 1), answered(2, 'accepted', 2.2), reasonAdded(2)]
  given(MEMBERSHIP, taken).when(read(false, 2.5)).thenNothing()
  given(MEMBERSHIP, taken)
    .when(read(false, 3))
    .then([proven([2, 'remove', 1], [2.1, 2.2, 3], 'changed', 'receipt of accepted')])
})

test('an old copy showed it gone while we held it: its end is sent all the same, and not only read from such a copy again [I1]', () => {
  const [first, second] = [reasonAdded(2), reasonEnded(2, { otherReasons: ['grt_1'] })]
  assert.ok('data' in first)
  const seenGone = { ...first, data: { ...first.data, seenGone: true } } as typeof first
  const over = [...HELD, seenGone, second, reasonEnded(1)]
  given(MEMBERSHIP, over).when(read(false, 61)).thenNothing()
  given(MEMBERSHIP, over)
    .when(plan(3))
    .then([intended(3, 'remove', 1)])
})
