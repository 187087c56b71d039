import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  claim,
  commit,
  giveWork,
  ids,
  item,
  LEASE_MS,
  message,
  NOW,
  only,
  QUEUES,
  settled,
  timer,
  type OnStore,
} from './conformance-given.ts'

/** Taking due work under a lease: timers, inbox and outbox. */
export function claims(on: OnStore): void {
  test(
    'a claim tells what it is about, counts the attempt, raises the fence and leases until',
    on(async (store) => {
      await giveWork(store)
      const told = { dueAt: NOW, leaseUntil: NOW + LEASE_MS, attempts: 1 }
      const { fence, ...ring } = only(await claim(store, 'timer'))
      assert.deepEqual(ring, { id: 't1', about: 'about t1', kind: 'look at ticket', ...told })
      assert.ok(fence > 1, 'no two births of a timer share a fence')
      assert.deepEqual(await claim(store, 'inbox'), [{ id: 'i1', about: 'about i1', kind: 'jira', fence: 1, ...told }])
      const { id, ...say } = only(await claim(store, 'outbox'))
      assert.deepEqual(say, { about: 'req_1', kind: 'request/req_1@1', fence: 1, ...told })
      assert.equal(typeof id, 'string')
    }),
  )

  test(
    'work is due at its moment, and not a millisecond before',
    on(async (store) => {
      await commit(store, { setTimers: [timer('t1')] })
      await store.receive(item('i1'))
      for (const queue of ['timer', 'inbox'] as const) {
        assert.deepEqual(await claim(store, queue, { now: NOW - 1 }), [])
        assert.equal((await claim(store, queue)).length, 1)
      }
    }),
  )

  test(
    'what was due first is taken first, and of the same moment what came to be first',
    on(async (store) => {
      const dueAt = NOW - 5
      await commit(store, { setTimers: [timer('late'), timer('b', { dueAt }), timer('a', { dueAt })] })
      for (const id of ['z', 'y']) await store.receive(item(id))
      await store.receive(item('x', { receivedAt: NOW - 1 }))
      await commit(store, { outbox: [message('b'), message('a'), message('c')] })
      await commit(store, { now: NOW - 1, outbox: [message('0')] })
      assert.deepEqual(ids(await claim(store, 'timer', { limit: 2 })), ['b', 'a'])
      assert.deepEqual(ids(await claim(store, 'timer')), ['late'])
      assert.deepEqual(ids(await claim(store, 'inbox')), ['x', 'z', 'y'])
      const said = (await claim(store, 'outbox')).map((each) => each.about)
      assert.deepEqual(said, ['0', 'b', 'a', 'c'])
    }),
  )

  test(
    'no more is taken than was asked for, and nothing when nothing was',
    on(async (store) => {
      await commit(store, { setTimers: ['a', 'b', 'c'].map((id) => timer(id)) })
      assert.deepEqual(await claim(store, 'timer', { limit: 0 }), [])
      assert.equal((await claim(store, 'timer', { limit: 2 })).length, 2)
      assert.equal((await claim(store, 'timer', { limit: 2 })).length, 1)
    }),
  )

  test(
    'ends of access can be taken apart from all other timers',
    on(async (store) => {
      const kinds = ['look at ticket', 'window ends', 'poll tickets', 'complete by', 'sync directory'] as const
      await commit(store, { setTimers: kinds.map((kind) => timer(kind, { kind })) })
      assert.deepEqual(ids(await claim(store, 'timer', { part: 'ends', limit: 1 })), ['window ends'])
      assert.deepEqual(ids(await claim(store, 'timer', { part: 'others' })), ['look at ticket', 'poll tickets'])
      assert.deepEqual(ids(await claim(store, 'timer', { part: 'syncs' })), ['sync directory'])
      assert.deepEqual(ids(await claim(store, 'timer')), ['complete by'])
    }),
  )

  for (const queue of QUEUES) {
    test(
      `${queue}: leased work is nobody else’s until its lease ran out; then one claim gives it up in passing, and the next takes it over [I31]`,
      on(async (store) => {
        await giveWork(store)
        const first = only(await claim(store, queue))
        assert.deepEqual(await claim(store, queue, { now: first.leaseUntil - 1 }), [])
        assert.deepEqual(await claim(store, queue, { now: first.leaseUntil }), [])
        const second = only(await claim(store, queue, { now: first.leaseUntil }))
        assert.deepEqual(second, {
          ...first,
          fence: first.fence + 1,
          attempts: 2,
          leaseUntil: first.leaseUntil + LEASE_MS,
        })
        assert.equal(await commit(store, { settle: [settled(queue, first)] }), 'lease lost')
        assert.deepEqual(await store.renew(queue, [first], NOW + 99), new Set())
        assert.equal(await commit(store, { settle: [settled(queue, second)] }), 'committed')
      }),
    )
  }

  test(
    'whoever claims gives up what ran out in all of that queue, and in no other',
    on(async (store) => {
      const end = timer('end', { kind: 'window ends' })
      await commit(store, { setTimers: [timer('t1'), end] })
      await store.receive(item('i1'))
      await claim(store, 'timer', { part: 'ends' })
      await claim(store, 'inbox')
      const now = NOW + LEASE_MS
      assert.deepEqual(ids(await claim(store, 'timer', { part: 'others', limit: 1, now })), ['t1'])
      assert.deepEqual(ids(await claim(store, 'timer', { part: 'ends', now })), ['end'])
      assert.deepEqual(await claim(store, 'inbox', { now }), [])
    }),
  )

  test(
    'of the messages of one key only the oldest open one can be taken, whatever is due',
    on(async (store) => {
      await commit(store, { outbox: [message('a', 1), message('a', 2), message('b', 1), message('a', 3)] })
      const first = await claim(store, 'outbox')
      assert.deepEqual(
        first.map((each) => each.kind),
        ['request/a@1', 'request/b@1'],
      )
      assert.deepEqual(await claim(store, 'outbox'), [])
      const [a, b] = first
      assert.ok(a && b)
      // Put off: those behind it wait with it, as what is said next would make no sense without it.
      await commit(store, { settle: [settled('outbox', a, { dueAt: NOW + 9 }), settled('outbox', b)] })
      assert.deepEqual(await claim(store, 'outbox', { now: NOW + 8 }), [])
      const again = only(await claim(store, 'outbox', { now: NOW + 9 }))
      assert.equal(again.id, a.id)
      await commit(store, { settle: [settled('outbox', again)] })
      assert.deepEqual(
        (await claim(store, 'outbox')).map((each) => each.kind),
        ['request/a@2'],
      )
    }),
  )

  test(
    'a message that a failed commit would have left is not in the way of those after it',
    on(async (store) => {
      const lost = [settled('timer', { id: 'nothing', fence: 1 })]
      assert.equal(await commit(store, { outbox: [message('a', 1)], settle: lost }), 'lease lost')
      const taken = { appends: [], outbox: [message('a', 1)], links: [] }
      await assert.rejects(commit(store, { ...taken, setTimers: [timer('t'), timer('t')] }))
      await commit(store, { outbox: [message('a', 2)] })
      assert.deepEqual(
        (await claim(store, 'outbox')).map((each) => each.kind),
        ['request/a@2'],
      )
    }),
  )

  test(
    'something that came in twice is one item, whatever the second says, and a done one knows its double still [I17]',
    on(async (store) => {
      assert.equal(await store.receive(item('i1')), 'received')
      assert.equal(await store.receive(item('i1', { about: 'another', receivedAt: NOW - 1 })), 'already received')
      const claimed = only(await claim(store, 'inbox'))
      assert.equal(claimed.about, 'about i1')
      await commit(store, { settle: [settled('inbox', claimed)] })
      assert.equal(await store.receive(item('i1')), 'already received')
      assert.deepEqual(await claim(store, 'inbox', { now: NOW + 60_000 }), [])
      assert.equal(await store.nextDue('inbox'), null)
    }),
  )
}
