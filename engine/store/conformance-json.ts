import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '#core/event.ts'
import type { Catalog } from '#core/catalog/catalog.ts'
import { somebody } from './conformance-directory.ts'
import {
  append,
  claim,
  claimMemberships,
  commit,
  event,
  giveWork,
  item,
  look,
  membership,
  message,
  NOW,
  only,
  settled,
  timer,
  type OnStore,
} from './conformance-given.ts'
import { newLink } from './conformance-links.ts'

/** What the compiler lets nobody write, and a spread with `undefined` in it brings all the same. */
const ODD = {
  missing: undefined,
  list: [1, undefined, Number.NaN],
  deep: { gone: undefined, kept: null, minus: -0 },
  ['__proto__']: 'a key like any other',
  text: 'ü € 🗝 "\\\n',
} as unknown as JsonObject

const PLAIN = JSON.parse(
  '{"list":[1,null,null],"deep":{"kept":null,"minus":0},"__proto__":"a key like any other","text":"ü € 🗝 \\"\\\\\\n"}',
) as JsonObject

/** What goes in comes out as JSON would bring it, and is nobody's to change meanwhile. */
export function json(on: OnStore): void {
  const odd = { ...ODD, ['__proto__']: 'a key like any other' } as JsonObject

  test(
    'states come back as JSON brings them: what is undefined is missing, what is no number is null',
    on(async (store) => {
      const names = ['grant/grt_1', membership('per_1')]
      await commit(store, { appends: names.map((name) => append(name, 0, { state: odd, look: look() })) })
      const found = await store.load(names)
      for (const name of names) assert.deepEqual(found.get(name)?.state, PLAIN)
      assert.deepEqual(only(await claimMemberships(store)).state, PLAIN)
    }),
  )

  test(
    'so do events with their personal fields, catalogs and budgets',
    on(async (store) => {
      const personal = { salt: Buffer.from('salt'), fields: odd, digest: 'd' }
      const by = { kind: 'operator', name: 'ops', more: undefined } as const
      await commit(store, { appends: [append('a/1', 0, { events: [event('A', { data: odd, personal, by })] })] })
      const stored = await store.eventAt('a/1', 1)
      assert.deepEqual([stored?.data, stored?.personalFields], [PLAIN, PLAIN])
      assert.deepEqual(stored?.by, { kind: 'operator', name: 'ops' })
      await commit(store, { catalog: { version: 1, catalog: odd as unknown as Catalog } })
      assert.deepEqual((await store.catalogInForce())?.catalog, PLAIN)
      await store.saveBudget('okta', 0, odd)
      assert.deepEqual((await store.budget('okta'))?.state, PLAIN)
    }),
  )

  test(
    'whoever goes on changing what was handed in changes nothing',
    on(async (store) => {
      const state = { list: [1], deep: { kept: true } }
      const keys = ['key']
      const nonce = Buffer.from('nonce')
      const data = { said: ['this'] }
      const stream = membership('per_1')
      const events = [event('A', { data, nonce })]
      await commit(store, { appends: [append('a/1', 0, { state, keys, events }), append(stream, 0, { state })] })
      state.list.push(2)
      state.deep.kept = false
      keys.push('other')
      nonce.fill(0)
      data.said.push('that')
      const found = await store.load(['a/1', stream])
      for (const name of ['a/1', stream]) assert.deepEqual(found.get(name)?.state, { list: [1], deep: { kept: true } })
      assert.deepEqual(await store.find('other'), [])
      const stored = await store.eventAt('a/1', 1)
      assert.deepEqual([stored?.data, stored?.nonce], [{ said: ['this'] }, Buffer.from('nonce')])
    }),
  )

  test(
    'whoever changes what was handed out changes nothing either, where it can be changed at all',
    on(async (store) => {
      const stream = membership('per_1')
      const state = { list: [1], deep: { kept: true } }
      await commit(store, { appends: [append('a/1', 0, { state }), append(stream, 0, { state, look: look() })] })
      const spoil = (those: unknown): void => {
        const { state: spoilt } = those as { state: typeof state }
        try {
          spoilt.list.push(2)
          spoilt.deep.kept = false
        } catch (cause) {
          assert.ok(cause instanceof TypeError, 'what is frozen says so')
        }
      }
      for (const each of (await store.load(['a/1', stream])).values()) spoil(each)
      for (const each of await claimMemberships(store, 'write', { leaseMs: 1 })) spoil(each)
      for (const each of (await store.load(['a/1', stream])).values()) assert.deepEqual(each.state, state)
      await claimMemberships(store, 'write', { now: NOW + 1 })
      assert.deepEqual(only(await claimMemberships(store, 'write', { now: NOW + 1 })).state, state)
    }),
  )

  test(
    'text that no JSON column can keep is a fault, and leaves nothing of its commit behind [I27]',
    on(async (store) => {
      for (const text of ['nul \u0000', 'half a character \ud83d', '\udd11 the other half']) {
        const events = [event('A', { data: { said: text } })]
        await assert.rejects(commit(store, { appends: [append('a/1'), append('b/2', 0, { events })] }))
        await assert.rejects(commit(store, { appends: [append('a/1', 0, { state: { text } })] }))
        assert.equal((await store.load(['a/1', 'b/2'])).size, 0)
        assert.equal(await store.eventAt('a/1', 1), null)
      }
    }),
  )

  test(
    'nor can a timer, a message, a link, an item that came in or a person of a directory have such text',
    on(async (store) => {
      const about = 'nul \u0000'
      await assert.rejects(commit(store, { setTimers: [timer('t1'), timer('t2', { about })] }))
      await assert.rejects(commit(store, { setTimers: [timer('t1')], outbox: [message(about)] }))
      await assert.rejects(commit(store, { setTimers: [timer('t1')], links: [newLink(about, 'per_1')] }))
      await assert.rejects(store.receive(item('i1', { about })))
      const people = [somebody('ada'), somebody('ben', { displayName: about })]
      await assert.rejects(store.saveDirectory('okta', { people, groups: [], at: NOW }))
      assert.equal(await store.nextDue(), null)
      assert.deepEqual(await store.people(['per_ada']), [])
    }),
  )

  test(
    'a note is only a word to the operator: whatever a vendor said in it, it never stands in the way of a settlement',
    on(async (store) => {
      const note = 'nul \u0000 and half a character \ud83d'
      const streams = [membership('per_1'), membership('per_2')]
      await giveWork(store)
      await commit(store, { appends: streams.map((each) => append(each, 0, { look: look() })) })
      const again = { dueAt: NOW, progress: false, note }
      const [written, unwritten] = await claimMemberships(store)
      assert.ok(written && unwritten)
      const settle = [
        ...(await claim(store, 'inbox')).map((each) => settled('inbox', each, again)),
        settled('membership', written, again),
        settled('membership', unwritten, again),
      ]
      assert.equal(await commit(store, { settle, appends: [append(written.id, 1)] }), 'committed')
    }),
  )
}
