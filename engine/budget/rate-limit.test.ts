import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SECOND_MS } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import type { Spending } from './allowance.ts'
import { CALLS_AT_ONCE, stage, WINDOW_MS, type Headers, type Replica, type Stage } from './vendor-for-tests.ts'

/** Asks for so many calls as a lane does, and makes those that are granted; how many were answered. */
async function batch(on: Stage, replica: Replica, calls: number, of: 'change' | 'read' = 'change'): Promise<number> {
  const spending = await (of === 'change' ? replica.change : replica.read).open(calls)
  if (spending.kind === 'wait') return 0
  return paid(on, replica, spending, calls, of)
}

async function paid(on: Stage, replica: Replica, spending: Spending, calls: number, of: 'change' | 'read' = 'change') {
  const made = Array.from({ length: Math.min(calls, spending.calls) }, () => spending.pays(() => replica.call(of)))
  await on.finish()
  await spending.close(calls >= spending.calls)
  return (await Promise.all(made)).filter(({ kind }) => kind === 'answered').length
}

/** Batches until nothing is granted any more; how many calls were answered. */
async function all(on: Stage, replica: Replica, calls: number): Promise<number> {
  let answered = 0
  for (;;) {
    const more = await batch(on, replica, calls)
    if (more === 0) return answered
    answered += more
  }
}

async function waitOf(replica: Replica, calls = 1): Promise<number> {
  const opened = await replica.change.open(calls)
  assert.equal(opened.kind, 'wait')
  return opened.kind === 'wait' ? opened.until : 0
}

const answer = (status: number, headers: HttpAnswer['headers'] = {}): HttpAnswer => ({ status, headers, body: '' })

test('the first call of all finds out what the limit is, and then everything goes that the window has [I37]', async () => {
  const on = stage(50)
  const one = on.replica()
  assert.equal(await batch(on, one, 200), 1)
  assert.equal(await batch(on, one, 200), 49)
  assert.equal(await batch(on, one, 200), 0)
  assert.deepEqual(on.vendor.refused, [])
})

test('what is shown is our share of a bucket: no more is taken, though the bucket may have more [I37]', async () => {
  const on = stage(300)
  assert.equal(await all(on, on.replica(), 200), 300)
  assert.deepEqual(
    on.vendor.windows.map(({ ours }) => ours),
    [300],
  )
})

for (const headers of ['honest', 'no reset', 'reset in the past', 'reset an hour off'] as const satisfies Headers[]) {
  test(`${headers}: the next window is used as soon as it has surely begun, and not before [I37]`, async () => {
    const on = stage(10)
    const one = on.replica()
    on.vendor.headers = headers
    assert.equal(await all(on, one, 20), 10)
    const until = await waitOf(one)
    const over = (on.vendor.windows[0]?.startedAt ?? 0) + WINDOW_MS
    assert.equal(until, over)
    await on.pass(until - on.clock.now() - 1)
    assert.equal(await batch(on, one, 20), 0)
    await on.pass(1)
    assert.equal(await all(on, one, 20), 10)
    assert.deepEqual(on.vendor.refused, [])
  })
}

test('a window that another client has opened ends when the headers say so, give or take their seconds [I37]', async () => {
  const on = stage(10)
  const one = on.replica()
  on.vendor.compete(3)
  await on.pass(50 * SECOND_MS)
  assert.equal(await all(on, one, 20), 7)
  const over = (on.vendor.windows[0]?.startedAt ?? 0) + WINDOW_MS
  const until = await waitOf(one)
  assert.ok(until >= over && until <= over + 3 * SECOND_MS, `${until - over} ms after the end`)
  await on.pass(until - on.clock.now())
  assert.equal(await all(on, one, 20), 10)
  assert.deepEqual(on.vendor.refused, [])
})

test('a competitor eats the rest while a batch is under way: what was reserved is void, and nothing is asked again before the window ends [I37]', async () => {
  const on = stage(20)
  const one = on.replica()
  await batch(on, one, 1)
  const spending = await one.change.open(19)
  assert.ok(spending.kind === 'spending' && spending.calls === 19)
  on.vendor.compete(15)
  const calls = Array.from({ length: 19 }, () => spending.pays(() => one.call('change')))
  await on.finish()
  const outcomes = await Promise.all(calls)
  const [answered, heldBack] = [outcomes.filter((each) => each.kind === 'answered'), spending.wasHeldBack()]
  assert.equal(answered.length, 4)
  // Those that were under way when it happened could not know.
  assert.ok(on.vendor.refused.length <= CALLS_AT_ONCE, `${on.vendor.refused.length} were refused`)
  assert.equal(heldBack, true)
  await spending.close(true)
  assert.ok((await waitOf(one)) > on.clock.now() + 50 * SECOND_MS)
})

/** Two replicas at work: each holds its share of the places, and the first call of the window is answered. */
async function twoAtWork(
  limit: number,
): Promise<{ readonly on: Stage; readonly one: Replica; readonly other: Replica }> {
  const on = stage(limit)
  const [one, other] = [on.replica(), on.replica()]
  await batch(on, one, 1)
  await waitOf(other)
  await on.pass(2 * SECOND_MS)
  assert.equal(await batch(on, one, 1), 1)
  assert.equal(await batch(on, other, 1), 1)
  return { on, one, other }
}

test('two replicas share a window, whoever asks first [I37]', async () => {
  const { on, one, other } = await twoAtWork(32)
  const first = await one.change.open(20)
  const second = await other.change.open(20)
  assert.ok(first.kind === 'spending' && second.kind === 'spending')
  assert.deepEqual([first.calls, second.calls], [20, 9])
  assert.equal(await paid(on, one, first, 20), 20)
  assert.equal(await paid(on, other, second, 9), 9)
  assert.deepEqual(on.vendor.refused, [])
})

test('what is not needed is given back, and somebody else takes it [I37]', async () => {
  const { on, one, other } = await twoAtWork(32)
  const spending = await one.change.open(25)
  assert.ok(spending.kind === 'spending')
  await paid(on, one, spending, 2)
  assert.equal(await batch(on, other, 27), 27)
  assert.deepEqual(on.vendor.refused, [])
})

test('who dies loses what it had reserved, until the end of the window and no longer [I37]', async () => {
  const { on, one, other } = await twoAtWork(32)
  await one.change.open(20)
  one.alive = false
  assert.equal(await all(on, other, 30), 9)
  await on.pass(WINDOW_MS)
  assert.equal(await all(on, other, 40), 32)
  assert.deepEqual(on.vendor.refused, [])
})

test('what was reserved in one window is void in the next [I37]', async () => {
  const on = stage(10)
  const [one, other] = [on.replica(), on.replica()]
  await batch(on, one, 1)
  const spending = await one.change.open(9)
  assert.ok(spending.kind === 'spending' && spending.calls === 9)
  await on.pass(WINDOW_MS)
  assert.equal(await all(on, other, 10), 10)
  const call = spending.pays(() => one.call('change'))
  await on.finish()
  const outcome = await call
  assert.ok(outcome.kind === 'unavailable' && outcome.because === 'rate limit')
  assert.deepEqual(on.vendor.refused, [])
})

test("another replica's calls that are under way when a window ends are counted in the next [I37]", async () => {
  const { on, one, other } = await twoAtWork(10)
  const spending = await one.change.open(5)
  assert.ok(spending.kind === 'spending')
  const calls = Array.from({ length: 3 }, () => spending.pays(() => one.call('change')))
  await on.pass(WINDOW_MS)
  const late = [...on.underWay]
  assert.equal(late.length, 3)
  // It holds its places as long as they are under way, and makes room for the other when it renews.
  await waitOf(other)
  await on.pass(2 * SECOND_MS)
  const granted = await other.change.open(1)
  assert.ok(granted.kind === 'spending')
  const opening = granted.pays(() => other.call('change'))
  await on.quiet()
  on.underWay.at(-1)?.answer()
  await opening
  await granted.close(true)
  const more = await other.change.open(10)
  assert.ok(more.kind === 'spending')
  assert.ok(more.calls <= 6, `${more.calls} calls were granted`)
  await paid(on, other, more, 6)
  await Promise.all(calls)
  assert.deepEqual(on.vendor.refused, [])
})

test('an answer of a window that is over says nothing of this one, however late it comes [I37]', async () => {
  const on = stage(10)
  on.vendor.headers = 'no reset'
  const one = on.replica()
  await all(on, one, 9)
  await on.pass(WINDOW_MS)
  const spending = await one.change.open(1)
  assert.ok(spending.kind === 'spending')
  const late = spending.pays(() => one.call('change'))
  await on.quiet()
  on.vendor.compete(9)
  on.underWay[0]?.arrive()
  await on.pass(WINDOW_MS + 1)
  void late
  await on.pass(2 * SECOND_MS)
  const next = await one.change.open(10)
  assert.ok(next.kind === 'spending')
  const opening = next.pays(() => one.call('change'))
  await on.quiet()
  on.underWay.at(-1)?.answer()
  await opening
  on.underWay[0]?.answer()
  await on.pass(1)
  await spending.close(true)
  await next.close(true)
  assert.equal(await all(on, one, 10), 9)
  assert.deepEqual(on.vendor.refused, [])
})

test('a call whose answer is lost may have been counted, and is [I37]', async () => {
  const on = stage(10)
  const one = on.replica()
  await batch(on, one, 1)
  const spending = await one.change.open(9)
  assert.ok(spending.kind === 'spending')
  const calls = Array.from({ length: 3 }, () => spending.pays(() => one.call('change')))
  await on.quiet()
  for (const call of on.underWay.slice()) call.answer('lost')
  await Promise.all(calls)
  await spending.close(true)
  assert.equal(await all(on, one, 9), 6)
  assert.deepEqual(on.vendor.refused, [])
})

test('429 without headers in a window that is known: nothing goes until its end [I37]', async () => {
  const on = stage(10)
  const one = on.replica()
  await batch(on, one, 2)
  on.vendor.ill = answer(429)
  await batch(on, one, 1)
  on.vendor.ill = null
  const over = (on.vendor.windows[0]?.startedAt ?? 0) + WINDOW_MS
  assert.equal(await waitOf(one), over)
})

test('429 without headers when nothing is known: one call after 5 s, after 10 s, after 20 s … and never more than a window [I37]', async () => {
  const on = stage(10)
  const one = on.replica()
  on.vendor.ill = answer(429)
  for (const waitMs of [5, 10, 20, 40, 60, 60].map((seconds) => seconds * SECOND_MS)) {
    assert.equal(await batch(on, one, 5), 0)
    assert.equal((await waitOf(one)) - on.clock.now(), waitMs)
    await on.pass(waitMs)
  }
  on.vendor.ill = null
  assert.equal(await all(on, one, 10), 10)
})

test('a vendor that asks for a wait gets it, up to a window; what is longer is a clock that is off, as such a reset is [I37, R037]', async () => {
  const on = stage(10)
  const one = on.replica()
  for (const [asked, waited] of [
    [40, 40],
    [90, 62],
  ] as const) {
    on.vendor.ill = answer(429, { 'retry-after': String(asked) })
    await batch(on, one, 1)
    assert.equal((await waitOf(one)) - on.clock.now(), waited * SECOND_MS)
    await on.pass(waited * SECOND_MS)
  }
  const hourOff = String(Math.ceil(on.clock.now() / SECOND_MS) + 3_600)
  const date = new Date(on.clock.now()).toUTCString()
  on.vendor.ill = answer(429, {
    date,
    'x-rate-limit-limit': '10',
    'x-rate-limit-remaining': '0',
    'x-rate-limit-reset': hourOff,
  })
  await batch(on, one, 1)
  assert.ok((await waitOf(one)) - on.clock.now() <= WINDOW_MS)
})

const HOSTILE: readonly HttpAnswer['headers'][] = [
  { 'x-rate-limit-limit': '-5', 'x-rate-limit-remaining': '-5', 'x-rate-limit-reset': '-5' },
  { 'x-rate-limit-limit': '1e9', 'x-rate-limit-remaining': 'NaN', 'x-rate-limit-reset': '' },
  { 'x-rate-limit-limit': '10', 'x-rate-limit-remaining': '4294967296', 'x-rate-limit-reset': '9'.repeat(400) },
  { 'x-rate-limit-limit': '10, 10', 'x-rate-limit-remaining': '7, 7' },
  { 'x-rate-limit-limit': '0', 'x-rate-limit-remaining': '0' },
]
for (const headers of HOSTILE) {
  test(`headers ${JSON.stringify(headers).slice(0, 90)} let nobody call for ever, and nobody for ever wait [I37, I38]`, async () => {
    const on = stage(10)
    const one = on.replica()
    on.vendor.ill = answer(204, headers)
    await batch(on, one, 5)
    on.vendor.ill = null
    await on.pass(WINDOW_MS + SECOND_MS)
    assert.ok((await all(on, one, 10)) >= 1)
    await on.pass(WINDOW_MS)
    assert.equal(await all(on, one, 10), 10)
  })
}

test('the call that opens a window takes very long: another one goes after two seconds [I38]', async () => {
  const on = stage(10)
  const one = on.replica()
  const spending = await one.change.open(5)
  assert.ok(spending.kind === 'spending' && spending.calls === 1)
  void spending.pays(() => one.call('change'))
  await on.quiet()
  const slow = on.underWay[0]
  assert.equal((await waitOf(one)) - on.clock.now(), 2 * SECOND_MS)
  const waits = one.call('read')
  await on.pass(2 * SECOND_MS)
  assert.equal(on.underWay.length, 2)
  on.underWay[1]?.answer()
  assert.equal((await waits).kind, 'answered')
  assert.equal(await all(on, one, 10), 8)
  slow?.answer()
  await on.quiet()
  assert.deepEqual(on.vendor.refused, [])
})

test('a vendor that shows no limits is called without anything being written, but a lease of places now and then', async () => {
  const on = stage(0)
  on.vendor.headers = 'no limits'
  const one = on.replica()
  assert.equal(await batch(on, one, 200), 1)
  assert.equal(await batch(on, one, 200), 200)
  assert.equal(one.change.isTight(), false)
  const before = on.row()?.version
  for (let batches = 0; batches < 5; batches += 1) assert.equal(await batch(on, one, 200), 200)
  assert.equal(on.row()?.version, before)
  await on.pass(4 * SECOND_MS)
  assert.equal(await batch(on, one, 200), 200)
  assert.equal(on.row()?.version, (before ?? 0) + 1)
})

test('a vendor that begins to show limits is believed at once [I37]', async () => {
  const on = stage(12)
  on.vendor.headers = 'no limits'
  const one = on.replica()
  assert.equal(await batch(on, one, 1), 1)
  assert.equal(await batch(on, one, 5), 5)
  on.vendor.headers = 'honest'
  assert.ok((await batch(on, one, 100)) <= 12)
  assert.deepEqual(
    on.vendor.windows.map(({ ours }) => ours <= 12),
    [true],
  )
})
