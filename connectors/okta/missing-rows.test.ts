import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HttpRequest } from '#connectors/kit/io.ts'
import { wholeList } from '#connectors/kit/whole-list.ts'
import { MINUTE_MS } from '#core/instant.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import {
  EVERYBODY_BIG,
  organisation,
  person,
  SALES,
  SALES_RULE,
  smallSeed,
  SUPPORT,
  userId,
} from './organisation-for-tests.ts'
import type { SeedUser } from './stand-in/seed.ts'

/** Lists that are shorter than the truth, and a "not found" that is none: what can be known of it, and what cannot. */

const support = { provider: 'okta', id: SUPPORT }
const big = { provider: 'okta', id: EVERYBODY_BIG }
const isPeople = ({ url }: HttpRequest): boolean => url.includes('/api/v1/users?')
const isMembers = ({ url }: HttpRequest): boolean => /\/groups\/\w+\/users\?/.test(url)
const short = (outcome: Outcome | undefined) => (outcome?.kind === 'rejected' ? outcome.because : outcome?.kind)

function peopleTo(last: number): SeedUser[] {
  return Array.from({ length: last }, (_, index) => person(index + 1))
}

test('a list that lost its last page once is read again, and is whole', async () => {
  const acme = organisation()
  acme.standIn.hands.misbehave('last page missing', { when: isPeople })
  const reading = await wholeList(acme.okta.directory.people, ({ account }) => account)
  assert.ok(reading.kind === 'read' && reading.value.length === 350)
  assert.deepEqual(
    acme.requests.filter(isPeople).map(({ url }) => /limit=\d+/.exec(url)?.[0]),
    ['limit=200', 'limit=199', 'limit=199'],
  )
})

test('a list that ends with a full page however it is read is unreadable, never short', async () => {
  const acme = organisation()
  acme.standIn.hands.misbehave('last page missing', { times: 9, when: isPeople })
  const reading = await wholeList(acme.okta.directory.people, ({ account }) => account)
  assert.ok(reading.kind === 'unreadable')
  assert.match(reading.said, /its last page may be missing/)
})

test('a list of exactly one full page is whole, and costs two calls more', async () => {
  const acme = organisation({ seed: { ...smallSeed(), users: peopleTo(200), members: [] } })
  const reading = await wholeList(acme.okta.directory.people, ({ account }) => account)
  assert.ok(reading.kind === 'read' && reading.value.length === 200)
  assert.equal(acme.requests.filter(isPeople).length, 3)
})

test('pages that are shorter than was asked give a missing last page away as well', async () => {
  const acme = organisation({ longestPage: 100 })
  const isSecond = (request: HttpRequest): boolean => isMembers(request) && request.url.includes('after=')
  acme.standIn.hands.misbehave('last page missing', { when: isSecond })
  const reading = await acme.okta.membership.members(big)
  assert.ok(reading.kind === 'read' && reading.value.length === 250)
  acme.standIn.hands.misbehave('last page missing', { times: 9, when: isSecond })
  assert.equal((await acme.okta.membership.members(big)).kind, 'unreadable')
})

test('members of a group beyond the first page are not lost with the last page [R039]', async () => {
  const users = peopleTo(1_200)
  const members = users.map(({ id }) => [EVERYBODY_BIG, id] as const)
  const acme = organisation({ seed: { ...smallSeed(), users, members } })
  acme.standIn.hands.misbehave('last page missing', { when: isMembers })
  const reading = await acme.okta.membership.members(big)
  assert.ok(reading.kind === 'read' && reading.value.length === 1_200)
  acme.standIn.hands.misbehave('last page missing', { times: 9, when: isMembers })
  assert.equal((await acme.okta.membership.members(big)).kind, 'unreadable')
})

test('a row that comes twice is one member', async () => {
  const acme = organisation()
  await acme.okta.membership.change([{ do: 'add', account: userId(260), group: support }])
  acme.standIn.hands.misbehave('row twice')
  const reading = await acme.okta.membership.members(support)
  assert.ok(reading.kind === 'read')
  assert.deepEqual(reading.value, [{ account: userId(260), source: 'direct' }])
})

test('a row that is missing from the list of a group leaves no sign there, but the groups of the person still have it', async () => {
  const acme = organisation()
  const account = userId(260)
  await acme.okta.membership.change([{ do: 'add', account, group: support }])
  acme.standIn.hands.misbehave('row missing', { times: 9, when: isMembers })
  const members = await acme.okta.membership.members(support)
  assert.ok(members.kind === 'read')
  assert.deepEqual(members.value, [])
  const holdings = await acme.okta.membership.groupsOf(account)
  assert.ok(holdings.kind === 'read' && holdings.value.some(({ group }) => group.id === SUPPORT))
})

test('a "not found" of a group or a person that Okta finds by its own address is unreadable, not absent', async () => {
  const acme = organisation()
  acme.standIn.hands.misbehave('404', { when: isMembers })
  assert.equal((await acme.okta.membership.members(support)).kind, 'unreadable')
  acme.standIn.hands.misbehave('404', { when: ({ url }) => url.endsWith('/groups') })
  assert.equal((await acme.okta.membership.groupsOf(userId(260))).kind, 'unreadable')
})

test('a "not found" to a change of a person and a group that both exist rejects nothing', async () => {
  const acme = organisation()
  acme.standIn.hands.misbehave('404', { when: ({ method }) => method === 'PUT' })
  const add = { do: 'add', account: userId(260), group: support } as const
  assert.equal((await acme.okta.membership.change([add]))[0]?.kind, 'unavailable')
  assert.equal((await acme.okta.membership.change([add]))[0]?.kind, 'changed')
})

test('a group and a person that were deleted are absent, and each is named when it is written to', async () => {
  const acme = organisation()
  const { membership } = acme.okta
  await membership.change([{ do: 'add', account: userId(260), group: support }])
  acme.standIn.hands.deleteUser(userId(261), acme.now())
  assert.equal((await membership.groupsOf(userId(261))).kind, 'absent')
  const [person] = await membership.change([{ do: 'add', account: userId(261), group: support }])
  acme.standIn.hands.deleteGroup(SUPPORT, acme.now())
  assert.equal((await membership.members(support)).kind, 'absent')
  const [group] = await membership.change([{ do: 'remove', account: userId(260), group: support }])
  assert.deepEqual([short(person), short(group)], ['no such person', 'no such group'])
})

test('a rule that a list lacks, and the one before had, may still hold its members for an hour [R057]', async () => {
  const acme = organisation({ groupRulesEndpoint: false })
  const { membership } = acme.okta
  const remove = { do: 'remove', account: userId(305), group: { provider: 'okta', id: SALES } } as const
  assert.deepEqual((await membership.change([remove])).map(short), ['membership comes from a rule'])
  acme.standIn.hands.misbehave('row missing', { times: 99, when: ({ url }) => url.includes('/groups/rules') })
  for (const minutes of [2, 30, 27]) {
    acme.advance(minutes * MINUTE_MS)
    assert.deepEqual((await membership.change([remove])).map(short), ['membership comes from a rule'])
  }
  assert.deepEqual(acme.standIn.truth.exclusions(SALES_RULE), [])
  acme.advance(2 * MINUTE_MS)
  assert.deepEqual((await membership.change([remove])).map(short), ['changed'])
})

test('Okta names no rule for a member who meets one: left alone until the two agree [R057]', async () => {
  const acme = organisation()
  const { membership } = acme.okta
  const remove = { do: 'remove', account: userId(305), group: { provider: 'okta', id: SALES } } as const
  acme.standIn.hands.misbehave('row missing', { times: 2, when: ({ url }) => url.endsWith('/group-rules') })
  const [outcome] = await membership.change([remove])
  assert.ok(outcome?.kind === 'rejected' && /may be held by the rule/.test(outcome.said))
  assert.deepEqual(acme.standIn.truth.exclusions(SALES_RULE), [])
})

test('the list of rules and Okta’s word about the member have both lost their row: left alone all the same [R057]', async () => {
  const acme = organisation()
  const { membership } = acme.okta
  const remove = { do: 'remove', account: userId(305), group: { provider: 'okta', id: SALES } } as const
  assert.deepEqual((await membership.change([remove])).map(short), ['membership comes from a rule'])
  acme.advance(2 * MINUTE_MS)
  acme.standIn.hands.misbehave('row missing', {
    times: 9,
    when: ({ url }) => /\/(groups\/rules|group-rules)/.test(url),
  })
  const [outcome] = await membership.change([remove])
  assert.ok(outcome?.kind === 'rejected' && /may be held by the rule/.test(outcome.said), JSON.stringify(outcome))
  assert.deepEqual(acme.standIn.truth.exclusions(SALES_RULE), [])
})
