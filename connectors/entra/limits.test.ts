import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Budget, CallOf, Hold, Told } from '#connectors/kit/budget.ts'
import type { Change } from '#connectors/kit/connector.ts'
import { createGate } from '#connectors/kit/gate.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import { SECOND_MS } from '#core/instant.ts'
import { isWrite } from './conformance-subject.ts'
import { limitsOf, paidCalls } from './limits.ts'
import { SUPPORT, tenant, userId } from './tenant-for-tests.ts'

type Word = Hold | null | Promise<Hold | null>

/** A budget that says what the test wants of writes, and notes what it was asked and told. */
function counting(say: (writes: number) => Word = () => null) {
  const asked: string[] = []
  const told: { readonly bucket: string; readonly of: CallOf; readonly told: Told | null }[] = []
  let writes = 0
  const budget: Budget = {
    gate: createGate(10),
    take(bucket, of) {
      asked.push(`${bucket} ${of}`)
      return bucket === 'write' ? say((writes += 1)) : null
    },
    told: (bucket, of, what) => void told.push({ bucket, of, told: what }),
  }
  const of = (bucket: string) => told.filter((each) => each.bucket === bucket)
  return { budget, asked, told, of, writes: () => asked.filter((each) => each === 'write change').length }
}

const remove = (number: number): Change => ({
  do: 'remove',
  account: userId(number),
  group: { provider: 'entra', id: SUPPORT },
})
const many = (count: number) => Array.from({ length: count }, (_, index) => remove(260 + index))
const short = (outcome: Outcome) => outcome.kind
const batchesOf = (acme: ReturnType<typeof tenant>) => acme.requests.filter(({ url }) => url.endsWith('/$batch'))

test('the numbers of Microsoft’s table are data: 3,000 writes in 150 s, five reports in ten', () => {
  const { buckets, change, read, callsAtOnce } = limitsOf(7)
  const named = Object.fromEntries(buckets.map((bucket) => [bucket.name, bucket]))
  assert.deepEqual(named['write'], { name: 'write', windowMs: 150 * SECOND_MS, limit: 3_000 })
  assert.deepEqual(named['reports'], { name: 'reports', windowMs: 10 * SECOND_MS, limit: 5 })
  assert.ok([change, read].every((name) => named[name] !== undefined))
  assert.equal(callsAtOnce, 7)
})

test('each message is paid from the bucket in which Entra counts it', () => {
  const base = 'https://graph.microsoft.com/v1.0'
  const paid = paidCalls(counting().budget, base)
  const bucket = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string) =>
    paid.bucketOf({ method, url: base + path })
  assert.equal(bucket('GET', '/users/delta?$select=id'), 'read')
  assert.equal(bucket('GET', '/auditLogs/signIns?$top=1000'), 'reports')
  assert.equal(bucket('PATCH', '/groups/x'), 'write')
  assert.equal(bucket('DELETE', '/groups/x/members/y/$ref'), 'write')
  assert.equal(bucket('POST', '/$batch'), 'batch')
})

test('each request of a batch is a write that is paid for, and the budget is told of each', async () => {
  const counted = counting()
  const acme = tenant({ budget: () => counted.budget })
  const outcomes = await acme.entra.membership.change(many(45))
  assert.ok(outcomes.every(({ kind }) => kind === 'unchanged'))
  assert.equal(counted.writes(), 45)
  assert.deepEqual([counted.of('write').length, counted.told.length], [45, counted.asked.length])
  assert.ok(counted.of('write').every(({ told }) => told?.health === 'well'))
  assert.equal(batchesOf(acme).length, 3)
})

test('what the budget holds back is not sent, and the batch goes without it', async () => {
  const counted = counting((writes) => (writes > 25 ? { because: 'rate limit', waitMs: 40_000 } : null))
  const acme = tenant({ budget: () => counted.budget })
  const outcomes = await acme.entra.membership.change(many(45))
  assert.deepEqual(
    outcomes.map(short),
    outcomes.map((_, place) => (place < 25 ? 'unchanged' : 'unavailable')),
  )
  const held = outcomes[44]
  assert.ok(held?.kind === 'unavailable' && held.retryAfterMs === 40_000)
  assert.equal(counted.writes(), 26, 'the first no is for the rest as well')
  assert.equal(counted.of('write').length, 25)
})

test('a batch never waits for the budget with what is paid already: the first request of a window goes alone', async () => {
  let opened = (): void => undefined
  const answer = new Promise<null>((resolve) => (opened = () => resolve(null)))
  const counted = counting((writes) => (writes === 2 ? answer : null))
  const inner = counted.budget.told
  const budget: Budget = {
    ...counted.budget,
    told(bucket, of, told) {
      inner(bucket, of, told)
      if (bucket === 'write') opened()
    },
  }
  const acme = tenant({ budget: () => budget })
  const outcomes = await acme.entra.membership.change(many(21))
  assert.ok(outcomes.every(({ kind }) => kind === 'unchanged'))
  const sizes = batchesOf(acme).map(({ body }) => (JSON.parse(body) as { requests: unknown[] }).requests.length)
  assert.deepEqual(sizes, [1, 20])
})

test('a request that is told to come again tells the budget so, and one that did not go tells nothing', async () => {
  const counted = counting()
  const acme = tenant({ budget: () => counted.budget })
  acme.standIn.hands.misbehave('429', { when: (request) => isWrite(request) && request.url.includes(userId(261)) })
  await acme.entra.membership.change(many(3), (place) => place !== 2)
  assert.deepEqual(
    counted.of('write').map(({ told }) => (told === null ? 'not sent' : (told.refused ?? told.health))),
    ['well', 'rate limit', 'not sent'],
  )
  assert.equal(counted.of('write')[1]?.told?.retryAfterMs, 30_000)
})

test('a batch that gets lost may have been counted, and was not refused', async () => {
  const counted = counting()
  const acme = tenant({ budget: () => counted.budget })
  acme.lose('answer', ({ url }) => url.endsWith('/$batch'))
  const outcomes = await acme.entra.membership.change(many(3))
  assert.ok(outcomes.every(({ kind }) => kind === 'unavailable'))
  assert.deepEqual(
    counted.of('write').map(({ told }) => [told?.refused, told?.health]),
    [null, null, null].map(() => [null, null]),
  )
  assert.equal(counted.of('batch')[0]?.told?.health, 'ill')
})
