import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import type { Deliver } from '#connectors/kit/stand-in.ts'
import { createUndiciFetch } from '#connectors/kit/undici-fetch.ts'
import { SUPPORT, userId } from '../organisation-for-tests.ts'
import { setUp, START } from './caller-for-tests.ts'
import type { Caller } from './caller-for-tests.ts'
import { serveOktaStandIn } from './http.ts'
import { WORKFORCE_LIMITS } from './rate-limit.ts'

const list = `/api/v1/groups/${SUPPORT}/users`

test('another client eats the bucket, and its calls are told apart from ours', () => {
  const { call, hands, truth } = setUp()
  hands.spend('other', 599, START)
  assert.deepEqual([call('GET', list).status, call('GET', list).status], [200, 429])
  assert.equal(call('GET', `/api/v1/groups/${SUPPORT}`).status, 200, 'another bucket')
  assert.deepEqual(truth.spent, [{ at: START, bucket: 'other', calls: 599 }])
  assert.deepEqual(
    truth.calls.map(({ bucket, refused, status }) => [bucket, refused, status]),
    [
      ['other', null, 200],
      ['other', 'rate', 429],
      ['group', null, 200],
    ],
  )
})

test('a window can be scaled to a second, and its end is told in whole seconds, rounded up', () => {
  const rateLimits = { ...WORKFORCE_LIMITS, buckets: { ...WORKFORCE_LIMITS.buckets, other: 2 } }
  const { call } = setUp({ rateLimits, windowMs: SECOND_MS })
  const at = START + 400
  const first = call('GET', list, at)
  assert.equal(
    Number(first.headers['x-rate-limit-reset']) * SECOND_MS,
    Math.ceil((at + SECOND_MS) / SECOND_MS) * SECOND_MS,
  )
  assert.equal(call('GET', list, at + SECOND_MS - 1).status, 429)
  assert.equal(call('GET', list, at + SECOND_MS).status, 200)
})

test('the log of calls says what each was about, and calls that never reached the limits are in it too', () => {
  const { call, member, truth, hands } = setUp()
  const paths = [
    '/api/v1/users',
    `/api/v1/users/${userId(1)}`,
    `/api/v1/users/${userId(1)}/groups`,
    '/api/v1/groups?limit=5',
    '/api/v1/groups/rules',
    `/api/v1/groups/${SUPPORT}`,
    list,
    `${member(1)}/group-rules`,
    '/api/v1/apps',
  ]
  for (const path of paths) call('GET', path, START + 1)
  call('PUT', member(260), START + 2)
  hands.setOutage(true)
  call('POST', '/oauth2/v1/token', START + 3)
  assert.deepEqual(
    truth.calls.map(({ method, kind, bucket, status }) => `${method} ${kind} ${bucket} ${status}`),
    [
      'GET users users 200',
      'GET user other 200',
      'GET holdings other 200',
      'GET groups groups 200',
      'GET rules other 200',
      'GET group group 200',
      'GET members other 200',
      'GET member rules other 404',
      'GET other other 405',
      'PUT membership other 204',
      'POST token token 503',
    ],
  )
  assert.deepEqual(new Set(truth.calls.map(({ at }) => at - START)), new Set([1, 2, 3]))
})

test('whoever runs for days keeps no calls', () => {
  const { call, truth } = setUp({ keepsCalls: false })
  call('GET', list)
  assert.deepEqual(truth.calls, [])
})

test('more requests at once than allowed are refused with a limit of 0 and a guess, and cost nothing of the window', () => {
  const { began, ended, requestOf, call, code, truth } = setUp({ callsAtOnce: 2 })
  const request = requestOf('PUT', list)
  assert.deepEqual([began(request, START), began(request, START)], [null, null])
  const refused = began(request, START)
  assert.ok(refused !== null)
  assert.deepEqual([refused.status, code(refused)], [429, 'E0000047'])
  assert.deepEqual([refused.headers['x-rate-limit-limit'], refused.headers['x-rate-limit-remaining']], ['0', '0'])
  assert.equal(
    Number(refused.headers['x-rate-limit-reset']) * SECOND_MS,
    Math.ceil((START + MINUTE_MS) / SECOND_MS) * SECOND_MS,
  )
  assert.match(refused.headers['x-okta-request-id'] ?? '', /^reqStandIn/)
  assert.deepEqual(truth.calls.at(-1), {
    at: START,
    method: 'PUT',
    kind: 'members',
    bucket: 'other',
    status: 429,
    refused: 'concurrency',
    habit: null,
  })
  ended()
  assert.equal(began(request, START), null)
  assert.equal(truth.mostAtOnce(), 2)
  assert.equal(call('GET', list).headers['x-rate-limit-remaining'], '599')
})

test('without a cap every request begins, and the most at once is still counted', () => {
  const { began, ended, requestOf, truth } = setUp()
  const request = requestOf('GET', list)
  for (let count = 0; count < 200; count += 1) assert.equal(began(request, START), null)
  for (let count = 0; count < 200; count += 1) ended()
  assert.equal(truth.mostAtOnce(), 200)
  assert.throws(ended, /never began/)
})

async function served(t: TestContext, caller: Caller, deliver: Deliver) {
  const stand = await serveOktaStandIn(caller, { now: () => START, deliver })
  const network = createUndiciFetch()
  t.after(async () => {
    await network.close()
    await stand.close()
  })
  const { headers } = caller.requestOf('GET', list)
  return () => network.fetch({ method: 'GET', url: stand.url + list, headers, body: '' })
}

test('over HTTP a request is under way until its answer is sent', async (t) => {
  const caller = setUp({ callsAtOnce: 3 })
  const inAnHour = (answer: HttpAnswer) => (answer.status === 429 ? 'deliver' : { afterMs: HOUR_MS })
  const get = await served(t, caller, (_, answer) => inAnHour(answer))
  const unanswered = Array.from({ length: 3 }, () => assert.rejects(get()))
  while (caller.truth.mostAtOnce() < 3) await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual([(await get()).status, (await get()).status], [429, 429])
  t.after(() => Promise.all(unanswered))
})

test('over HTTP an answered request, and one whose connection was cut, are not under way any more', async (t) => {
  const caller = setUp({ callsAtOnce: 1 })
  let cut = true
  const get = await served(t, caller, () => (cut ? 'drop' : 'deliver'))
  await assert.rejects(get())
  cut = false
  assert.deepEqual([(await get()).status, (await get()).status], [200, 200])
})
