import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { admin, auth } from '@googleapis/admin'
import { cloudidentity } from '@googleapis/cloudidentity'
import { serveGoogleStandIn } from '../../connectors/google/stand-in/http.ts'
import { createGoogleStandIn } from '../../connectors/google/stand-in/state.ts'
import {
  ACCOUNT_EMAIL,
  ADMIN_EMAIL,
  BIG,
  DYNAMIC,
  groupEmail,
  KEYS,
  LOCKED,
  scopesFor,
  SECURITY,
  smallSeed,
  SUPPORT,
  userId,
} from '../../connectors/google/workspace-for-tests.ts'

/**
 * Google's own clients in front of our stand-in: if they are content, the stand-in is no fantasy. Only the address of the token
 * endpoint is written down in them, and is led to the stand-in; the assertion is theirs.
 */
async function setUp(t: TestContext) {
  const standIn = createGoogleStandIn(smallSeed(), { longestPage: 100 })
  const served = await serveGoogleStandIn(standIn, { now: Date.now })
  t.after(() => served.close())
  const jwt = new auth.JWT({
    email: ACCOUNT_EMAIL,
    key: KEYS.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    subject: ADMIN_EMAIL,
    scopes: [...scopesFor(true)],
  })
  const { transporter } = jwt
  const request = transporter.request.bind(transporter)
  transporter.request = (options) => {
    const isToken = String(options?.url) === 'https://oauth2.googleapis.com/token'
    return request(isToken ? { ...options, url: new URL('/token', served.url) } : options)
  }
  const rootUrl = `${served.url}/`
  const options = { auth: jwt, rootUrl } as const
  return {
    standIn,
    directory: admin({ version: 'directory_v1', ...options }),
    reports: admin({ version: 'reports_v1', ...options }),
    // It was made for the version before of the same credentials.
    identity: cloudidentity({ version: 'v1', rootUrl, auth: jwt as never }),
  }
}

const codeOf = (code: number) => (fault: unknown) => {
  const { status, code: told } = fault as { status?: number; code?: number | string }
  return status === code || Number(told) === code
}

test('the SDK gets its token by an assertion, and lists everybody over all pages', async (t) => {
  const { directory } = await setUp(t)
  const people = new Set<string | null | undefined>()
  let pageToken: string | undefined
  do {
    const { data } = await directory.users.list({
      customer: 'my_customer',
      maxResults: 500,
      ...(pageToken ? { pageToken } : {}),
    })
    for (const { id } of data.users ?? []) people.add(id)
    pageToken = data.nextPageToken ?? undefined
  } while (pageToken !== undefined)
  assert.equal(people.size, 350)
})

test('the SDK does what the demo does: adds, reads back, removes, reads back', async (t) => {
  const { directory, standIn } = await setUp(t)
  const members = async () => (await directory.members.list({ groupKey: SUPPORT })).data.members?.map(({ id }) => id)
  const added = await directory.members.insert({
    groupKey: SUPPORT,
    requestBody: { id: userId(260), role: 'MEMBER' },
  })
  assert.deepEqual([added.status, added.data.id, added.data.kind], [200, userId(260), 'admin#directory#member'])
  assert.deepEqual(await members(), [userId(260)])
  const groups = await directory.groups.list({ userKey: userId(260) })
  assert.deepEqual(
    groups.data.groups?.map(({ id }) => id),
    [SUPPORT],
  )
  const has = await directory.members.hasMember({ groupKey: SUPPORT, memberKey: userId(260) })
  assert.equal(has.data.isMember, true)
  await directory.members.delete({ groupKey: SUPPORT, memberKey: userId(260) })
  assert.equal(await members(), undefined)
  assert.deepEqual(
    standIn.truth.changeLog.map(({ op }) => op),
    ['add', 'remove'],
  )
})

test('the SDK understands the errors: duplicate, not found, not allowed', async (t) => {
  const { directory } = await setUp(t)
  const add = (groupKey: string, id: string) => directory.members.insert({ groupKey, requestBody: { id } })
  await add(SUPPORT, userId(260))
  await assert.rejects(add(SUPPORT, userId(260)), codeOf(409))
  await assert.rejects(add(SUPPORT, userId(999)), codeOf(404))
  await assert.rejects(add(LOCKED, userId(260)), codeOf(403))
})

test('the SDK suspends, signs out, and ends tokens and passwords', async (t) => {
  const { directory, standIn } = await setUp(t)
  const userKey = userId(260)
  standIn.hands.signIn(userKey, Date.now())
  standIn.hands.addAsp(userKey)
  const { data } = await directory.users.update({ userKey, requestBody: { suspended: true } })
  assert.deepEqual([data.suspended, data.suspensionReason], [true, 'ADMIN'])
  await directory.users.signOut({ userKey })
  for (const { clientId } of (await directory.tokens.list({ userKey })).data.items ?? []) {
    await directory.tokens.delete({ userKey, clientId: clientId ?? '' })
  }
  for (const { codeId } of (await directory.asps.list({ userKey })).data.items ?? []) {
    await directory.asps.delete({ userKey, codeId: codeId ?? 0 })
  }
  assert.equal(standIn.truth.sessions(userKey), 0)
})

test('the SDK reads the log', async (t) => {
  const { reports, standIn } = await setUp(t)
  standIn.hands.addByAdmin(SUPPORT, userId(260), Date.now() - 1_000)
  const { data } = await reports.activities.list({ userKey: 'all', applicationName: 'admin' })
  const event = data.items?.[0]?.events?.[0]
  assert.equal(event?.name, 'ADD_GROUP_MEMBER')
  assert.deepEqual(
    event?.parameters?.map(({ name, value }) => [name, value]),
    [
      ['USER_EMAIL', 'person260@acme.example'],
      ['GROUP_EMAIL', groupEmail(SUPPORT)],
    ],
  )
})

test('the SDK of Cloud Identity finds labels, gives a membership an end, moves it, and reads it', async (t) => {
  const { identity, standIn } = await setUp(t)
  const email = 'person260@acme.example'
  const query = "parent == 'customers/C01acme77' && 'cloudidentity.googleapis.com/groups.dynamic' in labels"
  const { data: found } = await identity.groups.search({ query })
  assert.deepEqual(
    found.groups?.map(({ groupKey }) => groupKey?.id),
    [groupEmail(DYNAMIC)],
  )
  const { data: looked } = await identity.groups.lookup({ 'groupKey.id': groupEmail(SECURITY) })
  const parent = looked.name ?? ''
  const expireTime = new Date(Math.floor(Date.now() / 1_000) * 1_000 + 3_600_000).toISOString()
  const roles = [{ name: 'MEMBER', expiryDetail: { expireTime } }]
  await identity.groups.memberships.create({ parent, requestBody: { preferredMemberKey: { id: email }, roles } })
  assert.equal(standIn.truth.endOf(SECURITY, userId(260)), Date.parse(expireTime))
  const { data: membership } = await identity.groups.memberships.lookup({ parent, 'memberKey.id': email })
  await identity.groups.memberships.modifyMembershipRoles({
    name: membership.name ?? '',
    requestBody: {
      updateRolesParams: [{ fieldMask: 'expiry_detail.expire_time', membershipRole: { name: 'MEMBER' } }],
    },
  })
  assert.equal(standIn.truth.endOf(SECURITY, userId(260)), null)
  const { data: list } = await identity.groups.memberships.list({ parent, view: 'FULL' })
  assert.deepEqual(
    list.memberships?.map(({ preferredMemberKey }) => preferredMemberKey?.id),
    [email],
  )
  const direct = await identity.groups.memberships.searchDirectGroups({
    parent: 'groups/-',
    query: `member_key_id == '${email}' && 'cloudidentity.googleapis.com/groups.discussion_forum' in labels`,
  })
  assert.deepEqual(
    direct.data.memberships?.map(({ groupKey }) => groupKey?.id),
    [groupEmail(SECURITY)],
  )
})

test('the SDK pages through a group of 250', async (t) => {
  const { directory } = await setUp(t)
  const members = new Set<string | null | undefined>()
  let pageToken: string | undefined
  do {
    const { data } = await directory.members.list({ groupKey: BIG, ...(pageToken ? { pageToken } : {}) })
    for (const { id } of data.members ?? []) members.add(id)
    pageToken = data.nextPageToken ?? undefined
  } while (pageToken !== undefined)
  assert.equal(members.size, 250)
})
