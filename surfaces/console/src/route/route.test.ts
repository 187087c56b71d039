import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EVERY_REQUEST, hashOfRequest, hashOfRequests, routeOf } from './route.ts'

test('an address without anything behind the # is the list of all requests', () => {
  for (const hash of ['', '#', '#/', '#/requests'])
    assert.deepEqual(routeOf(hash), { page: 'requests', ...EVERY_REQUEST })
})

test('a filter survives its way through the address', () => {
  const filter = { state: 'waiting for approval', concern: 'asked', search: 'Zoë & "x" #1' } as const
  assert.deepEqual(routeOf(hashOfRequests(filter)), { page: 'requests', ...filter })
})

test('a request is found again by its address', () => {
  assert.deepEqual(routeOf(hashOfRequest('req_7k2m')), { page: 'request', requestId: 'req_7k2m' })
})

test('an address that somebody made up leads nowhere, or to the plain list, never further', () => {
  for (const hash of [
    '#/requests/../session',
    '#/requests/a/b',
    '#/requests/%2e%2e',
    '#/admin',
    `#/requests/${'a'.repeat(65)}`,
  ]) {
    assert.deepEqual(routeOf(hash), { page: 'nowhere' }, hash)
  }
  assert.deepEqual(routeOf('#/requests?state=dead&concern=all'), { page: 'requests', ...EVERY_REQUEST })
})
