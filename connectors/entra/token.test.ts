import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import { CLIENT_ID, smallSeed, SUPPORT, tenant, userId } from './tenant-for-tests.ts'
import type { Tenant } from './tenant-for-tests.ts'

const add = { do: 'add', account: userId(260), group: { provider: 'entra', id: SUPPORT } } as const
const isToken = ({ url }: HttpRequest): boolean => url.includes('/oauth2/')
const formOf = ({ requests }: Tenant) => new URLSearchParams(requests.find(isToken)?.body)
const tokensOf = ({ requests }: Tenant) => requests.filter(isToken).length

test('the assertion names the certificate by x5t#S256, is for the token endpoint of the tenant alone, and ends soon', async () => {
  const acme = tenant()
  const [outcome] = await acme.entra.membership.change([add])
  assert.equal(outcome?.kind, 'changed')
  const form = formOf(acme)
  const assertion = form.get('client_assertion') ?? ''
  assert.deepEqual(decodeProtectedHeader(assertion), {
    alg: 'PS256',
    typ: 'JWT',
    'x5t#S256': Buffer.from('ab'.repeat(32), 'hex').toString('base64url'),
  })
  const claims = decodeJwt(assertion)
  assert.equal(claims.aud, acme.requests.find(isToken)?.url)
  assert.deepEqual([claims.iss, claims.sub], [CLIENT_ID, CLIENT_ID])
  assert.ok((claims.exp ?? 0) * 1000 - acme.now() <= 10 * MINUTE_MS)
  assert.equal(form.get('scope'), 'https://graph.microsoft.com/.default')
})

test('a client secret does as well, and goes nowhere but to the token endpoint', async () => {
  const clientSecret = 'Abc8Q~the+value/of=a.secret'
  const seed = smallSeed()
  const acme = tenant({
    seed: { ...seed, client: { clientId: CLIENT_ID, roles: seed.client.roles, secret: clientSecret } },
    config: { privateKey: '', certificate: '', clientSecret },
  })
  const [outcome] = await acme.entra.membership.change([add])
  assert.equal(outcome?.kind, 'changed')
  assert.equal(formOf(acme).get('client_secret'), clientSecret)
  assert.ok(acme.requests.every((request) => isToken(request) || !JSON.stringify(request).includes(clientSecret)))
})

for (const [what, change, advice] of [
  ['a certificate that was not uploaded', { certificate: 'cd'.repeat(32) }, /upload it to the app/],
  ['another app', { clientId: 'c0000000-0000-4000-8000-000000000002' }, /knows no app of this ENTRA_CLIENT_ID/],
] as const) {
  test(`${what} is trouble of the connection, with advice, and rejects nothing`, async () => {
    const acme = tenant({ config: change })
    const [outcome] = await acme.entra.membership.change([add])
    assert.ok(outcome?.kind === 'unavailable' && advice.test(outcome.said), JSON.stringify(outcome))
  })
}

test('a wrong secret is named, and not repeated, whatever Entra repeats', async () => {
  const clientSecret = 'Wrong~secret/of=ours'
  const acme = tenant({ config: { privateKey: '', certificate: '', clientSecret } })
  const [outcome] = await acme.entra.membership.change([add])
  assert.ok(outcome?.kind === 'unavailable' && /not its ID/.test(outcome.said))
  acme.standIn.hands.misbehave('error that repeats the request', { times: 9, when: isToken })
  const reading = await acme.entra.rights.check()
  assert.ok(reading.kind === 'unreadable')
  for (const text of [clientSecret, encodeURIComponent(clientSecret)]) assert.ok(!reading.said.includes(text))
})

test('one token is asked for, however many calls wait for it, and another before its hour is over', async () => {
  const acme = tenant()
  await Promise.all([1, 2, 3].map((number) => acme.entra.account.standing(userId(number))))
  assert.equal(tokensOf(acme), 1)
  acme.advance(HOUR_MS - 6 * MINUTE_MS)
  await acme.entra.account.standing(userId(1))
  assert.equal(tokensOf(acme), 1)
  acme.advance(2 * MINUTE_MS)
  await acme.entra.account.standing(userId(1))
  assert.equal(tokensOf(acme), 2)
})

test('a token that is refused is replaced once', async () => {
  const acme = tenant()
  await acme.entra.account.standing(userId(1))
  acme.standIn.hands.revokeTokens()
  assert.equal((await acme.entra.account.standing(userId(1))).kind, 'read')
  acme.standIn.hands.setTokensRefused(true)
  assert.equal((await acme.entra.account.standing(userId(1))).kind, 'unreadable')
})
