import assert from 'node:assert/strict'
import { test } from 'node:test'
import { append, commit, event, membership, NOW, versionOf, type OnStore } from './conformance-given.ts'

/** Where streams stand, how they move on, and by what they are found. */
export function streams(on: OnStore): void {
  test(
    'a store that holds nothing answers with nothing',
    on(async (store) => {
      assert.deepEqual(await store.load(['request/req_1', membership('per_1')]), new Map())
      assert.deepEqual(await store.find('issue:jira:1'), [])
      assert.equal(await store.catalogInForce(), null)
      assert.equal(await store.eventAt('request/req_1', 1), null)
    }),
  )

  test(
    'a stream stands where its last commit left it, and one without events is missing',
    on(async (store) => {
      await commit(store, { appends: [append('grant/grt_1'), append('request/req_1', 0, { state: { a: [1, 'x'] } })] })
      await commit(store, { appends: [append('grant/grt_1', 1, { events: [event('A'), event('B')] })] })
      const found = await store.load(['request/req_1', 'request/req_2', 'grant/grt_1'])
      assert.deepEqual(
        [...found],
        [
          ['request/req_1', { version: 1, state: { a: [1, 'x'] } }],
          ['grant/grt_1', { version: 3, state: { version: 3 } }],
        ],
      )
    }),
  )

  test(
    'what is loaded comes in the order asked for, each once, memberships among the others',
    on(async (store) => {
      const names = ['b/2', membership('per_2'), 'a/1', membership('per_1'), 'c/3']
      await commit(store, { appends: names.toReversed().map((name) => append(name)) })
      assert.deepEqual([...(await store.load([...names, 'a/1', 'd/4'])).keys()], names)
    }),
  )

  test(
    'an append without events writes nothing, whatever it says',
    on(async (store) => {
      const appends = [
        append('grant/grt_1', 7, { events: [], keys: ['k'] }),
        append(membership('per_1'), 0, { events: [], look: { work: 'write', dueAt: NOW, urgency: 0 } }),
      ]
      assert.equal(await commit(store, { appends }), 'committed')
      assert.equal((await store.load(appends.map((each) => each.stream))).size, 0)
      assert.deepEqual(await store.find('k'), [])
      assert.equal(await store.nextDue(), null)
    }),
  )

  test(
    'of two births of one stream the second meets a conflict, and a membership is no exception [I12]',
    on(async (store) => {
      for (const stream of ['grant/grt_1', membership('per_1')]) {
        assert.equal(await commit(store, { appends: [append(stream, 0, { state: { first: true } })] }), 'committed')
        assert.equal(await commit(store, { appends: [append(stream, 0, { state: { first: false } })] }), 'conflict')
        assert.deepEqual((await store.load([stream])).get(stream), { version: 1, state: { first: true } })
      }
    }),
  )

  test(
    'a stream that moved on since it was loaded, or never was, is a conflict',
    on(async (store) => {
      for (const stream of ['grant/grt_1', membership('per_1')]) {
        await commit(store, { appends: [append(stream)] })
        await commit(store, { appends: [append(stream, 1)] })
        for (const expected of [0, 1, 3]) {
          assert.equal(await commit(store, { appends: [append(stream, expected)] }), 'conflict')
        }
        assert.equal(await versionOf(store, stream), 2)
      }
      assert.equal(await commit(store, { appends: [append('grant/grt_2', 4)] }), 'conflict')
    }),
  )

  test(
    'the same stream twice in one commit is a conflict, with itself',
    on(async (store) => {
      for (const stream of ['grant/grt_1', membership('per_1')]) {
        assert.equal(await commit(store, { appends: [append(stream), append(stream)] }), 'conflict')
        await commit(store, { appends: [append(stream)] })
        for (const second of [1, 2])
          assert.equal(await commit(store, { appends: [append(stream, 1), append(stream, second)] }), 'conflict')
        assert.equal(await versionOf(store, stream), 1)
      }
    }),
  )

  test(
    'what is required must stand at its version still; it is not written, and may be in the same commit',
    on(async (store) => {
      await commit(store, { appends: [append('catalog'), append('group/okta/00g1')] })
      const requiring = (version: number, stream = 'catalog') =>
        commit(store, { appends: [append('grant/grt_1')], requires: [{ stream, version }] })
      assert.equal(await requiring(2), 'conflict')
      assert.equal(await requiring(0), 'conflict')
      assert.equal(await requiring(1, 'approval-rule/none'), 'conflict')
      assert.equal(await versionOf(store, 'grant/grt_1'), 0)
      assert.equal(await requiring(1), 'committed')
      assert.equal(await versionOf(store, 'catalog'), 1)
      const both = { appends: [append('catalog', 1)], requires: [{ stream: 'catalog', version: 1 }] }
      assert.equal(await commit(store, both), 'committed')
      assert.equal(await commit(store, both), 'conflict')
    }),
  )

  test(
    'one of several requirements that does not stand is enough for a conflict, and twice the same is none',
    on(async (store) => {
      await commit(store, { appends: [append('catalog'), append('group/okta/00g1')] })
      const stands = { stream: 'catalog', version: 1 }
      const moved = { stream: 'group/okta/00g1', version: 2 }
      assert.equal(await commit(store, { requires: [stands, moved] }), 'conflict')
      assert.equal(await commit(store, { requires: [stands, stands] }), 'committed')
    }),
  )

  test(
    'a membership cannot be required: work goes on there without anybody deciding',
    on(async (store) => {
      await commit(store, { appends: [append(membership('per_1'))] })
      assert.equal(await commit(store, { requires: [{ stream: membership('per_1'), version: 1 }] }), 'conflict')
    }),
  )

  test(
    'streams are found by a key they carry, the oldest first, and at the same moment by name',
    on(async (store) => {
      const carrying = (stream: string, keys: readonly string[]) => append(stream, 0, { keys })
      await commit(store, { now: NOW + 5, appends: [carrying('request/a', ['issue:1', 'ask:1'])] })
      await commit(store, {
        now: NOW,
        appends: [carrying('request/c', ['issue:1']), carrying('request/B', ['issue:1'])],
      })
      assert.deepEqual(await store.find('issue:1'), ['request/B', 'request/c', 'request/a'])
      assert.deepEqual(await store.find('ask:1'), ['request/a'])
      assert.deepEqual(await store.find('ask'), [])
    }),
  )

  test(
    'the keys of the newest state count, and its birth makes a stream old',
    on(async (store) => {
      await commit(store, { now: NOW, appends: [append('request/b', 0, { keys: ['one', 'two'] })] })
      await commit(store, { now: NOW + 1, appends: [append('request/a', 0, { keys: ['two'] })] })
      await commit(store, { now: NOW + 9, appends: [append('request/b', 1, { keys: ['two', 'three', 'three'] })] })
      assert.deepEqual(await store.find('one'), [])
      assert.deepEqual(await store.find('two'), ['request/b', 'request/a'])
      assert.deepEqual(await store.find('three'), ['request/b'])
    }),
  )

  test(
    'the keys of a commit that met a conflict find nothing, and those before it find still',
    on(async (store) => {
      await commit(store, { appends: [append('request/a', 0, { keys: ['old'] }), append('request/b')] })
      const appends = [append('request/a', 1, { keys: ['new'] }), append('request/b', 5)]
      assert.equal(await commit(store, { appends }), 'conflict')
      assert.deepEqual(await store.find('new'), [])
      assert.deepEqual(await store.find('old'), ['request/a'])
    }),
  )
}
