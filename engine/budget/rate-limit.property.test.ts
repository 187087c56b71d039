import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SECOND_MS } from '#core/instant.ts'
import type { Spending, Wait } from './allowance.ts'
import { CALLS_AT_ONCE, stage, WINDOW_MS, type Headers, type Replica, type Stage } from './vendor-for-tests.ts'

/*
 * Three replicas ask for batches and make their calls; calls arrive and are answered late, out of order or never; replicas
 * die and others take their place; windows pass meanwhile, and the vendor counts.
 */

type Step =
  | { readonly kind: 'batch'; readonly who: number; readonly calls: number; readonly reads: boolean }
  | { readonly kind: 'call without a purse'; readonly who: number }
  | { readonly kind: 'arrive'; readonly which: number }
  | { readonly kind: 'answer'; readonly which: number; readonly lost: boolean }
  | { readonly kind: 'answer all but'; readonly kept: number }
  | { readonly kind: 'die'; readonly who: number }
  | { readonly kind: 'compete'; readonly calls: number }
  | { readonly kind: 'pass'; readonly ms: number }

const who = fc.nat({ max: 2 })
const which = fc.nat({ max: 20 })
const seldom = fc.nat({ max: 9 }).map((drawn) => drawn === 0)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('batch' as const),
      who,
      calls: fc.integer({ min: 1, max: 20 }),
      reads: seldom,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('call without a purse' as const), who }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('arrive' as const), which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('answer' as const), which, lost: seldom }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('answer all but' as const), kept: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('die' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('compete' as const), calls: fc.integer({ min: 1, max: 12 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.oneof(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1_000, max: 70_000 })),
    }),
  },
)

const play = fc.record({
  limit: fc.integer({ min: 12, max: 20 }),
  headers: fc.constantFrom<Headers>('honest', 'no reset', 'reset in the past', 'reset an hour off'),
  steps: fc.array(step, { minLength: 20, maxLength: 80, size: 'max' }),
})

class Play {
  readonly on: Stage
  readonly replicas: Replica[]
  competes = false

  constructor(limit: number, headers: Headers) {
    this.on = stage(limit)
    this.on.vendor.headers = headers
    this.replicas = [this.on.replica(), this.on.replica(), this.on.replica()]
  }

  async take(step: Step): Promise<void> {
    const { underWay, vendor } = this.on
    const replica = 'who' in step ? this.replicas[step.who] : undefined
    const call = 'which' in step ? underWay[step.which % Math.max(1, underWay.length)] : undefined
    if (step.kind === 'pass') return this.on.pass(step.ms)
    if (step.kind === 'batch' && replica) void this.batch(replica, step.calls, step.reads)
    if (step.kind === 'call without a purse' && replica) void replica.call('read')
    if (step.kind === 'arrive') call?.arrive()
    if (step.kind === 'answer') call?.answer(step.lost ? 'lost' : undefined)
    if (step.kind === 'answer all but') for (const each of underWay.slice(step.kept)) each.answer()
    if (step.kind === 'die' && replica) this.die(replica, step.who)
    if (step.kind === 'compete') {
      this.competes = true
      vendor.compete(step.calls)
    }
    await this.on.quiet()
  }

  /** As a lane does it. */
  private async batch(replica: Replica, calls: number, reads: boolean): Promise<void> {
    const spending = await (reads ? replica.read : replica.change).open(calls)
    if (spending.kind === 'wait') return
    const many = Math.min(calls, spending.calls)
    await spending.pays(() => Promise.all(Array.from({ length: many }, () => replica.call(reads ? 'read' : 'change'))))
    await spending.close(many >= spending.calls)
  }

  /** What it has sent is on its way all the same. */
  private die(replica: Replica, place: number): void {
    const { underWay } = this.on
    replica.alive = false
    for (const call of underWay.filter((each) => each.replica === replica)) {
      call.arrive()
      underWay.splice(underWay.indexOf(call), 1)
    }
    this.replicas[place] = this.on.replica()
  }
}

test('never more calls in a window than the vendor shows, and none that it has to refuse, whatever replicas do [I37]', async () => {
  await fc.assert(
    fc.asyncProperty(play, async ({ limit, headers, steps }) => {
      const playing = new Play(limit, headers)
      for (const each of steps) {
        await playing.take(each)
        const { underWay, vendor } = playing.on
        assert.ok(underWay.length <= CALLS_AT_ONCE, `${underWay.length} calls at once`)
        // Where nobody tells when a window ends, the one call that is to open the next may come too early.
        const early = headers === 'honest' ? 0 : 1
        for (const { ours } of vendor.windows) assert.ok(ours <= limit + early, `${ours} of ${limit} calls in a window`)
        if (!playing.competes) assert.ok(vendor.refused.length <= early * vendor.windows.length)
      }
    }),
    { numRuns: 150 },
  )
})

test('after all that, whoever is alive gets the whole of a window: nothing is lost for longer, and the row has not grown [I37, I38]', async () => {
  await fc.assert(
    fc.asyncProperty(play, async ({ limit, headers, steps }) => {
      const playing = new Play(limit, headers)
      for (const each of steps) await playing.take(each)
      const { on, replicas } = playing
      await on.finish()
      await on.pass(2 * WINDOW_MS + 10 * SECOND_MS)
      await on.finish()
      await on.pass(2 * WINDOW_MS)
      const [one] = replicas
      assert.ok(one)
      const before = on.vendor.windows.length
      let answered = 0
      for (let rounds = 0; rounds < 3 && answered < limit; rounds += 1) {
        const opened: Spending | Wait = await one.change.open(limit)
        assert.equal(opened.kind, 'spending')
        if (opened.kind !== 'spending') return
        const calls = Array.from({ length: Math.min(opened.calls, limit) }, () => opened.pays(() => one.call('change')))
        await on.finish()
        answered += (await Promise.all(calls)).filter(({ kind }) => kind === 'answered').length
        await opened.close(true)
      }
      assert.equal(answered, limit)
      assert.equal(on.vendor.windows.length, before + 1)
      assert.ok(JSON.stringify(on.row()?.state).length < 2_000, 'the row grows')
    }),
    { numRuns: 60 },
  )
})
