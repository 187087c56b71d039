import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SECOND_MS } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { all, batch, waitOf } from './batches-for-tests.ts'
import { stage, WINDOW_MS } from './vendor-for-tests.ts'

const answer = (status: number, headers: HttpAnswer['headers'] = {}): HttpAnswer => ({ status, headers, body: '' })

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
