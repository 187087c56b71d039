import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayAndTime, durationWords, exactTime, hoursWords } from './when.ts'
import { windowWords } from './window.ts'

const HOUR_MS = 3_600_000
const NOW = Date.parse('2026-11-02T12:00:00Z')

function line(changes: Partial<Parameters<typeof windowWords>[0]>): Parameters<typeof windowWords>[0] {
  return { state: 'live', hours: 6, startsAt: null, endsAt: null, confirmedGroups: 1, groupCount: 1, ...changes }
}

test('a live window tells the time that is left, and how much of it is over', () => {
  const words = windowWords(line({ startsAt: NOW - HOUR_MS, endsAt: NOW + 5 * HOUR_MS }), NOW)
  assert.equal(words.main, '5 h left')
  assert.match(words.detail, /^ends 2 Nov/)
  assert.equal(words.share?.toFixed(3), '0.167')
})

test('access that is held past its end is overdue, loudly, while it lives and while it is removed', () => {
  const late = windowWords(line({ startsAt: NOW - 7 * HOUR_MS, endsAt: NOW - HOUR_MS }), NOW)
  assert.equal(late.main, 'Overdue by 1 h')
  assert.match(late.detail, /still held/)
  assert.ok(late.overdue)
  const leaving = windowWords(line({ state: 'being removed', endsAt: NOW - 1, confirmedGroups: 1, groupCount: 3 }), NOW)
  assert.equal(leaving.detail, '1 of 3 groups still held')
  assert.ok(leaving.overdue)
})

test('a revocation before the end is not called overdue', () => {
  assert.equal(windowWords(line({ state: 'being removed', endsAt: NOW + HOUR_MS }), NOW).overdue, false)
})

test('access without an end says so', () => {
  assert.equal(windowWords(line({ hours: null, startsAt: NOW - 1 }), NOW).main, 'No end')
  assert.equal(windowWords(line({ state: 'waiting for approval', hours: null }), NOW).main, 'No end')
})

test('a refusal never says that access without an end was asked for, when nobody could read how long', () => {
  assert.equal(windowWords(line({ state: 'refused', hours: null }), NOW).main, 'Not granted')
  assert.equal(windowWords(line({ state: 'refused', hours: 6 }), NOW).main, '6 hours')
})

test('a request whose groups are not all there says three of five', () => {
  const words = windowWords(line({ state: 'being granted', confirmedGroups: 3, groupCount: 5 }), NOW)
  assert.deepEqual([words.main, words.detail], ['6 hours', '3 of 5 groups read back'])
})

test('what never started, what ended in time and what was ended early are told apart', () => {
  assert.equal(windowWords(line({ state: 'declined' }), NOW).detail, 'never started')
  assert.equal(windowWords(line({ state: 'failed' }), NOW).detail, 'never started')
  assert.equal(windowWords(line({ state: 'ended', endsAt: NOW - 1 }), NOW).main, 'Ended')
  assert.match(windowWords(line({ state: 'ended', endsAt: NOW - 1 }), NOW).detail, /^window to 2 Nov/)
  assert.equal(windowWords(line({ state: 'ended', endsAt: NOW + 1 }), NOW).main, 'Ended early')
  assert.equal(windowWords(line({ state: 'ended', endsAt: null }), NOW).detail, 'was without an end')
})

test('durations are told in their two largest units', () => {
  assert.equal(durationWords(0), 'under a minute')
  assert.equal(durationWords(61_000), '1 min')
  assert.equal(durationWords(5 * HOUR_MS + 12 * 60_000 + 59_999), '5 h 12 min')
  assert.equal(durationWords(24 * HOUR_MS), '1 day')
  assert.equal(durationWords(76 * HOUR_MS), '3 days 4 h')
})

test('asked lengths are told as people ask for them', () => {
  assert.deepEqual([1, 6, 24, 72, 30].map(hoursWords), ['1 hour', '6 hours', '24 hours', '3 days', '30 hours'])
})

test('the year is named only when it is another one', () => {
  assert.doesNotMatch(dayAndTime(NOW, NOW, 'UTC'), /2026/)
  assert.match(dayAndTime(NOW, NOW + 400 * 24 * HOUR_MS, 'UTC'), /2026/)
  assert.match(exactTime(NOW, 'Asia/Kolkata'), /17:30:00/)
})
