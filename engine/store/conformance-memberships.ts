import assert from 'node:assert/strict'
import { test } from 'node:test'
import { URGENCY } from '#core/identity-action/urgency.ts'
import type { Look, Store } from './store.ts'
import {
  append,
  claimMemberships,
  commit,
  ids,
  LEASE_MS,
  look,
  membership,
  NOW,
  only,
  settled,
  versionOf,
  type OnStore,
} from './conformance-given.ts'

const ADA = membership('per_ada')
const BEN = membership('per_ben')

/** Memberships are streams with a place in the line of work. */
export function memberships(on: OnStore): void {
  test(
    'a claimed membership brings along who it is, its version and its state',
    on(async (store) => {
      await born(store, { [ADA]: look({ dueAt: NOW - 3 }) })
      assert.deepEqual(await claimMemberships(store), [
        {
          id: ADA,
          fence: 1,
          leaseUntil: NOW + LEASE_MS,
          dueAt: NOW - 3,
          attempts: 1,
          group: { provider: 'okta', id: '00g1' },
          personId: 'per_ada',
          version: 1,
          state: { version: 1 },
        },
      ])
      assert.deepEqual(await claimMemberships(store), [])
    }),
  )

  test(
    'the most urgent is taken first, then what was due first, then what came to be first [I35]',
    on(async (store) => {
      await born(store, {
        [membership('d')]: look({ urgency: URGENCY.sync, dueAt: NOW - 99 }),
        [membership('c')]: look({ urgency: URGENCY.grant }),
      })
      await born(store, {
        [membership('b')]: look({ urgency: URGENCY.grant }),
        [membership('a')]: look({ urgency: URGENCY.grant }),
        [membership('e')]: look({ urgency: URGENCY.grant, dueAt: NOW - 1 }),
        [membership('f')]: look({ urgency: URGENCY.termination }),
      })
      const people = async (limit: number) => (await claimMemberships(store, 'write', { limit })).map((m) => m.personId)
      assert.deepEqual(await people(2), ['f', 'e'])
      assert.deepEqual(await people(3), ['c', 'a', 'b'], 'born in one commit: by name')
      assert.deepEqual(await people(9), ['d'])
    }),
  )

  test(
    'work is taken of one directory, of all but some, of one kind, of some urgencies, or of what has been due for long',
    on(async (store) => {
      await born(store, {
        [membership('a', 'g', 'okta')]: look({ urgency: URGENCY.expiry }),
        [membership('b', 'g', 'entra')]: look({ urgency: URGENCY.grant, dueAt: NOW - 10 }),
        [membership('c', 'g', 'google')]: look({ urgency: URGENCY.expiry, dueAt: NOW - 20 }),
        [membership('d', 'g', 'okta')]: look({ work: 'read' }),
      })
      type Options = Parameters<typeof claimMemberships>[2]
      const wouldTake = async (more: Options, work: 'write' | 'read' = 'write') => {
        const taken = await claimMemberships(store, work, more)
        const settle = taken.map((each) => settled('membership', each, { dueAt: each.dueAt, work, progress: false }))
        await commit(store, { settle })
        return taken.map((each) => each.personId)
      }
      assert.deepEqual(await wouldTake({}), ['c', 'a', 'b'])
      assert.deepEqual(await wouldTake({}, 'read'), ['d'])
      assert.deepEqual(await wouldTake({ of: { provider: 'okta' } }), ['a'])
      assert.deepEqual(await wouldTake({ of: { provider: 'slack' } }), [])
      assert.deepEqual(await wouldTake({ of: { noneOf: ['okta', 'slack'] } }), ['c', 'b'])
      assert.deepEqual(await wouldTake({ of: { noneOf: ['okta', 'entra', 'google'] } }), [])
      assert.deepEqual(await wouldTake({ dueSinceMs: 10 }), ['c', 'b'])
      assert.deepEqual(await wouldTake({ dueSinceMs: 10, of: { provider: 'entra' } }), ['b'])
      assert.deepEqual(await wouldTake({ dueSinceMs: 11, of: { provider: 'entra' } }), [])
      assert.deepEqual(await wouldTake({ urgencies: [URGENCY.grant] }), ['b'])
      assert.deepEqual(await wouldTake({ urgencies: [URGENCY.expiry], of: { provider: 'google' } }), ['c'])
      assert.deepEqual(await wouldTake({ urgencies: [URGENCY.review], of: { noneOf: [] } }), [])
      assert.deepEqual(await wouldTake({ limit: 2 }), ['c', 'a'])
    }),
  )

  test(
    'a lease that ran out is given up by whoever claims memberships next, of whatever directory; the taker has a new fence [I31, I12]',
    on(async (store) => {
      await born(store, { [ADA]: look() })
      const first = only(await claimMemberships(store))
      const now = first.leaseUntil
      assert.deepEqual(await claimMemberships(store, 'read', { now, of: { provider: 'entra' } }), [])
      const second = only(await claimMemberships(store, 'write', { now }))
      assert.deepEqual([second.fence, second.attempts], [2, 2])
      const late = { appends: [append(ADA, 1)], settle: [settled('membership', first)] }
      assert.equal(await commit(store, late), 'lease lost')
      assert.equal(await versionOf(store, ADA), 1)
      const own = { appends: [append(ADA, 1)], settle: [settled('membership', second)] }
      assert.equal(await commit(store, own), 'committed')
    }),
  )

  test(
    'settled together with an event, state and place in the line change at once [I27]',
    on(async (store) => {
      await born(store, { [ADA]: look() })
      const work = only(await claimMemberships(store))
      const settle = [settled('membership', work, { dueAt: NOW + 7, work: 'read', urgency: URGENCY['read-back'] })]
      assert.equal(await commit(store, { appends: [append(ADA, 1)], settle }), 'committed')
      assert.deepEqual(await claimMemberships(store, 'write', { now: NOW + 7 }), [])
      const again = only(await claimMemberships(store, 'read', { now: NOW + 7 }))
      assert.deepEqual([again.version, again.attempts, again.fence, again.dueAt], [2, 1, 2, NOW + 7])
    }),
  )

  test(
    'settled with an event and without progress, the count goes on; kept, the lease does',
    on(async (store) => {
      await born(store, { [ADA]: look() })
      const work = only(await claimMemberships(store))
      const hold = settled('membership', work, { dueAt: NOW, work: 'read', progress: false, keepLease: true })
      assert.equal(await commit(store, { appends: [append(ADA, 1)], settle: [hold] }), 'committed')
      assert.deepEqual(await claimMemberships(store, 'read'), [])
      assert.equal(await store.nextDue('membership'), NOW + LEASE_MS)
      const answer = settled('membership', work, { dueAt: NOW, work: 'read', progress: false })
      assert.equal(await commit(store, { appends: [append(ADA, 2)], settle: [answer] }), 'committed')
      const next = only(await claimMemberships(store, 'read'))
      assert.deepEqual([next.version, next.attempts, next.fence], [3, 2, 2])
    }),
  )

  test(
    'an event without a settlement leaves the claim of somebody else as it is; what it waits for changes only if that is said',
    on(async (store) => {
      await born(store, { [ADA]: look({ urgency: URGENCY.expiry }) })
      const work = only(await claimMemberships(store))
      await commit(store, { appends: [append(ADA, 1, { look: look({ work: 'read', dueAt: NOW - 1 }) })] })
      await commit(store, { appends: [append(ADA, 2)] })
      assert.deepEqual(await claimMemberships(store, 'read'), [], 'leased still')
      assert.deepEqual(await store.renew('membership', [work], NOW + 1), new Set([ADA]))
      await claimMemberships(store, 'read', { now: NOW + 1 })
      const next = only(await claimMemberships(store, 'read', { now: NOW + 1 }))
      assert.deepEqual([next.dueAt, next.attempts, next.fence, next.version], [NOW - 1, 1, 2, 3])
      await commit(store, { appends: [append(ADA, 3, { look: null })] })
      assert.equal(await commit(store, { settle: [settled('membership', next, { version: 3 })] }), 'conflict')
    }),
  )

  test(
    'a membership that waits for nothing is out of the line, and keeps its urgency for when it is back',
    on(async (store) => {
      await born(store, { [ADA]: look({ urgency: URGENCY.termination }), [BEN]: look({ urgency: URGENCY.expiry }) })
      await commit(store, { appends: [append(ADA, 1, { look: null })] })
      assert.deepEqual(ids(await claimMemberships(store)), [BEN])
      await claimMemberships(store, 'write', { now: NOW + LEASE_MS })
      const work = only(await claimMemberships(store, 'write', { now: NOW + LEASE_MS }))
      await commit(store, {
        settle: [
          settled('membership', work),
          { ...settled('membership', { id: ADA, fence: 0 }), dueAt: NOW, work: 'write' },
        ],
      })
      assert.deepEqual(ids(await claimMemberships(store, 'write', { urgencies: [URGENCY.termination] })), [ADA])
      assert.equal(await store.nextDue('membership', { work: 'read' }), NOW + LEASE_MS)
    }),
  )

  test(
    'born without a look it waits for nothing; born with a settlement it waits for what that says',
    on(async (store) => {
      const settle = [settled('membership', { id: BEN, fence: 0 }, { dueAt: NOW + 1, work: 'read' })]
      assert.equal(await commit(store, { appends: [append(ADA), append(BEN)], settle }), 'committed')
      assert.equal(await store.nextDue('membership'), NOW + 1)
      assert.deepEqual(ids(await claimMemberships(store, 'read', { now: NOW + 1 })), [BEN])
    }),
  )

  test(
    'settled without an event, it must stand at the version that was looked at; who lost the lease is told that first',
    on(async (store) => {
      await born(store, { [ADA]: look(), [BEN]: look() })
      const [ada, ben] = await claimMemberships(store)
      assert.ok(ada && ben)
      await commit(store, { appends: [append(ADA, 1)] })
      const settle = (...those: ReturnType<typeof settled>[]) => commit(store, { settle: those })
      const moved = settled('membership', ada, { version: 1, dueAt: NOW, work: 'write' })
      const stale = settled('membership', { ...ben, fence: 0 }, { version: 1 })
      assert.equal(await settle(moved), 'conflict')
      assert.equal(await settle(moved, stale), 'lease lost')
      assert.equal(await settle(settled('membership', ben), moved), 'conflict')
      assert.equal(await settle(settled('membership', ben), settled('membership', ben)), 'conflict')
      assert.equal(await settle(settled('membership', { id: membership('nobody'), fence: 0 })), 'lease lost')
      assert.equal(await settle(settled('membership', ben), { ...moved, version: 2 }), 'committed')
      assert.deepEqual(ids(await claimMemberships(store)), [ADA])
    }),
  )

  test(
    'of several that were claimed, one taken over loses the lease of all; one that only moved on is a conflict',
    on(async (store) => {
      await born(store, { [ADA]: look(), [BEN]: look() })
      const claimed = await claimMemberships(store)
      const both = (adaAt: number, fenceOf: (fence: number) => number) => ({
        appends: [append(ADA, adaAt), append(BEN, 1)],
        settle: claimed.map((each) => settled('membership', { ...each, fence: fenceOf(each.fence) })),
      })
      assert.equal(
        await commit(
          store,
          both(2, (fence) => fence),
        ),
        'conflict',
      )
      assert.equal(
        await commit(
          store,
          both(2, (fence) => fence - 1),
        ),
        'lease lost',
      )
      assert.equal(
        await commit(
          store,
          both(1, (fence) => fence - 1),
        ),
        'lease lost',
      )
      assert.deepEqual(await store.renew('membership', claimed, NOW + 9), new Set([ADA, BEN]), 'nothing was written')
      assert.equal(
        await commit(
          store,
          both(1, (fence) => fence),
        ),
        'committed',
      )
      assert.equal(await store.nextDue('membership'), null)
    }),
  )

  test(
    'a birth of what is there is a conflict, also when the lease was lost',
    on(async (store) => {
      await born(store, { [ADA]: look() })
      const settle = [settled('membership', { id: ADA, fence: 9 })]
      assert.equal(await commit(store, { appends: [append(ADA)], settle }), 'conflict')
    }),
  )
}

async function born(store: Store, looks: Readonly<Record<string, Look>>): Promise<void> {
  const appends = Object.entries(looks).map(([stream, each]) => append(stream, 0, { look: each }))
  assert.equal(await commit(store, { appends }), 'committed')
}
