import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import { SCOPE } from './scopes.ts'
import {
  ACCOUNT_EMAIL,
  ADMINISTRATOR,
  ADMIN_EMAIL,
  configFor,
  scopesFor,
  smallSeed,
  SUPPORT,
  userId,
  workspace,
} from './workspace-for-tests.ts'
import type { Workspace } from './workspace-for-tests.ts'

const add = { do: 'add', account: userId(260), group: { provider: 'google', id: SUPPORT } } as const
const isToken = ({ url }: HttpRequest): boolean => url.endsWith('/token')
const assertionsOf = ({ requests }: Workspace) =>
  requests.filter(isToken).map(({ body }) => new URLSearchParams(body).get('assertion') ?? '')

test('an assertion is signed by the key, for the administrator, for one scope, and ends soon', async () => {
  const acme = workspace()
  await acme.google.membership.change([add])
  for (const assertion of assertionsOf(acme)) {
    assert.deepEqual(decodeProtectedHeader(assertion), { alg: 'RS256', typ: 'JWT', kid: 'key-1' })
    const { iss, sub, aud, exp = 0, scope } = decodeJwt(assertion)
    assert.deepEqual([iss, sub, aud], [ACCOUNT_EMAIL, ADMIN_EMAIL, 'https://oauth2.googleapis.com/token'])
    assert.ok(exp * 1_000 - acme.now() <= 10 * MINUTE_MS)
    assert.ok(scopesFor(true).includes(String(scope)), String(scope))
  }
  const scopes = assertionsOf(acme).map((assertion) => decodeJwt(assertion)['scope'])
  assert.equal(new Set(scopes).size, scopes.length, 'each is asked for once')
})

test('the address for tokens that stands in the key file is not believed', async () => {
  const acme = workspace()
  await acme.google.membership.change([add])
  assert.match(configFor().serviceAccountKey, /collector\.example/)
  assert.ok(!acme.requests.some(({ url }) => url.includes('collector')))
})

test('a token is renewed before its hour is over, and one that was revoked is replaced once', async () => {
  const acme = workspace()
  const read = () => acme.google.membership.members(add.group)
  await read()
  const first = assertionsOf(acme).length
  acme.advance(54 * MINUTE_MS)
  await read()
  assert.equal(assertionsOf(acme).length, first)
  acme.advance(2 * MINUTE_MS)
  assert.equal((await read()).kind, 'read')
  assert.ok(assertionsOf(acme).length > first)
  acme.standIn.hands.revokeTokens()
  assert.equal((await read()).kind, 'read')
  acme.advance(HOUR_MS)
  assert.equal((await read()).kind, 'read')
})

test('a scope that was taken away is missed by name, and asked for again after a minute', async () => {
  const acme = workspace()
  acme.standIn.hands.setScopes(scopesFor(true).filter((scope) => scope !== SCOPE.writeMembers))
  const change = async () => (await acme.google.membership.change([add]))[0]
  const outcome = await change()
  assert.ok(outcome?.kind === 'unavailable' && /admin\.directory\.group\.member to the domain-wide/.test(outcome.said))
  const asked = assertionsOf(acme).length
  await change()
  assert.equal(assertionsOf(acme).length, asked, 'not for every change')
  acme.standIn.hands.setScopes(scopesFor(true))
  acme.advance(MINUTE_MS)
  assert.equal((await change())?.kind, 'changed')
})

const another = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' })
for (const [what, changes, advice] of [
  ['a key that was deleted', { private_key: another }, /compare the key/],
  [
    'a service account that was deleted',
    { client_email: 'gone@acme-access.iam.gserviceaccount.com' },
    /no such service account/,
  ],
] as const) {
  test(`${what} is trouble of the connection, with advice, and rejects nothing`, async () => {
    const file = { ...(JSON.parse(configFor().serviceAccountKey) as object), ...changes }
    const acme = workspace({ config: { serviceAccountKey: JSON.stringify(file) } })
    const [outcome] = await acme.google.membership.change([add])
    assert.ok(outcome?.kind === 'unavailable' && advice.test(outcome.said), JSON.stringify(outcome))
  })
}

test('an administrator who is suspended, or who is nobody, is named', async () => {
  const suspended = workspace()
  suspended.standIn.hands.change(ADMINISTRATOR, { suspended: true }, suspended.now())
  for (const acme of [suspended, workspace({ config: { adminEmail: 'nobody@acme.example' } })]) {
    const [outcome] = await acme.google.membership.change([add])
    assert.ok(outcome?.kind === 'unavailable' && /there and not suspended/.test(outcome.said), JSON.stringify(outcome))
  }
})

test('no assertion and no token is in any text, whatever Google repeats', async () => {
  const acme = workspace({ seed: smallSeed() })
  acme.standIn.hands.misbehave('error that repeats the request', { times: 99 })
  const said = JSON.stringify([
    await acme.google.membership.change([add]),
    await acme.google.membership.members(add.group),
    await acme.google.rights.check(),
  ])
  for (const assertion of assertionsOf(acme)) assert.ok(!said.includes(assertion))
})
