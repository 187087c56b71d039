import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR_MS, SECOND_MS } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { statedWaitMs } from '#connectors/kit/stated-wait.ts'
import { ALL_SCOPES, EVERYBODY_BIG, EVERYONE, SUPPORT, userId } from '../organisation-for-tests.ts'
import { nextOf, setUp, START } from './caller-for-tests.ts'
import type { Caller } from './caller-for-tests.ts'
import { HABITS } from './habits.ts'
import type { Habit } from './habits.ts'

/** The faults by which a vendor breaks a call: the habits, one after the other. */

const members = (group = SUPPORT) => `/api/v1/groups/${group}/users`

function afterHabit(habit: Habit, caller: Caller = setUp()): { caller: Caller; answer: HttpAnswer } {
  caller.hands.misbehave(habit)
  return { caller, answer: caller.call('PUT', caller.member(260)) }
}

for (const [habit, status] of [
  ['500', 500],
  ['502', 502],
  ['503', 503],
  ['504', 504],
] as const) {
  test(`${habit}: the change is not done; after the effect, it is`, () => {
    const before = afterHabit(habit)
    assert.deepEqual([before.answer.status, before.caller.truth.changeLog.length], [status, 0])
    const after = afterHabit(`${habit} after the effect`)
    assert.deepEqual([after.answer.status, after.caller.truth.changeLog.length], [status, 1])
  })
}

test('a 429 states its wait in four ways, in none, and wrongly', () => {
  const waitOf = (habit: Habit): number | null => {
    const { answer, caller } = afterHabit(habit)
    assert.deepEqual([answer.status, caller.truth.changeLog.length], [429, 0])
    return statedWaitMs(answer.headers)
  }
  const about30s = (ms: number | null): boolean => ms !== null && Math.abs(ms - 30 * SECOND_MS) <= SECOND_MS
  assert.ok(about30s(waitOf('429')))
  assert.ok(about30s(waitOf('429 with Retry-After')))
  assert.ok(about30s(waitOf('429 with a date in Retry-After')))
  assert.ok(about30s(waitOf('429 by a clock that is an hour ahead')), 'its own date says the same')
  assert.equal(waitOf('429 without headers'), null)
  assert.equal(waitOf('429 with a reset in the past'), SECOND_MS, 'never less')
  assert.equal(waitOf('429 with a reset hours ahead'), HOUR_MS, 'never more')
})

test('an answer is of another kind than expected: an error in a 200, a login page, half a JSON', () => {
  const { answer, caller } = afterHabit('error in a 200')
  assert.deepEqual([answer.status, caller.code(answer)], [200, 'E0000009'])
  assert.match(afterHabit('HTML login page').answer.body, /^<!DOCTYPE html>/)
  const reader = setUp()
  reader.hands.misbehave('half a JSON')
  const half = reader.call('GET', `/api/v1/groups/${SUPPORT}`)
  assert.equal(half.status, 200)
  assert.throws(() => JSON.parse(half.body))
})

test('the last page of a list is missing: the list ends before it, without a word', () => {
  const { call, ids, hands } = setUp({ longestPage: 100 })
  const isList = ({ url }: { url: string }): boolean => url.includes(EVERYBODY_BIG)
  const pages = (): number[] => {
    const lengths: number[] = []
    for (let next: string | undefined = members(EVERYBODY_BIG); next !== undefined;) {
      const page = call('GET', next)
      lengths.push(ids(page).length)
      next = nextOf(page)
    }
    return lengths
  }
  assert.deepEqual(pages(), [100, 100, 50])
  hands.misbehave('last page missing', { when: ({ url }) => isList({ url }) && url.includes('after=') })
  assert.deepEqual(pages(), [100, 100])
  hands.misbehave('last page missing', { when: isList })
  assert.deepEqual(pages(), [100])
})

test('the only page of a list is missing: it comes empty', () => {
  const { call, ids, member, hands } = setUp()
  call('PUT', member(260))
  hands.misbehave('last page missing')
  assert.deepEqual(ids(call('GET', members())), [])
  assert.deepEqual(ids(call('GET', members())), [userId(260)])
})

test('a row is missing, or there twice: another one each time, or the one that is named', () => {
  const { call, ids, member, hands } = setUp()
  for (const number of [260, 261, 262]) call('PUT', member(number))
  const lost = new Set<string>()
  for (let time = 0; time < 3; time += 1) {
    hands.misbehave('row missing')
    const seen = ids(call('GET', members()))
    assert.equal(seen.length, 2)
    for (const number of [260, 261, 262]) if (!seen.includes(userId(number))) lost.add(userId(number))
  }
  assert.equal(lost.size, 3)
  hands.misbehave('row missing', { row: userId(261) })
  assert.deepEqual(ids(call('GET', members())), [userId(260), userId(262)])
  hands.misbehave('row twice', { row: userId(261) })
  assert.deepEqual(ids(call('GET', members())), [userId(260), userId(261), userId(261), userId(262)])
  hands.misbehave('row missing', { row: SUPPORT })
  assert.deepEqual(ids(call('GET', `/api/v1/users/${userId(260)}/groups`)), [EVERYONE])
})

test('a cursor leads back to the page that was just read, or to another host', () => {
  const { call, hands } = setUp()
  hands.misbehave('cursor that loops')
  assert.match(nextOf(call('GET', members())) ?? '', new RegExp(`${SUPPORT}/users$`))
  hands.misbehave('next page on another host')
  assert.match(nextOf(call('GET', members())) ?? '', /^https:\/\/collector\.example\.net/)
})

test('the API changes: unknown fields, an unknown value of an enumeration, null where a value was', () => {
  const { call, member, hands } = setUp()
  call('PUT', member(260))
  const read = (habit: Habit, path: string, field?: string): Record<string, unknown> => {
    hands.misbehave(habit, field === undefined ? {} : { field })
    const value = JSON.parse(call('GET', path).body) as Record<string, unknown> | Record<string, unknown>[]
    return Array.isArray(value) ? (value[0] ?? {}) : value
  }
  const grown = read('unknown fields', members())
  assert.ok('brandNew' in grown && 'brandNewAttribute' in (grown['profile'] as object))
  assert.equal(read('unknown enum value', members())['status'], 'BRAND_NEW')
  assert.equal(read('unknown enum value', `/api/v1/groups/${SUPPORT}`)['type'], 'BRAND_NEW')
  assert.equal(read('null where a value was', members(), 'profile')['profile'], null)
  assert.equal(read('null where a value was', members(), 'id')['id'], null)

  const whole = JSON.parse(call('GET', `/api/v1/users/${userId(260)}`).body) as Record<string, unknown>
  const nulled = new Set<string>()
  for (let time = 0; time < 20; time += 1) {
    const row = read('null where a value was', `/api/v1/users/${userId(260)}`)
    for (const [name, value] of Object.entries(whole)) if (value !== null && row[name] === null) nulled.add(name)
  }
  const values = Object.keys(whole).filter((name) => name !== 'id' && whole[name] !== null)
  assert.deepEqual([...nulled].toSorted(), values.toSorted())
})

test('a habit waits for a request that it suits; one that was chosen for it and does not suit is answered well', () => {
  const { call, ids, member, hands, truth } = setUp()
  hands.misbehave('row missing')
  assert.equal(call('PUT', member(260)).status, 204)
  assert.deepEqual(ids(call('GET', members())), [])
  hands.misbehave('row missing', { when: ({ method }) => method === 'PUT' })
  assert.equal(call('PUT', member(261)).status, 204)
  assert.equal(ids(call('GET', members())).length, 2)
  assert.deepEqual(
    truth.calls.map(({ habit }) => habit),
    [null, 'row missing', null, null],
  )
})

test('every habit befalls something, and the log of calls says so', () => {
  for (const habit of HABITS) {
    const { call, hands, truth } = setUp()
    hands.misbehave(habit)
    call('GET', members(EVERYBODY_BIG))
    assert.equal(truth.calls[0]?.habit, habit)
  }
})

test('while Okta is down everything is answered 503, tokens too, and no bad day is used up', () => {
  const { call, code, hands, requestOf, answer } = setUp()
  hands.misbehave('401')
  hands.setOutage(true)
  assert.equal(code(call('GET', members())), 'E0000010')
  assert.equal(answer(requestOf('POST', '/oauth2/v1/token'), START).status, 503)
  hands.setOutage(false)
  assert.deepEqual([call('GET', members()).status, call('GET', members()).status], [401, 200])
})

test('tokens are refused for a while, also those that were issued meanwhile, and are good again afterwards', () => {
  const { call, code, hands, requestOf, answer } = setUp()
  hands.setTokensRefused(true)
  const issued = `Bearer ${hands.issueToken(ALL_SCOPES, START)}`
  assert.equal(code(call('GET', members())), 'E0000011')
  assert.equal(answer({ ...requestOf('GET', members()), headers: { authorization: issued } }, START).status, 401)
  hands.setTokensRefused(false)
  assert.equal(call('GET', members()).status, 200)
})

test('a scope is taken away: tokens that are out miss it at once, and a new one with it is not given', () => {
  const { call, member, hands } = setUp()
  hands.setScopes(['okta.users.read', 'okta.groups.read'])
  assert.deepEqual([call('PUT', member(260)).status, call('GET', members()).status], [403, 200])
  hands.setScopes(ALL_SCOPES)
  assert.equal(call('PUT', member(260)).status, 204)
})

test('the admin role is lost: nothing is seen, and nothing may be written', () => {
  const { call, ids, member, hands } = setUp()
  hands.setAdminRole(false)
  assert.deepEqual(ids(call('GET', members(EVERYBODY_BIG))), [])
  assert.deepEqual([call('PUT', member(260)).status, call('GET', `/api/v1/groups/${SUPPORT}`).status], [403, 404])
})
