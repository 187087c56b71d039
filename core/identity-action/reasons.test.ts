import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given, stateAfter } from '../../tests/given.ts'
import {
  addReason,
  answered,
  endReason,
  HELD,
  intended,
  intendedAt,
  MEMBERSHIP,
  minute,
  plan,
  proven,
  read,
  reasonAdded,
  reasonEnded,
  stateProven,
} from './membership-for-tests.ts'

test('a grant is a reason to hold a membership, and adding it again is no second one', () => {
  given(MEMBERSHIP, [])
    .when(addReason(1))
    .then([reasonAdded(1)])
  given(MEMBERSHIP, [reasonAdded(1)])
    .when(addReason(1))
    .thenNothing()
  const { desired, account, reasons } = stateAfter(MEMBERSHIP, [reasonAdded(1)])
  assert.deepEqual([desired, account, reasons.length], ['held', '00uMara', 1])
})

test('what nobody gave a reason for is not ours: it is never written, whatever is read [F3, I4]', () => {
  for (const command of [plan(1), endReason(1), read(true, 1), read(false, 1)]) {
    given(MEMBERSHIP, []).when(command).thenNothing()
  }
})

test('the end of the last reason removes; the end of a reason that is not there removes nothing [F3, I4]', () => {
  given(MEMBERSHIP, HELD).when(endReason(2)).thenNothing()
  given(MEMBERSHIP, HELD)
    .when(endReason(1))
    .then([reasonEnded(1)])
  assert.equal(stateAfter(MEMBERSHIP, [...HELD, reasonEnded(1)]).desired, 'removed')
  given(MEMBERSHIP, [...HELD, reasonEnded(1)])
    .when(endReason(1))
    .thenNothing()
})

test('with two overlapping reasons the first end leaves the membership and names the other; the second removes it [R050, N07]', () => {
  const both = [...HELD, reasonAdded(2), stateProven(true, 3, 2)]
  for (const [first, second] of [
    [1, 2],
    [2, 1],
  ] as const) {
    const kept = reasonEnded(first, { otherReasons: [`grt_${second}`] })
    given(MEMBERSHIP, both).when(endReason(first)).then([kept])
    assert.equal(stateAfter(MEMBERSHIP, [...both, kept]).desired, 'held')
    given(MEMBERSHIP, [...both, kept])
      .when(plan(2))
      .thenNothing()
    given(MEMBERSHIP, [...both, kept])
      .when(endReason(second))
      .then([reasonEnded(second)])
    given(MEMBERSHIP, [...both, kept, reasonEnded(second)])
      .when(plan(2))
      .then([intended(2, 'remove', second)])
  }
})

test('a reason that is still on its way keeps the membership like any other', () => {
  const kept = reasonEnded(1, { otherReasons: ['grt_2'] })
  given(MEMBERSHIP, [...HELD, reasonAdded(2)])
    .when(endReason(1))
    .then([kept])
  assert.equal(stateAfter(MEMBERSHIP, [...HELD, reasonAdded(2), kept]).desired, 'held')
})

test('reasons that end one after the other wait together for the one removal', () => {
  const state = stateAfter(MEMBERSHIP, [...HELD, reasonEnded(1), reasonAdded(2), reasonEnded(2)])
  assert.deepEqual(
    state.ending.map((each) => each.grantId),
    ['grt_1', 'grt_2'],
  )
})

// What another hand had given.

/** Held before; the add that adopts it, read back. */
const ADOPTED = [
  reasonAdded(1, true),
  intendedAt(0, 1, 'add', 1),
  answered(1, 'changed', 1),
  proven([1, 'add', 1], [0, 1, 2], 'already so'),
]

test('a membership that another hand gave is adopted by the first reason, and the record says that the add changed nothing', () => {
  given(MEMBERSHIP, [])
    .when(addReason(1, true))
    .then([reasonAdded(1, true)])
  assert.equal(stateAfter(MEMBERSHIP, [reasonAdded(1, true)]).reasons[0]?.adopted, true)
  given(MEMBERSHIP, ADOPTED.slice(0, 3))
    .when(read(true, 2))
    .then([proven([1, 'add', 1], [0, 1, 2], 'already so')])
})

test('an adopted membership is removed when its window ends', () => {
  given(MEMBERSHIP, ADOPTED)
    .when(endReason(1, true))
    .then([reasonEnded(1)])
  given(MEMBERSHIP, [...ADOPTED, reasonEnded(1)])
    .when(plan(2))
    .then([intended(2, 'remove', 1)])
})

test('an adopted membership is left as it was found when the window never began [I4]', () => {
  for (const past of [ADOPTED, ADOPTED.slice(0, 1)]) {
    const left = reasonEnded(1, { leftAsFound: true })
    given(MEMBERSHIP, past).when(endReason(1, false)).then([left])
    const { desired, ending } = stateAfter(MEMBERSHIP, [...past, left])
    assert.deepEqual([desired, ending], ['not ours', []])
    given(MEMBERSHIP, [...past, left])
      .when(plan(2))
      .thenNothing()
  }
})

test('what we added ourselves is removed, even when the window never began', () => {
  given(MEMBERSHIP, HELD)
    .when(endReason(1, false))
    .then([reasonEnded(1)])
})

test('what was found is left by the last of several reasons, when the window of none of them began [I4]', () => {
  const both = [...ADOPTED, reasonAdded(2), stateProven(true, 3, 2)]
  for (const [first, second] of [
    [1, 2],
    [2, 1],
  ] as const) {
    const kept = reasonEnded(first, { otherReasons: [`grt_${second}`], leftAsFound: true })
    given(MEMBERSHIP, both).when(endReason(first, false)).then([kept])
    given(MEMBERSHIP, [...both, kept])
      .when(endReason(second, false))
      .then([reasonEnded(second, { leftAsFound: true })])
  }
})

test('what was found is removed by the last of several reasons, when a window of any of them had its end', () => {
  const both = [...ADOPTED, reasonAdded(2), stateProven(true, 3, 2)]
  for (const [first, second] of [
    [1, 2],
    [2, 1],
  ] as const) {
    const kept = reasonEnded(first, { otherReasons: [`grt_${second}`] })
    given(MEMBERSHIP, both).when(endReason(first, true)).then([kept])
    given(MEMBERSHIP, [...both, kept])
      .when(endReason(second, false))
      .then([reasonEnded(second)])
    const foundFirst = reasonEnded(first, { otherReasons: [`grt_${second}`], leftAsFound: true })
    given(MEMBERSHIP, [...both, foundFirst])
      .when(endReason(second, true))
      .then([reasonEnded(second)])
  }
})

test('only the first reason adopts: what is ours already, or just being removed, was not found', () => {
  for (const past of [HELD, [...HELD, reasonEnded(1)]]) {
    const { reasons, present } = stateAfter(MEMBERSHIP, [...past, reasonAdded(2, true)])
    assert.deepEqual([reasons.at(-1)?.adopted, present], [false, true])
  }
})

test('a new reason after everything was removed starts anew', () => {
  const removed = [
    ...HELD,
    reasonEnded(1),
    intendedAt(10, 2, 'remove', 1),
    answered(2, 'changed', 11),
    proven([2, 'remove', 1], [10, 11, 12]),
  ]
  const { desired, reasons, ending, present } = stateAfter(MEMBERSHIP, removed)
  assert.deepEqual([desired, reasons, ending, present], ['removed', [], [], false])
  given(MEMBERSHIP, removed).when(plan(3)).thenNothing()
  given(MEMBERSHIP, [...removed, reasonAdded(2)])
    .when(plan(3))
    .then([intended(3, 'add', 2)])
  assert.equal(stateAfter(MEMBERSHIP, removed).lastProven?.readAt, new Date(minute(12)).toISOString())
})
