import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantOf, recordFrom } from './record.ts'

const record = {
  v: 1,
  stream: 'request/req_1',
  version: 1,
  type: 'RequestSubmitted',
  at: '2026-11-02T09:00:00.000Z',
  by: { kind: 'engine' },
  data: {},
  personal: null,
}

test('a record of version 1 is understood, whatever its type and data', () => {
  assert.deepEqual(recordFrom(record), record)
  assert.ok(recordFrom({ ...record, personal: 'ab'.repeat(32), data: { a: [1] } }))
})

test('anything else is not: another version of the form, a key more or less, a field of another kind', () => {
  const { personal: _, ...less } = record
  const wrong: readonly unknown[] = [
    null,
    [],
    less,
    { ...record, more: 1 },
    { ...record, v: 2 },
    { ...record, stream: '' },
    { ...record, version: 0 },
    { ...record, version: 1.5 },
    { ...record, version: '1' },
    { ...record, type: 7 },
    { ...record, at: '2026-11-02T09:00:00Z' },
    { ...record, by: { kind: '' } },
    { ...record, by: 'engine' },
    { ...record, data: [] },
    { ...record, personal: 'AB'.repeat(32) },
    { ...record, personal: 'ab' },
  ]
  for (const value of wrong) assert.equal(recordFrom(value), null, JSON.stringify(value))
})

test('an instant has one spelling, and is a day that exists', () => {
  assert.equal(instantOf('2026-11-02T09:00:00.001Z'), Date.UTC(2026, 10, 2, 9, 0, 0, 1))
  const others = [
    '2026-11-02T09:00:00.001+00:00',
    '2026-02-30T00:00:00.000Z',
    '2026-11-02T24:00:00.000Z',
    '2026-11-02',
    7,
    null,
  ]
  for (const other of others) assert.equal(instantOf(other), null, String(other))
})
