import assert from 'node:assert/strict'
import { test } from 'node:test'
import { URGENCY } from '#core/identity-action/urgency.ts'
import type { Commit, Queue, Store } from './store.ts'
import {
  append,
  claim,
  claimMemberships,
  commit,
  item,
  LEASE_MS,
  look,
  membership,
  message,
  NOW,
  only,
  settled,
  timer,
  type OnStore,
} from './conformance-given.ts'

/** When to look next: the next moment at which something is due, and who is woken when that changes. */
export function due(on: OnStore): void {
  test(
    'the next moment is the first at which something comes due, of one queue or of all',
    on(async (store) => {
      assert.equal(await store.nextDue(), null)
      await commit(store, { setTimers: [timer('b', { dueAt: NOW + 40 }), timer('a', { dueAt: NOW + 50 })] })
      await store.receive(item('i', { receivedAt: NOW + 30 }))
      await commit(store, { now: NOW + 20, outbox: [message('k')] })
      await commit(store, { appends: [append(membership('a'), 0, { look: look({ dueAt: NOW + 10 }) })] })
      const moments = await Promise.all(
        (['timer', 'inbox', 'outbox', 'membership', undefined] as const).map((queue) => store.nextDue(queue)),
      )
      assert.deepEqual(moments, [NOW + 40, NOW + 30, NOW + 20, NOW + 10, NOW + 10])
    }),
  )

  test(
    'leased work is due again when its lease runs out, and until somebody has given it up that moment stands [I31]',
    on(async (store) => {
      await commit(store, { setTimers: [timer('a'), timer('b', { dueAt: NOW + 2 * LEASE_MS })] })
      const work = only(await claim(store, 'timer'))
      assert.equal(await store.nextDue('timer'), NOW + LEASE_MS)
      await store.renew('timer', [work], NOW + LEASE_MS + 1)
      assert.equal(await store.nextDue('timer'), NOW + LEASE_MS + 1)
      await claim(store, 'timer', { now: NOW + LEASE_MS + 1 })
      assert.equal(await store.nextDue('timer'), NOW, 'free, and due since')
      await commit(store, { settle: [settled('timer', work)] })
      assert.equal(await store.nextDue('timer'), NOW + 2 * LEASE_MS)
    }),
  )

  test(
    'a message that waits behind another of its key keeps nobody awake',
    on(async (store) => {
      await commit(store, { outbox: [message('a', 1), message('a', 2)] })
      const first = only(await claim(store, 'outbox'))
      await commit(store, { settle: [settled('outbox', first, { dueAt: NOW + 60_000 })] })
      assert.equal(await store.nextDue('outbox'), NOW + 60_000)
    }),
  )

  test(
    'of memberships the next moment is told of one kind of work, of some directories, of some urgencies',
    on(async (store) => {
      const looks = {
        [membership('a', 'g', 'okta')]: look({ dueAt: NOW + 40, urgency: URGENCY.expiry }),
        [membership('b', 'g', 'entra')]: look({ dueAt: NOW + 30, urgency: URGENCY.grant }),
        [membership('c', 'g', 'okta')]: look({ dueAt: NOW + 20, work: 'read', urgency: URGENCY['read-back'] }),
      }
      await commit(store, { appends: Object.entries(looks).map(([name, each]) => append(name, 0, { look: each })) })
      const next = (of: Parameters<Store['nextDue']>[1]) => store.nextDue('membership', of)
      assert.equal(await next({ work: 'write' }), NOW + 30)
      assert.equal(await next({ work: 'read' }), NOW + 20)
      assert.equal(await next({ work: 'write', of: { provider: 'okta' } }), NOW + 40)
      assert.equal(await next({ work: 'write', of: { noneOf: ['entra'] } }), NOW + 40)
      assert.equal(await next({ work: 'write', of: { noneOf: [] } }), NOW + 30)
      assert.equal(await next({ work: 'read', of: { provider: 'entra' } }), null)
      assert.equal(await next({ work: 'write', urgencies: [URGENCY.expiry] }), NOW + 40)
      assert.equal(await next({ work: 'write', urgencies: [URGENCY.grant], of: { provider: 'okta' } }), null)
      await claimMemberships(store, 'read', { now: NOW + 20 })
      const leased = NOW + 20 + LEASE_MS
      assert.equal(await next({ work: 'read', of: { provider: 'entra' } }), leased, 'a lease is everybody’s business')
    }),
  )

  test(
    'of timers the next moment is told of the ends of access, or of the others; a lease is everybody’s',
    on(async (store) => {
      const setTimers = [
        timer('look', { dueAt: NOW + 1 }),
        timer('window', { kind: 'window ends', dueAt: NOW + 20 }),
        timer('deadline', { kind: 'complete by', dueAt: NOW + 10 }),
      ]
      await commit(store, { setTimers })
      assert.equal(await store.nextDue('timer', { part: 'ends' }), NOW + 10)
      assert.equal(await store.nextDue('timer', { part: 'others' }), NOW + 1)
      await claim(store, 'timer', { now: NOW + 1, leaseMs: 2 })
      assert.equal(await store.nextDue('timer', { part: 'others' }), NOW + 3)
      assert.equal(await store.nextDue('timer', { part: 'ends' }), NOW + 3)
    }),
  )

  test(
    'work that is done for ever, or for nothing, is never due',
    on(async (store) => {
      await commit(store, { appends: [append(membership('a'), 0, { look: look() })] })
      const work = only(await claimMemberships(store))
      await commit(store, { settle: [settled('membership', work, { dueAt: NOW + 5 })] })
      assert.equal(await store.nextDue('membership', { work: 'write' }), null, 'due, and for no kind of work')
      assert.equal(await store.nextDue('membership'), NOW + 5)
      assert.deepEqual(await claimMemberships(store, 'write', { now: NOW + 5 }), [])
      await commit(store, { settle: [settled('membership', work)] })
      assert.equal(await store.nextDue(), null)
    }),
  )

  const wakes: readonly [what: string, queues: readonly Queue[], value: Partial<Commit>][] = [
    ['a timer that is set', ['timer'], { setTimers: [timer('t9')] }],
    ['a message', ['outbox'], { outbox: [message('k')] }],
    ['a membership with a look', ['membership'], { appends: [append(membership('a'), 0, { look: look() })] }],
    ['a membership that waits for nothing', [], { appends: [append(membership('b'), 0, { look: null })] }],
    ['a stream that is no membership', [], { appends: [append('grant/grt_1')] }],
    ['a timer that is cancelled', [], { cancelTimers: ['t9'] }],
    [
      'all of it together',
      ['timer', 'outbox', 'membership'],
      { setTimers: [timer('t9')], outbox: [message('k')], appends: [append(membership('c'), 0, { look: look() })] },
    ],
  ]
  test(
    'a commit wakes the queues in which something may have become due, and nobody else',
    on(async (store) => {
      const heard = await listen(store)
      for (const [what, queues, value] of wakes) {
        assert.equal(await commit(store, value), 'committed', what)
        assert.deepEqual(await heard.untilMark(), queues, what)
      }
      await heard.stop()
    }),
  )

  test(
    'a claim that is put off wakes its queue, one that is done does not; a membership that is kept does, for its lease may run out; a message that is done lets the next of its key go',
    on(async (store) => {
      await commit(store, {
        setTimers: [timer('t1')],
        outbox: [message('k')],
        appends: [append(membership('a'), 0, { look: look() })],
      })
      await store.receive(item('i1'))
      const held = {
        timer: only(await claim(store, 'timer')),
        inbox: only(await claim(store, 'inbox')),
        outbox: only(await claim(store, 'outbox')),
        membership: only(await claimMemberships(store)),
      }
      const heard = await listen(store)
      for (const queue of ['timer', 'inbox', 'outbox', 'membership'] as const) {
        const settle = async (more: Parameters<typeof settled>[2]) => {
          assert.equal(await commit(store, { settle: [settled(queue, held[queue], more)] }), 'committed')
          return heard.untilMark()
        }
        const always = queue === 'outbox' ? [queue] : []
        const kept = queue === 'membership' ? [queue] : always
        assert.deepEqual(await settle({ dueAt: NOW, keepLease: true }), kept, `${queue} kept`)
        assert.deepEqual(await settle({ dueAt: NOW }), [queue], `${queue} put off`)
        assert.deepEqual(await settle({}), always, `${queue} done`)
      }
      await heard.stop()
    }),
  )

  test(
    'what came in wakes the inbox once; its double, and a commit that was not written, wake nobody',
    on(async (store) => {
      const heard = await listen(store)
      await store.receive(item('i1'))
      assert.deepEqual(await heard.untilMark(), ['inbox'])
      await store.receive(item('i1'))
      await commit(store, { setTimers: [timer('t1')], appends: [append('grant/grt_1', 3)] })
      await commit(store, { setTimers: [timer('t1')], settle: [settled('timer', { id: 'x', fence: 1 })] })
      assert.deepEqual(await heard.untilMark(), [])
      await heard.stop()
    }),
  )

  test(
    'whoever has stopped listening hears nothing any more, and others do still',
    on(async (store) => {
      const [one, other] = [await listen(store), await listen(store)]
      await one.stop()
      await store.receive(item('i1'))
      assert.deepEqual(await other.untilMark(), ['inbox'])
      assert.deepEqual(one.heard, [])
      await other.stop()
    }),
  )
}

/** Told in order behind all that was said before, it shows that nothing more is on its way. */
const MARK: Partial<Commit> = { setTimers: [timer('mark')], outbox: [message('mark')] }
const MARK_HEARD = 'timer outbox'

async function listen(store: Store) {
  const heard: (Queue | null)[] = []
  let changed = (): void => undefined
  const stop = await store.onDue((queue) => {
    heard.push(queue)
    changed()
  })
  return {
    heard,
    stop,
    /** What was heard since the last mark. */
    async untilMark(): Promise<readonly (Queue | null)[]> {
      await commit(store, MARK)
      while (heard.slice(-2).join(' ') !== MARK_HEARD) await new Promise<void>((resolve) => (changed = resolve))
      return heard.splice(0).slice(0, -2)
    },
  }
}
