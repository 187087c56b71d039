import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Commit, Held } from './store.ts'
import {
  append,
  claim,
  claimMemberships,
  commit,
  event,
  giveWork,
  look,
  membership,
  message,
  NOW,
  only,
  settled,
  timer,
  versionOf,
  type OnStore,
} from './conformance-given.ts'
import { newLink } from './conformance-links.ts'

const CATALOG = {
  apps: [],
  roles: [],
  rules: [],
  securityIds: [],
  administratorIds: [],
  shortNeedHours: 1,
  completeWithinHours: 1,
}

/** Everything or nothing, and which of two reasons is told. */
export function commits(on: OnStore): void {
  test(
    'a commit writes everything: events, states, timers, messages, catalog and links [I27]',
    on(async (store) => {
      await giveWork(store)
      const work = only(await claim(store, 'timer'))
      const everything = commitOfEverything(work)
      assert.equal(await store.commit(everything), 'committed')
      assert.equal(await versionOf(store, 'grant/grt_1'), 1)
      assert.equal(await versionOf(store, membership('per_1')), 1)
      assert.equal((await store.eventAt('grant/grt_1', 1))?.type, 'Opened')
      assert.deepEqual(
        (await claim(store, 'timer')).map(({ id, about }) => [id, about]),
        [['t2', 'about t2']],
      )
      assert.deepEqual(
        (await claim(store, 'outbox')).map(({ about, kind }) => [about, kind]),
        [
          ['req_1', 'request/req_1@1'],
          ['req_2', 'request/req_2@1'],
        ],
      )
      assert.equal((await claimMemberships(store)).length, 1)
      assert.equal((await store.catalogInForce())?.version, 1)
      assert.equal((await store.linksOf(['per_1'])).length, 1)
    }),
  )

  const spoilers: Readonly<Record<string, { more: (value: Commit) => Commit; becomes: 'conflict' | 'lease lost' }>> = {
    'a claim that somebody else has': {
      more: (value) => ({ ...value, settle: value.settle?.map((each) => ({ ...each, fence: each.fence + 1 })) ?? [] }),
      becomes: 'lease lost',
    },
    'a requirement that does not stand': {
      more: (value) => ({ ...value, requires: [{ stream: 'catalog', version: 1 }] }),
      becomes: 'conflict',
    },
    'a stream that moved on': {
      more: (value) => ({ ...value, appends: [...value.appends, append('request/req_9', 3)] }),
      becomes: 'conflict',
    },
    'a membership that moved on': {
      more: (value) => ({ ...value, appends: [...value.appends, append(membership('per_9'), 3)] }),
      becomes: 'conflict',
    },
    'a catalog whose version is taken': {
      more: (value) => ({ ...value, catalog: { version: 8, catalog: CATALOG } }),
      becomes: 'conflict',
    },
    'an account that is another person’s by now': {
      more: (value) => ({ ...value, links: [newLink('acc_9', 'per_1', { replaces: 'per_8' })] }),
      becomes: 'conflict',
    },
  }
  for (const [what, { more, becomes }] of Object.entries(spoilers)) {
    test(
      `${what} is a ${becomes}, and nothing of the commit is written [I27]`,
      on(async (store) => {
        await giveWork(store)
        await commit(store, { catalog: { version: 8, catalog: CATALOG }, links: [newLink('acc_9', 'per_9')] })
        const work = only(await claim(store, 'timer'))
        const value = commitOfEverything(work)
        assert.equal(await store.commit(more(value)), becomes)
        const streams = [...value.appends.map((each) => each.stream), 'request/req_9']
        assert.equal((await store.load(streams)).size, 0)
        for (const stream of streams) assert.equal(await store.eventAt(stream, 1), null)
        assert.equal((await claim(store, 'outbox')).length, 1)
        assert.deepEqual(await claim(store, 'timer'), [], 'the claim goes on, and nothing new is due')
        assert.deepEqual(await claimMemberships(store), [])
        assert.equal((await store.catalogInForce())?.version, 8)
        assert.deepEqual(await store.linksOf(['per_1']), [])
        assert.equal(await store.commit({ ...value, catalog: { version: 9, catalog: CATALOG } }), 'committed')
      }),
    )
  }

  test(
    'a fault in the last part of a commit leaves nothing of the others behind [I27]',
    on(async (store) => {
      await giveWork(store)
      const work = only(await claim(store, 'timer'))
      const value = commitOfEverything(work)
      await assert.rejects(store.commit({ ...value, setTimers: [timer(work.id), timer('t3'), timer('t3')] }))
      assert.deepEqual(await store.renew('timer', [work], NOW + 9), new Set([work.id]), 'done, set and taken back')
      assert.equal(await versionOf(store, 'grant/grt_1'), 0)
      assert.equal(await store.catalogInForce(), null)
      assert.deepEqual(await store.linksOf(['per_1']), [])
      assert.equal(await store.commit(value), 'committed')
    }),
  )

  test(
    'where a commit fails for two reasons the claims come first, then requirements, streams and memberships',
    on(async (store) => {
      await giveWork(store)
      await commit(store, { appends: [append(membership('per_1'), 0, { look: look() })] })
      const lost = settled('timer', { id: 't1', fence: 7 })
      const requires = [{ stream: 'catalog', version: 1 }]
      assert.equal(await commit(store, { settle: [lost], requires }), 'lease lost')
      assert.equal(await commit(store, { settle: [lost], appends: [append('a/1', 4)] }), 'lease lost')
      const taken = {
        appends: [append(membership('per_1'), 1)],
        settle: [settled('membership', { id: membership('per_1'), fence: 7 })],
      }
      assert.equal(await commit(store, taken), 'lease lost')
      assert.equal(await commit(store, { ...taken, requires }), 'conflict')
      assert.equal(await commit(store, { ...taken, appends: [...taken.appends, append('a/1', 4)] }), 'conflict')
    }),
  )

  test(
    'the catalog of the highest version is in force, whichever was published last',
    on(async (store) => {
      await commit(store, { catalog: { version: 2, catalog: { ...CATALOG, shortNeedHours: 2 } } })
      await commit(store, { catalog: { version: 1, catalog: CATALOG } })
      assert.deepEqual(await store.catalogInForce(), { version: 2, catalog: { ...CATALOG, shortNeedHours: 2 } })
    }),
  )
}

function commitOfEverything(work: Held): Commit {
  return {
    now: NOW,
    appends: [
      append('grant/grt_1', 0, { events: [event('Opened')] }),
      append(membership('per_1'), 0, { events: [event('Needed', { place: 1 })], look: look() }),
    ],
    settle: [settled('timer', work)],
    setTimers: [timer('t2')],
    outbox: [message('req_2')],
    catalog: { version: 1, catalog: CATALOG },
    links: [newLink('acc_1', 'per_1')],
  }
}
