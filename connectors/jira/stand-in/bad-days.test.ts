import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statedWaitMs } from '#connectors/kit/stated-wait.ts'
import { openSmallSite, PEOPLE, smallSeed, type Small } from '../test/small-site.ts'
import { JIRA_HABITS, suits, type JiraHabit } from './bad-days.ts'

/** The faults by which Jira breaks a call: the habits, one after the other. */

const SERVICE = smallSeed.serviceAccount.accountId
const body = { body: { type: 'doc', version: 1, content: [] } }

function comment(small: Small, key: string) {
  return small.as(SERVICE, 'POST', `/rest/api/3/issue/${key}/comment`, body)
}

function move(small: Small, key: string) {
  return small.as(SERVICE, 'POST', `/rest/api/3/issue/${key}/transitions`, { transition: { id: '21' } })
}

function read(small: Small, key: string, query = '') {
  return small.as(SERVICE, 'GET', `/rest/api/3/issue/${key}${query}`)
}

for (const [habit, status] of [
  ['500', 500],
  ['502', 502],
  ['503', 503],
  ['504', 504],
  ['HTML page', 200],
  ['nothing in a 200', 200],
] as const) {
  test(`${habit}: nothing is done; after the effect, the comment is said and the ticket has moved`, () => {
    const small = openSmallSite()
    const key = small.raise()
    const stands = () => [small.standIn.ticket(key)?.comments.length, small.standIn.ticket(key)?.status]
    small.standIn.hands.misbehave(habit, { times: 2 })
    assert.deepEqual([comment(small, key).status, move(small, key).status], [status, status])
    assert.deepEqual(stands(), [0, 'Submitted'])
    small.standIn.hands.misbehave(`${habit} after the effect`, { times: 2 })
    assert.deepEqual([comment(small, key).status, move(small, key).status], [status, status])
    assert.deepEqual(stands(), [1, 'Approved'])
  })
}

test('a 429 states its wait, or none, or a wrong one for the quota of the hour', () => {
  const small = openSmallSite()
  const key = small.raise()
  const answers = (['429', '429 without headers', '429 of the hourly quota'] as const).map((habit) => {
    small.standIn.hands.misbehave(habit)
    return comment(small, key)
  })
  assert.deepEqual(
    answers.map(({ status, headers }) => [status, statedWaitMs(headers), headers['ratelimit-reason']]),
    [
      [429, 7_000, 'jira-burst-based'],
      [429, null, undefined],
      [429, 60_000, 'jira-quota-global-based'],
    ],
  )
  assert.equal(small.standIn.ticket(key)?.comments.length, 0)
})

test('a refusal that is none: 401, 403, 404, an error in a 200, half a JSON', () => {
  const small = openSmallSite()
  const key = small.raise()
  const under = (habit: JiraHabit) => {
    small.standIn.hands.misbehave(habit)
    return read(small, key)
  }
  assert.deepEqual([under('401').status, under('403').status, under('404').status], [401, 403, 404])
  assert.match(under('error in a 200').body, /errorMessages/)
  assert.throws(() => JSON.parse(under('half a JSON').body))
  small.standIn.hands.misbehave('half a JSON')
  const moved = move(small, key)
  assert.deepEqual([moved.status, moved.body], [200, '{"half'])
  assert.equal(read(small, key).status, 200)
})

test('while the site is down everybody is answered 503, whatever they ask, and no bad day is used up', () => {
  const small = openSmallSite()
  const key = small.raise()
  small.standIn.hands.misbehave('401')
  small.standIn.hands.setOutage(true)
  const token = { method: 'POST', url: 'https://auth.atlassian.com/oauth/token', headers: {}, body: '' } as const
  const statuses = [read(small, key), small.page('/'), small.standIn.answer(token, small.now())].map(
    (one) => one.status,
  )
  assert.deepEqual(statuses, [503, 503, 503])
  small.standIn.hands.setOutage(false)
  assert.deepEqual([read(small, key).status, read(small, key).status], [401, 200])
})

test('the service account is refused for a while, and nobody else', async () => {
  const small = openSmallSite()
  const key = small.raise()
  small.standIn.hands.setTokensRefused(true)
  assert.equal((await small.desk.issue(key)).kind, 'unreadable')
  assert.equal(read(small, key).status, 401)
  assert.equal(small.as(PEOPLE.rosa, 'GET', `/rest/api/3/issue/${key}`).status, 200)
  small.standIn.hands.setTokensRefused(false)
  assert.equal((await small.desk.issue(key)).kind, 'read')
})

test('the API changes: unknown fields everywhere, an unknown value, null where a value was', () => {
  const small = openSmallSite()
  const key = small.raise()
  const under = (habit: JiraHabit, field?: string): Record<string, unknown> => {
    small.standIn.hands.misbehave(habit, field === undefined ? {} : { field })
    return JSON.parse(read(small, key, '?fields=status,reporter,created').body) as Record<string, unknown>
  }
  assert.equal(JSON.stringify(under('unknown fields')).match(/"brandNew"/g)?.length, 5)
  assert.match(JSON.stringify(under('unknown enum value')), /"accountType":"BRAND_NEW"/)
  assert.equal((under('null where a value was', 'created')['fields'] as { created: unknown }).created, null)
  const nulled = new Set<string>()
  for (let time = 0; time < 40; time += 1) {
    const seen = JSON.stringify(under('null where a value was'))
    for (const [, name = ''] of seen.matchAll(/"(\w+)":null/g)) nulled.add(name)
  }
  for (const name of ['fields', 'status', 'name', 'reporter', 'created', 'active']) assert.ok(nulled.has(name), name)
  for (const name of ['id', 'key', 'accountId']) assert.ok(!nulled.has(name), name)
})

test('a habit waits for a request that it suits, and every one befalls something', () => {
  for (const habit of JIRA_HABITS) {
    const small = openSmallSite()
    const key = small.raise()
    const plain = read(small, key)
    small.standIn.hands.misbehave(habit)
    if (!suits(habit, { method: 'PUT', url: '' })) assert.equal(move(small, key).status, 204)
    assert.notDeepEqual(read(small, key), plain, habit)
  }
})

test('with unknown fields everywhere a ticket is read as before', async () => {
  const small = openSmallSite()
  const key = small.raise()
  await small.desk.askForApproval(key, [PEOPLE.grace])
  const plain = await small.desk.issue(key)
  small.standIn.hands.misbehave('unknown fields', { times: 99 })
  assert.deepEqual(await small.desk.issue(key), plain)
})

test('null where a value was makes a ticket unreadable, or less is known of it; it is never absent', async () => {
  const small = openSmallSite({ habits: { limits: null } })
  const key = small.raise()
  await small.desk.askForApproval(key, [PEOPLE.grace])
  for (let time = 0; time < 200; time += 1) {
    small.standIn.hands.misbehave('null where a value was', { when: ({ method }) => method === 'GET' })
    const reading = await small.desk.issue(key)
    assert.notEqual(reading.kind, 'absent')
    if (reading.kind === 'read') assert.equal(reading.value.key, key)
  }
})
