import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  claim,
  commit,
  giveWork,
  ids,
  LEASE_MS,
  NOW,
  only,
  QUEUES,
  settled,
  timer,
  type OnStore,
} from './conformance-given.ts'

/** The end of a claim, and what a timer is that is set, set anew and cancelled. */
export function settling(on: OnStore): void {
  for (const queue of QUEUES) {
    test(
      `${queue}: what is done is gone from the queue, and cannot be done again`,
      on(async (store) => {
        await giveWork(store)
        const work = only(await claim(store, queue))
        assert.equal(await commit(store, { settle: [settled(queue, work)] }), 'committed')
        assert.deepEqual(await claim(store, queue, { now: NOW + 60_000 }), [])
        assert.equal(await store.nextDue(queue), null)
        const again = await commit(store, { settle: [settled(queue, work)] })
        assert.equal(again, queue === 'inbox' ? 'committed' : 'lease lost', 'only an inbox item is there still')
      }),
    )

    test(
      `${queue}: what is to be done again is free at once and due at its moment; only progress starts the count anew`,
      on(async (store) => {
        await giveWork(store)
        const first = only(await claim(store, queue))
        await commit(store, { settle: [settled(queue, first, { dueAt: NOW + 1, progress: false, note: 'later' })] })
        const second = only(await claim(store, queue, { now: NOW + 1 }))
        assert.deepEqual([second.attempts, second.fence, second.dueAt], [2, first.fence + 1, NOW + 1])
        await commit(store, { settle: [settled(queue, second, { dueAt: NOW - 1 })] })
        const third = only(await claim(store, queue))
        assert.deepEqual([third.attempts, third.fence, third.dueAt], [1, first.fence + 2, NOW - 1])
      }),
    )

    test(
      `${queue}: who settles what was never there, with another fence, or twice at once, has lost the lease`,
      on(async (store) => {
        await giveWork(store)
        const work = only(await claim(store, queue))
        for (const dueAt of [null, NOW + 1]) {
          const settle = (...those: { id: string; fence: number }[]) =>
            commit(store, { settle: those.map((each) => settled(queue, each, { dueAt })) })
          assert.equal(await settle({ id: '77', fence: 1 }), 'lease lost')
          assert.equal(await settle({ ...work, fence: work.fence - 1 }), 'lease lost')
          assert.equal(await settle({ ...work, fence: work.fence + 1 }), 'lease lost')
          assert.equal(await settle(work, work), 'lease lost')
        }
        const both = [settled(queue, work), settled(queue, work, { dueAt: NOW + 1 })]
        assert.equal(await commit(store, { settle: both }), 'lease lost')
        assert.deepEqual(await store.renew(queue, [work], NOW + 1), new Set([work.id]), 'the claim stands')
      }),
    )

    test(
      `${queue}: a lease that ran out and that nobody took over can be settled still`,
      on(async (store) => {
        await giveWork(store)
        const work = only(await claim(store, queue, { leaseMs: 1 }))
        assert.deepEqual(await claim(store, queue, { now: NOW + 10 }), [], 'given up')
        assert.equal(await commit(store, { now: NOW + 10, settle: [settled(queue, work)] }), 'committed')
      }),
    )

    test(
      `${queue}: a claim that is kept goes on under its lease and fence; its moment holds for whoever finds it after the lease`,
      on(async (store) => {
        await giveWork(store)
        const work = only(await claim(store, queue))
        const keep = settled(queue, work, { dueAt: NOW + 9_000, progress: false, keepLease: true })
        assert.equal(await commit(store, { settle: [keep] }), 'committed')
        assert.equal(await store.nextDue(queue), NOW + LEASE_MS)
        await claim(store, queue, { now: NOW + LEASE_MS })
        assert.equal(await store.nextDue(queue), NOW + 9_000)
        const next = only(await claim(store, queue, { now: NOW + 9_000 }))
        assert.deepEqual([next.fence, next.attempts], [work.fence + 1, 2])
      }),
    )
  }

  test(
    'one lease that was lost among several takes all of them back',
    on(async (store) => {
      await giveWork(store)
      const [ring, say] = [only(await claim(store, 'timer')), only(await claim(store, 'outbox'))]
      const stale = { ...say, fence: say.fence - 1 }
      assert.equal(await commit(store, { settle: [settled('timer', ring), settled('outbox', stale)] }), 'lease lost')
      assert.equal(await commit(store, { settle: [settled('timer', ring), settled('outbox', say)] }), 'committed')
    }),
  )

  test(
    'a renewal prolongs what is ours, in the order asked, and touches nothing else',
    on(async (store) => {
      await commit(store, { setTimers: ['c', 'b', 'a', 'free'].map((id) => timer(id)) })
      const held = await claim(store, 'timer', { limit: 3 })
      const asked = [...held.toReversed(), { id: 'free', fence: 0 }, { id: 'nobody', fence: 1 }]
      assert.deepEqual([...(await store.renew('timer', asked, NOW + 60_000))], ['a', 'b', 'c'])
      assert.deepEqual(ids(await claim(store, 'timer')), ['free'])
      await claim(store, 'timer', { now: NOW + 59_999 })
      assert.deepEqual(ids(await claim(store, 'timer', { now: NOW + 59_999 })), ['free'])
      await claim(store, 'timer', { now: NOW + 60_000 })
      assert.deepEqual(ids(await claim(store, 'timer', { now: NOW + 60_000 })), ['c', 'b', 'a'])
      assert.deepEqual(await store.renew('inbox', held, NOW), new Set(), 'of another queue')
      assert.deepEqual(await store.renew('timer', [], NOW), new Set())
    }),
  )

  test(
    'a lease that ran out can be renewed until somebody gives it up',
    on(async (store) => {
      await commit(store, { setTimers: [timer('t1')] })
      const work = only(await claim(store, 'timer', { leaseMs: 1 }))
      assert.deepEqual(await store.renew('timer', [work], NOW + 50), new Set(['t1']))
      assert.deepEqual(await claim(store, 'timer', { now: NOW + 49 }), [])
      await claim(store, 'timer', { now: NOW + 50 })
      assert.deepEqual(await store.renew('timer', [work], NOW + 90), new Set())
    }),
  )

  test(
    'a timer that is set anew has its new moment and subject, starts its count anew, and takes the claim away from whoever had it',
    on(async (store) => {
      await commit(store, { setTimers: [timer('t1')] })
      const before = only(await claim(store, 'timer'))
      const anew = timer('t1', { about: 'another', dueAt: NOW + 5, kind: 'window ends' })
      assert.equal(await commit(store, { setTimers: [anew] }), 'committed')
      assert.equal(await commit(store, { settle: [settled('timer', before)] }), 'lease lost')
      assert.equal(await store.nextDue('timer'), NOW + 5)
      const after = only(await claim(store, 'timer', { now: NOW + 5 }))
      assert.deepEqual(after, {
        ...before,
        about: 'another',
        dueAt: NOW + 5,
        leaseUntil: NOW + 5 + LEASE_MS,
        fence: before.fence + 2,
        kind: 'look at ticket',
      })
    }),
  )

  test(
    'a timer that is set anew keeps its place among those of its moment; one that was done has a new one',
    on(async (store) => {
      await commit(store, { setTimers: [timer('first'), timer('second')] })
      await commit(store, { setTimers: [timer('first')] })
      const [first] = await claim(store, 'timer', { limit: 1 })
      assert.equal(first?.id, 'first')
      await commit(store, { settle: [settled('timer', first)], setTimers: [timer('first')] })
      assert.deepEqual(ids(await claim(store, 'timer')), ['second', 'first'])
    }),
  )

  test(
    'a timer that was done and is set again is another one: whoever had claimed the first can neither settle nor keep it [I31]',
    on(async (store) => {
      await commit(store, { setTimers: [timer('t1')] })
      const away = only(await claim(store, 'timer', { leaseMs: 1 }))
      await claim(store, 'timer', { now: NOW + 1 })
      const taker = only(await claim(store, 'timer', { now: NOW + 1 }))
      await commit(store, { settle: [settled('timer', taker)] })
      await commit(store, { setTimers: [timer('t1')] })
      const again = only(await claim(store, 'timer'))
      await commit(store, { cancelTimers: ['t1'] })
      await commit(store, { setTimers: [timer('t1')] })
      const now = only(await claim(store, 'timer'))
      for (const late of [away, taker, again]) {
        assert.equal(await commit(store, { settle: [settled('timer', late)] }), 'lease lost')
        assert.deepEqual(await store.renew('timer', [late], NOW + 60_000), new Set())
      }
      assert.equal(await commit(store, { settle: [settled('timer', now)] }), 'committed')
    }),
  )

  test(
    'a timer that is to be set unless it is set is left alone, claim and all',
    on(async (store) => {
      const unlessSet = timer('t1', { about: 'another', dueAt: NOW - 9, unlessSet: true })
      await commit(store, { setTimers: [unlessSet] })
      const work = only(await claim(store, 'timer'))
      assert.deepEqual([work.about, work.dueAt], ['another', NOW - 9])
      await commit(store, { setTimers: [{ ...unlessSet, dueAt: NOW }] })
      assert.equal(await commit(store, { settle: [settled('timer', work)] }), 'committed')
      await commit(store, { setTimers: [{ ...unlessSet, about: 'passed over' }, timer('t1')] })
      assert.equal(only(await claim(store, 'timer')).about, 'about t1')
      await commit(store, { setTimers: [timer('t2', { unlessSet: true }), timer('t3')] })
      assert.deepEqual(ids(await claim(store, 'timer')), ['t3', 't2'], 'what is set goes first')
    }),
  )

  test(
    'a timer that is cancelled is gone; one that is set and cancelled in one commit never was',
    on(async (store) => {
      await commit(store, { setTimers: [timer('t1')] })
      const work = only(await claim(store, 'timer'))
      assert.equal(await commit(store, { cancelTimers: ['t1', 'nobody'] }), 'committed')
      assert.equal(await store.nextDue('timer'), null)
      assert.equal(await commit(store, { settle: [settled('timer', work)] }), 'lease lost')
      await commit(store, { setTimers: [timer('t2')], cancelTimers: ['t2'] })
      assert.deepEqual(await claim(store, 'timer'), [])
    }),
  )

  test(
    'the same timer set twice in one commit is a fault: which one was meant?',
    on(async (store) => {
      await assert.rejects(commit(store, { setTimers: [timer('t1'), timer('t1', { dueAt: NOW + 1 })] }))
      await commit(store, { setTimers: [timer('t1')] })
      await assert.rejects(commit(store, { setTimers: [timer('t1'), timer('t1')] }))
      const unlessSet = timer('t2', { unlessSet: true })
      assert.equal(await commit(store, { setTimers: [unlessSet, { ...unlessSet, about: 'passed over' }] }), 'committed')
      assert.deepEqual(
        (await claim(store, 'timer')).map((each) => each.about),
        ['about t1', 'about t2'],
      )
    }),
  )
}
