import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SECOND_MS } from '#core/instant.ts'
import { URGENCY } from '#core/identity-action/urgency.ts'
import type { Allowance, Spending, Wait } from './allowance.ts'
import { GIVEN_BACK_WITHIN_MS } from './bucket.ts'
import { stage, WINDOW_MS, type Replica, type Stage } from './vendor-for-tests.ts'

/** A batch for which there was so much to do; how many calls were answered. */
async function batch(on: Stage, of: Allowance, replica: Replica, calls: number, work = calls): Promise<number> {
  const opened: Spending | Wait = await of.open(calls)
  if (opened.kind === 'wait') return 0
  const made = Array.from({ length: Math.min(work, opened.calls) }, () =>
    opened.pays(() => replica.call(of === replica.change ? 'change' : 'read')),
  )
  await on.finish()
  await opened.close(work >= opened.calls)
  return (await Promise.all(made)).filter(({ kind }) => kind === 'answered').length
}

test('while writes want more than there is, read-backs get nothing, not even the first call of the next window [I35]', async () => {
  const on = stage(20)
  const one = on.replica()
  for (const _ of [1, 2]) await batch(on, one.change, one, 50)
  assert.equal(on.vendor.windows[0]?.ours, 20)
  assert.equal(await batch(on, one.read, one, 1), 0)
  await on.pass(WINDOW_MS)
  assert.equal(await batch(on, one.read, one, 1), 0)
  for (const _ of [1, 2]) await batch(on, one.change, one, 50)
  assert.deepEqual(
    on.vendor.windows.map(({ ours }) => ours),
    [20, 20],
  )
  assert.deepEqual(on.vendor.refused, [])
})

test('what writes leave of their last window read-backs get at once [I35]', async () => {
  const on = stage(20)
  const one = on.replica()
  for (const _ of [1, 2]) await batch(on, one.change, one, 50)
  await on.pass(WINDOW_MS)
  await batch(on, one.change, one, 50)
  let eased = 0
  one.budgets.onEased(() => (eased += 1))
  assert.equal(await batch(on, one.change, one, 50, 7), 7)
  assert.ok(eased > 0, 'nobody is told that there is room')
  assert.equal(await batch(on, one.read, one, 50), 12)
})

test('writers that find nothing to do any more make room, and so do writers that are gone, after a window [I35]', async () => {
  const on = stage(20)
  const one = on.replica()
  for (const _ of [1, 2]) await batch(on, one.change, one, 50)
  await on.pass(WINDOW_MS)
  assert.equal(await batch(on, one.read, one, 1), 0)
  await one.change.nothingDue()
  assert.equal(await batch(on, one.read, one, 1), 1)

  for (const _ of [1, 2]) await batch(on, one.change, one, 50)
  await on.pass(WINDOW_MS)
  assert.equal(await batch(on, one.read, one, 1), 0)
  await on.pass(WINDOW_MS)
  assert.equal(await batch(on, one.read, one, 1), 1)
})

test('what read-backs give back is offered at once to the write that was refused for it, not at the end of the window [I35]', async () => {
  const on = stage(20)
  const one = on.replica()
  await batch(on, one.read, one, 1)
  const reads = await one.read.open(50)
  assert.ok(reads.kind === 'spending' && reads.calls === 19)
  const refused = await one.change.open(1)
  assert.equal(refused.kind, 'wait')
  let eased = 0
  one.budgets.onEased(() => (eased += 1))
  await reads.close(false)
  assert.ok(eased > 0, 'nobody is told that there is room')
  assert.equal(await batch(on, one.change, one, 1), 1)
})

test('another replica holds back for those writes, too [I35]', async () => {
  const on = stage(20)
  const [one, other] = [on.replica(), on.replica()]
  for (const _ of [1, 2]) await batch(on, one.change, one, 50)
  // So long that the first has no places any more, and the next window has begun.
  await on.pass(WINDOW_MS)
  assert.equal(await batch(on, other.read, other, 5), 0)
  assert.equal(await batch(on, other.change, other, 5), 1)
})

test('read-backs in turn come before a sync, and a sync takes what is left [I35]', async () => {
  const on = stage(20)
  const one = on.replica()
  const sync = (): Promise<readonly string[]> =>
    one.budgets.pays('vendor', URGENCY.sync, async () => {
      const calls = Array.from({ length: 3 }, () => one.call('read'))
      await on.finish()
      return (await Promise.all(calls)).map((each) => (each.kind === 'unavailable' ? each.because : each.kind))
    })
  for (const _ of [1, 2]) await batch(on, one.read, one, 50)
  assert.deepEqual(await sync(), ['rate limit', 'rate limit', 'rate limit'])
  await on.pass(WINDOW_MS)
  assert.deepEqual(await sync(), ['rate limit', 'rate limit', 'rate limit'])
  await batch(on, one.read, one, 50)
  await batch(on, one.read, one, 50, 2)
  assert.deepEqual(await sync(), ['answered', 'answered', 'answered'])
})

test('a call that nobody reserved takes one, and keeps nobody away [I35]', async () => {
  const on = stage(3)
  const one = on.replica()
  for (const expected of ['answered', 'answered', 'answered', 'unavailable']) {
    const call = one.call('read')
    await on.finish()
    assert.equal((await call).kind, expected)
  }
  await on.pass(WINDOW_MS + SECOND_MS)
  assert.equal(await batch(on, one.read, one, 1), 1)
})

test('what a write was held back for is only reserved by another: it is worth asking again at once, and read-backs get none of it before [I35, I1]', async () => {
  const on = stage(20)
  const one = on.replica()
  await batch(on, one.read, one, 1)
  const other = await one.change.open(16)
  const short = await one.change.open(10)
  assert.ok(other.kind === 'spending' && short.kind === 'spending' && short.calls === 3)
  const made = Array.from({ length: 4 }, () => short.pays(() => one.call('change')))
  await on.finish()
  const [last] = (await Promise.all(made)).slice(3)
  assert.ok(last?.kind === 'unavailable' && (last.retryAfterMs ?? 0) <= GIVEN_BACK_WITHIN_MS, JSON.stringify(last))
  await short.close(false)
  assert.equal(await batch(on, one.read, one, 1), 0)
  await other.close(false)
  assert.equal(await batch(on, one.change, one, 4), 4)
})
