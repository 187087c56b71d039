import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Caller } from './authorise.ts'
import { authorise } from './authorise.ts'
import type { Door } from './doors.ts'
import { DOORS } from './doors.ts'
import { apiUnderTest, codeOf } from './testing/api-under-test.ts'

const DOOR_NAMES = Object.keys(DOORS) as Door[]

const atHome: Caller = {
  remoteAddress: '127.0.0.1',
  hostHeader: 'localhost:4400',
  originHeader: 'http://localhost:4400',
  fetchSite: 'same-origin',
  session: { expiresAt: 1, personId: null },
}

test('every door opens for a page of ours with a session in the sandbox', () => {
  for (const door of DOOR_NAMES) assert.equal(authorise(door, atHome, { sandbox: true }).kind, 'allowed', door)
})

test('no door opens for another machine or another name, whatever else is right', () => {
  fc.assert(
    fc.property(fc.constantFrom(...DOOR_NAMES), fc.boolean(), fc.boolean(), (door, sandbox, remote) => {
      const caller = remote ? { ...atHome, remoteAddress: '10.0.0.7' } : { ...atHome, hostHeader: 'evil.example:4400' }
      assert.deepEqual(authorise(door, caller, { sandbox }), {
        kind: 'refused',
        code: remote ? 'not loopback' : 'wrong host',
      })
    }),
  )
})

test('without a session only five doors open', () => {
  const open = DOOR_NAMES.filter(
    (door) => authorise(door, { ...atHome, session: null }, { sandbox: true }).kind === 'allowed',
  )
  assert.deepEqual(open, ['ask whether it lives', 'come to the front', 'enter by a link', 'read the gauges', 'nowhere'])
})

test('outside the sandbox nobody chooses who they are and nobody moves the clock', async () => {
  const { post, get } = await apiUnderTest({ sandbox: null })
  assert.equal(codeOf(await post('/api/session/person', { personId: 'per_mara' })), 'sandbox only')
  assert.equal(codeOf(await post('/api/sandbox/advance', { hours: 1 })), 'sandbox only')
  const session = (await get('/api/session')).json<Record<string, unknown>>()
  assert.equal(session['sandbox'], null)
  assert.equal(session['person'], null)
})

test('a change is made only when a page of ours asks for it', async () => {
  const moves: number[] = []
  const { raw, cookie } = await apiUnderTest({
    sandbox: { companyName: 'S', persons: async () => [], advance: async (hours) => void moves.push(hours) },
  })
  const ask = async (headers: Record<string, string>): Promise<number> => {
    const answer = await raw({
      method: 'POST',
      url: '/api/sandbox/advance',
      headers: { cookie, 'content-type': 'application/json', ...headers },
      payload: '{"hours":1}',
    })
    return answer.statusCode
  }
  assert.equal(await ask({}), 403)
  assert.equal(await ask({ 'sec-fetch-site': 'cross-site' }), 403)
  assert.equal(await ask({ 'sec-fetch-site': 'same-site' }), 403)
  assert.equal(await ask({ 'sec-fetch-site': 'none' }), 403)
  assert.equal(await ask({ origin: 'http://127.0.0.1:9999' }), 403)
  assert.equal(await ask({ origin: 'null' }), 403)
  assert.equal(await ask({ origin: 'https://127.0.0.1:4400' }), 403)
  assert.equal(await ask({ 'sec-fetch-site': 'same-origin', origin: 'http://evil.example' }), 403)
  assert.deepEqual(moves, [])
  assert.equal(await ask({ 'sec-fetch-site': 'same-origin' }), 200)
  assert.equal(await ask({ origin: 'http://127.0.0.1:4400' }), 200)
  assert.deepEqual(moves, [1, 1])
})

test('a name that points here by DNS rebinding is refused', async () => {
  const { raw, cookie } = await apiUnderTest()
  for (const host of [
    'evil.example',
    'evil.example:4400',
    '127.0.0.1.evil.example',
    'localhost.',
    '0.0.0.0:4400',
    '2130706433',
    '[::]:4400',
    'localhost@evil.example',
  ]) {
    const answer = await raw({ url: '/api/session', headers: { host, cookie } })
    assert.equal(answer.statusCode, 421, host)
    assert.equal((await raw({ url: '/health', headers: { host } })).statusCode, 421, host)
  }
  for (const host of ['localhost:4400', '127.0.0.1:4400', '[::1]:4400', 'LOCALHOST:4400']) {
    assert.equal((await raw({ url: '/api/session', headers: { host, cookie } })).statusCode, 200, host)
  }
})

test('another machine is refused at every door, even when somebody opened a public address', async () => {
  const { raw, cookie } = await apiUnderTest()
  for (const url of ['/health', '/', '/enter?code=x', '/console/', '/api/session', '/nothing']) {
    const answer = await raw({ url, remoteAddress: '192.168.1.20', headers: { cookie } })
    assert.equal(answer.statusCode, 403, url)
  }
})

test('a route without a door cannot be registered', async () => {
  const { app } = await import('./api.ts').then(async ({ buildApi }) => {
    const { createEntry } = await import('./entry.ts')
    return {
      app: buildApi({
        reads: () => null,
        halts: () => null,
        alarms: () => null,
        sandbox: null,
        console: { state: () => ({ kind: 'building' }) },
        entry: createEntry({ wallNow: () => 0 }),
        now: () => 0,
        askUrl: () => null,
        onFault: () => {},
      }),
    }
  })
  assert.throws(() => app.get('/api/open', () => 'everything'), /names no door/)
})
