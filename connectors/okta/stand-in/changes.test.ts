import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant } from '#core/instant.ts'
import { EVERYONE, SALES, SALES_RULE, SUPPORT, userId } from '../organisation-for-tests.ts'
import { nextOf, setUp, START } from './caller-for-tests.ts'

/** What happens in an organisation while we are not looking, and what it looks like to somebody who reads. */

const holdingsOf = (user: string) => `/api/v1/users/${user}/groups`
const membersOf = (group: string) => `/api/v1/groups/${group}/users`

test('a group is deleted, and its memberships end with it, by nobody', () => {
  const { call, ids, member, hands, truth } = setUp()
  call('PUT', member(260))
  hands.deleteGroup(SUPPORT, START + 1)
  assert.equal(truth.isMember(SUPPORT, userId(260)), false)
  assert.deepEqual(truth.changeLog.at(-1), {
    at: START + 1,
    by: { kind: 'vendor', id: 'group deleted' },
    group: SUPPORT,
    user: userId(260),
    op: 'remove',
    requestId: null,
    heldByRule: false,
  })
  assert.deepEqual(ids(call('GET', holdingsOf(userId(260)))), [EVERYONE])
  for (const [method, path] of [
    ['GET', membersOf(SUPPORT)],
    ['PUT', member(261)],
    ['DELETE', member(260)],
  ] as const) {
    assert.equal(call(method, path, START + 2).status, 404)
  }
  hands.addByAdmin(SUPPORT, userId(261), START + 3)
  assert.equal(truth.isMember(SUPPORT, userId(261)), false)
})

test('a rule whose group was deleted is invalid, and excluded nobody', () => {
  const { call, hands, truth } = setUp()
  hands.deleteGroup(SALES, START)
  assert.equal(truth.changeLog.filter(({ heldByRule }) => heldByRule).length, 10)
  assert.deepEqual(truth.exclusions(SALES_RULE), [])
  const [rule] = JSON.parse(call('GET', '/api/v1/groups/rules').body) as { status: string }[]
  assert.equal(rule?.status, 'INVALID')
  hands.setProfile(userId(20), { department: 'Sales' }, START + 1)
  assert.equal(truth.isMember(SALES, userId(20)), false)
})

test('a group is renamed and another one takes its name: the ids stay what they were', () => {
  const { call, member, hands, ids } = setUp()
  call('PUT', member(260))
  const other = '00gNewSupport0000000'
  hands.renameGroup(SUPPORT, 'Support (old)')
  hands.addGroup({ id: other, type: 'OKTA_GROUP', name: 'Support', description: '' })
  const nameOf = (id: string) =>
    (JSON.parse(call('GET', `/api/v1/groups/${id}`).body) as { profile: { name: string } }).profile.name
  assert.deepEqual([nameOf(SUPPORT), nameOf(other)], ['Support (old)', 'Support'])
  assert.deepEqual(ids(call('GET', membersOf(SUPPORT))), [userId(260)])
  assert.deepEqual(ids(call('GET', membersOf(other))), [])
  assert.ok(ids(call('GET', '/api/v1/groups')).includes(other))
})

test('a user is deleted and made anew with the same login: another id, and only what rules give', () => {
  const { call, ids, code, member, hands, truth } = setUp()
  call('PUT', member(305))
  const anew = '00uAnew0000000000000'
  hands.recreateUser(userId(305), anew, START + 1)
  assert.deepEqual(
    truth.changeLog.slice(1).map(({ op, by, user, group, heldByRule }) => [op, by.kind, user, group, heldByRule]),
    [
      ['remove', 'vendor', userId(305), SUPPORT, false],
      ['remove', 'vendor', userId(305), SALES, true],
      ['add', 'rule', anew, SALES, false],
    ],
  )
  assert.equal(code(call('GET', `/api/v1/users/${userId(305)}`)), 'E0000007')
  assert.equal(call('PUT', member(305)).status, 404)
  const { profile } = JSON.parse(call('GET', `/api/v1/users/${anew}`).body) as { profile: { login: string } }
  assert.equal(profile.login, 'person305@acme.example')
  const everybody = [call('GET', '/api/v1/users')]
  everybody.push(call('GET', nextOf(everybody[0]!) ?? ''))
  const listed = everybody.flatMap(ids)
  assert.deepEqual([listed.length, listed.includes(userId(305)), listed.at(-1)], [350, false, anew])
})

test('who is deleted while somebody pages through the list costs no other row', () => {
  const { call, ids, hands } = setUp()
  const first = call('GET', '/api/v1/users?limit=100')
  hands.deleteUser(userId(7), START)
  assert.equal(ids(call('GET', nextOf(first) ?? ''))[0], userId(101))
})

test('an administrator clears the exclusions, and the rule puts the member back', () => {
  const { call, member, hands, truth } = setUp()
  call('DELETE', member(305, SALES))
  assert.equal(truth.isMember(SALES, userId(305)), false)
  hands.clearExclusions(SALES_RULE, START + 1)
  assert.equal(truth.isMember(SALES, userId(305)), true)
  assert.deepEqual(truth.exclusions(SALES_RULE), [])
  assert.deepEqual(
    truth.changeLog.map(({ op, by }) => [op, by.kind]),
    [
      ['remove', 'client'],
      ['add', 'rule'],
    ],
  )
})

test('the change log says of a removal whether a rule held the membership in that moment', () => {
  const { call, member, hands, truth } = setUp()
  hands.addByAdmin(SALES, userId(20), START)
  call('DELETE', member(20, SALES))
  call('DELETE', member(305, SALES))
  hands.removeByAdmin(SALES, userId(306), START)
  hands.setProfile(userId(307), { department: 'Support' }, START)
  hands.setRuleStatus(SALES_RULE, 'INACTIVE', START)
  call('DELETE', member(308, SALES))
  assert.deepEqual(
    truth.changeLog.filter(({ op }) => op === 'remove').map(({ by, user, heldByRule }) => [by.kind, user, heldByRule]),
    [
      ['client', userId(20), false],
      ['client', userId(305), true],
      ['admin', userId(306), true],
      // The rule let go of them itself.
      ['rule', userId(307), false],
      ['client', userId(308), false],
    ],
  )
})

test('lists flip and flop between two copies, one of which lies behind', () => {
  const { call, ids, member, hands } = setUp()
  call('PUT', member(260), START)
  hands.setCopies([0, 60_000])
  const members = (now: Instant) => ids(call('GET', membersOf(SUPPORT), now)).length
  assert.deepEqual([1, 2, 3, 4].map((ms) => members(START + ms)).toSorted(), [0, 0, 1, 1])
  const [first, second, third] = [1, 2, 3].map((ms) => members(START + ms))
  assert.ok(first === third && first !== second)
  const holds = (now: Instant) => ids(call('GET', holdingsOf(userId(260)), now)).includes(SUPPORT)
  assert.notEqual(holds(START + 5), holds(START + 6))
  assert.deepEqual([members(START + 60_000), members(START + 60_000)], [1, 1])
  hands.setLag(0)
  assert.deepEqual([members(START + 7), members(START + 8)], [1, 1])
})
