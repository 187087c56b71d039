import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeDelayMs, retryDelayMs } from './patience.ts'

test('retries wait twice as long each time, up to a minute, and never stop [R037]', () => {
  assert.deepEqual([0, 1, 2, 3, 4].map(retryDelayMs), [500, 500, 1_000, 2_000, 4_000])
  assert.equal(retryDelayMs(7), 32_000)
  for (const attempts of [11, 50, 1_000_000]) assert.equal(retryDelayMs(attempts), 60_000)
})

test('a change to access waits at most half a minute: when the fault is over, so is its wait [R055, I29]', () => {
  assert.deepEqual([1, 5, 7, 8, 1_000_000].map(changeDelayMs), [500, 8_000, 30_000, 30_000, 30_000])
})
