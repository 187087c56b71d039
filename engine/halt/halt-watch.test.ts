import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import type { JsonObject } from '#core/event.ts'
import { randomIds } from '../ids.ts'
import type { Ports } from '../ports.ts'
import type { Store, StoredStream } from '../store/store.ts'
import { watchHalts, type HaltWatch } from './halt-watch.ts'

/* What one replica knows of the orders, and for how long, on a clock that the test moves. */

const STOPPED = { halted: { exceptRemovals: false, since: '2026-11-02T09:00:00.000Z' } }
const ADDS_STOPPED = { halted: { exceptRemovals: true, since: '2026-11-02T09:00:00.000Z' } }
const CALLS = [{ do: 'add' }, { do: 'remove' }] as const

let now: number
let sleepers: { readonly until: number; readonly wake: () => void }[]
let orders: Map<string, StoredStream>
let readings: number
/** What becomes of a reading before it is answered. */
let answering: () => Promise<void>
let watch: HaltWatch

beforeEach(() => {
  now = 1_000
  sleepers = []
  orders = new Map()
  readings = 0
  answering = async () => undefined
  const load: Store['load'] = async (names) => {
    readings += 1
    const found = new Map(orders)
    await answering()
    return new Map([...found].filter(([name]) => names.includes(name)))
  }
  const clock: Ports['clock'] = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        sleepers.push({ until: now + ms, wake: resolve })
        signal?.addEventListener('abort', () => resolve())
      }),
  }
  const store = { load } as Partial<Store> as Store
  watch = watchHalts({ store, clock, ids: randomIds, provider: () => undefined, log: () => undefined })
})

function order(scope: string, state: JsonObject): void {
  orders.set(`halt/${scope}`, { version: 1, state })
}

/** Time passes in steps that no sleeper sleeps through. */
async function pass(ms: number): Promise<void> {
  for (const end = now + ms; now < end;) {
    now += 5
    const due = sleepers.filter((each) => each.until <= now)
    sleepers = sleepers.filter((each) => each.until > now)
    for (const each of due) each.wake()
    for (let turns = 0; turns < 20; turns += 1) await Promise.resolve()
  }
}

/** A batch whose calls the test lets begin, in its first round; and what became of each. */
async function batch(story: (mayStart: (place: number) => boolean) => Promise<void>): Promise<readonly unknown[]> {
  await watch.look('okta')
  let rounds = 0
  const over = new AbortController()
  const whole = watch.whileSending('okta', CALLS, async (places, mayStart) => {
    rounds += 1
    const round = rounds
    if (round === 1) await story(mayStart)
    if (round === 1) void goOn()
    return places.map((place) => `${mayStart(place) ? 'sent' : 'not sent'} in round ${round}`)
  })
  const goOn = async (): Promise<void> => {
    while (!over.signal.aborted) await pass(50)
  }
  return whole.finally(() => over.abort())
}

test('an order of everything or of the provider is seen by calls that already wait, within 250 ms [I14]', async () => {
  for (const scope of ['all', 'okta']) {
    await batch(async (mayStart) => {
      assert.deepEqual([mayStart(0), mayStart(1)], [true, true])
      order(scope, STOPPED)
      await pass(250)
      assert.deepEqual([mayStart(0), mayStart(1)], [false, false])
      order(scope, ADDS_STOPPED)
      await pass(250)
      assert.deepEqual([mayStart(0), mayStart(1)], [false, true])
      orders.clear()
      await pass(250)
      assert.deepEqual([mayStart(0), mayStart(1)], [true, true])
    })
  }
})

test('who has read nothing for 250 ms starts nothing, and goes on when reading works again [I14]', async () => {
  await batch(async (mayStart) => {
    answering = () => Promise.reject(new Error('the database is away'))
    await pass(200)
    assert.equal(mayStart(0), true)
    await pass(100)
    assert.equal(mayStart(0), false)
    answering = async () => undefined
    await pass(100)
    assert.equal(mayStart(0), true)
  })
})

test('a call whose turn came when nobody knew is sent in a further round, and what was sent is not sent again [I14, I23]', async () => {
  const results = await batch(async (mayStart) => {
    assert.equal(mayStart(0), true)
    answering = () => Promise.reject(new Error('the database is away'))
    await pass(300)
    answering = async () => undefined
  })
  assert.deepEqual(results, ['not sent in round 1', 'sent in round 2'])
})

test('an order that came while nobody knew is obeyed in the further round [I14]', async () => {
  const results = await batch(async () => {
    answering = () => Promise.reject(new Error('the database is away'))
    await pass(300)
    order('okta', ADDS_STOPPED)
    answering = async () => undefined
  })
  assert.deepEqual(results, ['not sent in round 2', 'sent in round 2'])
})

test('while nobody can know, the batch is not waited for longer than a second: what was answered is recorded [I14]', async () => {
  let before = 0
  const results = await batch(async () => {
    answering = () => new Promise(() => undefined)
    await pass(300)
    before = now
  })
  assert.deepEqual(results, ['not sent in round 1', 'not sent in round 1'])
  assert.ok(now - before < 1_500, `${now - before} ms`)
})

test('a reading counts from its beginning, however late it is answered [I14]', async () => {
  await batch(async (mayStart) => {
    let answer = (): void => undefined
    answering = () => new Promise((resolve) => (answer = resolve))
    await pass(400)
    order('okta', STOPPED)
    answer()
    // What it found is older than 250 ms, and an order may have come since: one has.
    for (let turns = 0; turns < 20; turns += 1) await Promise.resolve()
    assert.equal(mayStart(0), false)
  })
})

test('an older reading that comes later does not hide a newer one [I14]', async () => {
  const answers: (() => void)[] = []
  answering = () => new Promise((resolve) => void answers.push(resolve))
  const older = watch.look('okta')
  now += 1
  order('okta', STOPPED)
  const newer = watch.look('okta')
  answers[1]?.()
  assert.equal((await newer)?.('remove'), false)
  answers[0]?.()
  assert.equal((await older)?.('remove'), false)
})

test('the orders are read every 50 ms while calls wait, and no more once all were sent [I14]', async () => {
  await batch(async (mayStart) => {
    const before = readings
    await pass(1_000)
    assert.ok(readings - before >= 15, `${readings - before} readings in a second`)
    mayStart(0)
    mayStart(1)
    await pass(3_000)
    const sent = readings
    // A slow answer is waited for without looking: nothing is sent any more that an order could stop.
    await pass(60_000)
    assert.equal(readings, sent)
  })
  const after = readings
  await pass(1_000)
  assert.equal(readings, after)
})

test('a batch that begins while another waits for its last answer is watched again [I14]', async () => {
  await batch(async (mayStart) => {
    mayStart(0)
    mayStart(1)
    await pass(10_000)
    await batch(async (mayStartToo) => {
      await pass(1_000)
      assert.equal(mayStartToo(0), true)
      order('all', STOPPED)
      await pass(250)
      assert.equal(mayStartToo(0), false)
    })
  })
})

test('what could not be read in time is not known, which is another thing than halted [I14]', async () => {
  answering = async () => void (now += 300)
  assert.equal(await watch.look('okta'), null)
  answering = async () => undefined
  assert.equal((await watch.look('okta'))?.('add'), true)
  order('okta', STOPPED)
  now += 51
  assert.equal((await watch.look('okta'))?.('add'), false)
})

test('an order that was lifted is known as lifted by the next look, however soon it comes [I14]', async () => {
  order('all', STOPPED)
  assert.equal((await watch.look('okta'))?.('add'), false)
  orders.clear()
  assert.equal((await watch.look('okta'))?.('add'), true)
})

test('a provider that is met for the first time is looked up, whatever was read a moment ago [I14]', async () => {
  order('entra', STOPPED)
  assert.equal((await watch.look('okta'))?.('add'), true)
  assert.equal((await watch.look('entra'))?.('add'), false)
})
