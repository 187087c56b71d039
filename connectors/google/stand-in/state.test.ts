import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import {
  ADMINISTRATOR,
  BIG,
  DYNAMIC,
  groupEmail,
  groupId,
  LOCKED,
  NO_END,
  person,
  scopesFor,
  SECURITY,
  smallSeed,
  STRANGER,
  SUPPORT,
  userId,
} from '../workspace-for-tests.ts'
import { createGoogleStandIn } from './state.ts'
import type { GoogleStandInOptions } from './state.ts'

const START: Instant = 20_000 * DAY_MS
const DIRECTORY = 'https://admin.googleapis.com/admin/directory/v1'

interface Told {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

function setUp(options: GoogleStandInOptions = {}, scopes: readonly string[] = scopesFor(true)) {
  const standIn = createGoogleStandIn(smallSeed(), options)
  const authorization = `Bearer ${standIn.hands.issueToken(scopes, ADMINISTRATOR, START)}`
  function call(method: HttpRequest['method'], path: string, body?: unknown, now = START, headers = {}): Told {
    const url = path.startsWith('/v1/') ? `https://cloudidentity.googleapis.com${path}` : `${DIRECTORY}${path}`
    const sent = body === undefined ? '' : JSON.stringify(body)
    const answer = standIn.answer({ method, url, headers: { authorization, ...headers }, body: sent }, now)
    return { ...answer, body: answer.body === '' ? {} : (JSON.parse(answer.body) as Told['body']) }
  }
  const add = (body: unknown, group = SUPPORT, now = START) => call('POST', `/groups/${group}/members`, body, now)
  return { ...standIn, call, add }
}

const reasonIn = ({ body }: Told) =>
  (body['error'] as { errors?: { reason: string }[]; status?: string } | undefined)?.errors?.[0]?.reason ??
  (body['error'] as { status?: string } | undefined)?.status
const emailOf = (number: number) => `person${number}@acme.example`

test('a member is added by number or by address, and twice is a duplicate', () => {
  const { add, truth } = setUp()
  assert.equal(add({ id: userId(1) }).status, 200)
  assert.equal(reasonIn(add({ email: emailOf(1) })), 'duplicate')
  assert.equal(add({ email: emailOf(2) }).status, 200)
  assert.deepEqual(truth.members(SUPPORT), [userId(1), userId(2)])
})

test('an address that nobody has, and the number of somebody outside, become members without a word', () => {
  const { add, truth } = setUp()
  assert.equal(add({ email: 'typo@acme.exmaple' }).status, 200)
  assert.equal(add({ id: STRANGER.id }).status, 200)
  assert.deepEqual(
    truth.strangers.map(({ email }) => email),
    ['typo@acme.exmaple', STRANGER.email],
  )
  assert.equal(reasonIn(add({ id: userId(999) })), 'notFound')
})

test('dynamic and locked groups refuse, each in its own words', () => {
  const { add } = setUp()
  assert.deepEqual(
    [reasonIn(add({ id: userId(1) }, DYNAMIC)), add({ id: userId(1) }, LOCKED).status],
    ['conditionNotMet', 403],
  )
})

test('a new group is unknown to writes for a while', () => {
  const { add, hands } = setUp({ freshForMs: MINUTE_MS })
  hands.addGroup({ id: groupId(50), email: groupEmail(groupId(50)), name: 'New', kind: 'plain' }, START)
  assert.equal(add({ id: userId(1) }, groupId(50)).status, 404)
  assert.equal(add({ id: userId(1) }, groupId(50), START + MINUTE_MS).status, 200)
})

test('lists have the sizes of Google: 500 people, 200 groups and members, and a list that is empty is left out', () => {
  const { call } = setUp()
  assert.equal(reasonIn(call('GET', '/users?customer=my_customer&maxResults=501')), 'invalid')
  assert.equal((call('GET', '/users?customer=my_customer').body['users'] as unknown[]).length, 100)
  assert.equal(call('GET', '/users').status, 400)
  assert.equal((call('GET', `/groups/${BIG}/members`).body['members'] as unknown[]).length, 200)
  assert.equal(reasonIn(call('GET', `/groups/${BIG}/members?maxResults=201`)), 'invalid')
  const empty = call('GET', `/groups/${SUPPORT}/members`).body
  assert.deepEqual(Object.keys(empty), ['kind', 'etag'])
  assert.equal(call('GET', `/groups?customer=my_customer&userKey=${userId(1)}`).status, 400)
})

test('a page token leads on, is of one list alone, and can be forgotten', () => {
  const { call, hands } = setUp({ longestPage: 100 })
  const first = call('GET', `/groups/${BIG}/members`)
  const token = encodeURIComponent(String(first.body['nextPageToken']))
  const next = (now: Instant, group = BIG) => call('GET', `/groups/${group}/members?pageToken=${token}`, undefined, now)
  assert.equal((next(START).body['members'] as unknown[]).length, 100)
  assert.equal(reasonIn(next(START, SUPPORT)), 'invalid')
  hands.forgetPlaces()
  assert.equal(reasonIn(next(START)), 'invalid')
})

test('reads lie behind, writes do not', () => {
  const { add, call, hands } = setUp()
  hands.setLag(MINUTE_MS)
  add({ id: userId(1) }, SUPPORT, START + MINUTE_MS)
  const members = (now: Instant) => call('GET', `/groups/${SUPPORT}/members`, undefined, now).body['members']
  assert.equal(members(START + MINUTE_MS), undefined)
  assert.equal(reasonIn(add({ id: userId(1) }, SUPPORT, START + MINUTE_MS)), 'duplicate')
  assert.equal((members(START + 2 * MINUTE_MS) as unknown[]).length, 1)
})

test('copies that lie behind by different times flip and flop', () => {
  const { add, call, hands } = setUp()
  hands.setCopies([0, MINUTE_MS])
  add({ id: userId(1) }, SUPPORT, START + MINUTE_MS)
  const seen = [1, 2, 3, 4].map(
    () => call('GET', `/groups/${SUPPORT}/members`, undefined, START + MINUTE_MS).body['members'] !== undefined,
  )
  assert.deepEqual(seen.toSorted(), [false, false, true, true])
})

test('who has an answer already is sent none again', () => {
  const { call, hands } = setUp()
  const { headers } = call('GET', `/groups/${SUPPORT}`)
  const again = () => call('GET', `/groups/${SUPPORT}`, undefined, START, { 'if-none-match': headers['etag'] })
  assert.deepEqual([again().status, again().body], [304, {}])
  hands.renameGroup(SUPPORT, 'Another name', START)
  assert.equal(again().status, 200)
})

test('a scope that the token lacks, and a privilege that the administrator lacks, are two answers', () => {
  const { call } = setUp({}, [])
  assert.equal(reasonIn(call('GET', '/users?customer=my_customer')), 'insufficientPermissions')
  const { call: another, hands } = setUp()
  hands.takePrivileges(['read users'])
  assert.equal(reasonIn(another('GET', '/users?customer=my_customer')), 'forbidden')
})

test('Cloud Identity says the same of what is not there and of what one may not see', () => {
  const { call } = setUp()
  const told = call('GET', `/v1/groups/${groupId(999)}`)
  assert.deepEqual([told.status, reasonIn(told)], [403, 'PERMISSION_DENIED'])
})

test('a membership with an end is there until that, and not after it, and the log knows the hand', () => {
  const { call, truth } = setUp()
  const expireTime = new Date(START + HOUR_MS).toISOString()
  const roles = [{ name: 'MEMBER', expiryDetail: { expireTime } }]
  const create = (group: string) =>
    call('POST', `/v1/groups/${group}/memberships`, { preferredMemberKey: { id: emailOf(1) }, roles })
  assert.equal(create(SECURITY).body['done'], true)
  assert.equal(reasonIn(create(SECURITY)), 'ALREADY_EXISTS')
  assert.equal(reasonIn(create(NO_END)), 'FAILED_PRECONDITION')
  assert.deepEqual(truth.members(SECURITY, START + HOUR_MS - 1), [userId(1)])
  assert.deepEqual(truth.members(SECURITY, START + HOUR_MS), [])
  assert.deepEqual(
    truth.changeLog.map(({ op, by }) => [op, by.kind]),
    [
      ['add', 'client'],
      ['remove', 'expiry'],
    ],
  )
})

test('a search tells which groups have a label, by an expression of one form', () => {
  const { call } = setUp()
  const search = (query: string) => call('GET', `/v1/groups:search?query=${encodeURIComponent(query)}`)
  const found = search("parent == 'customers/C01acme77' && 'cloudidentity.googleapis.com/groups.dynamic' in labels")
  assert.deepEqual(
    (found.body['groups'] as { groupKey: unknown }[]).map(({ groupKey }) => groupKey),
    [{ id: groupEmail(DYNAMIC) }],
  )
  assert.equal(search("parent == 'customers/my_customer'").status, 400)
})

test('a department that changes moves somebody into the dynamic group, and out of it', () => {
  const { hands, truth } = setUp()
  hands.change(userId(1), { department: 'Sales' }, START)
  assert.ok(truth.isMember(DYNAMIC, userId(1)))
  hands.change(userId(1), { department: 'Support' }, START)
  assert.ok(!truth.isMember(DYNAMIC, userId(1)))
})

test('two users of one address there are not', () => {
  const { hands } = setUp()
  assert.throws(() => hands.hire(person(400, { primaryEmail: emailOf(1) }), START), /one user/)
})
