import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given, stateAfter } from '../../tests/given.ts'
import {
  answered,
  callOff,
  HELD,
  intended,
  intendedAt,
  MEMBERSHIP,
  notSent,
  plan,
  reasonAdded,
  reasonEnded,
  resent,
  unanswered,
} from './membership-for-tests.ts'
import { workOf } from './membership.ts'

/* A change was meant and not sent: everything was halted in between, or there was no time left to send it. */

const MEANT = [reasonAdded(1), intendedAt(0, 1, 'add', 1)]

test('a change that was never sent is over when it is called off, and what is wanted is planned anew [I12, I14]', () => {
  given(MEMBERSHIP, MEANT)
    .when(callOff(1))
    .then([notSent(1)])
  const after = stateAfter(MEMBERSHIP, [...MEANT, notSent(1)])
  assert.deepEqual(after, stateAfter(MEMBERSHIP, [reasonAdded(1)]), 'as if it had never been meant')
  assert.equal(workOf(after), 'write')
  given(MEMBERSHIP, [...MEANT, notSent(1)])
    .when(plan(2))
    .then([intended(2, 'add', 1)])
})

test('a removal that was called off is still due [I14, R055]', () => {
  const ended = [...HELD, reasonEnded(1), intendedAt(60, 2, 'remove', 1)]
  given(MEMBERSHIP, ended)
    .when(callOff(2))
    .then([notSent(2)])
  const after = stateAfter(MEMBERSHIP, [...ended, notSent(2)])
  assert.equal(workOf(after), 'write')
  assert.equal(after.present, true, 'nobody was asked, so what was known of it is so still')
})

test('an end while the add waited to be sent leaves nothing to remove [I3, I14]', () => {
  const after = stateAfter(MEMBERSHIP, [...MEANT, notSent(1), reasonEnded(1)])
  assert.equal(workOf(after), 'read')
})

test('a change that may have been sent before is not over: only a read ends it [I14, I23]', () => {
  for (const before of [
    [...MEANT, resent(1, 'no answer')],
    [...MEANT, unanswered(1, 1)],
    [...MEANT, answered(1, 'accepted', 1)],
  ]) {
    given(MEMBERSHIP, before).when(callOff(1)).thenNothing()
    assert.equal(workOf(stateAfter(MEMBERSHIP, before)), 'read')
  }
})

test('calling off a change that is settled already means nothing [I14]', () => {
  given(MEMBERSHIP, HELD).when(callOff(1)).thenNothing()
  given(MEMBERSHIP, [...HELD, reasonEnded(1), intendedAt(60, 2, 'remove', 1)])
    .when(callOff(1))
    .thenNothing()
})
