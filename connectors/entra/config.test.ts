import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { ConfigFault } from '#connectors/kit/config-fault.ts'
import { entra } from './connector.ts'
import { configFields, settingsOf } from './config.ts'
import type { EntraConfig } from './config.ts'
import { configFor, KEYS, tenant } from './tenant-for-tests.ts'

const nothing = Object.fromEntries(Object.keys(configFields).map((name) => [name, ''])) as unknown as EntraConfig

test('one word of configuration means a real tenant, and then what is missing is said', () => {
  assert.throws(() => entra.connect({ ...nothing, tenant: 'acme.onmicrosoft.com' }, tenant().io), /ENTRA_CLIENT_ID/)
  assert.throws(() => settingsOf({ ...configFor(), tenant: '' }), /ENTRA_TENANT is missing/)
  assert.throws(
    () => settingsOf({ ...configFor(), privateKey: '', certificate: '' }),
    /ENTRA_PRIVATE_KEY and ENTRA_CERTIFICATE/,
  )
})

for (const [changes, complaint] of [
  [{ tenant: 'common' }, /one tenant/],
  [{ tenant: 'acme' }, /neither a tenant ID nor a domain/],
  [{ tenant: '../admin' }, /neither a tenant ID nor a domain/],
  [{ clientId: 'Tenure' }, /ENTRA_CLIENT_ID/],
  [{ certificate: '' }, /ENTRA_CERTIFICATE is missing/],
  [{ privateKey: '' }, /ENTRA_PRIVATE_KEY is missing/],
  [{ privateKey: 'top secret words' }, /no private key in PEM form/],
  [{ certificate: 'AB:CD' }, /neither a certificate/],
  [{ clientSecret: 'also' }, /leave one of them out/],
  [{ privateKey: '', certificate: '', clientSecret: 'c0000000-0000-4000-8000-000000000009' }, /ID of the secret/],
  [{ privateKey: '', certificate: '', clientSecret: 'a b' }, /characters that no secret has/],
  [{ nativeEnd: 'yes' }, /pim/],
  [{ cloud: 'https://graph.evil.example' }, /ENTRA_CLOUD/],
  [{ cloud: 'http://127.0.0.1:1/path' }, /ENTRA_CLOUD/],
  [{ concurrency: '0' }, /ENTRA_CONCURRENCY/],
] as const) {
  test(`${JSON.stringify(changes).slice(0, 60)} cannot be used, and no value of a secret field is repeated`, () => {
    assert.throws(
      () => settingsOf(configFor(changes)),
      (fault) =>
        fault instanceof ConfigFault && complaint.test(fault.message) && !/top secret|also|a b/.test(fault.message),
    )
  })
}

test('keys that Entra does not take are named', () => {
  const pem = (key: ReturnType<typeof generateKeyPairSync>['privateKey']) =>
    key.export({ format: 'pem', type: 'pkcs8' }).toString()
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
  assert.throws(() => settingsOf(configFor({ privateKey: pem(elliptic) })), /must be an RSA key/)
  assert.throws(() => settingsOf(configFor({ privateKey: pem(short) })), /less than 2048 bits/)
})

test('a thumbprint may be SHA-256 or the shorter one of the portal, with or without colons', () => {
  const of = (certificate: string) => {
    const { auth } = settingsOf(configFor({ certificate }))
    return auth.kind === 'certificate' ? auth.thumbprint : null
  }
  const sha256 = createHash('sha256').update('certificate').digest()
  const colons = sha256.toString('hex').toUpperCase().match(/../g)!.join(':')
  assert.deepEqual(of(colons), { header: 'x5t#S256', value: sha256.toString('base64url') })
  const sha1 = createHash('sha1').update('certificate').digest()
  assert.deepEqual(of(sha1.toString('hex')), { header: 'x5t', value: sha1.toString('base64url') })
})

test('line breaks of a key may be written as \\n, and national clouds have addresses of their own', () => {
  const privateKey = KEYS.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString().replaceAll('\n', '\\n')
  assert.equal(settingsOf(configFor({ privateKey })).auth.kind, 'certificate')
  assert.deepEqual(
    ['', 'us', 'us-dod', 'china', 'http://127.0.0.1:8080'].map((cloud) => settingsOf(configFor({ cloud })).graphOrigin),
    [
      'https://graph.microsoft.com',
      'https://graph.microsoft.us',
      'https://dod-graph.microsoft.us',
      'https://microsoftgraph.chinacloudapi.cn',
      'http://127.0.0.1:8080',
    ],
  )
})
