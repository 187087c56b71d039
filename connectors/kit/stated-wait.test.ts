import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statedWaitMs } from './stated-wait.ts'

const date = 'Tue, 24 Nov 2026 10:00:00 GMT'
const second = Date.parse(date) / 1000

const cases: readonly [string, Record<string, string>, number | null][] = [
  ['seconds', { 'retry-after': '7' }, 7_000],
  ['a date, compared with the date of the answer', { date, 'retry-after': 'Tue, 24 Nov 2026 10:00:20 GMT' }, 20_000],
  ['a date without a date to compare it with says nothing', { 'retry-after': 'Tue, 24 Nov 2026 10:00:20 GMT' }, null],
  [
    'the end of a window, compared with the date of the answer',
    { date, 'x-rate-limit-reset': String(second + 42) },
    42_000,
  ],
  ['the end of a window without a date says nothing', { 'x-rate-limit-reset': String(second + 42) }, null],
  ['a window that has ended already: a moment', { date, 'x-rate-limit-reset': String(second - 90) }, 1_000],
  ['the nearer word first', { date, 'retry-after': '3', 'x-rate-limit-reset': String(second + 42) }, 3_000],
  [
    'milliseconds where seconds were meant: an hour at most',
    { date, 'x-rate-limit-reset': `${second + 42}000` },
    3_600_000,
  ],
  ['no seconds', { 'retry-after': 'soon', date }, null],
  ['less than nothing', { 'retry-after': '-5' }, null],
  ['nothing', {}, null],
]
for (const [what, headers, expected] of cases) {
  test(`how long to wait: ${what}`, () => assert.equal(statedWaitMs(headers), expected))
}
