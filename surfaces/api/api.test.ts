import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiUnderTest, codeOf } from './testing/api-under-test.ts'
import { SAMPLE_NOW } from './testing/sample-requests.ts'

test('the server answers while the database starts, and says that it starts', async () => {
  const { raw, get, post } = await apiUnderTest({ reads: () => null })
  assert.deepEqual((await raw({ url: '/health' })).json(), { status: 'ok', database: 'starting', console: 'building' })
  for (const url of ['/api/requests', '/api/requests/req_1']) {
    const answer = await get(url)
    assert.equal(answer.statusCode, 503)
    assert.equal(codeOf(answer), 'starting')
    assert.equal(answer.headers['retry-after'], '1')
  }
  assert.equal(codeOf(await post('/api/sandbox/advance', { hours: 1 })), 'starting')
  assert.equal((await get('/api/session')).statusCode, 200)
})

test('the session tells the sandbox, its persons and who the visitor chose to be', async () => {
  const { get, post } = await apiUnderTest({ askUrl: () => 'http://127.0.0.1:4401/portal' })
  const before = (await get('/api/session')).json<Record<string, unknown>>()
  assert.equal(before['person'], null)
  assert.equal(before['askUrl'], 'http://127.0.0.1:4401/portal')
  assert.equal(before['now'], SAMPLE_NOW)
  const chosen = await post('/api/session/person', { personId: 'per_mara' })
  assert.equal(chosen.json<{ person: { name: string } }>().person.name, 'Mara Quill')
  assert.equal((await get('/api/session')).json<{ person: { name: string } }>().person.name, 'Mara Quill')
  const nobody = await post('/api/session/person', { personId: null })
  assert.equal(nobody.json<{ person: unknown }>().person, null)
})

test('one visitor of the sandbox does not choose for another', async () => {
  const { raw, post, entry } = await apiUnderTest()
  await post('/api/session/person', { personId: 'per_mara' })
  const other = await raw({
    url: new URL(entry.createLink('http://x')).pathname + new URL(entry.createLink('http://x')).search,
  })
  const cookie = String(other.headers['set-cookie']).split(';')[0] ?? ''
  const session = (await raw({ url: '/api/session', headers: { cookie } })).json<{ person: unknown }>()
  assert.equal(session.person, null)
})

test('an unknown person cannot be chosen', async () => {
  const { post } = await apiUnderTest()
  for (const personId of ['per_nobody', '__proto__', "' OR 1=1 --"]) {
    assert.equal(codeOf(await post('/api/session/person', { personId })), 'no such person')
  }
})

test('the clock moves by whole hours up to a week, once at a time', async () => {
  const moves: number[] = []
  let arrive = (): void => {}
  const { post } = await apiUnderTest({
    sandbox: {
      companyName: 'S',
      persons: async () => [],
      advance: (hours) => {
        moves.push(hours)
        return new Promise((resolve) => (arrive = resolve))
      },
    },
  })
  const first = post('/api/sandbox/advance', { hours: 24 })
  while (moves.length === 0) await new Promise((resolve) => setImmediate(resolve))
  assert.equal(codeOf(await post('/api/sandbox/advance', { hours: 1 })), 'clock is moving')
  arrive()
  assert.deepEqual((await first).json(), { now: SAMPLE_NOW })
  for (const hours of [0, -1, 1.5, 169, '1', null, Number.MAX_SAFE_INTEGER]) {
    assert.equal(codeOf(await post('/api/sandbox/advance', { hours })), 'not understood', String(hours))
  }
  assert.deepEqual(moves, [24])
})

test('a move of the clock that breaks is a fault in the log, and the next move is possible', async () => {
  let broken = true
  const { post, faults } = await apiUnderTest({
    sandbox: {
      companyName: 'S',
      persons: async () => [],
      advance: async () => {
        if (broken) throw new Error('deadlock in table secrets')
      },
    },
  })
  const answer = await post('/api/sandbox/advance', { hours: 1 })
  assert.equal(answer.statusCode, 500)
  assert.doesNotMatch(answer.body, /deadlock/)
  assert.deepEqual(faults, ['POST /api/sandbox/advance: deadlock in table secrets'])
  broken = false
  assert.equal((await post('/api/sandbox/advance', { hours: 1 })).statusCode, 200)
})

test('unknown keys, other shapes, other types and too much are refused in words', async () => {
  const { post, get, raw, cookie } = await apiUnderTest()
  assert.equal(codeOf(await post('/api/session/person', { personId: null, admin: true })), 'not understood')
  assert.equal(codeOf(await post('/api/session/person', [])), 'not understood')
  assert.equal(codeOf(await post('/api/session/person', '{"personId":')), 'not understood')
  assert.equal(codeOf(await post('/api/session/person', '')), 'not understood')
  assert.equal(codeOf(await post('/api/session/person', '{"__proto__":{"personId":null}}')), 'not understood')
  assert.equal(codeOf(await post('/api/session/person', { personId: 'x'.repeat(20_000) })), 'too large')
  assert.equal(codeOf(await get('/api/session?debug=1')), 'not understood')
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const answer = await raw({
      method: 'POST',
      url: '/api/session/person',
      headers: { cookie, 'sec-fetch-site': 'same-origin', 'content-type': type },
      payload: '{"personId":null}',
    })
    assert.equal(codeOf(answer), 'wrong type', type)
  }
})

test('what does not exist is said in JSON to programs and as a page to people', async () => {
  const { get, raw, cookie } = await apiUnderTest()
  assert.equal(codeOf(await get('/api/nothing')), 'not found')
  const page = await get('/nothing')
  assert.equal(page.statusCode, 404)
  assert.match(String(page.headers['content-type']), /^text\/html/)
  assert.equal((await raw({ method: 'DELETE', url: '/api/requests/req_1', headers: { cookie } })).statusCode, 404)
})

test('every answer carries the security headers, refusals and unreadable addresses included', async () => {
  const { get, raw } = await apiUnderTest()
  const answers = [
    await get('/api/session'),
    await get('/console/'),
    await raw({ url: '/' }),
    await raw({ url: '/api/session' }),
    await raw({ url: '/nothing' }),
    await raw({ url: '/health', headers: { host: 'evil.example' } }),
    await raw({ url: '/%E0%A4%A' }),
  ]
  for (const answer of answers) {
    const policy = String(answer.headers['content-security-policy'])
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'/)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
    assert.equal(answer.headers['referrer-policy'], 'no-referrer')
    assert.equal(answer.headers['cache-control'], 'no-store')
    assert.equal(answer.headers['access-control-allow-origin'], undefined)
  }
})
