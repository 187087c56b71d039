import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '#core/identity-action/outcome.ts'
import { MINUTE_MS } from '#core/instant.ts'
import { accountsIn, allPeople, inShort } from '#connectors/kit/conformance-subject.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import { SCOPE } from './scopes.ts'
import {
  BIG,
  DYNAMIC,
  EVERYBODY,
  groupEmail,
  groupId,
  LOCKED,
  MIXED,
  NESTING,
  SECURITY,
  smallSeed,
  STRANGER,
  SUPPORT,
  SYNCED,
  userId,
  workspace,
} from './workspace-for-tests.ts'

const ref = (id: string) => ({ provider: 'google', id })
const isAdd = ({ method, url }: HttpRequest): boolean => method === 'POST' && url.endsWith('/members')
const isRemoval = ({ method }: HttpRequest): boolean => method === 'DELETE'
const isUser = ({ method, url }: HttpRequest): boolean => method === 'GET' && /\/users\/\d+$/.test(url)

function setUp(options: Parameters<typeof workspace>[0] = {}) {
  const acme = workspace({ limits: null, ...options })
  const change = async (what: 'add' | 'remove', group = SUPPORT, account = userId(260)): Promise<Outcome> =>
    (await acme.google.membership.change([{ do: what, account, group: ref(group) }]))[0]!
  return { ...acme, change }
}

test('somebody is added by number: no address is in what is sent', async () => {
  const { change, requests } = setUp()
  await change('add')
  assert.deepEqual(JSON.parse(requests.find(isAdd)?.body ?? '{}'), { id: userId(260), role: 'MEMBER' })
})

test('the number of an account of another company is nobody here, although Google would add it', async () => {
  const { change, standIn, requests } = setUp()
  const outcome = await change('add', SUPPORT, STRANGER.id)
  assert.equal(inShort(outcome), 'no such person')
  assert.deepEqual(standIn.truth.strangers, [])
  assert.ok(!requests.some(isAdd))
})

test('whom a list of people has shown is not looked up again before an add', async () => {
  const { google, change, requests } = setUp()
  await allPeople(google.directory)
  await change('add')
  assert.ok(!requests.some(isUser))
})

test('whom Google has deleted is nobody, also when they were seen before', async () => {
  const { change, standIn, now } = setUp()
  await change('add')
  await change('remove')
  standIn.hands.deleteUser(userId(260), now())
  assert.equal(inShort(await change('add')), 'no such person')
})

test('409 duplicate is a member already, and 409 conflict is taken and not done yet', async () => {
  const { change, standIn } = setUp()
  standIn.hands.misbehave('409 conflict after the effect', { when: isAdd })
  assert.equal(inShort(await change('add')), 'accepted')
  assert.equal(inShort(await change('add')), 'unchanged')
  standIn.hands.misbehave('409 conflict after the effect', { when: isRemoval })
  assert.equal(inShort(await change('remove')), 'accepted')
  assert.deepEqual(standIn.truth.members(SUPPORT), [])
})

test('a 409 in words that nobody knows says nothing about the effect', async () => {
  const { change, standIn } = setUp()
  standIn.hands.misbehave('409 in words that nobody knows', { when: isAdd })
  assert.equal(inShort(await change('add')), 'unavailable')
})

test('403 as throttling is unavailable, and 403 as a no is not allowed', async () => {
  for (const [habit, found] of [
    ['403 userRateLimitExceeded', 'unavailable'],
    ['403 quotaExceeded', 'unavailable'],
    ['403', 'not allowed'],
    ['403 in words that nobody knows', 'not allowed'],
  ] as const) {
    const { change, standIn } = setUp()
    standIn.hands.misbehave(habit, { when: isAdd })
    assert.equal(inShort(await change('add')), found, habit)
    assert.deepEqual(standIn.truth.members(SUPPORT), [], habit)
  }
})

test('a request that Google does not understand is rejected as that', async () => {
  const { change, standIn } = setUp()
  standIn.hands.misbehave('412 conditionNotMet', { when: isAdd })
  assert.equal(inShort(await change('add')), 'not understood')
})

test('a success without a word, or without the work, is not taken for an add', async () => {
  for (const habit of ['nothing in a 200', '204 without effect'] as const) {
    const { change, standIn } = setUp()
    standIn.hands.misbehave(habit, { when: isAdd })
    assert.equal(inShort(await change('add')), 'unavailable', habit)
  }
})

test('each kind of group that is not ours to write is refused by its name, and nothing is sent', async () => {
  const { change, requests } = setUp()
  for (const [group, name] of [
    [DYNAMIC, /groups\.dynamic/],
    [LOCKED, /groups\.locked/],
    [SYNCED, /GOOGLE_READ_ONLY_GROUPS/],
  ] as const) {
    for (const what of ['add', 'remove'] as const) {
      const outcome = await change(what, group)
      assert.ok(outcome.kind === 'rejected' && outcome.because === 'group is managed by the vendor', group)
      assert.match(outcome.said, name)
    }
  }
  assert.ok(!requests.some(({ method, url }) => method !== 'GET' && !url.endsWith('/token')))
})

test('groups that are not to be written are named by address, by id, or by domain', async () => {
  for (const readOnlyGroups of [
    groupEmail(SUPPORT).toUpperCase(),
    SUPPORT,
    '*@acme.example',
    `x@y.example, ${SUPPORT}`,
  ]) {
    const { change } = setUp({ config: { readOnlyGroups } })
    assert.equal(inShort(await change('add')), 'group is managed by the vendor', readOnlyGroups)
  }
})

test('a security group is written to like any other', async () => {
  const { change } = setUp()
  assert.equal(inShort(await change('add', SECURITY)), 'changed')
})

test('a group that became dynamic, or was locked, is refused by that name: by Google at once, before anything is sent in a minute', async () => {
  for (const kind of ['locked', 'dynamic'] as const) {
    const { change, standIn, now, advance, requests } = setUp()
    await change('add')
    standIn.hands.changeGroup(SUPPORT, { kind, department: 'Support' }, now())
    assert.equal(inShort(await change('remove')), 'group is managed by the vendor', kind)
    const sent = requests.filter(isRemoval).length
    assert.equal(sent, 1)
    advance(MINUTE_MS)
    assert.equal(inShort(await change('remove')), 'group is managed by the vendor', kind)
    assert.equal(requests.filter(isRemoval).length, sent)
  }
})

test('what kind of group it is, is asked once a minute and not for every change', async () => {
  const { google, requests, advance } = setUp()
  const changes = Array.from({ length: 30 }, (_, place) => ({
    do: 'add' as const,
    account: userId(260 + place),
    group: ref(SUPPORT),
  }))
  await google.membership.change(changes)
  const looks = () => requests.filter(({ url }) => url.endsWith(`/v1/groups/${SUPPORT}`)).length
  assert.equal(looks(), 2, 'one of the Directory, one of Cloud Identity')
  advance(MINUTE_MS)
  await google.membership.change(changes.slice(0, 1))
  assert.equal(looks(), 4)
  assert.equal(requests.filter(({ url }) => url.includes('groups:lookup')).length, 1)
})

test('a group whose kind Cloud Identity does not tell is not written to, and not refused for good', async () => {
  for (const habit of ['403', '500', 'HTML login page', 'empty object'] as const) {
    const { change, standIn, requests } = setUp()
    standIn.hands.misbehave(habit, { times: 9, when: ({ url }) => url.includes('cloudidentity') })
    assert.equal(inShort(await change('add')), 'unavailable', habit)
    assert.ok(!requests.some(isAdd), habit)
  }
})

test('a group that has just been made is not there for one of the copies: come again', async () => {
  const { change, standIn, now, advance } = setUp({ freshForMs: 5 * MINUTE_MS })
  const id = groupId(77)
  standIn.hands.addGroup({ id, email: groupEmail(id), name: 'New', kind: 'plain' }, now())
  assert.equal(inShort(await change('add', id)), 'unavailable')
  advance(5 * MINUTE_MS)
  assert.equal(inShort(await change('add', id)), 'changed')
})

test('who has the group through a group in it is not removed from it: rejected, with the name of that group', async () => {
  const { change } = setUp()
  const outcome = await change('remove', NESTING, userId(1))
  assert.equal(inShort(outcome), 'membership comes from a rule')
  assert.ok(outcome.kind === 'rejected' && outcome.said.includes(groupEmail(BIG)))
  assert.equal(inShort(await change('remove', NESTING, userId(300))), 'changed', 'a direct member goes')
  assert.equal(inShort(await change('remove', NESTING, userId(300))), 'unchanged')
})

test('of several groups in a group, the one is named that the person is in', async () => {
  const { change, standIn, now } = setUp()
  standIn.hands.changeGroup(NESTING, { others: [SECURITY, BIG].map((id) => ({ type: 'GROUP', id })) }, now())
  const outcome = await change('remove', NESTING, userId(1))
  assert.ok(outcome.kind === 'rejected' && outcome.said.includes(groupEmail(BIG)), JSON.stringify(outcome))
  assert.equal(inShort(await change('remove', NESTING)), 'unchanged')
})

test('a member of a kind that nobody knows could be anybody: the list is unreadable', async () => {
  const { google, standIn } = setUp()
  standIn.hands.misbehave('unknown enum value', { row: BIG, when: ({ url }) => url.includes('/members?') })
  assert.equal((await google.membership.members(ref(NESTING))).kind, 'unreadable')
})

test('an answer about another user, another group or another address is no answer', async () => {
  for (const [what, when] of [
    ['user', isUser],
    ['group', ({ url }: HttpRequest) => url.endsWith(`/directory/v1/groups/${SUPPORT}`)],
    ['labels', ({ url }: HttpRequest) => url.endsWith(`/v1/groups/${SUPPORT}`) && !url.includes('/directory/')],
  ] as const) {
    const { change, standIn, requests } = setUp()
    standIn.hands.misbehave('about another one', { when })
    assert.equal(inShort(await change('add')), 'unavailable', what)
    assert.ok(!requests.some(isAdd), what)
  }
  const { change, standIn } = setUp()
  standIn.hands.misbehave('about another one', { when: isAdd })
  assert.equal(inShort(await change('add')), 'unavailable')
})

test('where everybody of the company is a member, nobody is removed, and it is said why', async () => {
  const { change } = setUp()
  const outcome = await change('remove', EVERYBODY)
  assert.ok(outcome.kind === 'rejected' && /everybody of the company/.test(outcome.said))
})

test('a copy that lies behind and still knows of the member is no reason to call it a rule', async () => {
  const { change, standIn, advance } = setUp()
  await change('add')
  standIn.hands.setLag(MINUTE_MS)
  advance(MINUTE_MS)
  await change('remove')
  assert.equal(inShort(await change('remove')), 'unchanged')
})

test('groups in a group are no people, and people from outside are shown: by number, or by address', async () => {
  const { google } = setUp()
  assert.deepEqual(accountsIn(await google.membership.members(ref(NESTING))), [userId(300)])
  assert.deepEqual(accountsIn(await google.membership.members(ref(EVERYBODY))), [])
  const mixed = accountsIn(await google.membership.members(ref(MIXED)))
  assert.deepEqual(mixed.toSorted(), [STRANGER.id, 'nobody@elsewhere.example'].toSorted())
})

test('an empty list is believed only beside a group that is seen', async () => {
  const { google, standIn } = setUp()
  assert.deepEqual(accountsIn(await google.membership.members(ref(SUPPORT))), [])
  standIn.hands.misbehave('500', { times: 9, when: ({ url }) => url.endsWith(`/groups/${SUPPORT}`) })
  assert.equal((await google.membership.members(ref(SUPPORT))).kind, 'unreadable')
})

test('an object without a word is no empty list', async () => {
  for (const habit of ['empty object', 'null for a list'] as const) {
    const { google, standIn } = setUp()
    standIn.hands.misbehave(habit, { times: 9, when: ({ url }) => url.includes('/admin/directory/') })
    assert.equal((await google.membership.members(ref(BIG))).kind, 'unreadable', habit)
    assert.equal((await google.membership.groupsOf(userId(1))).kind, 'unreadable', habit)
  }
})

test('a page in the middle that is refused makes the list unreadable, not short', async () => {
  const { google, standIn } = setUp({ longestPage: 100 })
  standIn.hands.misbehave('404', { when: ({ url }) => url.includes('pageToken=') })
  assert.equal((await google.membership.members(ref(BIG))).kind, 'unreadable')
})

test('a token is asked for one scope at a time, and one that is missing is missed by nobody else', async () => {
  const seed = smallSeed()
  const scopes = seed.serviceAccount.scopes.filter((scope) => scope !== SCOPE.security)
  const { change, google } = setUp({ seed: { ...seed, serviceAccount: { ...seed.serviceAccount, scopes } } })
  assert.equal(inShort(await change('add')), 'changed')
  const outcome = await google.sessions.end(userId(260))
  assert.ok(outcome.kind === 'unavailable' && /admin\.directory\.user\.security/.test(outcome.said))
  assert.ok(/112233445566778899001/.test(outcome.said), 'and the operator is told where to add it')
})
