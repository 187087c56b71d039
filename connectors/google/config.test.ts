import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { ConfigFault } from '#connectors/kit/config-fault.ts'
import { configFields, settingsOf } from './config.ts'
import type { GoogleConfig } from './config.ts'
import { configFor, KEYS } from './workspace-for-tests.ts'

const nothing = Object.fromEntries(Object.keys(configFields).map((name) => [name, ''])) as unknown as GoogleConfig
const keyFile = (changes: object = {}) =>
  JSON.stringify({ ...(JSON.parse(configFor().serviceAccountKey) as object), ...changes })
const pem = (key: ReturnType<typeof generateKeyPairSync>['privateKey']) =>
  key.export({ format: 'pem', type: 'pkcs8' }).toString()

test('one word of configuration means a real company, and then what is missing is said', () => {
  assert.throws(() => settingsOf({ ...nothing, adminEmail: 'tenure@acme.example' }), /SERVICE_ACCOUNT_KEY is missing/)
  assert.throws(() => settingsOf(configFor({ adminEmail: '' })), /GOOGLE_ADMIN_EMAIL is missing/)
})

const elliptic = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
const short = pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)

for (const [what, changes, complaint] of [
  ['a path instead of the file', { serviceAccountKey: 'top-secret.json' }, /no JSON/],
  ['a file of another kind', { serviceAccountKey: keyFile({ type: 'authorized_user' }) }, /not the JSON key file/],
  ['a file without its key', { serviceAccountKey: keyFile({ private_key: undefined }) }, /not the JSON key file/],
  ['words for a key', { serviceAccountKey: keyFile({ private_key: 'top-secret' }) }, /private_key that is none/],
  ['an elliptic key', { serviceAccountKey: keyFile({ private_key: elliptic }) }, /RSA key of 2048/],
  ['a short key', { serviceAccountKey: keyFile({ private_key: short }) }, /RSA key of 2048/],
  ['no address of an administrator', { adminEmail: 'Tenure' }, /not an address/],
  ['the service account as administrator', { adminEmail: 'x@y.iam.gserviceaccount.com' }, /must be a person/],
  ['groups that are none', { readOnlyGroups: 'Sales & Marketing' }, /GOOGLE_READ_ONLY_GROUPS/],
  ['neither on nor off', { nativeEnd: 'yes' }, /GOOGLE_NATIVE_END/],
  ['no number of calls', { concurrency: '0' }, /GOOGLE_CONCURRENCY/],
  ['an address with a path', { origin: 'http://127.0.0.1:1/path' }, /GOOGLE_ORIGIN/],
  ['an address without TLS', { origin: 'http://google.example' }, /by https/],
] as const) {
  test(`${what} cannot be used, and no value of a secret field is repeated`, () => {
    assert.throws(
      () => settingsOf(configFor(changes)),
      (fault) => fault instanceof ConfigFault && complaint.test(fault.message) && !/top-secret/.test(fault.message),
    )
  })
}

test('the line breaks of a key may be written twice over, as some stores of secrets do', () => {
  const private_key = pem(KEYS.privateKey).replaceAll('\n', '\\n')
  assert.ok(settingsOf(configFor({ serviceAccountKey: keyFile({ private_key }) })) !== null)
})

test('unless a stand-in is named, the three hosts of Google are called, and no other', () => {
  assert.deepEqual(settingsOf(configFor()).origins, {
    token: 'https://oauth2.googleapis.com',
    admin: 'https://admin.googleapis.com',
    identity: 'https://cloudidentity.googleapis.com',
  })
})

test('every field says what it is, and the only secret one is the key', () => {
  const secret = Object.entries(configFields).filter(([, field]) => field.secret)
  assert.deepEqual(
    secret.map(([name]) => name),
    ['serviceAccountKey'],
  )
  for (const { env, help } of Object.values(configFields)) assert.ok(env.startsWith('GOOGLE_') && help.length > 30)
})
