import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectors } from '#connectors/index.ts'
import { readSettings } from '#server/settings.ts'
import { toy } from './toy/connector.ts'

const HOME = { TENURE_HOME: '/tmp/tenure-of-a-test' }
const OKTA = { OKTA_DOMAIN: 'acme.okta.com' }
const ENTRA = { ENTRA_TENANT: 'acme.onmicrosoft.com', ENTRA_CLIENT_ID: 'c0000000-0000-4000-8000-000000000001' }
const JIRA = Object.fromEntries(
  Object.values(connectors.jira.config).flatMap(({ env, required }) => (required ? [[env, 'something']] : [])),
)

const connected = (environment: Record<string, string>) =>
  Object.keys(readSettings({ ...HOME, ...environment }).connections ?? {})

test('nothing configured is the sandbox; a directory and a ticket system are a company, whichever directory', () => {
  assert.equal(readSettings(HOME).connections, null)
  assert.deepEqual(connected({ ...OKTA, ...JIRA }), ['jira', 'okta'])
  assert.deepEqual(connected({ ...ENTRA, ...JIRA }), ['entra', 'jira'])
  assert.deepEqual(connected({ ...ENTRA, ...OKTA, ...JIRA }), ['entra', 'jira', 'okta'])
})

test('a directory without a ticket system, and the other way round: what is missing is named, with what to set', () => {
  assert.throws(
    () => connected(OKTA),
    /OKTA_DOMAIN is set, so this is a real company, and these are missing: a ticket system, Jira Service Management \(JIRA_SITE_URL, /,
  )
  assert.throws(
    () => connected(JIRA),
    /missing: a directory, Microsoft Entra ID \(ENTRA_TENANT, ENTRA_CLIENT_ID, …\) or Google Workspace \(GOOGLE_SERVICE_ACCOUNT_KEY, GOOGLE_ADMIN_EMAIL, …\) or Okta \(OKTA_DOMAIN, …\)/,
  )
})

test('a connector that is used is configured whole, and one that is not is not asked for anything', () => {
  const { ENTRA_TENANT, ...half } = ENTRA
  assert.ok(ENTRA_TENANT)
  assert.throws(() => connected({ ...half, ...OKTA, ...JIRA }), /these are missing: ENTRA_TENANT \(docs/)
})

test('a directory of a new kind is configured like any other', () => {
  const registry = { ...connectors, toy }
  const settings = readSettings({ ...HOME, ...JIRA, TOY_SHELF: 'of the test' }, registry)
  assert.deepEqual(settings.connections?.['toy'], { shelf: 'of the test' })
})
