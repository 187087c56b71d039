import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ports } from '../ports.ts'
import { sleepOnWall } from '../store/clock.ts'
import { whileHeld } from './while-held.ts'

/** By docs/decisions/0010 and promise I11: what nobody wants any more begins no later than this after it was committed. */
const KNOWN_WITHIN_MS = 250

function portsOf(): { readonly ports: Ports; readonly renewals: number[] } {
  const renewals: number[] = []
  const store = {
    async renew(_: string, held: readonly { readonly id: string }[], until: number) {
      renewals.push(until)
      return new Set(held.map(({ id }) => id))
    },
  }
  const clock = { now: () => Math.floor(performance.now()), sleep: sleepOnWall }
  return { ports: { clock, store } as unknown as Ports, renewals }
}

const LEASED = ['kept', 'ended'].map((id) => ({ id, fence: 1, leaseUntil: Math.floor(performance.now()) + 10_000 }))

test('what waits to begin and is wanted no more is no longer ours to begin, long before a lease is renewed [I11]', async () => {
  const { ports, renewals } = portsOf()
  let endedAt = Infinity
  const unwanted = async (): Promise<ReadonlySet<string>> =>
    new Set(performance.now() >= endedAt ? ['ended'] : ([] as string[]))
  await whileHeld(
    ports,
    'membership',
    LEASED,
    10_000,
    async (isOurs) => {
      assert.equal(isOurs('ended'), true)
      endedAt = performance.now()
      while (isOurs('ended') && performance.now() < endedAt + 2_000) await sleepOnWall(5)
      assert.ok(performance.now() - endedAt < KNOWN_WITHIN_MS + 1_000, 'it could have begun long after it was ended')
      assert.equal(isOurs('kept'), true)
      assert.deepEqual(renewals, [])
    },
    unwanted,
  )
})

test('a lease that is renewed gives nothing back that nobody wants, and where all has begun nobody looks any more', async () => {
  const { ports, renewals } = portsOf()
  let looks = 0
  await whileHeld(
    ports,
    'membership',
    LEASED,
    900,
    async (isOurs) => {
      await sleepOnWall(700)
      assert.ok(renewals.length >= 1)
      assert.deepEqual([isOurs('kept'), isOurs('ended')], [true, false])
    },
    () => {
      looks += 1
      return looks === 1 ? Promise.resolve(new Set(['ended'])) : null
    },
  )
  assert.ok(looks <= 4, `${looks} looks`)
})
