import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDuration } from '#core/request/read-ask.ts'
import { durationOptionOf, OFFERED_HOURS } from './lengths.ts'

test('the portal offers "1 hour", "6 hours", "24 hours", "7 days", "30 days" and "No end", and the core understands each', () => {
  const options = [...OFFERED_HOURS, null].map(durationOptionOf)
  assert.deepEqual(options, ['1 hour', '6 hours', '24 hours', '7 days', '30 days', 'No end'])
  assert.deepEqual(options.map(readDuration), [...OFFERED_HOURS, null])
})
