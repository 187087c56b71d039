import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SECOND_MS } from '#core/instant.ts'
import { BIG, userId } from '../tenant-for-tests.ts'
import { setUp, START } from './caller-for-tests.ts'
import { limitsFor } from './limits.ts'

const tight = { units: 10, writes: 2, writeWindowMs: 150 * SECOND_MS, reports: 5 }

test('the bigger the tenant, the more units', () => {
  assert.deepEqual(
    [49, 50, 500, 501].map((users) => limitsFor(users).units),
    [3_500, 5_000, 5_000, 8_000],
  )
})

test('writes are counted by themselves, and the refusal says when to come again', () => {
  const { add } = setUp({ limits: tight })
  assert.deepEqual(
    [add(1), add(2)].map(({ status }) => status),
    [204, 204],
  )
  const refused = add(3, undefined, START + 100_500)
  assert.equal(refused.status, 429)
  assert.equal(refused.headers['retry-after'], '50')
  assert.match(refused.headers['x-ms-throttle-information'] ?? '', /WriteLimitExceeded/)
  assert.equal(add(3, undefined, START + 150_000).status, 204)
})

test('a list of members costs three units, two with $select, and one user one', () => {
  const spent = (path: string): number => {
    const { call } = setUp({ limits: tight })
    let calls = 0
    while (call('GET', path).status === 200) calls += 1
    return calls
  }
  assert.deepEqual(
    [`/groups/${BIG}/members`, `/groups/${BIG}/members?$select=id`, `/users/${userId(1)}`].map(spent),
    [3, 5, 10],
  )
})

test('five reports in ten seconds, and the sixth waits', () => {
  const { call } = setUp()
  const ask = (now: number) => call('GET', '/auditLogs/signIns', undefined, now).status
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((second) => ask(START + second * SECOND_MS)),
    [200, 200, 200, 200, 200, 429],
  )
  assert.equal(ask(START + 10 * SECOND_MS), 200)
})
