import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { Client } from '@okta/okta-sdk-nodejs'
import {
  ALL_SCOPES,
  EVERYBODY_BIG,
  FROM_APP,
  SALES_RULE,
  smallSeed,
  SUPPORT,
  userId,
} from '../../connectors/okta/organisation-for-tests.ts'
import { serveOktaStandIn } from '../../connectors/okta/stand-in/http.ts'
import { createOktaStandIn } from '../../connectors/okta/stand-in/state.ts'

/**
 * Okta's own SDK as a client of our stand-in: if it is content, the stand-in is no fantasy. The key is RSA, because
 * the SDK signs a DPoP proof with every token request, and always as RS256.
 */
async function setUp(t: TestContext) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const seed = smallSeed()
  const publicJwk = publicKey.export({ format: 'jwk' })
  const standIn = createOktaStandIn({ ...seed, client: { ...seed.client, publicJwk } }, { longestPage: 100 })
  const served = await serveOktaStandIn(standIn, { now: Date.now })
  t.after(() => served.close())
  const client = new Client({
    orgUrl: served.url,
    authorizationMode: 'PrivateKey',
    clientId: seed.client.clientId,
    scopes: ALL_SCOPES.join(' '),
    privateKey: privateKey.export({ format: 'jwk' }),
  } as never)
  return { standIn, client }
}

async function all<Item>(collection: { each(visit: (item: Item) => void): Promise<unknown> }): Promise<Item[]> {
  const items: Item[] = []
  await collection.each((item) => void items.push(item))
  return items
}

test('the SDK gets its token by private_key_jwt and lists everybody, over all pages', async (t) => {
  const { client } = await setUp(t)
  const users = await all(await client.userApi.listUsers({ limit: 100 }))
  assert.equal(new Set(users.map((user) => user?.id)).size, 350)
  assert.equal(users[0]?.profile?.login, 'person1@acme.example')
  assert.equal(users[0]?.status, 'ACTIVE')
})

test('the SDK reads groups, their types and the rules', async (t) => {
  const { client } = await setUp(t)
  const groups = await all(await client.groupApi.listGroups({ limit: 200 }))
  assert.deepEqual(groups.map((group) => group?.type).toSorted(), [
    'APP_GROUP',
    'BUILT_IN',
    'OKTA_GROUP',
    'OKTA_GROUP',
    'OKTA_GROUP',
  ])
  const group = await client.groupApi.getGroup({ groupId: SUPPORT })
  assert.equal((group.profile as { name?: string }).name, 'Support')
  const rules = await all(await client.groupApi.listGroupRules({ limit: 200 }))
  assert.deepEqual(
    rules.map((rule) => [rule?.id, rule?.status, rule?.conditions?.expression?.value]),
    [[SALES_RULE, 'ACTIVE', 'user.department=="Sales"']],
  )
})

test('the SDK does what the demo does: adds, reads back, removes, reads back', async (t) => {
  const { client, standIn } = await setUp(t)
  const membership = { groupId: SUPPORT, userId: userId(260) }
  const members = async () =>
    (await all(await client.groupApi.listGroupUsers({ groupId: SUPPORT }))).map((user) => user?.id)
  await client.groupApi.assignUserToGroup(membership)
  assert.deepEqual(await members(), [userId(260)])
  const groups = await all(await client.userApi.listUserGroups({ userId: userId(260) }))
  assert.ok(groups.some((group) => group?.id === SUPPORT))
  await client.groupApi.unassignUserFromGroup(membership)
  assert.deepEqual(await members(), [])
  assert.deepEqual(
    standIn.truth.changeLog.map(({ op }) => op),
    ['add', 'remove'],
  )
})

test('the SDK pages through a group of 250', async (t) => {
  const { client } = await setUp(t)
  const members = await all(await client.groupApi.listGroupUsers({ groupId: EVERYBODY_BIG, limit: 100 }))
  assert.equal(new Set(members.map((user) => user?.id)).size, 250)
})

test('the SDK understands the errors by their code', async (t) => {
  const { client } = await setUp(t)
  await assert.rejects(client.groupApi.assignUserToGroup({ groupId: SUPPORT, userId: '00uNobody00000000000' }), {
    status: 404,
    errorCode: 'E0000007',
  })
  await assert.rejects(client.groupApi.assignUserToGroup({ groupId: FROM_APP, userId: userId(260) }), {
    status: 501,
    errorCode: 'E0000060',
  })
})

test('the SDK understands the rate limit headers: it waits for the reset and comes again', async (t) => {
  const { client, standIn } = await setUp(t)
  standIn.hands.misbehave('429 for a moment')
  await client.groupApi.assignUserToGroup({ groupId: SUPPORT, userId: userId(260) })
  assert.equal(standIn.truth.changeLog.length, 1)
})
