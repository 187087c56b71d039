import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Budget, CallOf, Told } from '#connectors/kit/budget.ts'
import { createGate } from '#connectors/kit/gate.ts'
import { MINUTE_MS } from '#core/instant.ts'
import { limitsOf, paidCalls } from './limits.ts'
import { throttlingToldApart } from './throttled.ts'
import { SUPPORT, userId, workspace } from './workspace-for-tests.ts'

function counting() {
  const told: { readonly bucket: string; readonly of: CallOf; readonly told: Told | null }[] = []
  const budget: Budget = {
    gate: createGate(10),
    take: () => null,
    told: (bucket, of, what) => void told.push({ bucket, of, told: what }),
  }
  return { budget, told }
}

const add = { do: 'add', account: userId(260), group: { provider: 'google', id: SUPPORT } } as const

test('the numbers of Google’s pages are data: 2,400 queries a minute, 250 of filtered reports', () => {
  const { buckets, change, read, callsAtOnce } = limitsOf(7)
  const named = Object.fromEntries(buckets.map((bucket) => [bucket.name, bucket]))
  assert.deepEqual(named['directory'], { name: 'directory', windowMs: MINUTE_MS, limit: 2_400 })
  assert.deepEqual(named['filtered reports'], { name: 'filtered reports', windowMs: MINUTE_MS, limit: 250 })
  assert.ok([change, read].every((name) => named[name] !== undefined))
  assert.equal(callsAtOnce, 7)
})

test('each message is paid from the bucket in which Google counts it', () => {
  const paid = paidCalls(counting().budget)
  const bucket = (url: string) => paid.bucketOf({ method: 'GET', url })
  assert.equal(bucket('https://admin.googleapis.com/admin/directory/v1/users?customer=my_customer'), 'directory')
  const activities = 'https://admin.googleapis.com/admin/reports/v1/activity/users/all/applications/admin'
  assert.equal(bucket(activities), 'reports')
  assert.equal(bucket(`${activities}?eventName=ADD_GROUP_MEMBER`), 'filtered reports')
  assert.equal(bucket('https://cloudidentity.googleapis.com/v1/groups:lookup'), 'identity')
})

test('a 403 that is a rate limit is told as one, and the two kinds are told apart', async () => {
  for (const [habit, refused] of [
    ['403 userRateLimitExceeded', 'rate limit'],
    ['403 quotaExceeded', 'calls at once'],
    ['429', 'rate limit'],
    ['403', null],
  ] as const) {
    const { budget, told } = counting()
    const acme = workspace({ budget: () => budget })
    acme.standIn.hands.misbehave(habit, { when: ({ method, url }) => method === 'POST' && url.endsWith('/members') })
    await acme.google.membership.change([add])
    const change = told.find((each) => each.bucket === 'directory' && each.of === 'change')
    assert.equal(change?.told?.refused, refused, habit)
  }
})

test('a limit that is used up for the minute is unavailable, and works again after it', async () => {
  const acme = workspace()
  acme.standIn.hands.spend('directory', 2_400, acme.now())
  assert.equal((await acme.google.membership.change([add]))[0]?.kind, 'unavailable')
  acme.advance(MINUTE_MS)
  assert.equal((await acme.google.membership.change([add]))[0]?.kind, 'changed')
})

test('a long page that speaks of a limit is none', async () => {
  const body = JSON.stringify({ error: { errors: [{ reason: 'rateLimitExceeded' }] }, more: 'x'.repeat(100_000) })
  const fetch = throttlingToldApart(async () => ({ status: 403, headers: {}, body }))
  const answer = await fetch({ method: 'GET', url: 'https://admin.googleapis.com/', headers: {}, body: '' })
  assert.equal(answer.status, 403)
})
