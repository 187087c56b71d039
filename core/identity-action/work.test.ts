import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stateAfter, type Happened } from '../../tests/given.ts'
import { isoOf } from '../instant.ts'
import {
  answered,
  HELD,
  intendedAt,
  MEMBERSHIP,
  minute,
  proven,
  reasonAdded,
  reasonEnded,
  rejected,
  resent,
  stateProven,
  superseded,
  unanswered,
} from './membership-for-tests.ts'
import { afterDisagreement, workOf, type MembershipEvent, type MembershipState, type OpenChange } from './membership.ts'
import { nextLookAt } from './when-to-look.ts'

type Past = readonly Happened<MembershipEvent>[]

const SENT: Past = [reasonAdded(1), intendedAt(0, 1, 'add', 1)]
const ENDED: Past = [...HELD, reasonEnded(1)]
const REMOVING: Past = [...ENDED, intendedAt(60, 2, 'remove', 1)]
const REMOVED: Past = [...REMOVING, answered(2, 'changed', 61), proven([2, 'remove', 1], [60, 61, 62])]

const WORK: readonly (readonly [string, Past, 'write' | 'read' | null])[] = [
  ['nothing ever happened', [], null],
  ['a first reason', [reasonAdded(1)], 'write'],
  ['a first reason that adopts', [reasonAdded(1, true)], 'write'],
  ['an intent without an answer', SENT, 'read'],
  ['an answer', [...SENT, answered(1, 'changed', 1)], 'read'],
  ['an outage', [...SENT, unanswered(1, 1)], 'read'],
  ['a change that was sent again', [...SENT, resent(1, 'no answer')], 'read'],
  ['a rejected add', [...SENT, ...rejected(1, 'not allowed', 1)], 'write'],
  ['held and read back', HELD, null],
  ['a further reason', [...HELD, reasonAdded(2)], 'read'],
  ['a further reason that was confirmed', [...HELD, reasonAdded(2), stateProven(true, 3, 2)], null],
  ['one of two reasons ended', [...HELD, reasonAdded(2), reasonEnded(1, { otherReasons: ['grt_2'] })], 'write'],
  ['the last reason ended', ENDED, 'write'],
  ['the last reason ended before anything was added', [reasonAdded(1), reasonEnded(1)], 'read'],
  ['the last reason ended while it was added', [...SENT, reasonEnded(1)], 'read'],
  ['an add that was given up', [...SENT, reasonEnded(1), superseded(1, 2)], 'write'],
  [
    'an add that was rejected, and its reason ended',
    [...SENT, ...rejected(1, 'not allowed', 1), reasonEnded(1)],
    'read',
  ],
  ['a removal without an answer', REMOVING, 'read'],
  ['a rejected removal', [...REMOVING, ...rejected(2, 'not allowed', 61)], 'read'],
  ['removed and read back', REMOVED, null],
  ['a new reason after the removal', [...REMOVED, reasonAdded(2)], 'write'],
  ['a new reason while it ends', [...ENDED, reasonAdded(2)], 'write'],
  ['left as it was found', [reasonAdded(1, true), reasonEnded(1, { leftAsFound: true })], null],
]

for (const [what, past, work] of WORK) {
  test(`${what}: ${work === null ? 'there is nothing to do' : `next comes a ${work}`}`, () => {
    assert.equal(workOf(stateAfter(MEMBERSHIP, past)), work)
  })
}

const NOW = minute(100)

function waitMs(past: Past, attempts: number, retryAfterMs: number | null = null): number {
  return nextLookAt(stateAfter(MEMBERSHIP, past), NOW, attempts, retryAfterMs) - NOW
}

test('news is looked at at once, and then less and less often [R037]', () => {
  for (const past of [[reasonAdded(1)], SENT, [...SENT, unanswered(1, 1)], ENDED]) {
    assert.deepEqual(
      [0, 1, 2, 3].map((attempts) => waitMs(past, attempts)),
      [0, 500, 1_000, 2_000],
    )
    assert.equal(waitMs(past, 1_000), 30_000)
  }
})

test('an answered change is read back soon, less and less often, and at the moment from which reads are believed', () => {
  const looks = (kind: 'changed' | 'accepted'): readonly number[] => {
    const state = stateAfter(MEMBERSHIP, [...SENT, answered(1, kind, 1)])
    const found: number[] = []
    for (let at = minute(1); at < minute(2); found.push(at - minute(1))) at = nextLookAt(state, at, 7, null)
    return found
  }
  assert.deepEqual(looks('changed'), [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200, 60_000])
  assert.deepEqual(looks('accepted'), [2_000, 4_000, 8_000, 16_000, 32_000, 60_000])
})

test('after that minute a read that cannot be had is trouble like any other', () => {
  const changed = [...SENT, answered(1, 'changed', 1)]
  assert.deepEqual(
    [0, 1, 2, 3].map((attempts) => waitMs(changed, attempts)),
    [500, 500, 1_000, 2_000],
  )
  assert.equal(waitMs(changed, 1_000), 30_000)
})

test('the wish of the vendor is never shortened, nor is our own patience [R037]', () => {
  const outage = [...SENT, unanswered(1, 1)]
  assert.equal(waitMs(outage, 0, 7_000), 7_000)
  assert.equal(waitMs(outage, 1, 7_000), 7_000)
  assert.equal(waitMs(outage, 20, 7_000), 30_000)
  assert.equal(waitMs(outage, 0, 0), 500)
  assert.equal(waitMs(outage, 1, 900_000), 900_000)
})

test('what is blocked is looked at every hour, however often and whatever the vendor wished', () => {
  const blocked = [...SENT, ...rejected(1, 'not allowed', 1)]
  for (const attempts of [0, 1, 100]) assert.equal(waitMs(blocked, attempts, 1), 3_600_000)
})

test('after a read that disagrees, only a change that the vendor answered is waited for, and for a minute', () => {
  const change = (past: Past): OpenChange => {
    const { change: open }: MembershipState = stateAfter(MEMBERSHIP, past)
    return open ?? assert.fail('no change is open')
  }
  assert.equal(afterDisagreement(change(SENT), minute(0)), 'send again')
  assert.equal(afterDisagreement(change([...SENT, unanswered(1, 1)]), minute(1)), 'send again')
  for (const kind of ['changed', 'unchanged', 'accepted'] as const) {
    const open = change([...SENT, answered(1, kind, 1)])
    assert.equal(afterDisagreement(open, minute(2) - 1), 'read again')
    assert.equal(afterDisagreement(open, minute(2)), 'send again')
  }
  assert.equal(change([...SENT, answered(1, 'changed', 1)]).answered?.at, isoOf(minute(1)))
})
