import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS } from '#core/instant.ts'
import { BIG, groupId, person, SUPPORT, userId } from '../tenant-for-tests.ts'
import { deltaOf, idsIn, nextOf, setUp, START } from './caller-for-tests.ts'
import type { Caller, Told } from './caller-for-tests.ts'

function all({ call }: Pick<Caller, 'call'>, path: string, now = START): readonly Told[] {
  const pages = [call('GET', path, undefined, now)]
  for (let next = nextOf(pages[0]!); next !== undefined; next = nextOf(pages.at(-1)!))
    pages.push(call('GET', next, undefined, now))
  return pages
}

test('everybody comes over pages, with what was selected, and only the last page has a deltaLink', () => {
  const caller = setUp({ longestPage: 100 })
  const pages = all(caller, '/users/delta?$select=displayName,manager')
  assert.deepEqual(
    pages.map((page) => deltaOf(page) === undefined),
    [true, true, true, false],
  )
  const rows = pages.flatMap(({ body }) => body.value ?? [])
  assert.equal(new Set(rows.map(({ id }) => id)).size, 350)
  assert.deepEqual(rows[1], {
    id: userId(2),
    displayName: 'Person 2',
    'manager@delta': [{ '@odata.type': '#microsoft.graph.user', id: userId(1) }],
  })
})

test('what changed since comes, and who is gone comes as removed', () => {
  const caller = setUp()
  const link = deltaOf(all(caller, '/users/delta?$select=displayName').at(-1)!)!
  caller.hands.hire(person(900), START + 1)
  caller.hands.deleteUser(userId(9), START + 2)
  const [page] = all(caller, link, START + 3)
  assert.deepEqual(page?.body.value, [
    { id: userId(900), displayName: 'Person 900' },
    { id: userId(9), '@removed': { reason: 'changed' } },
  ])
  assert.deepEqual(idsIn(caller.call('GET', deltaOf(page!)!, undefined, START + 4)), [])
})

test('the members of a big group are spread over pages, each of which names the group', () => {
  const caller = setUp({ longestPage: 100 })
  const rows = all(caller, '/groups/delta?$select=members').flatMap(({ body }) => body.value ?? [])
  const ofBig = rows.filter(({ id }) => id === BIG).map((row) => row['members@delta'] as readonly unknown[])
  assert.deepEqual(
    ofBig.map(({ length }) => length),
    [100, 100, 50],
  )
})

test('of members only those who came or went are told, and a new name alone is none of them', () => {
  const caller = setUp()
  const link = deltaOf(caller.call('GET', '/groups/delta?$select=members&$deltatoken=latest'))!
  caller.add(260)
  caller.hands.addByAdmin(BIG, userId(260), START)
  caller.hands.removeByAdmin(BIG, userId(1), START)
  caller.hands.renameGroup(groupId(2), 'Another name', START)
  const rows = caller.call('GET', link).body.value ?? []
  assert.deepEqual(
    rows.map((row) => [
      row['id'],
      (row['members@delta'] as readonly { id: string }[] | undefined)?.map(({ id }) => id),
    ]),
    [
      [SUPPORT, [userId(260)]],
      [BIG, [userId(260), userId(1)]],
      [groupId(2), undefined],
    ],
  )
  assert.deepEqual((rows[1]!['members@delta'] as readonly unknown[])[1], {
    '@odata.type': '#microsoft.graph.user',
    id: userId(1),
    '@removed': { reason: 'deleted' },
  })
})

test('changes of before are told again where Entra replays', () => {
  const caller = setUp()
  caller.hands.setReplays(1)
  caller.hands.hire(person(900), START)
  const link = deltaOf(all(caller, '/users/delta?$select=displayName').at(-1)!)!
  assert.deepEqual(idsIn(caller.call('GET', link)), [userId(900)])
})

test('a token lives for seven days, is worth nothing where it was not made, and may be forgotten', () => {
  const caller = setUp()
  const link = deltaOf(caller.call('GET', '/groups/delta?$deltatoken=latest'))!
  assert.equal(caller.call('GET', link).status, 200)
  const foreign = caller.call('GET', link.replace('/groups/', '/users/'))
  assert.deepEqual([foreign.status, caller.code(foreign)], [400, 'syncStateNotFound'])
  caller.hands.forgetPlaces()
  const old = caller.call('GET', link)
  assert.equal(old.status, 410)
  assert.match(old.headers['location'] ?? '', /\$deltatoken=$/)
  const young = setUp({ tokenLifeMs: 30 * DAY_MS })
  const other = deltaOf(young.call('GET', '/groups/delta?$deltatoken=latest'))!
  assert.deepEqual(
    [6, 7].map((days) => young.call('GET', other, undefined, START + days * DAY_MS).status),
    [200, 410],
  )
})

test('delta takes no $top, $orderby or $expand', () => {
  const { call } = setUp()
  for (const query of ['$top=5', '$orderby=id', '$expand=manager'])
    assert.equal(call('GET', `/users/delta?${query}`).status, 400)
})
