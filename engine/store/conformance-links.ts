import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NewLink } from './store.ts'
import { commit, NOW, type OnStore } from './conformance-given.ts'

export function newLink(account: string, personId: string, more: Partial<NewLink> = {}): NewLink {
  const proof = 'administrator import'
  return { system: 'jira', account, personId, proof, provenBy: 'ops', at: NOW, replaces: null, ...more }
}

/** Which account is which person, and what all replicas know together of an allowance. */
export function links(on: OnStore): void {
  test(
    'a link is kept as it was proven, and found by person and by account, in order',
    on(async (store) => {
      const kept = [newLink('c', 'per_1'), newLink('B', 'per_1'), newLink('a', 'per_2', { system: 'entra' })]
      assert.equal(await commit(store, { links: kept }), 'committed')
      const { replaces: _, ...told } = newLink('B', 'per_1')
      assert.deepEqual(await store.linksOfAccounts('jira', ['B', 'a', 'B']), [told])
      const found = await store.linksOf(['per_1', 'per_2', 'nobody'])
      assert.deepEqual(
        found.map((each) => `${each.system} ${each.account} ${each.personId}`),
        ['entra a per_2', 'jira B per_1', 'jira c per_1'],
      )
      const ofJira = await store.linksOfAccounts('jira', ['c', 'B'])
      assert.deepEqual(
        ofJira.map((each) => each.account),
        ['B', 'c'],
      )
    }),
  )

  test(
    'an account of somebody goes to another only if it is theirs still whose it was when that was decided',
    on(async (store) => {
      const linking = (personId: string, replaces: string | null, more: Partial<NewLink> = {}) =>
        commit(store, { links: [newLink('acc', personId, { replaces, ...more })] })
      const whose = async () => (await store.linksOfAccounts('jira', ['acc'])).map((each) => each.personId)
      assert.equal(await linking('per_1', 'per_9'), 'committed', 'it was nobody’s')
      assert.equal(await linking('per_2', null), 'conflict')
      assert.equal(await linking('per_1', null), 'conflict', 'nor to the same without a word')
      assert.equal(await linking('per_2', 'per_3'), 'conflict')
      assert.deepEqual(await whose(), ['per_1'])
      assert.equal(await linking('per_2', 'per_1', { proof: 'verified e-mail', at: NOW + 1 }), 'committed')
      assert.deepEqual(await store.linksOf(['per_1']), [])
      assert.deepEqual(await whose(), ['per_2'])
    }),
  )

  test(
    'one link of several that is another’s by now takes all of them back',
    on(async (store) => {
      await commit(store, { links: [newLink('b', 'per_1')] })
      const both = [newLink('a', 'per_2'), newLink('b', 'per_2')]
      assert.equal(await commit(store, { links: both }), 'conflict')
      assert.deepEqual(await store.linksOf(['per_2']), [])
    }),
  )

  test(
    'the same account twice in one commit is a fault',
    on(async (store) => {
      const twice = [newLink('a', 'per_1'), newLink('a', 'per_2')]
      await assert.rejects(commit(store, { links: twice }))
      await commit(store, { links: [newLink('a', 'per_1')] })
      await assert.rejects(commit(store, { links: twice.map((each) => ({ ...each, replaces: 'per_1' })) }))
      assert.equal((await store.linksOf(['per_1', 'per_2'])).length, 1)
    }),
  )

  test(
    'an allowance is written by whoever knew its newest version, and by nobody else [I37]',
    on(async (store) => {
      assert.equal(await store.budget('okta'), null)
      assert.equal(await store.saveBudget('okta', 1, { left: 9 }), false, 'there is none yet')
      assert.equal(await store.saveBudget('okta', 0, { left: 9 }), true)
      assert.equal(await store.saveBudget('okta', 0, { left: 8 }), false)
      assert.deepEqual(await store.budget('okta'), { version: 1, state: { left: 9 } })
      assert.equal(await store.saveBudget('okta', 1, { left: 8 }), true)
      assert.equal(await store.saveBudget('okta', 1, { left: 7 }), false)
      assert.deepEqual(await store.budget('okta'), { version: 2, state: { left: 8 } })
      assert.equal(await store.budget('entra'), null, 'each provider has its own')
    }),
  )
}
