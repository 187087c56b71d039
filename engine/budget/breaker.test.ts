import assert from 'node:assert/strict'
import { test } from 'node:test'
import { URGENCY } from '#core/identity-action/urgency.ts'
import { MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import type { CallOf } from '#connectors/kit/budget.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import type { Spending, Wait } from './allowance.ts'
import { PROBE_EVERY_MS } from './breaker.ts'
import { stage, type Replica, type Stage } from './vendor-for-tests.ts'

const answer = (status: number, body = '', headers: HttpAnswer['headers'] = {}): HttpAnswer => ({
  status,
  headers,
  body,
})
const NO = answer(400, '{"error":"no"}')

async function calls(on: Stage, replica: Replica, many: number, of: CallOf): Promise<readonly string[]> {
  const said: string[] = []
  for (let made = 0; made < many; made += 1) {
    const call = replica.call(of)
    await on.finish()
    const outcome = await call
    said.push(outcome.kind === 'unavailable' ? outcome.because : outcome.kind)
  }
  return said
}

async function open(replica: Replica, of: CallOf, many = 20): Promise<Spending | Wait> {
  return replica[of].open(many)
}

/** A vendor that shows no limits, and a replica that has spoken to it. */
async function wellStage(): Promise<{ readonly on: Stage; readonly one: Replica; readonly other: Replica }> {
  const on = stage(0)
  on.vendor.headers = 'no limits'
  const [one, other] = [on.replica(), on.replica()]
  await calls(on, one, 2, 'read')
  await on.pass(6 * SECOND_MS)
  await calls(on, other, 2, 'read')
  await on.pass(6 * SECOND_MS)
  return { on, one, other }
}

async function goDown(on: Stage, one: Replica): Promise<void> {
  on.vendor.ill = answer(503)
  assert.deepEqual(await calls(on, one, 6, 'read'), [...Array(5).fill('server error'), 'on hold'])
  const opened = await open(one, 'read')
  assert.equal(opened.kind, 'wait')
}

test('five bad answers in a row, and nothing goes any more, in no replica [I34]', async () => {
  const { on, one, other } = await wellStage()
  await goDown(on, one)
  for (const what of ['read', 'change'] as const) {
    const opened = await open(other, what)
    assert.ok(opened.kind === 'wait' && opened.until === on.clock.now() + PROBE_EVERY_MS)
    assert.deepEqual(await calls(on, other, 1, what), ['on hold'])
  }
})

test('bad answers that two replicas saw are counted together [I34]', async () => {
  const { on, one, other } = await wellStage()
  on.vendor.ill = answer(503)
  for (const [replica, many] of [
    [one, 3],
    [other, 2],
  ] as const) {
    const opened = await open(replica, 'change')
    assert.ok(opened.kind === 'spending')
    await opened.pays(() => calls(on, replica, many, 'read'))
    await opened.close(false)
    await on.pass(6 * SECOND_MS)
  }
  assert.equal((await open(one, 'change')).kind, 'wait')
})

const illnesses: readonly (readonly [string, HttpAnswer | 'silence', boolean])[] = [
  ['silence', 'silence', true],
  ['a 502', answer(502), true],
  ['a page instead of an answer', answer(200, '<html></html>'), true],
  ['a redirect to a page', answer(302), true],
  ['half an answer', answer(200, '{"id"'), true],
  ['credentials that do not hold', answer(401), true],
  ['a rate limit', answer(429), false],
  ['a no in its own words', NO, false],
  ['a no that nobody explains', answer(404, '<html></html>'), false],
]
for (const [what, ill, isIll] of illnesses) {
  test(`${what}, many times: ${isIll ? 'the vendor is ill' : 'the vendor is well'} [I34]`, async () => {
    const { on, one } = await wellStage()
    on.vendor.ill = ill
    for (let round = 0; round < 8; round += 1) {
      await calls(on, one, 1, 'read')
      // Long enough for every rate limit, and short enough for no probe.
      await on.pass(ill !== 'silence' && ill.status === 429 ? MINUTE_MS : 1_000)
    }
    const said = await calls(on, one, 1, 'read')
    assert.equal(said[0] === 'on hold', isIll, String(said))
  })
}

test('a good answer in between, and the count begins anew [I34]', async () => {
  const { on, one } = await wellStage()
  for (let round = 0; round < 3; round += 1) {
    on.vendor.ill = answer(500)
    await calls(on, one, 4, 'read')
    on.vendor.ill = NO
    assert.deepEqual(await calls(on, one, 1, 'read'), ['refused'])
  }
})

test('one probe every 30 s in all replicas together, for as long as it lasts [I34]', async () => {
  const { on, one, other } = await wellStage()
  await goDown(on, one)
  let probes = 0
  const began = on.clock.now()
  for (let second = 0; second < 600; second += 1) {
    await on.pass(SECOND_MS)
    for (const [replica, what] of [
      [one, 'read'],
      [other, 'change'],
      [other, 'read'],
      [one, 'change'],
    ] as const) {
      const opened = await open(replica, what)
      if (opened.kind === 'wait') continue
      assert.equal(opened.isProbe, true)
      assert.equal(opened.calls, 1)
      const said = await opened.pays(() => calls(on, replica, 3, 'read'))
      assert.deepEqual(said, ['server error', 'on hold', 'on hold'])
      probes += 1
      await opened.close(true)
    }
  }
  assert.equal(probes, (on.clock.now() - began) / PROBE_EVERY_MS)
})

test('a probe that found nothing to do is handed back: somebody else may have something [I34]', async () => {
  const { on, one } = await wellStage()
  await goDown(on, one)
  await on.pass(PROBE_EVERY_MS)
  const unused = await open(one, 'change')
  assert.ok(unused.kind === 'spending' && unused.isProbe)
  assert.equal((await open(one, 'read')).kind, 'wait')
  await unused.close(false)
  assert.equal((await open(one, 'read')).kind, 'spending')
})

test('the first good answer ends it, everything goes at once, and whoever waits is told [I34]', async () => {
  const { on, one, other } = await wellStage()
  await goDown(on, one)
  let eased = 0
  one.budgets.onEased(() => (eased += 1))
  await on.pass(PROBE_EVERY_MS)
  on.vendor.ill = null
  const probe = await open(one, 'change')
  assert.ok(probe.kind === 'spending' && probe.isProbe)
  assert.deepEqual(await probe.pays(() => calls(on, one, 3, 'change')), ['answered', 'answered', 'answered'])
  await probe.close(true)
  assert.ok(eased > 0)
  await on.pass(6 * SECOND_MS)
  for (const what of ['read', 'change'] as const) {
    const opened = await open(other, what)
    assert.ok(opened.kind === 'spending' && !opened.isProbe && opened.calls > 1)
    await opened.close(false)
  }
})

test('a vendor that answers reads and takes no changes: reads go on, and changes are probed [I34]', async () => {
  const { on, one } = await wellStage()
  for (let round = 0; round < 5; round += 1) {
    on.vendor.ill = answer(503)
    assert.deepEqual(await calls(on, one, 1, 'change'), ['server error'])
    on.vendor.ill = null
    assert.deepEqual(await calls(on, one, 2, 'read'), ['answered', 'answered'])
  }
  assert.deepEqual(await calls(on, one, 1, 'change'), ['on hold'])
  assert.equal((await open(one, 'change')).kind, 'wait')
  const reading = await open(one, 'read')
  assert.ok(reading.kind === 'spending' && !reading.isProbe)
  await on.pass(PROBE_EVERY_MS)
  const probe = await open(one, 'change')
  assert.ok(probe.kind === 'spending' && probe.isProbe)
  assert.deepEqual(await probe.pays(() => calls(on, one, 1, 'change')), ['answered'])
  await probe.close(true)
  assert.deepEqual(await calls(on, one, 1, 'change'), ['answered'])
})

test('after a whole outage a good read lets reads go, and one change at once [I34]', async () => {
  const { on, one } = await wellStage()
  on.vendor.ill = answer(503)
  await calls(on, one, 5, 'change')
  await calls(on, one, 5, 'read')
  await on.pass(PROBE_EVERY_MS)
  on.vendor.ill = null
  const reading = await open(one, 'read')
  assert.ok(reading.kind === 'spending' && reading.isProbe)
  assert.deepEqual(await reading.pays(() => calls(on, one, 1, 'read')), ['answered'])
  await reading.close(true)
  const change = await open(one, 'change')
  assert.ok(change.kind === 'spending' && change.isProbe)
  assert.deepEqual(await change.pays(() => calls(on, one, 1, 'change')), ['answered'])
  await change.close(true)
  const all = await open(one, 'change')
  assert.ok(all.kind === 'spending' && !all.isProbe)
})

test('a vendor that asks for more time than a probe would leave it gets a minute, and no more: nobody tells us when it is well [I34, I29, R037]', async () => {
  const { on, one } = await wellStage()
  on.vendor.ill = answer(503, '', { 'retry-after': '120' })
  await calls(on, one, 5, 'read')
  const opened = await open(one, 'read')
  assert.ok(opened.kind === 'wait' && opened.until === on.clock.now() + 60 * SECOND_MS)
})

test('a good answer to a call from before it went down does not end it [I34]', async () => {
  const { on, one } = await wellStage()
  const early = one.call('read')
  await on.quiet()
  const [late] = on.underWay.splice(0, 1)
  late?.arrive()
  await on.pass(SECOND_MS)
  await goDown(on, one)
  assert.ok(late)
  on.underWay.push(late)
  late.answer()
  assert.equal((await early).kind, 'answered')
  assert.equal((await open(one, 'read')).kind, 'wait')
})

test('an operator is told once that it is down and once that it is well, whoever found out [I34]', async () => {
  const { on, one, other } = await wellStage()
  await goDown(on, one)
  for (let minute = 0; minute < 10; minute += 1) {
    await on.pass(MINUTE_MS)
    await calls(on, other, 1, 'read')
    await calls(on, one, 1, 'read')
  }
  on.vendor.ill = null
  await on.pass(MINUTE_MS)
  await calls(on, other, 1, 'change')
  await open(other, 'change')
  await open(one, 'change')
  assert.equal(on.said.length, 2, on.said.join('\n'))
  assert.match(
    on.said[0] ?? '',
    /^warning: vendor does not answer as it should \(server error\): .* what is due stays due$/,
  )
  assert.match(on.said[1] ?? '', /^info: vendor is well again after 11 min: what is due goes out now$/)
})

test('an outage of hours uses up no window: as many probes as there are half minutes [I34, I37]', async () => {
  const on = stage(10)
  const one = on.replica()
  await calls(on, one, 1, 'read')
  on.vendor.ill = answer(503)
  await calls(on, one, 6, 'read')
  for (let probes = 0; probes < 40; probes += 1) {
    await on.pass(PROBE_EVERY_MS)
    const opened = await open(one, 'read', 1)
    assert.ok(opened.kind === 'spending', `probe ${probes}`)
    const call = opened.pays(() => one.call('read'))
    await on.finish()
    assert.equal((await call).kind, 'unavailable')
    await opened.close(false)
  }
})

test('what only keeps us informed lets changes be the first to ask whether it is well, also in a process that has just begun [I34, I35]', async () => {
  const { on, one } = await wellStage()
  await goDown(on, one)
  await on.pass(10 * PROBE_EVERY_MS)
  const young = on.replica()
  const sync = (): Promise<readonly string[]> =>
    young.budgets.pays('vendor', URGENCY.sync, () => calls(on, young, 1, 'read'))
  assert.deepEqual(await sync(), ['on hold'])
  const change = await open(young, 'change')
  assert.ok(change.kind === 'spending' && change.isProbe)
  await change.close(false)
  await on.pass(2 * SECOND_MS)
  assert.deepEqual(await sync(), ['server error'])
})
