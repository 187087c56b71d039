import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SECOND_MS } from '#core/instant.ts'
import { all, batch, paid, twoAtWork, waitOf } from './batches-for-tests.ts'
import { CALLS_AT_ONCE, stage, WINDOW_MS, type Headers } from './vendor-for-tests.ts'

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
