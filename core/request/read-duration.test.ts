import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readDuration } from './read-ask.ts'

const HOURS: Readonly<Record<string, number>> = {
  '6': 6,
  '6h': 6,
  '6 h': 6,
  '1 hour': 1,
  '6 hours': 6,
  '  6   Hours ': 6,
  '6\u00a0hours': 6,
  '06': 6,
  '２４ hours': 24,
  '1d': 24,
  '2 D': 48,
  '1 day': 24,
  '7 days': 168,
  '1w': 168,
  '1 week': 168,
  '2 WEEKS': 336,
}

test('a duration is understood in hours, days and weeks, as people write it [R041]', () => {
  for (const [text, hours] of Object.entries(HOURS)) assert.equal(readDuration(text), hours, text)
})

test('no end must be said in words', () => {
  for (const text of ['No end', 'no end', ' NO  END ', 'Without an end']) assert.equal(readDuration(text), null, text)
  for (const text of ['', ' ', '\t\n', '\u00a0']) assert.equal(readDuration(text), 'missing')
})

// In lines by kind: numbers, words, more than a duration, hidden and foreign signs.
// prettier-ignore
const NOT_UNDERSTOOD = [
  '0', '0 hours', '0 days', '00000', '-1', '-6 hours', '+6', '1.5 hours', '1,5', '1e3', '0x10', 'NaN', 'Infinity',
  'six hours', 'h', 'hours', '6 minutes', '6 months', '1 year', 'no', 'none', 'end', 'forever', 'permanent', 'null',
  '6 hours 30', '6 hours or more', 'no end please', '6h; no end',
  '6\u0000', '6\u202e', '6\u200b', '٦', '123456', '9'.repeat(400),
]

test('anything else is not understood, and never rounded to something that is', () => {
  for (const text of NOT_UNDERSTOOD) assert.equal(readDuration(text), 'not understood', JSON.stringify(text))
})

test('the longest that can be written is some two thousand years, which is still an instant', () => {
  assert.equal(readDuration('1000 weeks'), 168_000)
  const longest = readDuration('99999 weeks')
  assert.equal(longest, 16_799_832)
  assert.ok(!Number.isNaN(new Date(Date.parse('2026-01-01') + Number(longest) * 3_600_000).getTime()))
})

test('whatever is written, the answer is missing, not understood, no end, or whole hours above zero', () => {
  const pieces = fc.constantFrom('6', '0', '24', ' ', 'h', 'hours', 'day', 'week', 'no end', '-', '.', '\u202e', '９')
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 5 }).map((each) => each.join('')),
  )
  fc.assert(
    fc.property(text, (written) => {
      const read = readDuration(written)
      if (typeof read === 'number') assert.ok(Number.isSafeInteger(read) && read > 0, `${written}: ${read}`)
      else assert.ok(read === null || read === 'missing' || read === 'not understood')
    }),
    { numRuns: 500 },
  )
})
