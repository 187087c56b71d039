import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { ConfigFault } from '#connectors/kit/config-fault.ts'
import { settingsOf } from './config.ts'
import type { OktaConfig } from './config.ts'
import { configFor } from './organisation-for-tests.ts'

const good = configFor('acme.okta.com')

for (const [domain, origin] of [
  ['acme.okta.com', 'https://acme.okta.com'],
  [' https://acme.okta.com/ ', 'https://acme.okta.com'],
  ['https://login.acme.example', 'https://login.acme.example'],
  ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
] as const) {
  test(`the domain ${domain} is ${origin}`, () => assert.equal(settingsOf({ ...good, domain }).origin, origin))
}

const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
const wrongCurve = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey
const half = good.privateKey.slice(0, 80)

const bad: readonly [string, Partial<OktaConfig>, RegExp][] = [
  ['no domain', { domain: '' }, /OKTA_DOMAIN is missing/],
  ['a domain without https', { domain: 'http://acme.okta.com' }, /https/],
  ['a loopback name in front of another host', { domain: 'http://127.0.0.1.evil.example' }, /https/],
  ['the Admin Console', { domain: 'acme-admin.okta.com' }, /leave out "-admin"/],
  ['a path', { domain: 'https://acme.okta.com/oauth2/default' }, /without a path/],
  ['a user in the address', { domain: 'https://root@acme.okta.com' }, /not a domain/],
  ['no client', { clientId: ' ' }, /OKTA_CLIENT_ID is missing/],
  ['no key', { privateKey: '' }, /OKTA_PRIVATE_KEY is missing/],
  ['half a JWK', { privateKey: half }, /no private key in JSON/],
  ['no key at all', { privateKey: 'hush' }, /neither a JSON \(JWK\) nor a PEM/],
  ['a short RSA key', { privateKey: JSON.stringify(small.export({ format: 'jwk' })) }, /less than 2048 bits/],
  ['another curve', { privateKey: JSON.stringify(wrongCurve.export({ format: 'jwk' })) }, /P-256/],
  ['a token with a line break', { accessToken: 'abc\r\nx-evil: 1' }, /characters that no token has/],
  ['no number of calls', { concurrency: 'many' }, /OKTA_CONCURRENCY/],
  ['too many calls', { concurrency: '100000' }, /OKTA_CONCURRENCY/],
]
for (const [what, change, words] of bad) {
  test(`${what} is refused in words, and no secret is in them`, () => {
    const config = { ...good, ...change }
    assert.throws(
      () => settingsOf(config),
      (fault: Error) => {
        assert.ok(fault instanceof ConfigFault)
        assert.match(fault.message, words)
        for (const secret of [config.privateKey, config.accessToken].filter((text) => text !== '')) {
          assert.ok(!`${fault.message}${String(fault.stack)}`.includes(secret))
        }
        assert.equal(fault.cause, undefined)
        return true
      },
    )
  })
}

test('the number of calls at once is 10 unless it is set', () => {
  assert.equal(settingsOf(good).concurrency, 10)
  assert.equal(settingsOf({ ...good, concurrency: '64' }).concurrency, 64)
})
