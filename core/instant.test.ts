import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, HOUR_MS, isoOf, MINUTE_MS, SECOND_MS } from './instant.ts'

test('an instant is read as ISO 8601 in UTC with milliseconds, and read back as the same instant', () => {
  assert.equal(isoOf(0), '1970-01-01T00:00:00.000Z')
  assert.equal(isoOf(1_793_610_000_007), '2026-11-02T09:00:00.007Z')
  assert.equal(Date.parse(isoOf(1_793_610_000_007)), 1_793_610_000_007)
})

test('instants as strings are in the order of time until the year 9999', () => {
  const moments = [0, 1, SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS, 40 * 365 * DAY_MS, Date.parse('9999-12-31T23:59:59Z')]
  assert.deepEqual(moments.map(isoOf).sort(), moments.map(isoOf))
})
