import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import type { ActivityEvent } from '#connectors/kit/activity.ts'
import { cursorOf, pagesFrom } from '#connectors/kit/conformance-subject.ts'
import type { From } from '#connectors/kit/directory.ts'
import { SUPPORT, SECURITY, userId, workspace } from './workspace-for-tests.ts'

const group = { provider: 'google', id: SUPPORT }

function setUp(options: Parameters<typeof workspace>[0] = {}) {
  const acme = workspace({ limits: null, ...options })
  const events = (from: From) => acme.google.activity.events(from, acme.now() - DAY_MS)
  const told = async (from: From = { kind: 'all' }): Promise<readonly ActivityEvent[]> =>
    (await pagesFrom(events, from)).flatMap(({ rows }) => rows)
  return { ...acme, events, told }
}

test('what the owner of a group did without the console is told, too', async () => {
  const { standIn, told, now } = setUp()
  standIn.hands.addByOwner(SUPPORT, userId(260), now())
  const [event] = await told()
  assert.deepEqual(event?.what, { kind: 'member added', account: userId(260), group })
  assert.equal(event?.by, 'owner@acme.example')
})

test('a member whom Google ended is told with the hand that Google says it was', async () => {
  const { google, told, now, advance } = setUp({ config: { nativeEnd: 'on' } })
  const to = { provider: 'google', id: SECURITY }
  await google.membership.change([{ do: 'add', account: userId(260), group: to, endsAt: now() + HOUR_MS }])
  advance(2 * HOUR_MS)
  const removal = (await told()).find(({ what }) => what.kind === 'member removed')
  assert.equal(removal?.by, 'cloud-support@google.com')
})

test('a sign-in to an application is told with its name, and one that failed is none', async () => {
  const { standIn, told, now } = setUp()
  standIn.hands.signIn(userId(260), now(), { app: 'Salesforce' })
  standIn.hands.signIn(userId(261), now())
  standIn.hands.signIn(userId(262), now(), { succeeded: false })
  const found = (await told()).flatMap(({ what }) => (what.kind === 'signed in' ? [[what.account, what.app]] : []))
  assert.deepEqual(found, [
    [userId(261), null],
    [userId(260), 'Salesforce'],
  ])
})

test('whoever is not there any more is left out, and the others are told', async () => {
  const { standIn, told, now } = setUp()
  standIn.hands.addByAdmin(SUPPORT, userId(260), now())
  standIn.hands.addByAdmin(SUPPORT, userId(261), now())
  standIn.hands.deleteUser(userId(260), now())
  const added = (await told()).flatMap(({ what }) => (what.kind === 'member added' ? [what.account] : []))
  assert.deepEqual(added, [userId(261)])
})

test('an address that cannot be looked up makes the page unreadable, not shorter', async () => {
  for (const habit of ['503', '403'] as const) {
    const { standIn, events, now } = setUp()
    standIn.hands.addByAdmin(SUPPORT, userId(260), now())
    standIn.hands.misbehave(habit, { times: 9, when: ({ url }) => url.includes('/directory/v1/users/') })
    assert.equal((await events({ kind: 'all' })).kind, 'unreadable', habit)
  }
})

test('an address is looked up once, however often the log names it', async () => {
  const { standIn, told, requests, now } = setUp()
  for (let turn = 0; turn < 10; turn += 1) {
    standIn.hands.addByAdmin(SUPPORT, userId(260), now())
    standIn.hands.removeByAdmin(SUPPORT, userId(260), now())
  }
  assert.equal((await told()).length, 20)
  const looks = requests.filter(({ url }) => url.includes('/directory/v1/users/'))
  assert.ok(looks.length <= 20, String(looks.length))
  await told()
  assert.equal(requests.filter(({ url }) => url.includes('/directory/v1/users/')).length, looks.length)
})

test('an event that comes hours late is not lost to a cursor of before', async () => {
  const { standIn, events, told, now, advance } = setUp({ logLagMs: 5 * HOUR_MS })
  standIn.hands.addByAdmin(SUPPORT, userId(260), now())
  advance(MINUTE_MS)
  const cursor = await cursorOf(events)
  assert.ok(cursor !== null)
  advance(5 * HOUR_MS)
  assert.equal((await told({ kind: 'since', cursor })).length, 1)
})

test('a cursor from before the half year that Google keeps is absent, and is no silence', async () => {
  const { events, advance } = setUp()
  const cursor = await cursorOf(events)
  assert.ok(cursor !== null)
  advance(181 * DAY_MS)
  assert.equal((await events({ kind: 'since', cursor })).kind, 'absent')
})

test('an edition without the log of groups tells of everything else', async () => {
  const { standIn, told, now } = setUp()
  standIn.hands.signIn(userId(260), now())
  standIn.hands.misbehave('error that repeats the request', { when: ({ url }) => url.includes('groups_enterprise') })
  assert.equal((await told()).length, 1)
})

test('a log of several pages is told whole', async () => {
  const { standIn, told, now } = setUp({ longestPage: 3 })
  for (let number = 1; number <= 10; number += 1) standIn.hands.addByAdmin(SUPPORT, userId(number), now())
  assert.equal(new Set((await told()).map(({ id }) => id)).size, 10)
})
