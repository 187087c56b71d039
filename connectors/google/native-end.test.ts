import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '#core/identity-action/outcome.ts'
import { HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import { inShort, read } from '#connectors/kit/conformance-subject.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import { DYNAMIC, NO_END, scopesFor, SECURITY, smallSeed, STRANGER, userId, workspace } from './workspace-for-tests.ts'

const ref = (id: string) => ({ provider: 'google', id })
const isCreate = ({ method, url }: HttpRequest): boolean => method === 'POST' && url.endsWith('/memberships')
const isPlainAdd = ({ method, url }: HttpRequest): boolean => method === 'POST' && url.endsWith('/members')
const isEnds = ({ method, url }: HttpRequest): boolean => method === 'GET' && url.includes('/memberships?')

function withEnds(options: Parameters<typeof workspace>[0] = {}) {
  const acme = workspace({ limits: null, config: { nativeEnd: 'on' }, ...options })
  const add = async (group = SECURITY, account = userId(260), inMs: number | null = HOUR_MS): Promise<Outcome> => {
    const endsAt = inMs === null ? null : acme.now() + inMs
    return (await acme.google.membership.change([{ do: 'add', account, group: ref(group), endsAt }]))[0]!
  }
  const setEnd = async (group: string, inMs: number | null): Promise<Outcome> => {
    const endsAt = inMs === null ? null : acme.now() + inMs
    return (await acme.google.nativeEnd!.setEnds([{ account: userId(260), group: ref(group), endsAt }]))[0]!
  }
  const endIn = async (group: string) => read(await acme.google.membership.members(ref(group)))[0]?.endsAt
  return { ...acme, add, setEnd, endIn }
}

test('with ends switched off nothing is asked about them, and nobody is added at Cloud Identity', async () => {
  const acme = workspace()
  assert.equal(acme.google.nativeEnd, undefined)
  await acme.google.membership.change([{ do: 'add', account: userId(260), group: ref(SECURITY) }])
  await acme.google.membership.members(ref(SECURITY))
  assert.ok(!acme.requests.some((request) => isCreate(request) || isEnds(request)))
})

test('an add with an end is one call to Cloud Identity, and none to the Directory', async () => {
  const { add, requests, standIn, now } = withEnds()
  assert.equal(inShort(await add()), 'changed')
  assert.equal(requests.filter(isCreate).length, 1)
  assert.ok(!requests.some(isPlainAdd))
  assert.equal(standIn.truth.endOf(SECURITY, userId(260)), now() + HOUR_MS)
})

test('an add without an end is a plain one', async () => {
  const { add, requests, endIn } = withEnds()
  await add(SECURITY, userId(260), null)
  assert.ok(requests.some(isPlainAdd) && !requests.some(isCreate))
  assert.equal(await endIn(SECURITY), null)
})

test('the address is that of the moment: who was renamed is added under the new name, and no stranger under the old one', async () => {
  const { add, standIn, now } = withEnds()
  await add()
  await standIn.hands.removeByAdmin(SECURITY, userId(260), now())
  standIn.hands.change(userId(260), { primaryEmail: 'new.name@acme.example' }, now())
  assert.equal(inShort(await add()), 'changed')
  assert.deepEqual(standIn.truth.members(SECURITY), [userId(260)])
  assert.deepEqual(standIn.truth.strangers, [])
})

test('a number of somebody outside is added with no end either', async () => {
  const { add, standIn } = withEnds()
  assert.equal(inShort(await add(SECURITY, STRANGER.id)), 'no such person')
  assert.deepEqual(standIn.truth.strangers, [])
})

test('what Cloud Identity refuses is added plainly, and for a while it is not asked about that group again', async () => {
  const { add, requests, standIn, now, advance } = withEnds()
  assert.equal(inShort(await add(NO_END)), 'changed')
  standIn.hands.removeByAdmin(NO_END, userId(260), now())
  assert.equal(inShort(await add(NO_END)), 'changed')
  assert.equal(requests.filter(isCreate).length, 1)
  standIn.hands.removeByAdmin(NO_END, userId(260), now())
  advance(10 * MINUTE_MS)
  await add(NO_END)
  assert.equal(requests.filter(isCreate).length, 2)
})

test('what Cloud Identity does not answer is not added plainly', async () => {
  for (const habit of ['503', '429', 'HTML login page', '500 after the effect', 'error in a 200'] as const) {
    const { add, requests, standIn } = withEnds()
    standIn.hands.misbehave(habit, { when: isCreate })
    assert.equal(inShort(await add()), 'unavailable', habit)
    assert.ok(!requests.some(isPlainAdd), habit)
  }
})

test('an operation that is not done is accepted, and the answer that says so is none to the one after', async () => {
  const { add, standIn } = withEnds()
  standIn.hands.misbehave('operation that is not done', { when: isCreate })
  assert.equal(inShort(await add()), 'accepted')
  assert.equal(inShort(await add()), 'unchanged')
})

test('a removal waits for no word of Cloud Identity about the end', async () => {
  const { add, google, standIn } = withEnds()
  await add()
  standIn.hands.misbehave('503', { times: 99, when: isEnds })
  const [outcome] = await google.membership.change([{ do: 'remove', account: userId(260), group: ref(SECURITY) }])
  assert.equal(inShort(outcome), 'changed')
  assert.deepEqual(standIn.truth.members(SECURITY), [])
})

test('an edition without ends: people are added without, lists tell of none, and setting one is rejected by name', async () => {
  const { add, setEnd, endIn } = withEnds({ seed: { ...smallSeed(), edition: 'starter' } })
  assert.equal(inShort(await add()), 'changed')
  assert.equal(await endIn(SECURITY), null)
  assert.equal(inShort(await setEnd(SECURITY, HOUR_MS)), 'no native end')
})

test('a group whose members are not ours has no native end', async () => {
  const { setEnd } = withEnds()
  assert.equal(inShort(await setEnd(DYNAMIC, HOUR_MS)), 'no native end')
})

test('an end that is not understood makes the list unreadable: it is no end that is missing', async () => {
  for (const habit of [
    'end that is no moment',
    'values of another kind',
    'null among the rows',
    'null for a list',
  ] as const) {
    const { add, google, standIn } = withEnds()
    await add()
    standIn.hands.misbehave(habit, { when: isEnds })
    assert.equal((await google.membership.members(ref(SECURITY))).kind, 'unreadable', habit)
  }
})

test('an end that is not understood hides no group of a person, and is not told as none', async () => {
  const { add, google, standIn } = withEnds()
  await add()
  standIn.hands.misbehave('end that is no moment', { when: ({ url }) => url.includes('searchDirectGroups') })
  assert.equal((await google.membership.groupsOf(userId(260))).kind, 'unreadable')
})

test('without the scope an end is neither set nor told, and no list pretends that there are none', async () => {
  const seed = smallSeed()
  const scopes = scopesFor(true).filter((scope) => !scope.includes('cloud-identity'))
  const { add, google } = withEnds({ seed: { ...seed, serviceAccount: { ...seed.serviceAccount, scopes } } })
  assert.equal(inShort(await add()), 'unavailable')
  const reading = await google.membership.members(ref(SECURITY))
  assert.ok(reading.kind === 'unreadable' && /cloud-identity\.groups/.test(reading.said), JSON.stringify(reading))
})
