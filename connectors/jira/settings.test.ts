import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configFields, type JiraConfig } from './config.ts'
import { settingsOf } from './settings.ts'
import { smallConfig } from './test/small-site.ts'

const refusals: readonly (readonly [string, Partial<JiraConfig>, RegExp])[] = [
  ['a site that is no address', { siteUrl: 'acme' }, /JIRA_SITE_URL is not an address/],
  ['a site without https', { siteUrl: 'http://acme.example' }, /JIRA_SITE_URL must be reached by https/],
  ['an address with a password in it', { siteUrl: 'https://ada:pw@acme.example' }, /JIRA_SITE_URL is not an address/],
  ['a service account without its API address', { apiUrl: '' }, /JIRA_API_URL is missing/],
  ['no credentials', { clientId: '', clientSecret: '' }, /are missing/],
  ['half of the credentials', { clientSecret: '' }, /JIRA_CLIENT_SECRET is missing/],
  ['no project', { projectKey: ' ' }, /JIRA_PROJECT_KEY is missing/],
  ['a project key that is a query', { projectKey: 'ACC" OR project = "X' }, /JIRA_PROJECT_KEY is not a project key/],
  ['no request type', { requestTypeIds: ' , ' }, /JIRA_REQUEST_TYPE_IDS is missing/],
  ['a request type by name', { requestTypeIds: 'Access' }, /JIRA_REQUEST_TYPE_IDS is not a list/],
  ['a field id that is a path', { appField: '../x' }, /JIRA_APP_FIELD is not the id of a field/],
  ['one field twice', { roleField: smallConfig.appField }, /name one field/],
  ['a status that we do not know', { statuses: 'open = New' }, /JIRA_STATUSES must be like/],
  ['two statuses of one name', { statuses: 'ended = declined' }, /two statuses one name/],
  ['a secret that can be guessed', { webhookSecret: 'secret' }, /JIRA_WEBHOOK_SECRET is too short/],
]

for (const [what, change, words] of refusals) {
  test(`${what} is refused in words that an operator can act on`, () => {
    assert.throws(() => settingsOf({ ...smallConfig, ...change }), { code: 'CONFIG_FAULT', message: words })
  })
}

test('no message of a fault holds a secret', () => {
  for (const change of [{ webhookSecret: 'hush-hush' }, { apiToken: 'hush hush', clientId: '', clientSecret: '' }]) {
    assert.throws(
      () => settingsOf({ ...smallConfig, ...change }),
      (fault: Error) => !fault.message.includes('hush'),
    )
  }
})

test('an ordinary account with an API token speaks to the site itself', () => {
  const settings = settingsOf({
    ...smallConfig,
    apiUrl: '',
    clientId: '',
    clientSecret: '',
    email: 'a@b.c',
    apiToken: 'token',
  })
  assert.deepEqual([settings.apiUrl, settings.auth.kind], ['https://acme.atlassian.net', 'basic'])
})

test('every setting has a name of its own in the environment', () => {
  const names = Object.values(configFields).map((field) => field.env)
  assert.equal(new Set(names).size, names.length)
})
