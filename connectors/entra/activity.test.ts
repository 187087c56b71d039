import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import { changesSince, cursorOf, pagesFrom } from '#connectors/kit/conformance-subject.ts'
import type { From } from '#connectors/kit/directory.ts'
import { eventOfAudit, eventOfSignIn } from './events.ts'
import { rolesFor, smallSeed, SUPPORT, tenant, userId } from './tenant-for-tests.ts'
import type { Tenant } from './tenant-for-tests.ts'

const logOf =
  ({ entra, now }: Tenant) =>
  (from: From) =>
    entra.activity.events(from, now() - HOUR_MS)
const eventsOf = async (acme: Tenant) => (await pagesFrom(logOf(acme), { kind: 'all' })).flatMap(({ rows }) => rows)

test('what we did and what others did is told, with who did it', async () => {
  const acme = tenant()
  await acme.entra.membership.change([{ do: 'add', account: userId(260), group: { provider: 'entra', id: SUPPORT } }])
  acme.standIn.hands.removeByAdmin(SUPPORT, userId(260), acme.now())
  const told = (await eventsOf(acme)).map(({ what, by }) => [what.kind, by])
  assert.deepEqual(told.toSorted(), [
    ['member added', 'Tenure'],
    ['member removed', 'admin@acme.example'],
  ])
})

test('who only tried to sign in did not', async () => {
  const acme = tenant()
  acme.standIn.hands.signIn(userId(1), acme.now(), false)
  acme.standIn.hands.signIn(userId(2), acme.now())
  assert.deepEqual(
    (await eventsOf(acme)).map(({ what }) => [what.kind, 'account' in what ? what.account : '']),
    [['signed in', userId(2)]],
  )
})

test('what comes late into the log is told after the cursor all the same', async () => {
  const acme = tenant({ logLagMs: HOUR_MS })
  acme.standIn.hands.signIn(userId(2), acme.now())
  const cursor = (await cursorOf(logOf(acme))) ?? ''
  acme.advance(HOUR_MS + MINUTE_MS)
  const { rows } = await changesSince(logOf(acme), cursor)
  assert.deepEqual(
    rows.map(({ what }) => what.kind),
    ['signed in'],
  )
})

test('many events come on many pages, and none is lost', async () => {
  const acme = tenant({ longestPage: 7, limits: null })
  for (let number = 1; number <= 30; number += 1) {
    acme.standIn.hands.addByAdmin(SUPPORT, userId(number), acme.now())
    acme.standIn.hands.signIn(userId(number), acme.now())
    acme.advance(1)
  }
  assert.equal((await eventsOf(acme)).length, 60)
})

test('an edition without sign-ins tells of changes alone, and a missing permission is unreadable', async () => {
  const free = tenant({ seed: { ...smallSeed(), edition: 'free' } })
  free.standIn.hands.addByAdmin(SUPPORT, userId(1), free.now())
  free.standIn.hands.signIn(userId(1), free.now())
  assert.deepEqual(
    (await eventsOf(free)).map(({ what }) => what.kind),
    ['member added'],
  )
  const seed = smallSeed()
  const roles = rolesFor(false).filter((role) => role !== 'AuditLog.Read.All')
  const blind = tenant({ seed: { ...seed, client: { ...seed.client, roles } } })
  assert.equal((await logOf(blind)({ kind: 'all' })).kind, 'unreadable')
})

test('a place of the log leads nowhere but into the log', async () => {
  const { entra, now } = tenant()
  for (const place of [
    'audits 0 0 /users?x',
    'sign-ins 0 0 /auditLogs/directoryAudits?x',
    'audits 0 0 //collector.example.net/auditLogs/directoryAudits?',
  ]) {
    assert.equal((await entra.activity.events({ kind: 'next', place }, now())).kind, 'absent', place)
  }
})

test('an audit that names no group, no person or no time is no event', () => {
  const audit = (changes: object) => ({
    id: 'x',
    activityDateTime: '2026-01-01T00:00:00Z',
    activityDisplayName: 'Add member to group',
    category: 'GroupManagement',
    result: 'success',
    initiatedBy: null,
    targetResources: [
      {
        id: userId(1),
        type: 'User',
        modifiedProperties: [{ displayName: 'Group.ObjectID', newValue: `"${SUPPORT}"` }],
      },
    ],
    ...changes,
  })
  assert.equal(eventOfAudit(audit({}))?.what.kind, 'member added')
  for (const changes of [
    { activityDateTime: 'yesterday' },
    { result: 'failure' },
    { targetResources: null },
    { targetResources: [{ id: userId(1), type: 'User', modifiedProperties: null }] },
    { activityDisplayName: 'Update group' },
    { targetResources: [{ id: '../x', type: 'User', modifiedProperties: null }] },
  ]) {
    assert.equal(eventOfAudit(audit(changes)), null, JSON.stringify(changes))
  }
  assert.equal(eventOfSignIn({ id: 'x', createdDateTime: 'soon', userId: userId(1) }), null)
})
