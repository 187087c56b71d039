import assert from 'node:assert/strict'
import { createHmac, sign } from 'node:crypto'
import { test } from 'node:test'
import { HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import {
  ALL_SCOPES,
  EVERYBODY_BIG,
  EVERYONE,
  FROM_APP,
  KEYS,
  person,
  SALES,
  SALES_RULE,
  SUPPORT,
  userId,
} from '../organisation-for-tests.ts'
import { nextOf, ORIGIN, setUp, START } from './caller-for-tests.ts'

test('adding and removing twice answer 204 both times, and change once', () => {
  const { call, member, truth } = setUp()
  const answers = [
    call('PUT', member(260)),
    call('PUT', member(260)),
    call('DELETE', member(260)),
    call('DELETE', member(260)),
  ]
  assert.deepEqual(
    answers.map(({ status }) => status),
    [204, 204, 204, 204],
  )
  assert.deepEqual(
    truth.changeLog.map(({ op, group, user, by, requestId }) => ({ op, group, user, by: by.kind, requestId })),
    [
      {
        op: 'add',
        group: SUPPORT,
        user: userId(260),
        by: 'client',
        requestId: answers[0]?.headers['x-okta-request-id'],
      },
      {
        op: 'remove',
        group: SUPPORT,
        user: userId(260),
        by: 'client',
        requestId: answers[2]?.headers['x-okta-request-id'],
      },
    ],
  )
})

test('groups of applications and of Okta itself are not written to', () => {
  const { call, member, code, truth } = setUp()
  for (const group of [FROM_APP, EVERYONE]) {
    const answer = call('PUT', member(260, group))
    assert.deepEqual([answer.status, code(answer)], [501, 'E0000060'])
  }
  assert.equal(truth.changeLog.length, 0)
})

test('removing a member whom a rule holds excludes them from the rule for ever', () => {
  const { call, member, truth, hands } = setUp()
  assert.equal(call('DELETE', member(305, SALES)).status, 204)
  assert.deepEqual(truth.exclusions(SALES_RULE), [userId(305)])
  hands.setProfile(userId(305), { department: 'Support' }, START + 1)
  hands.setProfile(userId(305), { department: 'Sales' }, START + 2)
  assert.equal(truth.isMember(SALES, userId(305)), false)
})

test('a rule adds whoever meets it, takes over who was added by hand, and removes who no longer meets it', () => {
  const { hands, truth, call, member, ids } = setUp()
  hands.addByAdmin(SALES, userId(20), START)
  assert.deepEqual(ids(call('GET', `${member(20, SALES)}/group-rules`)), [])
  hands.setProfile(userId(20), { department: 'Sales' }, START + 1)
  assert.deepEqual(ids(call('GET', `${member(20, SALES)}/group-rules`)), [SALES_RULE])
  hands.setProfile(userId(20), { department: 'Support' }, START + 2)
  assert.equal(truth.isMember(SALES, userId(20)), false)
  assert.deepEqual(truth.changeLog.at(-1)?.by, { kind: 'rule', id: SALES_RULE })
  hands.hire(person(999, { department: 'Sales' }), START + 3)
  assert.equal(truth.isMember(SALES, userId(999)), true)
})

test('lists are paged by links whose cursors only the stand-in can make', () => {
  const { call, ids, code } = setUp()
  const first = call('GET', '/api/v1/users?limit=200')
  const second = call('GET', nextOf(first) ?? '')
  assert.equal(nextOf(second), undefined)
  assert.equal(new Set([...ids(first), ...ids(second)]).size, 350)
  assert.equal(ids(first).length, 200)
  const invented = call('GET', `/api/v1/users?limit=200&after=${userId(200)}`)
  assert.deepEqual([invented.status, code(invented)], [400, 'E0000001'])
  const ofAnotherList = new URL(nextOf(first) ?? '').searchParams.get('after') ?? ''
  assert.equal(call('GET', `/api/v1/groups?after=${ofAnotherList}`).status, 400)
})

test('a page asked for after somebody left loses nobody', () => {
  const { call, ids, hands } = setUp()
  const first = call('GET', `/api/v1/groups/${EVERYBODY_BIG}/users?limit=100`)
  hands.removeByAdmin(EVERYBODY_BIG, userId(50), START)
  const second = call('GET', nextOf(first) ?? '')
  assert.equal(ids(second)[0], userId(101))
})

test('deactivated users are in no list, and are found by their id', () => {
  const { call, ids, hands } = setUp()
  hands.setStatus(userId(1), 'DEPROVISIONED', START)
  for (const path of ['/api/v1/users', `/api/v1/groups/${EVERYBODY_BIG}/users`]) {
    assert.ok(!ids(call('GET', path)).includes(userId(1)))
  }
  assert.equal(call('GET', `/api/v1/users/${userId(1)}`).status, 200)
})

test('everybody is in the group of everybody', () => {
  const { call, ids } = setUp()
  assert.equal(ids(call('GET', `/api/v1/groups/${EVERYONE}/users`)).length, 350)
  assert.deepEqual(ids(call('GET', `/api/v1/users/${userId(260)}/groups`)), [EVERYONE])
})

test('half of a bucket may be used in a minute that begins with the first call', () => {
  const { call, code } = setUp()
  const statuses = Array.from({ length: 301 }, () => call('GET', '/api/v1/users?limit=1').status)
  assert.equal(statuses.filter((status) => status === 200).length, 300)
  const late = call('GET', '/api/v1/users?limit=1', START + MINUTE_MS - 1)
  assert.deepEqual([late.status, code(late)], [429, 'E0000047'])
  assert.equal(late.headers['x-rate-limit-limit'], '300')
  assert.equal(late.headers['x-rate-limit-remaining'], '0')
  const reset = Number(late.headers['x-rate-limit-reset']) * 1000
  assert.ok(reset >= START + MINUTE_MS && reset < START + MINUTE_MS + 1000)
  assert.ok(Date.parse(late.headers['date'] ?? '') <= START + MINUTE_MS)
  assert.equal(call('GET', '/api/v1/groups?limit=1').status, 200, 'another bucket')
  assert.equal(call('GET', '/api/v1/users?limit=1', START + MINUTE_MS).status, 200)
})

test('lists lie behind by the lag, and catch up', () => {
  const { call, member, ids, truth } = setUp({ lagMs: 5_000 })
  call('PUT', member(260), START)
  const list = (now: Instant) => ids(call('GET', `/api/v1/groups/${SUPPORT}/users`, now))
  const held = (now: Instant) => ids(call('GET', `/api/v1/users/${userId(260)}/groups`, now))
  assert.deepEqual(list(START + 4_999), [])
  assert.deepEqual(held(START + 4_999), [EVERYONE])
  assert.deepEqual(list(START + 5_000), [userId(260)])
  call('DELETE', member(260), START + 6_000)
  assert.deepEqual(list(START + 10_999), [userId(260)])
  assert.deepEqual(held(START + 10_999), [SUPPORT, EVERYONE])
  assert.deepEqual(list(START + 11_000), [])
  assert.deepEqual(truth.members(SUPPORT), [])
})

test('a scope that the token lacks is missed', () => {
  const reader = setUp({}, ['okta.groups.read'])
  assert.equal(reader.call('GET', '/api/v1/groups').status, 200)
  assert.equal(reader.call('GET', '/api/v1/users').status, 403)
  assert.equal(reader.call('PUT', reader.member(260)).status, 403)
})

test('an unknown, ended or revoked token is refused', () => {
  const { call, code, hands, answer } = setUp()
  assert.equal(call('GET', '/api/v1/groups', START + HOUR_MS - 1).status, 200)
  assert.equal(code(call('GET', '/api/v1/groups', START + HOUR_MS)), 'E0000011')
  hands.revokeTokens()
  assert.equal(call('GET', '/api/v1/groups').status, 401)
  const bare: HttpRequest = { method: 'GET', url: `${ORIGIN}/api/v1/groups`, headers: {}, body: '' }
  assert.equal(answer(bare, START).status, 401)
})

test('searching is refused rather than answered wrongly', () => {
  const { call, code } = setUp()
  assert.equal(code(call('GET', '/api/v1/users?search=profile.department%20eq%20%22Sales%22')), 'E0000031')
})

test('the same requests at the same instants give the same answers', () => {
  const run = () => {
    const { call, member, truth } = setUp()
    return [
      call('PUT', member(260)),
      call('GET', '/api/v1/users?limit=50'),
      call('DELETE', member(305, SALES)),
      truth.changeLog,
    ]
  }
  assert.deepEqual(run(), run())
})

const good = { iss: '0oaTenure00000000000', sub: '0oaTenure00000000000', aud: `${ORIGIN}/oauth2/v1/token` }
const inFiveMinutes = Math.floor(START / 1000) + 300
const header = { alg: 'ES256', kid: 'key-1' }
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function assertionOf(claims: object, head: object = header): string {
  const signed = `${part(head)}.${part(claims)}`
  const signature = sign('sha256', Buffer.from(signed), { key: KEYS.privateKey, dsaEncoding: 'ieee-p1363' })
  return `${signed}.${signature.toString('base64url')}`
}

function tokenRequest(assertion: string, scope = ALL_SCOPES.join(' ')): HttpRequest {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    scope,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  }).toString()
  return { method: 'POST', url: `${ORIGIN}/oauth2/v1/token`, headers: {}, body }
}

test('a token is given for a good assertion, once', () => {
  const { answer } = setUp()
  const request = tokenRequest(assertionOf({ ...good, exp: inFiveMinutes, jti: '1' }))
  assert.equal(answer(request, START).status, 200)
  assert.equal(answer(request, START).status, 401)
})

const hmac = `${part({ alg: 'HS256' })}.${part({ ...good, exp: inFiveMinutes })}`
const badAssertions: readonly [string, string][] = [
  ['no assertion', ''],
  ['nonsense', 'a.b.c'],
  ['another client', assertionOf({ ...good, iss: 'x', exp: inFiveMinutes })],
  ['another audience', assertionOf({ ...good, aud: `${ORIGIN}/oauth2/default/v1/token`, exp: inFiveMinutes })],
  ['an ended one', assertionOf({ ...good, exp: Math.floor(START / 1000) - 1 })],
  ['one without an end', assertionOf(good)],
  ['one that lasts longer than an hour', assertionOf({ ...good, exp: inFiveMinutes + 3_600 })],
  ['another key id', assertionOf({ ...good, exp: inFiveMinutes }, { alg: 'ES256', kid: 'key-2' })],
  ['no signature at all', `${part({ alg: 'none' })}.${part({ ...good, exp: inFiveMinutes })}.`],
  [
    'a signature by the public key as a secret',
    `${hmac}.${createHmac('sha256', KEYS.publicKey.export({ format: 'pem', type: 'spki' }))
      .update(hmac)
      .digest('base64url')}`,
  ],
  [
    'changed claims',
    assertionOf({ ...good, exp: inFiveMinutes }).replace(/\.[^.]+\./, `.${part({ ...good, exp: inFiveMinutes + 1 })}.`),
  ],
]
for (const [what, assertion] of badAssertions) {
  test(`no token is given for ${what}`, () => {
    const answer = setUp().answer(tokenRequest(assertion), START)
    assert.equal(answer.status, 401)
    assert.equal((JSON.parse(answer.body) as { error: string }).error, 'invalid_client')
  })
}

test('no token is given for a scope that the app was not granted', () => {
  const answer = setUp().answer(tokenRequest(assertionOf({ ...good, exp: inFiveMinutes }), 'okta.apps.manage'), START)
  assert.deepEqual([answer.status, (JSON.parse(answer.body) as { error: string }).error], [400, 'invalid_scope'])
})
