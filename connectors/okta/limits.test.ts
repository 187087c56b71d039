import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Budget } from '#connectors/kit/budget.ts'
import { createGate } from '#connectors/kit/gate.ts'
import { limitsOf, paidCalls } from './limits.ts'
import { createPaths } from './stand-in/path.ts'

const ORIGIN = 'https://acme.okta.com'
const budget: Budget = { gate: createGate(1), take: () => null, told: () => undefined }
const paths = [
  '/users?limit=200',
  '/users/00u1',
  '/users/00u1/groups',
  '/groups?limit=200&after=x/y',
  '/groups/00g1',
  '/groups/00g1?expand=app',
  '/groups/rules?limit=200',
  '/groups/rules',
  '/groups/00g1/users?limit=1000',
  '/groups/00g1/users/00u1',
  '/groups/00g1/users/00u1/group-rules',
  '/logs?since=now',
]

test('each call is paid from the bucket in which Okta counts it', () => {
  const standIn = createPaths()
  const paid = paidCalls(budget, ORIGIN)
  for (const path of paths) {
    const url = `${ORIGIN}/api/v1${path}`
    assert.equal(paid.bucketOf({ method: 'GET', url }), standIn(url).bucket, path)
  }
})

test('only PUT and DELETE change anything', () => {
  const { callOf } = paidCalls(budget, ORIGIN)
  const url = `${ORIGIN}/api/v1/groups/00g1/users/00u1`
  assert.deepEqual(
    (['GET', 'PUT', 'DELETE'] as const).map((method) => callOf({ method, url })),
    ['read', 'change', 'change'],
  )
})

test("no number of Okta's stands in the code: what an answer does not tell is no limit", () => {
  const { buckets, change, read, callsAtOnce } = limitsOf(7)
  assert.deepEqual(new Set(buckets.map(({ limit }) => limit)), new Set([null]))
  assert.ok([change, read].every((name) => buckets.some((each) => each.name === name)))
  assert.equal(callsAtOnce, 7)
})
