import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { NetworkFault } from './io.ts'
import type { HttpRequest } from './io.ts'
import { serveStandIn } from './serve-stand-in.ts'
import type { Deliver, StandIn } from './stand-in.ts'
import { createUndiciFetch } from './undici-fetch.ts'
import type { UndiciFetchOptions } from './undici-fetch.ts'

async function setUp(t: TestContext, standIn: StandIn, options: UndiciFetchOptions = {}, deliver?: Deliver) {
  const served = await serveStandIn(standIn, { now: () => 1_000, ...(deliver === undefined ? {} : { deliver }) })
  const network = createUndiciFetch(options)
  t.after(async () => {
    await network.close()
    await served.close()
  })
  const get = (path: string): HttpRequest => ({ method: 'GET', url: served.url + path, headers: {}, body: '' })
  return { url: served.url, fetch: network.fetch, get }
}

test('a request arrives as it was sent, and the answer too', async (t) => {
  const seen: HttpRequest[] = []
  const { url, fetch } = await setUp(t, (request, now) => {
    seen.push(request)
    return {
      status: 200,
      headers: { link: '<a>; rel="self", <b>; rel="next"', 'x-at': String(now) },
      body: '{"ü":"😀"}',
    }
  })
  const answer = await fetch({
    method: 'POST',
    url: `${url}/a%2Fb?x=1`,
    headers: { authorization: 'Bearer t' },
    body: 'q=ü',
  })
  assert.equal(seen[0]?.url, `${url}/a%2Fb?x=1`)
  assert.equal(seen[0]?.method, 'POST')
  assert.equal(seen[0]?.headers['authorization'], 'Bearer t')
  assert.equal(seen[0]?.body, 'q=ü')
  assert.equal(answer.status, 200)
  assert.equal(answer.body, '{"ü":"😀"}')
  assert.equal(answer.headers['x-at'], '1000')
  assert.equal(answer.headers['link'], '<a>; rel="self", <b>; rel="next"')
})

test('an answer without a body, and connections that are used again', async (t) => {
  const { url, fetch } = await setUp(t, () => ({ status: 204, headers: { 'x-okta-request-id': 'r1' }, body: '' }))
  for (let i = 0; i < 50; i += 1) {
    const answer = await fetch({ method: 'PUT', url: `${url}/x/${i}`, headers: {}, body: '' })
    assert.deepEqual([answer.status, answer.body, answer.headers['x-okta-request-id']], [204, '', 'r1'])
  }
})

test('a large answer comes whole', async (t) => {
  const body = JSON.stringify(Array.from({ length: 100_000 }, (_, index) => `ä${index}`))
  const { fetch, get } = await setUp(t, () => ({ status: 200, headers: {}, body }))
  assert.equal((await fetch(get('/'))).body, body)
})

test('a redirect is an answer, and is not followed', async (t) => {
  let calls = 0
  const { fetch, get } = await setUp(t, () => {
    calls += 1
    return { status: 302, headers: { location: '/elsewhere' }, body: '' }
  })
  assert.equal((await fetch(get('/'))).status, 302)
  assert.equal(calls, 1)
})

test('an answer larger than the limit is a fault of the network, and does not fill the memory', async (t) => {
  const { fetch, get } = await setUp(t, () => ({ status: 200, headers: {}, body: 'x'.repeat(200_000) }), {
    maxAnswerBytes: 1_000,
  })
  await assert.rejects(fetch(get('/')), { name: 'Error', code: 'NETWORK_FAULT', message: /larger than 1000 bytes/ })
})

test('an answer that never comes is a fault, after the effect', async (t) => {
  let effects = 0
  const { fetch, get } = await setUp(
    t,
    () => {
      effects += 1
      return { status: 204, headers: {}, body: '' }
    },
    {},
    () => 'drop',
  )
  await assert.rejects(fetch(get('/')), NetworkFault)
  assert.equal(effects, 1)
})

test('a late answer arrives, a silent one is a fault', async (t) => {
  const late = await setUp(
    t,
    () => ({ status: 200, headers: {}, body: 'x' }),
    {},
    () => ({ afterMs: 30 }),
  )
  assert.equal((await late.fetch(late.get('/'))).body, 'x')
  const silent = await setUp(
    t,
    () => ({ status: 200, headers: {}, body: 'x' }),
    { silenceTimeoutMs: 50 },
    () => ({ afterMs: 60_000 }),
  )
  await assert.rejects(silent.fetch(silent.get('/')), NetworkFault)
})

test('an answer that drips for ever is a fault, and so is one that stops in the middle', async (t) => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n')
    const drip = setInterval(() => socket.write('x'), 20)
    socket.on('close', () => clearInterval(drip))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const network = createUndiciFetch({ answerTimeoutMs: 150 })
  t.after(async () => {
    await network.close()
    server.close()
  })
  const { port } = server.address() as { port: number }
  const request: HttpRequest = { method: 'GET', url: `http://127.0.0.1:${port}/`, headers: {}, body: '' }
  await assert.rejects(network.fetch(request), { code: 'NETWORK_FAULT', message: /too long/ })
})

test('a refused connection is a fault that names neither path nor header', async (t) => {
  const { url, fetch } = await setUp(t, () => ({ status: 204, headers: {}, body: '' }))
  const closed = url.replace(/\d+$/, '1')
  const request: HttpRequest = {
    method: 'PUT',
    url: `${closed}/people/mara`,
    headers: { authorization: 'Bearer t0ken' },
    body: '',
  }
  await assert.rejects(fetch(request), (fault: Error) => {
    assert.ok(fault instanceof NetworkFault)
    assert.ok(!/mara|t0ken/.test(fault.message + String(fault.stack)))
    return true
  })
})
