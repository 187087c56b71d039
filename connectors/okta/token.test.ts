import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import { configFor, organisation, smallSeed, SUPPORT, userId } from './organisation-for-tests.ts'
import type { Organisation } from './organisation-for-tests.ts'
import type { OktaSeed } from './stand-in/seed.ts'
import { wholeList } from '#connectors/kit/whole-list.ts'

const group = { provider: 'okta', id: SUPPORT }
const add = { do: 'add', account: userId(260), group } as const
const isToken = (request: { url: string }): boolean => request.url.endsWith('/oauth2/v1/token')
const tokenRequests = (acme: Organisation): number => acme.requests.filter(isToken).length

async function saidOf(acme: Organisation): Promise<string> {
  const [outcome] = await acme.okta.membership.change([add])
  assert.ok(outcome?.kind === 'unavailable', JSON.stringify(outcome))
  return outcome.said
}

function seedWith(client: Partial<OktaSeed['client']>): OktaSeed {
  const seed = smallSeed()
  return { ...seed, client: { ...seed.client, ...client } }
}

for (const [what, make] of [
  ['RS256', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ['ES256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
] as const) {
  for (const form of ['JWK', 'PEM', 'PEM with its line breaks written as \\n']) {
    test(`a client assertion is signed with ${what} by a key in the form of a ${form}`, async () => {
      const { publicKey, privateKey } = make()
      const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
      const text = form === 'JWK' ? JSON.stringify(privateKey.export({ format: 'jwk' })) : pem
      const acme = organisation({
        seed: seedWith({ publicJwk: publicKey.export({ format: 'jwk' }) }),
        config: { privateKey: form.includes('\\n') ? text.replaceAll('\n', '\\n') : text },
      })
      const [outcome] = await acme.okta.membership.change([add])
      assert.equal(outcome?.kind, 'changed')
    })
  }
}

test('one token serves many calls, and one request fetches it for all who wait', async () => {
  const acme = organisation()
  const adds = Array.from(
    { length: 50 },
    (_, index) => ({ do: 'add', account: userId(260 + (index % 40)), group }) as const,
  )
  await Promise.all([
    acme.okta.membership.change(adds),
    acme.okta.membership.members(group),
    wholeList(acme.okta.directory.groups, ({ group }) => group.id),
  ])
  assert.equal(tokenRequests(acme), 1)
})

test('a token is replaced before its end', async () => {
  const acme = organisation()
  await acme.okta.membership.change([add])
  acme.advance(HOUR_MS - 6 * MINUTE_MS)
  await acme.okta.membership.members(group)
  assert.equal(tokenRequests(acme), 1)
  acme.advance(2 * MINUTE_MS)
  await acme.okta.membership.members(group)
  assert.equal(tokenRequests(acme), 2)
})

test('when a new token cannot be had, the old one is used while it lasts, and not one moment longer', async () => {
  const acme = organisation()
  await acme.okta.membership.change([add])
  acme.standIn.hands.misbehave('503', { times: 100, when: isToken })
  acme.advance(HOUR_MS - MINUTE_MS)
  assert.equal((await acme.okta.membership.members(group)).kind, 'read')
  acme.advance(2 * MINUTE_MS)
  const before = acme.requests.length
  assert.equal((await acme.okta.membership.members(group)).kind, 'unreadable')
  assert.ok(acme.requests.slice(before).every(isToken))
})

test('a revoked token is replaced once, inside the same call', async () => {
  const acme = organisation()
  await acme.okta.membership.change([add])
  acme.standIn.hands.revokeTokens()
  const [outcome] = await acme.okta.membership.change([{ ...add, do: 'remove' }])
  assert.equal(outcome?.kind, 'changed')
  assert.equal(tokenRequests(acme), 2)
})

test('every assertion is used once', async () => {
  const acme = organisation()
  await acme.okta.membership.change([add])
  acme.advance(HOUR_MS)
  await acme.okta.membership.members(group)
  const assertions = acme.requests.filter(isToken).map(({ body }) => new URLSearchParams(body).get('client_assertion'))
  assert.equal(new Set(assertions).size, 2)
})

test('an app that requires DPoP is named, with the switch to look for', async () => {
  assert.match(await saidOf(organisation({ requireDpop: true })), /DPoP.*General settings/)
})

test('a scope that was not granted is named', async () => {
  const said = await saidOf(organisation({ seed: seedWith({ scopes: ['okta.users.read'] }) }))
  assert.match(said, /Okta API Scopes.*okta\.groups\.manage/)
})

test('a key that Okta does not know is named, and the key is not', async () => {
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const acme = organisation({ config: { privateKey: JSON.stringify(other.export({ format: 'jwk' })) } })
  const said = await saidOf(acme)
  assert.match(said, /compare Client ID and public key/)
  assert.ok(!said.includes(String(other.export({ format: 'jwk' })['d'])))
})

test('a token endpoint that repeats the assertion in its error does not make us repeat it [I26]', async () => {
  const acme = organisation()
  acme.standIn.hands.misbehave('error that repeats the request', { when: isToken })
  const said = await saidOf(acme)
  const assertion = new URLSearchParams(acme.requests.find(isToken)?.body).get('client_assertion') ?? ''
  assert.ok(assertion.length > 100)
  assert.ok(!said.includes(assertion.slice(0, 40)), said)
})

test('a token endpoint that answers with a login page is unavailable', async () => {
  const acme = organisation()
  acme.standIn.hands.misbehave('HTML login page', { when: isToken })
  assert.match(await saidOf(acme), /token request: 200 with an HTML page/)
})

test('a rate limit of the token endpoint is handed back with its wait', async () => {
  const acme = organisation()
  acme.standIn.hands.misbehave('429', { when: isToken })
  const [outcome] = await acme.okta.membership.change([add])
  assert.ok(outcome?.kind === 'unavailable' && outcome.retryAfterMs !== null && outcome.retryAfterMs >= 29_000)
})

test('an access token that was issued already is used as it is', async () => {
  const acme = organisation()
  const accessToken = acme.standIn.hands.issueToken(['okta.groups.read', 'okta.groups.manage'], acme.now())
  const { okta } = await import('./connector.ts')
  const { membership } = okta.connect({ ...configFor('acme.okta.com'), privateKey: '', accessToken }, acme.io)
  assert.equal((await membership?.change([add]))?.[0]?.kind, 'changed')
  acme.standIn.hands.revokeTokens()
  assert.equal((await membership?.change([add]))?.[0]?.kind, 'unavailable')
  assert.equal(tokenRequests(acme), 0)
})
