import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import type { Budget, Hold, Told } from './budget.ts'
import { createGate } from './gate.ts'
import { createHttpCore, type Credentials } from './http.ts'
import { NetworkFault, type HttpAnswer } from './io.ts'

/** The HTTP core before a budget that says what the test wants, and notes what it is told. */

type Word = Hold | null | Promise<Hold | null>
type Step = Partial<HttpAnswer> | NetworkFault

const AT = Date.parse('2026-11-24T10:00:00.000Z')
const GET = { method: 'GET', url: 'https://acme.example/api/things' } as const
const PUT = { method: 'PUT', url: 'https://acme.example/api/things/1' } as const
const LATER: Hold = { because: 'rate limit', waitMs: 30_000 }

function before(words: readonly Word[], steps: readonly Step[], renews = false) {
  const asked: string[] = []
  const told: (Told | null)[] = []
  const slept: number[] = []
  let sent = 0
  const budget: Budget = {
    gate: createGate(1),
    take(bucket, of) {
      asked.push(`${bucket} ${of}`)
      return words[asked.length - 1] ?? null
    },
    told: (_bucket, _of, what) => void told.push(what),
  }
  const credentials: Credentials = {
    current: () => ({ kind: 'ready', authorization: 'Bearer top-secret-1' }),
    refused: () => renews,
  }
  const io = {
    fetch: async () => {
      const step = steps[sent] ?? { status: 204 }
      sent += 1
      if (step instanceof NetworkFault) throw step
      return { status: 200, headers: {}, body: '', ...step }
    },
    now: () => AT,
    sleep: async (ms: number) => void slept.push(ms),
    newId: () => 'id',
  }
  const core = createHttpCore(io, {
    origin: 'https://acme.example',
    credentials,
    refusal: z.object({ errorCode: z.string() }),
    maxInFlight: 9,
    paid: {
      budget,
      bucketOf: ({ url }) => url.slice(url.lastIndexOf('/') + 1),
      callOf: ({ method }) => (method === 'GET' ? 'read' : 'change'),
      isAboutCallsAtOnce: (headers) => headers['x-rate-limit-limit'] === '0',
    },
  })
  return { core, asked, told, slept, gate: budget.gate, sent: () => sent }
}

test('the budget is asked before a call, with its bucket and what it is for, and told of the answer', async () => {
  const on = before([], [])
  assert.equal((await on.core.tell(PUT)).kind, 'answered')
  assert.deepEqual(on.asked, ['1 change'])
  assert.deepEqual(
    on.told.map((each) => each?.health),
    ['well'],
  )
})

test('what is held back is not sent, and comes back with the wait', async () => {
  const on = before([LATER], [])
  const answer = await on.core.tell(PUT)
  assert.ok(answer.kind === 'unavailable' && answer.because === 'rate limit' && answer.retryAfterMs === 30_000)
  assert.match(answer.said, /^not sent/)
  assert.equal(on.sent(), 0)
  assert.deepEqual(on.told, [])
})

test('a wait of less than a second is waited for, and the budget asked again', async () => {
  const on = before([{ because: 'rate limit', waitMs: 400 }], [])
  assert.equal((await on.core.tell(PUT)).kind, 'answered')
  assert.deepEqual(on.slept, [400])
  assert.equal(on.asked.length, 2)
})

test('each repetition is a call of its own, and one that may not go leaves the answer before it standing', async () => {
  const on = before([null, null, { because: 'on hold', waitMs: 30_000 }], [{ status: 503 }, { status: 502 }])
  const answer = await on.core.tell(GET)
  assert.ok(answer.kind === 'unavailable' && answer.because === 'server error')
  assert.equal(on.sent(), 2)
  assert.deepEqual(
    on.told.map((each) => [each?.health, each?.trouble]),
    [
      ['ill', 'server error'],
      ['ill', 'server error'],
    ],
  )
})

test("whoever waits for the word of the budget stands in nobody's way", async () => {
  let say: (word: null) => void = () => undefined
  const on = before([new Promise<null>((resolve) => (say = resolve)), null], [])
  const waiting = on.core.tell(PUT)
  assert.equal((await on.core.tell(GET)).kind, 'answered')
  say(null)
  assert.equal((await waiting).kind, 'answered')
  assert.equal(on.sent(), 2)
  assert.equal(on.gate.enter(), null)
})

test('a call that is called off when its turn has come was not sent, and the budget is told so', async () => {
  const on = before([], [])
  const answer = await on.core.tell({ ...PUT, mayStart: () => false })
  assert.ok(answer.kind === 'unavailable' && answer.because === 'called off')
  assert.equal(on.sent(), 0)
  assert.deepEqual(on.told, [null])
})

const answers: readonly (readonly [string, Step, Partial<Told>])[] = [
  ['silence', new NetworkFault('reset'), { health: 'ill', trouble: 'no answer', refused: null }],
  [
    "a refusal in the vendor's own words",
    { status: 404, body: '{"errorCode":"E7"}' },
    { health: 'well', refused: null },
  ],
  ['a page instead of an answer', { body: '<html></html>' }, { health: 'ill', trouble: 'not JSON' }],
  ['a 404 in no form', { status: 404, body: '<html></html>' }, { health: null, trouble: 'unexplained refusal' }],
  [
    'a 429',
    { status: 429, headers: { 'x-rate-limit-limit': '600', 'x-rate-limit-remaining': '0' } },
    { health: null, refused: 'rate limit', limit: 600, remaining: 0 },
  ],
  [
    'a 429 about calls at once',
    { status: 429, headers: { 'x-rate-limit-limit': '0', 'x-rate-limit-remaining': '0' } },
    { health: null, refused: 'calls at once', limit: null },
  ],
]
for (const [what, step, expected] of answers) {
  test(`${what} is told as ${JSON.stringify(expected)}`, async () => {
    const on = before([], [step])
    await on.core.tell(PUT)
    const told = on.told[0]
    assert.ok(told)
    for (const [name, value] of Object.entries(expected)) assert.equal(told[name as keyof Told], value, name)
  })
}

test('a token that has ended is no illness; one that is refused again is', async () => {
  const on = before([], [{ status: 401 }, { status: 401 }], true)
  await on.core.tell(PUT)
  assert.deepEqual(
    on.told.map((each) => each?.health),
    [null, 'ill'],
  )
})
