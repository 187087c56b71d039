import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SECOND_MS } from '#core/instant.ts'
import {
  ADMINS,
  BIG,
  DYNAMIC,
  FROM_AD,
  groupId,
  MAIL,
  rolesFor,
  smallSeed,
  SUPPORT,
  SYNCED,
  userId,
} from '../tenant-for-tests.ts'
import { addressOf, idsIn, nextOf, ORIGIN, setUp, START } from './caller-for-tests.ts'

test('adding twice is 204 and then 400, removing twice 204 and then 404, and each changes once', () => {
  const { add, remove, code, truth } = setUp()
  const answers = [add(260), add(260), remove(260), remove(260)]
  assert.deepEqual(
    answers.map((told) => [told.status, code(told)]),
    [
      [204, undefined],
      [400, 'Request_BadRequest'],
      [204, undefined],
      [404, 'Request_ResourceNotFound'],
    ],
  )
  assert.match(JSON.stringify(answers[1]?.body), /already exist/)
  assert.deepEqual(
    truth.changeLog.map(({ op, by, requestId }) => [op, by.kind, requestId]),
    [
      ['add', 'client', answers[0]?.headers['request-id']],
      ['remove', 'client', answers[2]?.headers['request-id']],
    ],
  )
})

test('a removal whose address lost its end deletes the person, wherever the rights allow it', () => {
  const least = setUp()
  least.add(260)
  const path = `/groups/${SUPPORT}/members/${userId(260)}`
  assert.equal(least.call('DELETE', path).status, 403)
  assert.equal(least.truth.userCount(), 350)

  const tooMuch = setUp({}, [...rolesFor(false), 'User.ReadWrite.All'])
  tooMuch.add(260)
  assert.equal(tooMuch.call('DELETE', path).status, 204)
  assert.equal(tooMuch.truth.userCount(), 349)
  assert.equal(tooMuch.call('GET', `/users/${userId(260)}`).status, 404)
})

test('twenty adds in one message are all done or none, and twenty-one are too many', () => {
  const { call, truth, add } = setUp()
  const bind = (from: number, count: number) => ({
    'members@odata.bind': Array.from({ length: count }, (_, index) => addressOf(from + index)),
  })
  assert.equal(call('PATCH', `/groups/${SUPPORT}`, bind(100, 20)).status, 204)
  assert.equal(truth.members(SUPPORT).length, 20)
  add(300)
  for (const body of [bind(295, 20), bind(345, 20), bind(200, 21), bind(119, 2)]) {
    const { status } = call('PATCH', `/groups/${SUPPORT}`, body)
    assert.ok(status === 400 || status === 404, String(status))
  }
  assert.equal(truth.members(SUPPORT).length, 21)
})

for (const [group, status, words] of [
  [DYNAMIC, 400, /dynamic membership/],
  [SYNCED, 400, /on-premises mastered/],
  [MAIL, 400, /mail-enabled/],
  [ADMINS, 403, /privileges/],
] as const) {
  test(`${words.source}: members are not written`, () => {
    const { add, truth } = setUp()
    const told = add(260, group)
    assert.equal(told.status, status)
    assert.match(JSON.stringify(told.body), words)
    assert.equal(truth.changeLog.length, 0)
  })
}

test('a rule adds whoever meets it and removes who no longer does', () => {
  const { hands, truth } = setUp()
  hands.change(userId(20), { department: 'Sales' }, START)
  assert.equal(truth.isMember(DYNAMIC, userId(20)), true)
  hands.change(userId(20), { department: 'Support' }, START + 1)
  assert.equal(truth.isMember(DYNAMIC, userId(20)), false)
  assert.deepEqual(
    truth.changeLog.map(({ by }) => by.kind),
    ['rule', 'rule'],
  )
})

test('what is not selected does not come, not even whether an account is enabled', () => {
  const { call } = setUp()
  assert.ok(!('accountEnabled' in call('GET', `/users/${userId(1)}`).body))
  assert.equal(call('GET', `/users/${userId(1)}?$select=accountEnabled`).body['accountEnabled'], true)
})

test('lists are paged by links whose tokens only the stand-in can make', () => {
  const { call } = setUp({ longestPage: 100 })
  const seen: unknown[] = []
  let told = call('GET', `/groups/${BIG}/members?$select=id&$top=999`)
  for (;;) {
    seen.push(...idsIn(told))
    const next = nextOf(told)
    if (next === undefined) break
    told = call('GET', next)
  }
  assert.equal(new Set(seen).size, 250)
  assert.equal(call('GET', `/groups/${BIG}/members?$skiptoken=${userId(3)}`).status, 400)
})

test('a read lies behind for as long as it is told to, and copies disagree', () => {
  const { call, add, hands } = setUp()
  hands.setLag(30_000)
  add(260)
  const members = (now: number) => idsIn(call('GET', `/groups/${SUPPORT}/members`, undefined, now)).length
  assert.deepEqual([members(START + 29_999), members(START + 30_000)], [0, 1])
  hands.setCopies([0, 60_000])
  assert.deepEqual(new Set([members(START + 31_000), members(START + 31_000)]), new Set([0, 1]))
})

test('a group that was made just now refuses adds for a while', () => {
  const { add, hands } = setUp({ freshForMs: 10 * SECOND_MS })
  hands.addGroup({ id: groupId(70), displayName: 'Fresh', kind: 'security' }, START)
  assert.deepEqual([add(1, groupId(70)).status, add(1, groupId(70), START + 10 * SECOND_MS).status], [400, 204])
})

test('without its permission nothing is read and nothing is written', () => {
  const { call, add } = setUp({}, [])
  for (const path of [
    '/users',
    `/users/${userId(1)}`,
    '/groups',
    `/groups/${BIG}/members`,
    '/users/delta',
    '/auditLogs/signIns',
  ]) {
    assert.equal(call('GET', path).status, 403, path)
  }
  assert.equal(add(1).status, 403)
  assert.equal(call('PATCH', `/users/${userId(1)}`, { accountEnabled: false }).status, 403)
  assert.equal(call('POST', `/users/${userId(1)}/revokeSignInSessions`).status, 403)
})

test('an account of the Active Directory is not enabled or disabled here', () => {
  const { call, truth } = setUp()
  assert.equal(call('PATCH', `/users/${FROM_AD}`, { accountEnabled: false }).status, 400)
  assert.equal(call('PATCH', `/users/${userId(1)}`, { accountEnabled: false }).status, 204)
  assert.deepEqual([truth.isEnabled(FROM_AD), truth.isEnabled(userId(1))], [true, false])
  assert.equal(call('PATCH', `/users/${userId(1)}`, { accountEnabled: false, jobTitle: 'x' }).status, 403)
})

test('without a good token there is nothing, and an unknown address is no resource', () => {
  const { answer, call } = setUp()
  const bare = { method: 'GET', url: `${ORIGIN}/v1.0/users`, headers: {}, body: '' } as const
  assert.equal(answer(bare, START).status, 401)
  assert.equal(call('GET', '/persons').status, 400)
})

test('the same requests at the same instants give the same answers', () => {
  const run = () => {
    const { call, add, remove } = setUp({ seed: smallSeed() })
    return JSON.stringify([
      add(1),
      add(1),
      remove(1),
      call('GET', '/users/delta'),
      call('GET', `/groups/${BIG}/members`),
    ])
  }
  assert.equal(run(), run())
})
