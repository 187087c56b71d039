import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Member } from '#connectors/kit/connector.ts'
import { somebody, someGroup } from './conformance-directory.ts'
import { NOW, type OnStore } from './conformance-given.ts'
import type { Store } from './store.ts'

const GROUP = { provider: 'okta', id: '00g1' }

async function withGroups(store: Store, ...ids: readonly string[]): Promise<void> {
  const groups = ids.map((id) => someGroup(id, `name of ${id}`))
  await store.saveDirectory('okta', { people: [somebody('ada')], groups, at: NOW })
}

function direct(...accounts: readonly string[]): readonly Member[] {
  return accounts.map((account) => ({ account, source: 'direct' }))
}

/** Who is in which group, read group by group. */
export function members(on: OnStore): void {
  test(
    'the members of a group are kept as the last whole list showed them',
    on(async (store) => {
      await withGroups(store, '00g1', '00g2')
      const first = [{ groupId: '00g1', members: direct('b', 'a'), at: NOW }]
      assert.deepEqual(await store.saveMembers('okta', first), { added: 2, removed: 0 })
      const byRule: Member = { account: 'a', source: 'rule' }
      const second = [{ groupId: '00g1', members: [byRule, ...direct('c')], at: NOW + 1 }]
      assert.deepEqual(await store.saveMembers('okta', second), { added: 1, removed: 1 })
      assert.deepEqual(await store.membersOf(GROUP), [byRule, ...direct('c')])
      assert.deepEqual(await store.membersOf({ provider: 'okta', id: '00g2' }), [])
      assert.deepEqual(await store.membersOf({ provider: 'entra', id: '00g1' }), [])
      assert.deepEqual(await store.saveMembers('okta', second), { added: 0, removed: 0 })
    }),
  )

  test(
    'a list that began before the one that is kept is passed over; so is one of a group that nobody knows [I9]',
    on(async (store) => {
      await withGroups(store, '00g1')
      await store.saveMembers('okta', [{ groupId: '00g1', members: direct('a'), at: NOW + 5 }])
      const late = [{ groupId: '00g1', members: direct('b'), at: NOW + 4 }]
      assert.deepEqual(await store.saveMembers('okta', late), { added: 0, removed: 0 })
      assert.deepEqual(await store.membersOf(GROUP), direct('a'))
      const unknown = [{ groupId: 'nobody', members: direct('a'), at: NOW }]
      assert.deepEqual(await store.saveMembers('okta', unknown), { added: 0, removed: 0 })
    }),
  )

  test(
    'a group waits from when it is wanted until a list that began no earlier is kept; the ones to be first come first, and what failed comes with the next that are wanted',
    on(async (store) => {
      await withGroups(store, 'a', 'b', 'c')
      assert.deepEqual(await store.groupsToRead('okta', [], 9), [])
      assert.equal(await store.wantMembers('okta', { at: NOW, groups: 'all', cursor: 'c1' }), 3)
      assert.deepEqual(await store.groupsToRead('okta', ['c', 'x'], 9), ['c', 'a', 'b'])
      assert.deepEqual(await store.groupsToRead('okta', [], 2), ['a', 'b'])
      await store.putOffMembers('okta', ['a'], NOW + 1)
      await store.saveMembers('okta', [
        { groupId: 'b', members: [], at: NOW - 1 },
        { groupId: 'c', members: [], at: NOW },
      ])
      assert.deepEqual(await store.groupsToRead('okta', [], 9), ['b'])
      assert.equal(await store.wantMembers('okta', { at: NOW + 9, groups: ['c', 'x'], cursor: null }), 1)
      assert.deepEqual(await store.groupsToRead('okta', [], 9), ['a', 'b', 'c'])
      await store.saveMembers('okta', [{ groupId: 'c', members: [], at: NOW + 9, again: true }])
      assert.deepEqual(await store.groupsToRead('okta', [], 9), ['a', 'b'])
      await store.wantMembers('okta', { at: NOW + 20, groups: [], cursor: null })
      assert.deepEqual(await store.groupsToRead('okta', [], 9), ['a', 'b', 'c'])
    }),
  )

  test(
    'a group that is gone takes its members along, and is read once more only if it was read before',
    on(async (store) => {
      await withGroups(store, '00g1', '00g2')
      await store.saveMembers('okta', [{ groupId: '00g1', members: direct('a'), at: NOW }])
      await store.saveDirectory('okta', { people: [somebody('ada')], groups: [someGroup('00g3', 'New')], at: NOW + 1 })
      await store.wantMembers('okta', { at: NOW + 2, groups: 'all', cursor: null })
      assert.deepEqual(await store.groupsToRead('okta', [], 9), ['00g1', '00g3'])
      const gone = [{ groupId: '00g1', members: null, at: NOW + 3 }]
      assert.deepEqual(await store.saveMembers('okta', gone), { added: 0, removed: 1 })
      await store.wantMembers('okta', { at: NOW + 4, groups: 'all', cursor: null })
      assert.deepEqual(await store.groupsToRead('okta', [], 9), ['00g3'])
    }),
  )

  test(
    'how far a sync is can be told; the moment of the last whole one stays when a part is wanted',
    on(async (store) => {
      const nothing = { cursor: null, fullAt: null, people: 0, groups: 0, waiting: 0, memberships: 0 }
      assert.deepEqual(await store.syncStanding('okta'), nothing)
      await withGroups(store, '00g1', '00g2')
      await store.wantMembers('okta', { at: NOW, groups: 'all', cursor: 'c1' })
      await store.saveMembers('okta', [{ groupId: '00g1', members: direct('a', 'b'), at: NOW }])
      await store.wantMembers('okta', { at: NOW + 5, groups: [], cursor: 'c2' })
      const standing = { cursor: 'c2', fullAt: NOW, people: 1, groups: 2, waiting: 1, memberships: 2 }
      assert.deepEqual(await store.syncStanding('okta'), standing)
    }),
  )
}
