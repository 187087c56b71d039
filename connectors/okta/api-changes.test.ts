import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HttpRequest } from '#connectors/kit/io.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import {
  EVERYONE,
  organisation,
  SALES,
  SALES_RULE,
  salesRule,
  smallSeed,
  SUPPORT,
  userId,
} from './organisation-for-tests.ts'
import type { Organisation } from './organisation-for-tests.ts'
import type { MisbehaveOptions } from '#connectors/kit/bad-days.ts'
import { wholeList } from '#connectors/kit/whole-list.ts'
import type { SeedRule } from './stand-in/seed.ts'

/** Okta adds fields and values, and leaves out what it always sent. Nothing of it makes us blind, and nothing makes us say what is not so. */

const support = { provider: 'okta', id: SUPPORT }
const sales = { provider: 'okta', id: SALES }
const short = (outcome: Outcome | undefined) => (outcome?.kind === 'rejected' ? outcome.because : outcome?.kind)
const isRules = ({ url }: HttpRequest): boolean => url.includes('/groups/rules')
const isGroup = ({ url }: HttpRequest): boolean => url.endsWith(`/groups/${SUPPORT}`)
const isUser = ({ url }: HttpRequest): boolean => /\/users\/\w+$/.test(url)

function nulled(acme: Organisation, field: string, options: MisbehaveOptions = {}): void {
  acme.standIn.hands.misbehave('null where a value was', { field, ...options })
}

async function withMember(options: Parameters<typeof organisation>[0] = {}): Promise<Organisation> {
  const acme = organisation(options)
  await acme.okta.membership.change([{ do: 'add', account: userId(260), group: support }])
  return acme
}

for (const field of ['status', 'profile', 'credentials', 'type', 'created', '_links']) {
  test(`a member whose ${field} is null is a member`, async () => {
    const acme = await withMember()
    nulled(acme, field)
    const reading = await acme.okta.membership.members(support)
    assert.ok(reading.kind === 'read')
    assert.deepEqual(reading.value, [{ account: userId(260), source: 'direct' }])
  })

  test(`a person whose ${field} is null does not hide the others, nor themself`, async () => {
    const acme = organisation()
    nulled(acme, field, { row: userId(7) })
    const reading = await wholeList(acme.okta.directory.people, ({ account }) => account)
    assert.ok(reading.kind === 'read' && reading.value.length === 350)
  })
}

test('a row without an id could be anybody: the list is unreadable, and never one row short', async () => {
  const acme = await withMember()
  nulled(acme, 'id')
  assert.equal((await acme.okta.membership.members(support)).kind, 'unreadable')
  nulled(acme, 'id')
  assert.equal((await acme.okta.membership.groupsOf(userId(260))).kind, 'unreadable')
})

test('unknown fields and values of users and groups change nothing about who is a member', async () => {
  const acme = await withMember()
  for (const habit of ['unknown fields', 'unknown enum value'] as const) {
    acme.standIn.hands.misbehave(habit)
    const members = await acme.okta.membership.members(support)
    assert.ok(members.kind === 'read')
    assert.deepEqual(members.value, [{ account: userId(260), source: 'direct' }])
    acme.standIn.hands.misbehave(habit, { row: SUPPORT })
    const holdings = await acme.okta.membership.groupsOf(userId(260))
    assert.ok(holdings.kind === 'read')
    assert.deepEqual(
      holdings.value.map(({ group, source }) => [group.id, source]),
      [
        [SUPPORT, 'direct'],
        [EVERYONE, 'rule'],
      ],
    )
  }
})

test('a group of an unknown type, or of none, is held from nobody knows where, and not by a rule', async () => {
  for (const habit of ['unknown enum value', 'null where a value was'] as const) {
    const acme = organisation()
    acme.standIn.hands.addByAdmin(SUPPORT, userId(260), acme.now())
    acme.standIn.hands.misbehave(habit, { row: SUPPORT, field: 'type', when: ({ url }) => url.endsWith('/groups') })
    const holdings = await acme.okta.membership.groupsOf(userId(260))
    assert.ok(holdings.kind === 'read')
    assert.equal(holdings.value.find(({ group }) => group.id === SUPPORT)?.source, 'unknown')
    acme.standIn.hands.misbehave(habit, { row: SUPPORT, field: 'type', when: isGroup })
    const members = await acme.okta.membership.members(support)
    assert.ok(members.kind === 'read')
    assert.deepEqual(members.value, [{ account: userId(260), source: 'unknown' }])
  }
})

test('a group that comes without its type once is written to when it comes with it, and nothing was rejected', async () => {
  const acme = organisation()
  nulled(acme, 'type', { when: isGroup })
  const add = { do: 'add', account: userId(260), group: support } as const
  const outcomes = [await acme.okta.membership.change([add]), await acme.okta.membership.change([add])]
  assert.deepEqual(outcomes.flat().map(short), ['unavailable', 'changed'])
})

test('a type that nobody knows is not remembered: the next change asks again', async () => {
  const acme = organisation()
  acme.standIn.hands.misbehave('unknown enum value', { when: isGroup })
  const add = { do: 'add', account: userId(260), group: support } as const
  const outcomes = [await acme.okta.membership.change([add]), await acme.okta.membership.change([add])]
  assert.deepEqual(outcomes.flat().map(short), ['group is managed by the vendor', 'changed'])
})

test('a person who comes without attributes may be the rule’s: unknown in a list, and not removed [R057]', async () => {
  const acme = organisation({ groupRulesEndpoint: false })
  nulled(acme, 'profile', { row: userId(305) })
  const members = await acme.okta.membership.members(sales)
  assert.ok(members.kind === 'read')
  assert.equal(members.value.find(({ account }) => account === userId(305))?.source, 'unknown')
  nulled(acme, 'profile', { when: isUser })
  const [outcome] = await acme.okta.membership.change([{ do: 'remove', account: userId(305), group: sales }])
  assert.equal(outcome?.kind, 'unavailable')
  assert.ok(acme.standIn.truth.isMember(SALES, userId(305)))
})

for (const status of [null, 'BRAND_NEW']) {
  test(`a rule of the status ${status} may be on: nobody whom it may hold is removed [R057]`, async () => {
    const rule = { ...salesRule, status: 'ACTIVE' as SeedRule['status'] }
    const acme = organisation({ groupRulesEndpoint: false, seed: smallSeed([rule]) })
    if (status === null) nulled(acme, 'status', { when: isRules })
    else acme.standIn.hands.misbehave('unknown enum value', { when: isRules })
    const outcomes = await acme.okta.membership.change([{ do: 'remove', account: userId(305), group: sales }])
    assert.deepEqual(outcomes.map(short), ['membership comes from a rule'])
    const members = await acme.okta.membership.members(sales)
    assert.ok(members.kind === 'read' && members.value.every(({ source }) => source === 'unknown'))
    assert.deepEqual(acme.standIn.truth.exclusions(SALES_RULE), [])
  })
}

test('a rule that does not say which groups it feeds could feed any: nobody is removed until it does [R057]', async () => {
  const acme = await withMember()
  nulled(acme, 'actions', { times: 2, when: isRules })
  const remove = { do: 'remove', account: userId(260), group: support } as const
  assert.equal((await acme.okta.membership.change([remove]))[0]?.kind, 'unavailable')
  assert.equal((await wholeList(acme.okta.directory.groups, ({ group }) => group.id)).kind, 'unreadable')
  assert.equal((await acme.okta.membership.change([remove]))[0]?.kind, 'changed')
})

test('a rule without a name or a condition is still a rule [R057]', async () => {
  for (const field of ['id', 'name', 'conditions', 'type']) {
    const acme = organisation({ groupRulesEndpoint: false })
    nulled(acme, field, { when: isRules })
    const [outcome] = await acme.okta.membership.change([{ do: 'remove', account: userId(305), group: sales }])
    assert.equal(short(outcome), 'membership comes from a rule', field)
  }
})

test('an empty 200 to a change is nothing of Okta’s: whether it was done is not known', async () => {
  const acme = organisation()
  acme.standIn.hands.misbehave('nothing in a 200', { when: ({ method }) => method === 'PUT' })
  const [outcome] = await acme.okta.membership.change([{ do: 'add', account: userId(260), group: support }])
  assert.ok(outcome?.kind === 'unavailable' && /204/.test(outcome.said))
})
