import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { createHttpCore } from './http.ts'
import type { Credential, Credentials, HttpCoreOptions } from './http.ts'
import { NetworkFault } from './io.ts'
import type { HttpAnswer, HttpRequest, Io } from './io.ts'

type Step = Partial<HttpAnswer> | NetworkFault | Error

const DATE = 'Tue, 24 Nov 2026 10:00:00 GMT'
const AT = Date.parse(DATE)
const shape = z.object({ id: z.string() })
const refusal = z.object({ errorCode: z.string(), errorSummary: z.string().optional() })
const GET = { method: 'GET', url: 'https://acme.example/api/things' } as const
const PUT = { method: 'PUT', url: 'https://acme.example/api/things/1' } as const

/** A network that gives these answers in turn, and the sleeps that were asked for. */
function scripted(steps: readonly Step[], options: Partial<HttpCoreOptions<z.output<typeof refusal>>> = {}) {
  const sent: HttpRequest[] = []
  const slept: number[] = []
  const io: Io = {
    fetch: async (request) => {
      const step = steps[sent.length]
      sent.push(request)
      if (step === undefined) throw new Error('the script has ended')
      if (step instanceof Error) throw step
      return { status: 200, headers: {}, body: '', ...step }
    },
    now: () => AT,
    sleep: async (ms) => void slept.push(ms),
    newId: () => 'id',
  }
  const credentials: Credentials = {
    current: () => ({ kind: 'ready', authorization: 'Bearer top-secret-1' }),
    refused: () => false,
  }
  const core = createHttpCore(io, { origin: 'https://acme.example', credentials, refusal, maxInFlight: 4, ...options })
  return { core, sent, slept }
}

const json = (value: unknown, status = 200): Step => ({ status, body: JSON.stringify(value) })
const reset = new NetworkFault('the connection was reset')

test('a body of the right shape is answered', async () => {
  const { core, sent } = scripted([json({ id: '1', more: true })])
  const answer = await core.ask(GET, shape)
  assert.ok(answer.kind === 'answered')
  assert.deepEqual(answer.value, { id: '1' })
  assert.equal(answer.startedAt, AT)
  assert.equal(sent[0]?.headers['authorization'], 'Bearer top-secret-1')
})

test('a refusal in the form of the vendor is refused, with its words', async () => {
  const { core } = scripted([json({ errorCode: 'E7', errorSummary: 'no such thing' }, 404)])
  const answer = await core.ask(GET, shape)
  assert.ok(answer.kind === 'refused' && answer.status === 404)
  assert.equal(answer.refusal.errorCode, 'E7')
})

const badBodies: readonly [string, Step, string][] = [
  ['an HTML page with 200', { body: '<!DOCTYPE html><html></html>' }, 'not JSON'],
  ['half a JSON', { body: '{"id":"1","na' }, 'not JSON'],
  ['nothing at all', { body: '' }, 'not JSON'],
  ['another shape', json({ name: 'x' }), 'not the shape'],
  ['an error inside a 200', json({ errorCode: 'E9' }), 'error in a success'],
  ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example/' } }, 'redirect'],
  ['an HTML page with 403, as a proxy sends it', { status: 403, body: '<html></html>' }, 'unexplained refusal'],
  ['an error of another form', json({ message: 'Forbidden' }, 403), 'unexplained refusal'],
  ['an empty 404', { status: 404 }, 'unexplained refusal'],
]
for (const [what, step, because] of badBodies) {
  test(`${what} is unavailable, by name, and nothing is thrown`, async () => {
    const answer = await scripted([step]).core.ask(GET, shape)
    assert.ok(answer.kind === 'unavailable')
    assert.equal(answer.because, because)
  })
}

test('a body where none was expected is not taken for success', async () => {
  const page = await scripted([{ body: '<html></html>' }]).core.tell(PUT)
  assert.ok(page.kind === 'unavailable' && page.because === 'not JSON')
  const error = await scripted([json({ errorCode: 'E9' })]).core.tell(PUT)
  assert.ok(error.kind === 'unavailable' && error.because === 'error in a success')
  assert.equal((await scripted([{ status: 204 }]).core.tell(PUT)).kind, 'answered')
})

test('no body is an answer where the shape takes none, and only of a success', async () => {
  const { core } = scripted([{ status: 202 }, { status: 200 }, { status: 404 }])
  assert.equal((await core.ask(GET, shape.optional())).kind, 'answered')
  assert.equal((await core.ask(GET, shape)).kind, 'unavailable')
  assert.equal((await core.ask(GET, shape.optional())).kind, 'unavailable')
})

test('an answer beyond the limit is unavailable', async () => {
  const { core } = scripted([json({ id: 'x'.repeat(100) })], { maxAnswerChars: 50 })
  const answer = await core.ask(GET, shape)
  assert.ok(answer.kind === 'unavailable' && answer.because === 'too large')
})

test('a read without an answer is sent again, twice at most, and a write never', async () => {
  const read = scripted([reset, { status: 500 }, json({ id: '1' })])
  assert.equal((await read.core.ask(GET, shape)).kind, 'answered')
  assert.deepEqual(read.slept, [100, 400])

  const tooMuch = scripted([reset, reset, reset, json({ id: '1' })])
  const gaveUp = await tooMuch.core.ask(GET, shape)
  assert.ok(gaveUp.kind === 'unavailable' && gaveUp.because === 'no answer')
  assert.equal(tooMuch.sent.length, 3)

  for (const step of [reset, { status: 500 }, { status: 503, headers: { 'retry-after': '1' } }]) {
    const write = scripted([step, { status: 204 }])
    assert.equal((await write.core.tell(PUT)).kind, 'unavailable')
    assert.equal(write.sent.length, 1)
  }
})

test('a short wait of a rate limit is waited for, with any method; a long one is handed back', async () => {
  const short = scripted([{ status: 429, headers: { 'retry-after': '1' } }, { status: 204 }])
  assert.equal((await short.core.tell(PUT)).kind, 'answered')
  assert.deepEqual(short.slept, [1_000])

  const long = scripted([{ status: 429, headers: { 'retry-after': '17' } }])
  const answer = await long.core.tell(PUT)
  assert.ok(answer.kind === 'unavailable' && answer.because === 'rate limit')
  assert.equal(answer.retryAfterMs, 17_000)
  assert.deepEqual(long.slept, [])
})

test('a 429 that says nothing of its end is handed back at once', async () => {
  const { core, sent } = scripted([{ status: 429 }])
  const answer = await core.ask(GET, shape)
  assert.ok(answer.kind === 'unavailable' && answer.retryAfterMs === null)
  assert.equal(sent.length, 1)
})

test('a 503 that asks for a long wait is handed back with it', async () => {
  const answer = await scripted([{ status: 503, headers: { 'retry-after': '120' } }]).core.ask(GET, shape)
  assert.ok(answer.kind === 'unavailable' && answer.because === 'server error')
  assert.equal(answer.retryAfterMs, 120_000)
})

test('a 401 is tried once more with new credentials, and only once', async () => {
  let current: Credential = { kind: 'ready', authorization: 'Bearer old' }
  const credentials: Credentials = {
    current: () => current,
    refused: () => {
      current = { kind: 'ready', authorization: 'Bearer new' }
      return true
    },
  }
  const renewed = scripted([{ status: 401 }, { status: 204 }], { credentials })
  assert.equal((await renewed.core.tell(PUT)).kind, 'answered')
  assert.deepEqual(
    renewed.sent.map((request) => request.headers['authorization']),
    ['Bearer old', 'Bearer new'],
  )
  const hopeless = scripted([{ status: 401 }, json({ errorCode: 'E11' }, 401), { status: 204 }], { credentials })
  const answer = await hopeless.core.tell(PUT)
  assert.ok(answer.kind === 'unavailable' && answer.because === 'no credentials')
  assert.equal(hopeless.sent.length, 2)
})

test('credentials are never sent to another host', async () => {
  for (const url of [
    'https://evil.example/api',
    'https://acme.example.evil.example/',
    'https://acme.example@evil.example/',
  ]) {
    const { core, sent } = scripted([])
    const answer = await core.ask({ method: 'GET', url }, shape)
    assert.ok(answer.kind === 'unavailable' && answer.because === 'foreign address')
    assert.equal(sent.length, 0)
  }
})

test('no secret comes back in a text, not even when the vendor repeats it [I26]', async () => {
  const errorSummary = 'bad token top-secret-1 and eyJhbGciOiJI.eyJpc3MiOiJh.c2lnbmF0dXJl and hush'
  for (const step of [json({ errorCode: 'E1', errorSummary }, 400), json({ errorCode: 'E1', errorSummary }, 500)]) {
    const { core } = scripted([step])
    const text = JSON.stringify(await core.tell({ ...PUT, secrets: ['hush'] }))
    assert.ok(text.includes('bad token'), text)
    for (const secret of ['top-secret-1', 'eyJpc3MiOiJh', 'hush']) assert.ok(!text.includes(secret), text)
  }
})

test('a text of the vendor is one bounded line without control characters', async () => {
  const errorSummary = `a\u0000b\u001b[31m\u202ec\n${'x'.repeat(10_000)}`
  const answer = await scripted([json({ errorCode: 'E1', errorSummary }, 500)]).core.tell(PUT)
  assert.ok(answer.kind === 'unavailable')
  assert.ok(answer.said.length <= 340)
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what must not be there
  assert.ok(!/[\u0000-\u001f\u202e]/.test(answer.said))
})

test('what is no fault of the network is thrown: it is a bug', async () => {
  await assert.rejects(scripted([new TypeError('a bug')]).core.ask(GET, shape), TypeError)
})

test('no more calls are under way at once than allowed, and all are answered', async () => {
  let underWay = 0
  let most = 0
  const io: Io = {
    fetch: async () => {
      underWay += 1
      most = Math.max(most, underWay)
      await new Promise((resolve) => setImmediate(resolve))
      underWay -= 1
      return { status: 204, headers: {}, body: '' }
    },
    now: () => AT,
    sleep: async () => {},
    newId: () => 'id',
  }
  const credentials: Credentials = { current: () => ({ kind: 'ready', authorization: null }), refused: () => false }
  const core = createHttpCore(io, { origin: 'https://acme.example', credentials, refusal, maxInFlight: 3 })
  const answers = await Promise.all(Array.from({ length: 5_000 }, () => core.tell(PUT)))
  assert.ok(answers.every((answer) => answer.kind === 'answered'))
  assert.equal(most, 3)
})
