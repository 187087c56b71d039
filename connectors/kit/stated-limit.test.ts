import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NOTHING_STATED, statedLimit } from './stated-limit.ts'

const DATE = 'Tue, 24 Nov 2026 10:00:00 GMT'
const AT = Date.parse(DATE) / 1_000

test('the limit, what is left of it, and the end of the window by the clock of the answer itself', () => {
  const headers = {
    date: DATE,
    'x-rate-limit-limit': '600',
    'x-rate-limit-remaining': '17',
    'x-rate-limit-reset': String(AT + 41),
  }
  assert.deepEqual(statedLimit(headers), { limit: 600, remaining: 17, resetsInMs: 41_000, retryAfterMs: null })
})

test('a reset in the past is handed on as it is: whoever counts has a bound of its own', () => {
  const headers = { date: DATE, 'x-rate-limit-limit': '600', 'x-rate-limit-reset': String(AT - 90) }
  assert.equal(statedLimit(headers).resetsInMs, -90_000)
})

test('without a Date a reset says nothing, and without a limit nothing does', () => {
  assert.equal(statedLimit({ 'x-rate-limit-limit': '600', 'x-rate-limit-reset': String(AT) }).resetsInMs, null)
  const headers = { date: DATE, 'x-rate-limit-remaining': '17', 'x-rate-limit-reset': String(AT) }
  assert.equal(statedLimit(headers), NOTHING_STATED)
})

test('the wish of Retry-After counts without a limit, too', () => {
  assert.deepEqual(statedLimit({ 'retry-after': '7' }), { ...NOTHING_STATED, retryAfterMs: 7_000 })
})

test('what is no whole number of at most nine digits is no number', () => {
  for (const wrong of ['-5', '1e3', '6.5', '', ' 7', '0x10', '10, 10', '9'.repeat(10), 'NaN'])
    assert.deepEqual(
      statedLimit({ date: DATE, 'x-rate-limit-limit': wrong, 'x-rate-limit-remaining': wrong }),
      NOTHING_STATED,
    )
})
