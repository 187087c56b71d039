import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createJiraStandIn } from '#connectors/jira/stand-in/state.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { readAsk } from '#core/request/read-ask.ts'
import type { CaseAsk } from '../company/cases.ts'
import { generateCompany, SANDBOX_SEED } from '../company/company.ts'
import { durationOptionOf } from '../company/lengths.ts'
import { JIRA_FIELDS, JIRA_REQUEST_TYPE, JIRA_SERVICE_DESK_ID, jiraSeedOf } from './jira-seed.ts'

const company = generateCompany(SANDBOX_SEED)
const seed = jiraSeedOf(company, {
  siteUrl: 'http://jira.halden.example',
  credentials: { apiToken: 'token', clientId: 'client', clientSecret: 'secret' },
  webhook: null,
})
const jira = createJiraStandIn(seed, { limits: null })
const NOON = Date.parse('2026-01-05T12:00:00Z')

function call(accountId: string, method: HttpRequest['method'], path: string, body: unknown = ''): HttpAnswer {
  const headers = { authorization: jira.authorizationOf(accountId), 'content-type': 'application/json' }
  return jira.answer(
    { method, url: `${seed.siteUrl}${path}`, headers, body: body === '' ? '' : JSON.stringify(body) },
    NOON,
  )
}

function accountOf(ask: CaseAsk): string {
  return company.people.find((person) => person.id === ask.personId)?.jiraAccountId ?? ''
}

function raise(ask: CaseAsk, accountId: string): HttpAnswer {
  return call(accountId, 'POST', '/rest/servicedeskapi/request', {
    serviceDeskId: JIRA_SERVICE_DESK_ID,
    requestTypeId: JIRA_REQUEST_TYPE.id,
    requestFieldValues: {
      summary: 'Access',
      [JIRA_FIELDS.app]: { value: company.catalog.apps.find((app) => app.id === ask.appId)?.name },
      [JIRA_FIELDS.role]: { value: company.catalog.roles.find((role) => role.id === ask.roleId)?.name },
      [JIRA_FIELDS.duration]: { value: durationOptionOf(ask.hours) },
      [JIRA_FIELDS.reason]: ask.reason,
    },
  })
}

test('the site knows every account of the company, and the account that Tenure acts as', () => {
  for (const account of [...company.jiraAccounts, { ...seed.serviceAccount, active: true, emailHidden: false }]) {
    const path = `/rest/api/3/user?accountId=${encodeURIComponent(account.accountId)}`
    const answer = call(company.people[0]?.jiraAccountId ?? '', 'GET', path)
    assert.equal(answer.status, 200, account.displayName)
    const user = JSON.parse(answer.body) as Record<string, unknown>
    assert.deepEqual([user['displayName'], user['active']], [account.displayName, account.active])
  }
})

test('everybody whom a rule can name as an approver has an account that is active', () => {
  const { apps, roles, rules, securityIds } = company.catalog
  const named = rules.flatMap((rule) =>
    rule.approvers.flatMap((source) => (source.kind === 'named' ? source.people : [])),
  )
  const owners = [...apps, ...roles].flatMap((each) => each.ownerIds)
  for (const id of new Set([...named, ...owners, ...securityIds])) {
    const account = company.people.find((person) => person.id === id)?.jiraAccountId
    assert.equal(seed.accounts.find((each) => each.accountId === account)?.active, true)
  }
})

test('the form offers exactly the apps, roles and durations of the catalog, and the core reads what it offers', () => {
  assert.deepEqual(seed.durations, ['1 hour', '6 hours', '24 hours', '7 days', '30 days', 'No end'])
  assert.equal(seed.apps.length, company.catalog.apps.length)
  let read = 0
  for (const app of seed.apps) {
    for (const role of app.roles) {
      const answers = seed.durations.map((duration) =>
        readAsk({ app: app.name, role, duration, reason: 'Work.' }, company.catalog),
      )
      assert.ok(
        answers.some((answer) => answer.kind === 'ask'),
        `${app.name}: ${role}`,
      )
      read += 1
    }
  }
  assert.equal(read, company.catalog.roles.length)
})

test('every ask of every case can be raised on the portal, by the person of the case', () => {
  const asks = Object.values(company.cases)
    .flat()
    .filter((each): each is CaseAsk => typeof each === 'object' && 'roleId' in each)
  for (const ask of asks) assert.equal(raise(ask, accountOf(ask)).status, 201, ask.roleId)
  assert.equal(jira.tickets().length, asks.length)
})

test('the account that is nobody in the directory can raise a request too, so that its refusal can be seen', () => {
  const { strangerAccount, managerHasLeft } = company.cases
  assert.equal(raise(managerHasLeft, strangerAccount.jiraAccountId).status, 201)
  assert.equal(jira.tickets().at(-1)?.reporter, strangerAccount.jiraAccountId)
})
