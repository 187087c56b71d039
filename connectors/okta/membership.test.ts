import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE_MS } from '#core/instant.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import { wholeList } from '#connectors/kit/whole-list.ts'
import { okta } from './connector.ts'
import {
  ALL_SCOPES,
  configFor,
  EVERYBODY_BIG,
  FROM_APP,
  organisation,
  SALES,
  SALES_RULE,
  salesRule,
  smallSeed,
  SUPPORT,
  userId,
} from './organisation-for-tests.ts'

const ref = (id: string) => ({ provider: 'okta', id })
const support = ref(SUPPORT)
const sales = ref(SALES)
const short = (outcome: Outcome | undefined) => (outcome?.kind === 'rejected' ? outcome.because : outcome?.kind)
const said = (outcome: Outcome | undefined) => (outcome !== undefined && 'said' in outcome ? outcome.said : '')

test('the type of a group is asked for once, not for every change [R117]', async () => {
  const acme = organisation()
  const adds = Array.from(
    { length: 40 },
    (_, index) => ({ do: 'add', account: userId(260 + index), group: support }) as const,
  )
  const outcomes = await acme.okta.membership.change(adds)
  assert.ok(outcomes.every(({ kind }) => kind === 'changed'))
  assert.equal(acme.requests.filter(({ url }) => url.endsWith(`/groups/${SUPPORT}`)).length, 1)
  assert.equal(acme.requests.length, 40 + 2)
  await acme.okta.membership.change(adds)
  assert.equal(acme.requests.length, 40 + 2 + 40)
})

test('the receipt is the request id of Okta, the same that its log shows', async () => {
  const acme = organisation()
  const [outcome] = await acme.okta.membership.change([{ do: 'add', account: userId(260), group: support }])
  assert.ok(outcome?.kind === 'changed')
  assert.equal(outcome.receipt, acme.standIn.truth.changeLog.at(-1)?.requestId)
  assert.equal(outcome.at, acme.now())
})

test('an APP_GROUP and a BUILT_IN are rejected by the name of their type [R117]', async () => {
  const acme = organisation()
  const [outcome] = await acme.okta.membership.change([{ do: 'add', account: userId(260), group: ref(FROM_APP) }])
  assert.match(said(outcome), /^APP_GROUP: members come from the application/)
})

test('a type of group that is newer than this code is never written to [R117]', async () => {
  const seed = smallSeed()
  const groups = seed.groups.map((group) =>
    group.id === SUPPORT ? { ...group, type: 'NEW_KIND' as 'OKTA_GROUP' } : group,
  )
  const acme = organisation({ seed: { ...seed, groups } })
  const [outcome] = await acme.okta.membership.change([{ do: 'add', account: userId(260), group: support }])
  assert.equal(short(outcome), 'group is managed by the vendor')
})

test('a group that was deleted since it was seen is named as missing, not the person', async () => {
  const acme = organisation()
  await acme.okta.membership.change([{ do: 'add', account: userId(260), group: support }])
  acme.standIn.hands.deleteGroup(SUPPORT, acme.now())
  const [outcome] = await acme.okta.membership.change([{ do: 'add', account: userId(261), group: support }])
  assert.equal(short(outcome), 'no such group')
})

test('the rule that holds a member is named [R057]', async () => {
  const acme = organisation()
  const [outcome] = await acme.okta.membership.change([{ do: 'remove', account: userId(305), group: sales }])
  assert.equal(said(outcome), 'held by the rule Sales by department')
})

test('a member who was added by hand and met a rule later is held by the rule [R057]', async () => {
  const acme = organisation()
  await acme.okta.membership.change([{ do: 'add', account: userId(260), group: sales }])
  acme.standIn.hands.setProfile(userId(260), { department: 'Sales' }, acme.now())
  const [outcome] = await acme.okta.membership.change([{ do: 'remove', account: userId(260), group: sales }])
  assert.equal(short(outcome), 'membership comes from a rule')
  assert.deepEqual(acme.standIn.truth.exclusions(SALES_RULE), [])
})

test('a rule that was switched on is noticed within a minute [R057]', async () => {
  const acme = organisation({ seed: smallSeed([{ ...salesRule, status: 'INACTIVE', groupIds: [SUPPORT] }]) })
  const { membership } = acme.okta
  await membership.change([{ do: 'add', account: userId(305), group: support }])
  assert.equal((await membership.members(support)).kind, 'read')
  acme.standIn.hands.setRuleStatus(SALES_RULE, 'ACTIVE', acme.now())
  acme.advance(MINUTE_MS)
  const [outcome] = await membership.change([{ do: 'remove', account: userId(305), group: support }])
  assert.equal(short(outcome), 'membership comes from a rule')
})

test('where Okta does not know the question, the attributes of the member decide [R057]', async () => {
  const acme = organisation({ groupRulesEndpoint: false })
  acme.standIn.hands.addByAdmin(SALES, userId(290), acme.now())
  const outcomes = await acme.okta.membership.change([
    { do: 'remove', account: userId(290), group: sales },
    { do: 'remove', account: userId(305), group: sales },
  ])
  assert.deepEqual(outcomes.map(short), ['changed', 'membership comes from a rule'])
  assert.deepEqual(acme.standIn.truth.exclusions(SALES_RULE), [])
  const asked = acme.requests.filter(({ url }) => url.endsWith('/group-rules')).length
  await acme.okta.membership.change([{ do: 'remove', account: userId(306), group: sales }])
  assert.equal(acme.requests.filter(({ url }) => url.endsWith('/group-rules')).length, asked, 'not asked again')
})

test('a rule that only Okta can work out holds everybody it may hold [R057]', async () => {
  const rule = { ...salesRule, expression: 'String.startsWith(user.department,"Sal")', matches: [userId(305)] }
  const blind = organisation({ groupRulesEndpoint: false, seed: smallSeed([rule]) })
  blind.standIn.hands.addByAdmin(SALES, userId(290), blind.now())
  const [outcome] = await blind.okta.membership.change([{ do: 'remove', account: userId(290), group: sales }])
  assert.equal(short(outcome), 'membership comes from a rule')
  assert.match(said(outcome), /may be held by the rule Sales by department: Okta does not tell/)

  const told = organisation({ seed: smallSeed([rule]) })
  told.standIn.hands.addByAdmin(SALES, userId(290), told.now())
  const outcomes = await told.okta.membership.change([
    { do: 'remove', account: userId(290), group: sales },
    { do: 'remove', account: userId(305), group: sales },
  ])
  assert.deepEqual(outcomes.map(short), ['changed', 'membership comes from a rule'])
})

test('a 404 from a question that was never answered before says nothing: the attributes decide [R057]', async () => {
  const acme = organisation()
  acme.standIn.hands.misbehave('404', { when: ({ url }) => url.endsWith('/group-rules') })
  const [outcome] = await acme.okta.membership.change([{ do: 'remove', account: userId(305), group: sales }])
  assert.equal(short(outcome), 'membership comes from a rule')
  assert.deepEqual(acme.standIn.truth.exclusions(SALES_RULE), [])
})

test('a rule that is switched off holds nobody and feeds nothing [R057]', async () => {
  const acme = organisation({ groupRulesEndpoint: false, seed: smallSeed([{ ...salesRule, status: 'INACTIVE' }]) })
  acme.standIn.hands.addByAdmin(SALES, userId(305), acme.now())
  const groups = await wholeList(acme.okta.directory.groups, ({ group }) => group.id)
  assert.ok(groups.kind === 'read' && groups.value.every(({ fedByRule }) => !fedByRule))
  const [outcome] = await acme.okta.membership.change([{ do: 'remove', account: userId(305), group: sales }])
  assert.equal(short(outcome), 'changed')
})

test('who is excluded from the only rule is there by hand [R057]', async () => {
  const acme = organisation({ groupRulesEndpoint: false, seed: smallSeed([{ ...salesRule, excluded: [userId(305)] }]) })
  acme.standIn.hands.addByAdmin(SALES, userId(305), acme.now())
  const [outcome] = await acme.okta.membership.change([{ do: 'remove', account: userId(305), group: sales }])
  assert.equal(short(outcome), 'changed')
})

test('nobody is removed while the rules cannot be read [R057]', async () => {
  const isRules = (request: { url: string }) => request.url.includes('/groups/rules')
  const forbidden = organisation()
  forbidden.standIn.hands.addByAdmin(SUPPORT, userId(260), forbidden.now())
  forbidden.standIn.hands.misbehave('403', { when: isRules })
  const change = { do: 'remove', account: userId(260), group: support } as const
  assert.equal(short((await forbidden.okta.membership.change([change]))[0]), 'not allowed')
  forbidden.standIn.hands.misbehave('HTML login page', { when: isRules })
  assert.equal(short((await forbidden.okta.membership.change([change]))[0]), 'unavailable')
  assert.ok(forbidden.standIn.truth.isMember(SUPPORT, userId(260)))
})

test('members of a group are still proven while the rules cannot be read; only their source is unknown [R039]', async () => {
  const acme = organisation()
  acme.standIn.hands.misbehave('403', { times: 9, when: ({ url }) => url.includes('/groups/rules') })
  const reading = await acme.okta.membership.members(sales)
  assert.ok(reading.kind === 'read' && reading.value.length === 10)
  assert.ok(reading.value.every(({ source }) => source === 'unknown'))
})

test('members of a group that the vendor manages are never direct', async () => {
  const acme = organisation()
  const reading = await acme.okta.membership.members(ref(FROM_APP))
  assert.ok(reading.kind === 'read')
  assert.deepEqual(reading.value, [{ account: userId(1), source: 'rule' }])
})

test('an empty list counts only beside a group that is seen right now [R039]', async () => {
  const acme = organisation()
  await acme.okta.membership.change([{ do: 'add', account: userId(260), group: support }])
  acme.standIn.hands.setAdminRole(false)
  const reading = await acme.okta.membership.members(support)
  assert.equal(reading.kind, 'unreadable')
})

test('an app that lost its role does not take what it cannot see for what is not there', async () => {
  const acme = organisation()
  acme.standIn.hands.setAdminRole(false)
  const isGroup = ({ url }: { url: string }) => url.includes('/groups/')
  const [outcome] = await acme.okta.membership.change([{ do: 'add', account: userId(260), group: support }])
  assert.equal(short(outcome), 'not allowed')
  acme.standIn.hands.misbehave('404', { times: 9, when: isGroup })
  assert.equal((await acme.okta.membership.members(support)).kind, 'unreadable')
})

test('a read begins before its first byte is sent, also when it was tried again [R039]', async () => {
  const acme = organisation()
  await acme.okta.membership.members(support)
  acme.lose('request', ({ url }) => url.includes('/users?limit'))
  const before = acme.now()
  const reading = await acme.okta.membership.members(support)
  assert.ok(reading.kind === 'read')
  assert.equal(reading.startedAt, before + 100)
})

test('a page that fails in the middle makes the whole list unreadable', async () => {
  const acme = organisation({ longestPage: 100 })
  acme.standIn.hands.misbehave('403', { times: 9, when: ({ url }) => url.includes('after=') })
  assert.equal((await acme.okta.membership.members(ref(EVERYBODY_BIG))).kind, 'unreadable')
})

test('a next page on another host is not asked for', async () => {
  const acme = organisation()
  acme.standIn.hands.misbehave('next page on another host', { when: ({ url }) => url.includes('/users?limit') })
  const reading = await acme.okta.membership.members(ref(EVERYBODY_BIG))
  assert.ok(reading.kind === 'unreadable')
  assert.ok(acme.requests.every(({ url }) => url.startsWith('https://acme.okta.com/')))
})

test('a 429 about calls at once names no wait, and a reset in the past only a moment [R037]', async () => {
  const acme = organisation()
  const change = { do: 'add', account: userId(260), group: support } as const
  await acme.okta.membership.change([change])
  acme.standIn.hands.misbehave('429 about calls at once')
  const [crowded] = await acme.okta.membership.change([change])
  assert.ok(crowded?.kind === 'unavailable' && crowded.retryAfterMs === null)
  acme.standIn.hands.misbehave('429 with a reset in the past', { times: 9, when: ({ method }) => method === 'PUT' })
  const [late] = await acme.okta.membership.change([change])
  assert.ok(late?.kind === 'unavailable' && late.retryAfterMs === 1_000)
})

test('a used-up minute is answered with the rest of the minute [R037]', async () => {
  const acme = organisation()
  const change = { do: 'add', account: userId(260), group: support } as const
  await acme.okta.membership.change([change])
  acme.advance(20_000)
  acme.standIn.hands.spend('other', 10_000, acme.now())
  const [outcome] = await acme.okta.membership.change([change])
  assert.ok(outcome?.kind === 'unavailable' && outcome.retryAfterMs !== null)
  assert.ok(outcome.retryAfterMs >= 40_000 && outcome.retryAfterMs < 42_000, String(outcome.retryAfterMs))
  acme.advance(outcome.retryAfterMs)
  assert.equal((await acme.okta.membership.change([change]))[0]?.kind, 'changed')
})

test('no more calls are under way at once than configured', async () => {
  const acme = organisation()
  const accessToken = acme.standIn.hands.issueToken(ALL_SCOPES, acme.now())
  let underWay = 0
  let most = 0
  const fetch: typeof acme.io.fetch = async (request) => {
    underWay += 1
    most = Math.max(most, underWay)
    await new Promise((resolve) => setImmediate(resolve))
    underWay -= 1
    return acme.io.fetch(request)
  }
  for (const [concurrency, expected] of [
    ['', 10],
    ['25', 25],
  ] as const) {
    const { membership } = okta.connect(
      { ...configFor('acme.okta.com'), accessToken, concurrency },
      { ...acme.io, fetch },
    )
    most = 0
    await membership?.change(
      Array.from({ length: 60 }, (_, index) => ({ do: 'add', account: userId(260 + index), group: support }) as const),
    )
    assert.equal(most, expected)
  }
})

test('a group of another provider is rejected, and "me" is nobody', async () => {
  const acme = organisation()
  const outcomes = await acme.okta.membership.change([
    { do: 'add', account: userId(260), group: { provider: 'entra', id: SUPPORT } },
    { do: 'add', account: 'me', group: support },
  ])
  assert.deepEqual(outcomes.map(short), ['no such group', 'no such person'])
  assert.equal(acme.requests.length, 0)
})
