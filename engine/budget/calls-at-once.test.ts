import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import { leasePlaces, NO_CALLS, tooManyAtOnce, type CallsAtOnceState } from './calls-at-once.ts'

const LEASE_MS = 5 * SECOND_MS
const lease = (state: CallsAtOnceState, replica: string, now: number, underWay = 0): CallsAtOnceState =>
  leasePlaces(state, { replica, underWay, callsAtOnce: 10, leaseMs: LEASE_MS }, now)
const placesOf = (state: CallsAtOnceState): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(state.holders).map(([name, { places }]) => [name, places]))

test('a replica that is alone at work has all places [I37]', () => {
  assert.deepEqual(placesOf(lease(NO_CALLS, 'a', 0)), { a: 10 })
})

test('a second one gets what is free, and its share when the first renews [I37]', () => {
  const second = lease(lease(NO_CALLS, 'a', 0), 'b', 1)
  assert.deepEqual(placesOf(second), { a: 10, b: 0 })
  const renewed = lease(second, 'a', 2)
  assert.deepEqual(placesOf(renewed), { a: 5, b: 0 })
  assert.deepEqual(placesOf(lease(renewed, 'b', 3)), { a: 5, b: 5 })
})

test('what is under way keeps its place until it is over [I37]', () => {
  const second = lease(lease(NO_CALLS, 'a', 0), 'b', 1)
  const renewed = lease(second, 'a', 2, 8)
  assert.deepEqual(placesOf(lease(renewed, 'b', 3)), { a: 8, b: 2 })
})

test('who died or stands idle holds nothing after the lease [I37, I38]', () => {
  const two = lease(lease(NO_CALLS, 'a', 0), 'b', 1)
  assert.deepEqual(placesOf(lease(two, 'b', LEASE_MS + 1)), { b: 10 })
})

test('more replicas than places: each gets one while there is one [I37]', () => {
  let state = NO_CALLS
  for (let round = 0; round < 3; round += 1)
    for (let place = 0; place < 12; place += 1) state = lease(state, `r${place}`, round)
  const places = Object.values(placesOf(state))
  assert.equal(
    places.reduce((sum, each) => sum + each, 0),
    10,
  )
  assert.ok(Math.max(...places) === 1)
})

test('a vendor that refuses calls for being too many gets half as many for a minute, and refusals of the same moment count once [I37]', () => {
  const cut = tooManyAtOnce(tooManyAtOnce(NO_CALLS, 1, 2, 10), 1, 3, 10)
  assert.deepEqual(placesOf(lease(cut, 'a', 4)), { a: 5 })
  const again = tooManyAtOnce(cut, 10, 11, 10)
  assert.deepEqual(placesOf(lease(again, 'a', 12)), { a: 2 })
  assert.deepEqual(placesOf(lease(again, 'a', 11 + MINUTE_MS)), { a: 10 })
})
