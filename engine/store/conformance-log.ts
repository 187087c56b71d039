import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { Catalog } from '#core/catalog/catalog.ts'
import type { JsonObject } from '#core/event.ts'
import type { Sealing, Store, StoredEvent } from './store.ts'
import { append, commit, event, NOW, type OnStore } from './conformance-given.ts'

/** Events, their personal fields, and the log over them. */
export function log(on: OnStore): void {
  test(
    'an event is kept as it was decided, with its moment and its place',
    on(async (store) => {
      const by = { kind: 'person', id: 'per_1', door: 'jira' } as const
      const personal = { salt: Buffer.from('salt'), fields: { reason: 'on call' }, digest: 'hash' }
      const asked = event('Asked', { by, data: { hours: 6 }, personal, nonce: Buffer.from('nonce') })
      await commit(store, { now: NOW + 3, appends: [append('request/r', 0, { events: [asked, event('Approved')] })] })
      assert.deepEqual(await store.eventAt('request/r', 1), {
        position: 1,
        stream: 'request/r',
        version: 1,
        type: 'Asked',
        at: NOW + 3,
        by,
        data: { hours: 6 },
        nonce: Buffer.from('nonce'),
        personal: 'hash',
        personalFields: { reason: 'on call' },
        salt: Buffer.from('salt'),
      })
      const second = await store.eventAt('request/r', 2)
      assert.deepEqual([second?.personal, second?.personalFields, second?.salt], [null, null, null])
      assert.equal(await store.eventAt('request/r', 3), null)
    }),
  )

  test(
    'the log tells events in the order in which they were decided, whatever their streams; of the same place by stream',
    on(async (store) => {
      const appends = [
        append('b', 0, { events: [event('B1', { place: 0 }), event('B2', { place: 3 })] }),
        append('membership/okta/g/a', 0, { events: [event('M1', { place: 1 })] }),
        append('a', 0, { events: [event('A1', { place: 2 }), event('A2', { place: 3 })] }),
      ]
      await commit(store, { appends })
      await commit(store, { appends: [append('b', 2, { events: [event('B3')] })] })
      const events = await sealAll(store)
      assert.deepEqual(
        events.map((each) => `${each.type} ${each.stream}@${each.version}`),
        ['B1 b@1', 'M1 membership/okta/g/a@1', 'A1 a@1', 'A2 a@2', 'B2 b@2', 'B3 b@3'],
      )
      assert.ok(events.every((each, place) => each.position > (events[place - 1]?.position ?? 0)))
    }),
  )

  test(
    'events are sealed in the order of their position, in portions, each once, and each portion grows the tree before it [I25]',
    on(async (store) => {
      await happen(store, 5)
      const seen: [frontier: JsonObject | null, size: number, leaves: number][] = []
      const sealing = sealingNoting((...growth) => seen.push(growth))
      assert.equal(await store.seal(2, sealing), 2)
      assert.equal(await store.seal(2, sealing), 2)
      assert.equal(await store.seal(2, sealing), 1)
      assert.equal(await store.seal(2, sealing), 0)
      assert.deepEqual(seen, [
        [null, 0, 2],
        [{ size: 2 }, 2, 2],
        [{ size: 4 }, 4, 1],
      ])
      assert.deepEqual(await store.newestCheckpoint(), {
        size: 5,
        rootHash: hash('root 5'),
        note: 'note 5',
        at: NOW,
      })
      const leaves = await store.sealed(0, 9)
      assert.deepEqual(
        leaves.map(({ index, leafHash, event: { stream } }) => [index, leafHash.equals(hash(stream)), stream]),
        [0, 1, 2, 3, 4].map((index) => [index, true, `s/${index}`]),
      )
    }),
  )

  test(
    'records are read from any index, so many at a time, and none that is not sealed',
    on(async (store) => {
      await happen(store, 5)
      assert.equal(await store.newestCheckpoint(), null)
      assert.deepEqual(await store.sealed(0, 9), [])
      await store.seal(3, sealingNoting())
      await store.seal(1, sealingNoting())
      const indexes = async (from: number, limit: number) => (await store.sealed(from, limit)).map((each) => each.index)
      assert.deepEqual(await indexes(0, 2), [0, 1])
      assert.deepEqual(await indexes(2, 2), [2, 3])
      assert.deepEqual(await indexes(3, 99), [3])
      assert.deepEqual(await indexes(4, 1), [])
      assert.deepEqual(await indexes(1, 0), [])
    }),
  )

  test(
    'a sealing that fails leaves everything to be sealed',
    on(async (store) => {
      await happen(store, 2)
      const broken = new Error('no key')
      const cannot = (): never => {
        throw broken
      }
      await assert.rejects(store.seal(9, { ...sealingNoting(), leafHash: cannot }), broken)
      await assert.rejects(store.seal(9, { ...sealingNoting(), grow: cannot }), broken)
      assert.equal(await store.newestCheckpoint(), null)
      assert.equal(await store.seal(9, sealingNoting()), 2)
    }),
  )

  test(
    'an event of a commit that met a conflict never was, however late the conflict came [I27]',
    on(async (store) => {
      await happen(store, 1)
      const catalog = { version: 1, catalog: { apps: [] } as unknown as Catalog }
      await commit(store, { catalog })
      assert.equal(await commit(store, { appends: [append('t/1'), append('s/0', 9)] }), 'conflict')
      assert.equal(await commit(store, { appends: [append('t/1')], catalog }), 'conflict')
      await commit(store, { appends: [append('u/1')] })
      assert.equal(await store.eventAt('t/1', 1), null)
      const events = await sealAll(store)
      assert.deepEqual(
        events.map((each) => each.stream),
        ['s/0', 'u/1'],
      )
    }),
  )

  test(
    'what is erased is forgotten by the event and by the state; digest, leaf and everything else stay whole [R096]',
    on(async (store) => {
      const fields = { reason: 'on call', name: 'Ada' }
      const personal = { salt: Buffer.from('salt'), fields, digest: 'hash' }
      const state = { asked: { name: 'Ada', reason: 'on call' }, other: { name: 'Ada' }, deep: { fields }, n: 1 }
      await commit(store, { appends: [append('r/1', 0, { state, events: [event('Asked', { personal })] })] })
      await store.seal(9, sealingNoting())
      assert.equal(await store.erase('r/1', 1), true)
      assert.deepEqual((await store.load(['r/1'])).get('r/1'), { version: 1, state: { ...state, asked: null } })
      const [leaf] = await store.sealed(0, 1)
      assert.ok(leaf)
      assert.deepEqual([leaf.event.personal, leaf.event.personalFields, leaf.event.salt], ['hash', null, null])
      assert.deepEqual(leaf.leafHash, hash('r/1'))
      assert.deepEqual(await store.eventAt('r/1', 1), leaf.event)
    }),
  )

  test(
    'nothing is erased twice, nor where nothing personal is; a state that says nothing can be forgotten from',
    on(async (store) => {
      const personal = { salt: Buffer.from('salt'), fields: { a: 1 }, digest: 'hash' }
      const events = [event('Asked', { personal }), event('Answered')]
      await commit(store, { appends: [append('r/1', 0, { state: {}, events })] })
      assert.equal(await store.erase('r/1', 2), false)
      assert.equal(await store.erase('r/2', 1), false)
      assert.equal(await store.erase('r/1', 1), true)
      assert.equal(await store.erase('r/1', 1), false)
      assert.deepEqual((await store.load(['r/1'])).get('r/1'), { version: 2, state: {} })
    }),
  )
}

async function happen(store: Store, count: number): Promise<void> {
  for (let place = 0; place < count; place += 1) await commit(store, { appends: [append(`s/${place}`)] })
}

export function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** A tree that only counts. */
export function sealingNoting(
  note: (frontier: JsonObject | null, size: number, leaves: number) => void = () => undefined,
): Sealing {
  return {
    at: NOW,
    leafHash: (event) => hash(event.stream),
    grow(frontier, size, leafHashes) {
      note(frontier, size, leafHashes.length)
      const after = size + leafHashes.length
      return { frontier: { size: after }, rootHash: hash(`root ${after}`), note: `note ${after}` }
    },
  }
}

async function sealAll(store: Store): Promise<readonly StoredEvent[]> {
  await store.seal(1_000, sealingNoting())
  return (await store.sealed(0, 1_000)).map((each) => each.event)
}
