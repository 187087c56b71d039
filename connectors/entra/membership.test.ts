import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '#core/identity-action/outcome.ts'
import { MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import type { Change } from '#connectors/kit/connector.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import { mustOnlyUnlink } from './client.ts'
import { isWrite } from './conformance-subject.ts'
import {
  ADMINS,
  DYNAMIC,
  groupId,
  HIDDEN,
  MAIL,
  NESTING,
  person,
  RESTRICTED,
  rolesFor,
  smallSeed,
  SUPPORT,
  SYNCED,
  TEAM,
  tenant,
  userId,
} from './tenant-for-tests.ts'

const ref = (id: string) => ({ provider: 'entra', id })
const short = (outcome: Outcome | undefined) => (outcome?.kind === 'rejected' ? outcome.because : outcome?.kind)
const said = (outcome: Outcome | undefined) => (outcome !== undefined && 'said' in outcome ? outcome.said : '')
const add = (number: number, group = SUPPORT): Change => ({ do: 'add', account: userId(number), group: ref(group) })
const remove = (number: number, group = SUPPORT): Change => ({
  do: 'remove',
  account: userId(number),
  group: ref(group),
})
const isItem = ({ url, method }: HttpRequest): boolean =>
  isWrite({ url, method } as HttpRequest) && !url.endsWith('/$batch')

test('the kind of a group is asked for once, and the receipt is the request id of Entra', async () => {
  const acme = tenant()
  const [outcome] = await acme.entra.membership.change([add(260)])
  assert.ok(outcome?.kind === 'changed')
  assert.equal(outcome.receipt, acme.standIn.truth.changeLog[0]?.requestId)
  assert.equal(outcome.vendorAt, Math.floor(acme.now() / SECOND_MS) * SECOND_MS)
  await acme.entra.membership.change([add(261), add(262)])
  assert.equal(
    acme.requests.filter(({ method, url }) => method === 'GET' && url.includes(`/groups/${SUPPORT}?`)).length,
    1,
  )
})

for (const [group, name] of [
  [DYNAMIC, 'DynamicMembership'],
  [SYNCED, 'onPremisesSyncEnabled'],
  [MAIL, 'mailEnabled'],
  [ADMINS, 'isAssignableToRole'],
  [RESTRICTED, 'isManagementRestricted'],
  [HIDDEN, 'HiddenMembership'],
] as const) {
  test(`a group that is ${name} is refused by that name, before anything is sent [R117]`, async () => {
    const acme = tenant()
    const [outcome] = await acme.entra.membership.change([add(260, group)])
    assert.equal(short(outcome), 'group is managed by the vendor')
    assert.ok(said(outcome).startsWith(name), said(outcome))
    assert.equal(acme.requests.filter(isWrite).length, 0)
  })
}

test('a Microsoft 365 group is written to, and a type of group that nobody knows is not', async () => {
  const acme = tenant()
  assert.equal(short((await acme.entra.membership.change([add(260, TEAM)]))[0]), 'changed')
  acme.standIn.hands.misbehave('unknown enum value', { when: ({ url }) => url.includes(`/groups/${SUPPORT}?`) })
  assert.match(said((await acme.entra.membership.change([add(260)]))[0]), /^BrandNew: a type of group/)
})

test('a group that comes without its kind once is written to when it comes with it, and nothing was rejected', async () => {
  const acme = tenant()
  const when = ({ url }: HttpRequest): boolean => url.includes(`/groups/${SUPPORT}?`)
  const outcomes: Outcome[] = []
  for (const field of ['groupTypes', 'mailEnabled']) {
    acme.standIn.hands.misbehave('null where a value was', { field, when })
    outcomes.push(...(await acme.entra.membership.change([add(260)])))
  }
  outcomes.push(...(await acme.entra.membership.change([add(260)])))
  assert.deepEqual(outcomes.map(short), ['unavailable', 'unavailable', 'changed'])
})

test('a group that became dynamic is refused within a minute, and by Entra before that [R117]', async () => {
  const acme = tenant()
  await acme.entra.membership.change([add(260)])
  acme.standIn.hands.changeGroup(SUPPORT, { kind: 'dynamic' }, acme.now())
  assert.equal(short((await acme.entra.membership.change([add(261)]))[0]), 'group is managed by the vendor')
  const before = acme.requests.filter(isWrite).length
  acme.advance(MINUTE_MS)
  assert.match(said((await acme.entra.membership.change([remove(260)]))[0]), /^DynamicMembership/)
  assert.equal(acme.requests.filter(isWrite).length, before)
})

test('ten thousand clean adds to one group are at most 505 messages that write', async () => {
  const seed = smallSeed()
  const users = Array.from({ length: 10_000 }, (_, index) => person(index + 1))
  const acme = tenant({ seed: { ...seed, users, members: [] } })
  const outcomes = await acme.entra.membership.change(
    users.map(({ id }) => ({ do: 'add', account: id, group: ref(SUPPORT) })),
  )
  assert.ok(outcomes.every(({ kind }) => kind === 'changed'))
  assert.equal(acme.standIn.truth.members(SUPPORT).length, 10_000)
  const sent = acme.requests.filter(isWrite).length
  assert.ok(sent <= 505, String(sent))
})

test('one who is there already spoils a twenty, which then goes one by one, in one batch', async () => {
  const acme = tenant()
  acme.standIn.hands.addByAdmin(SUPPORT, userId(265), acme.now())
  const outcomes = await acme.entra.membership.change(Array.from({ length: 20 }, (_, index) => add(260 + index)))
  assert.deepEqual(
    outcomes.map(short),
    outcomes.map((_, place) => (place === 5 ? 'unchanged' : 'changed')),
  )
  assert.deepEqual(
    acme.requests.filter(isWrite).map(({ method, url }) => `${method} ${url.slice(url.lastIndexOf('/'))}`),
    [`PATCH /${SUPPORT}`, 'POST /$batch'],
  )
  assert.equal(acme.standIn.truth.members(SUPPORT).length, 20)
})

test('removals go in batches of twenty, each on an address that ends with /$ref, and each with its own receipt', async () => {
  const acme = tenant()
  const numbers = Array.from({ length: 45 }, (_, index) => 260 + index)
  await acme.entra.membership.change(numbers.map((number) => add(number)))
  const outcomes = await acme.entra.membership.change(numbers.map((number) => remove(number)))
  assert.ok(outcomes.every(({ kind }) => kind === 'changed'))
  assert.deepEqual(acme.standIn.truth.members(SUPPORT), [])
  const batches = acme.requests.filter(({ url }) => url.endsWith('/$batch'))
  const items = batches.flatMap(
    ({ body }) => (JSON.parse(body) as { requests: { method: string; url: string }[] }).requests,
  )
  assert.deepEqual([batches.length, items.length], [3, 45])
  for (const { method, url } of items) {
    assert.equal(method, 'DELETE')
    assert.match(url, /^\/groups\/[^/]+\/members\/[^/]+\/\$ref$/)
  }
  assert.equal(new Set(outcomes.map((each) => (each.kind === 'changed' ? each.receipt : ''))).size, 45)
})

test('nothing is ever sent as DELETE but what ends a membership', () => {
  const membership = `/groups/${SUPPORT}/members/${userId(1)}`
  assert.doesNotThrow(() => mustOnlyUnlink({ method: 'DELETE', path: `${membership}/$ref` }))
  for (const path of [
    membership,
    `${membership}/%24ref`,
    `/users/${userId(1)}`,
    `/users/${userId(1)}?x=/$ref`,
    '/groups/x/members/y/$ref',
  ]) {
    assert.throws(() => mustOnlyUnlink({ method: 'DELETE', path }), /was not sent/, path)
  }
})

test('of a batch each has an answer of its own: one is told to come again, with its wait, and the others are done [R037]', async () => {
  const acme = tenant()
  for (const number of [260, 261, 262]) acme.standIn.hands.addByAdmin(SUPPORT, userId(number), acme.now())
  acme.standIn.hands.misbehave('429', { when: (request) => isItem(request) && request.url.includes(userId(261)) })
  const outcomes = await acme.entra.membership.change([remove(260), remove(261), remove(262)])
  assert.deepEqual(outcomes.map(short), ['changed', 'unavailable', 'changed'])
  assert.ok(outcomes[1]?.kind === 'unavailable' && outcomes[1].retryAfterMs === 30_000)
  assert.deepEqual(acme.standIn.truth.members(SUPPORT), [userId(261)])
})

test('what goes wrong within a batch is named for each, and claims nothing', async () => {
  for (const habit of ['500', '401', '409', 'HTML login page', '504'] as const) {
    const acme = tenant()
    acme.standIn.hands.misbehave(habit, { when: (request) => isItem(request) && request.url.includes(userId(261)) })
    const outcomes = await acme.entra.membership.change([remove(260), remove(261), remove(262)])
    assert.deepEqual(outcomes.map(short), ['unchanged', 'unavailable', 'unchanged'], habit)
  }
})

for (const [habit, expected] of [
  ['batch that contradicts itself', ['unavailable', 'unavailable', 'unavailable']],
  ['batch of failed dependencies', ['unavailable', 'unavailable', 'unavailable']],
  ['HTML login page', ['unavailable', 'unavailable', 'unavailable']],
  ['half a JSON', ['unavailable', 'unavailable', 'unavailable']],
  ['403', ['unavailable', 'unavailable', 'unavailable']],
] as const) {
  test(`${habit}: nothing is known of any of them, and nothing is claimed`, async () => {
    const acme = tenant()
    acme.standIn.hands.misbehave(habit, { when: ({ url }) => url.endsWith('/$batch') })
    const outcomes = await acme.entra.membership.change([remove(260), remove(261), remove(262)])
    assert.deepEqual(outcomes.map(short), expected)
  })
}

test('a request that the batch does not answer is the only one of which nothing is known', async () => {
  const acme = tenant()
  acme.standIn.hands.misbehave('batch without its last answer', { when: ({ url }) => url.endsWith('/$batch') })
  const outcomes = await acme.entra.membership.change([remove(260), remove(261), remove(262)])
  // Answered backwards, so the last answer is that to the first request.
  assert.deepEqual(outcomes.map(short), ['unavailable', 'unchanged', 'unchanged'])
})

test('who may not start is left out of a twenty and out of a batch, and the others go [I14]', async () => {
  const acme = tenant()
  const mayStart = (place: number): boolean => place !== 1
  const added = await acme.entra.membership.change([add(260), add(261), add(262)], mayStart)
  assert.deepEqual(added.map(short), ['changed', 'unavailable', 'changed'])
  const removed = await acme.entra.membership.change([remove(260), remove(261), remove(262)], mayStart)
  assert.deepEqual(removed.map(short), ['changed', 'unavailable', 'changed'])
  assert.equal(acme.standIn.truth.changeLog.length, 4)
})

test('a person, a group and a membership that are missing are told apart', async () => {
  const acme = tenant()
  const outcomes = await acme.entra.membership.change([
    { do: 'add', account: userId(999), group: ref(SUPPORT) },
    { do: 'remove', account: userId(999), group: ref(SUPPORT) },
    add(260, groupId(999)),
    remove(261),
  ])
  assert.deepEqual(outcomes.map(short), ['no such person', 'no such person', 'no such group', 'unchanged'])
})

test('a 404 that another answer denies is none', async () => {
  const acme = tenant()
  acme.standIn.hands.misbehave('404', { when: isWrite })
  assert.equal(short((await acme.entra.membership.change([add(260)]))[0]), 'unavailable')
  acme.standIn.hands.misbehave('404', { when: ({ url }) => url.includes('/members?') })
  assert.equal((await acme.entra.membership.members(ref(SUPPORT))).kind, 'unreadable')
})

test('a group that was made just now is not known everywhere: unavailable, and a little later it is done', async () => {
  const acme = tenant({ freshForMs: 10_000 })
  acme.standIn.hands.addGroup({ id: groupId(70), displayName: 'Fresh', kind: 'security' }, acme.now())
  assert.equal(short((await acme.entra.membership.change([add(260, groupId(70))]))[0]), 'unavailable')
  acme.advance(10_000)
  assert.equal(short((await acme.entra.membership.change([add(260, groupId(70))]))[0]), 'changed')
})

test('members who are no people, and roles that are no groups, are left out', async () => {
  const seed = smallSeed()
  const users = seed.users.map((user) => (user.id === userId(2) ? { ...user, isAdministrator: true } : user))
  const acme = tenant({ seed: { ...seed, users } })
  const members = await acme.entra.membership.members(ref(NESTING))
  assert.ok(members.kind === 'read')
  assert.deepEqual(members.value, [{ account: userId(2), source: 'direct' }])
  const holdings = await acme.entra.membership.groupsOf(userId(2))
  assert.ok(holdings.kind === 'read')
  assert.equal(holdings.value.length, 2)
})

test('whom a rule or the Active Directory put there is not there directly', async () => {
  const acme = tenant()
  for (const group of [DYNAMIC, SYNCED]) {
    const members = await acme.entra.membership.members(ref(group))
    assert.ok(members.kind === 'read' && members.value.length > 0)
    assert.ok(members.value.every(({ source }) => source === 'rule'))
  }
})

test('a next page on another host is not asked for', async () => {
  const acme = tenant()
  acme.standIn.hands.misbehave('nextLink to another host', { when: ({ url }) => url.includes('/members?') })
  assert.equal((await acme.entra.membership.members(ref(SUPPORT))).kind, 'unreadable')
  assert.ok(acme.requests.every(({ url }) => /^https:\/\/(graph|login)\.microsoft(online)?\.com\//.test(url)))
})

test('a 200 where Entra answers 204 is nothing of Entra’s: whether it was done is not known', async () => {
  const acme = tenant()
  acme.standIn.hands.misbehave('nothing in a 200', { when: isWrite })
  const [outcome] = await acme.entra.membership.change([add(260)])
  assert.ok(outcome?.kind === 'unavailable' && /204/.test(outcome.said))
})

test('a right that is taken away in the middle rejects what it was for, and nothing else', async () => {
  const acme = tenant()
  await acme.entra.membership.change([add(260)])
  acme.standIn.hands.takeAway(['GroupMember.ReadWrite.All'])
  const outcomes = await acme.entra.membership.change([add(261), add(262), remove(260)])
  assert.deepEqual(outcomes.map(short), ['not allowed', 'not allowed', 'not allowed'])
  assert.equal((await acme.entra.membership.members(ref(SUPPORT))).kind, 'read')
  assert.ok(rolesFor(false).includes('GroupMember.ReadWrite.All'))
})

test('a used-up window of writes is answered with the rest of it [R037]', async () => {
  const acme = tenant()
  await acme.entra.membership.change([add(260)])
  acme.advance(30 * SECOND_MS)
  acme.standIn.hands.spend('writes', 3_000, acme.now())
  const [outcome] = await acme.entra.membership.change([add(261)])
  assert.ok(outcome?.kind === 'unavailable' && outcome.retryAfterMs === 120_000, JSON.stringify(outcome))
  acme.advance(120_000)
  assert.equal(short((await acme.entra.membership.change([add(261)]))[0]), 'changed')
})
