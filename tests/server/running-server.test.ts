import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { sleepOnWall } from '#engine/store/clock.ts'
import { generateCompany, SANDBOX_SEED } from '#sandbox/company/company.ts'
import { runServer, type RunningServer } from '#server/run-server.ts'
import { readSettings } from '#server/settings.ts'
import type { RequestAnswer, RequestsAnswer } from '#surfaces/api/wire.ts'

/* The server as `npm start` runs it, met from outside: by HTTP alone, on ports of its own. */

const company = generateCompany(SANDBOX_SEED)
const ask = company.cases.engineerOperatesProduction
const accountOf = (personId: string): string => company.people.find((each) => each.id === personId)?.jiraAccountId ?? ''

let home: string
let server: RunningServer
let jiraUrl: string
let cookie: string
let apiUrl: string

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'tenure-server-'))
  const ports = {
    TENURE_PORT: '0',
    TENURE_WEBHOOK_PORT: '0',
    TENURE_SANDBOX_JIRA_PORT: '0',
    TENURE_SANDBOX_DIRECTORIES_PORT: '0',
  }
  server = await runServer(readSettings({ TENURE_HOME: home, ...ports }), (level, message) => {
    if (level !== 'info') process.stderr.write(`${level}: ${message}\n`)
  })
  jiraUrl = new URL(server.askUrl ?? '').origin
  apiUrl = new URL(server.consoleLink).origin
  const entered = await fetch(server.consoleLink, { redirect: 'manual' })
  cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
})

after(async () => {
  await server.stop()
  await rm(home, { recursive: true, force: true })
})

async function api<Answer>(path: string): Promise<Answer> {
  const answer = await fetch(`${apiUrl}${path}`, { headers: { cookie } })
  assert.equal(answer.status, 200, path)
  return (await answer.json()) as Answer
}

async function until<Value>(what: string, look: () => Promise<Value | null | undefined | false>): Promise<Value> {
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 100) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) return found
    await sleepOnWall(100)
  }
  throw new Error(`waited in vain for ${what}`)
}

async function submitForm(path: string, fields: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(`${jiraUrl}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
}

async function signedWebhook(body: string, secret: string): Promise<Response> {
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  const headers = {
    'content-type': 'application/json',
    'x-hub-signature': signature,
    'x-atlassian-webhook-identifier': 'made-by-hand',
  }
  return fetch(server.webhookUrl ?? '', { method: 'POST', body, headers })
}

test('a signed webhook about a ticket of the stand-in produces the request, and the ticket shows all four parts [R002, R040, R093, R119]', async () => {
  const role = company.catalog.roles.find((each) => each.id === ask.roleId)?.name ?? ''
  const app = company.catalog.apps.find((each) => each.id === ask.appId)?.name ?? ''
  const sent = await submitForm('/portal', {
    as: accountOf(ask.personId),
    app,
    role,
    duration: '6 hours',
    reason: ask.reason,
  })
  assert.equal(sent.status, 303)
  const key = /\/browse\/([A-Z]+-\d+)/.exec(sent.headers.get('location') ?? '')?.[1] ?? ''

  // The shape that Atlassian documents for `jira:issue_created`; the stand-in posts its own beside it, and one request comes of both.
  const credentials = JSON.parse(await readFile(join(home, 'sandbox', 'credentials.json'), 'utf8')) as {
    webhookSecret: string
  }
  const issue = { id: '10001', self: `${jiraUrl}/rest/api/2/issue/10001`, key, fields: { summary: 'Access' } }
  const body = JSON.stringify({
    timestamp: 1_700_000_000_000,
    webhookEvent: 'jira:issue_created',
    issue_event_type_name: 'issue_created',
    issue,
  })
  assert.equal((await signedWebhook(body, credentials.webhookSecret)).status, 202)
  assert.equal((await signedWebhook(body, credentials.webhookSecret)).status, 200, 'the same body again is no news')
  assert.equal((await signedWebhook(body, 'another secret of the same length')).status, 401)

  const waiting = await until('the request', async () => {
    const { requests } = await api<RequestsAnswer>('/api/requests')
    return requests.find((each) => each.issueKey === key && each.state === 'waiting for approval')
  })
  const approver = ask.then.kind === 'answered by' ? (ask.then.personIds[0] ?? '') : ''
  const page = await until('the approval', async () => {
    const text = await (await fetch(`${jiraUrl}/approvals?as=${encodeURIComponent(accountOf(approver))}`)).text()
    return text.includes(key) && text
  })
  const action = new RegExp(`action="(/approvals/${key}/\\d+)"`).exec(page)?.[1] ?? ''
  assert.equal((await submitForm(action, { as: accountOf(approver), decision: 'approve' })).status, 303)

  const view = await until('live access', async () => {
    const { request } = await api<RequestAnswer>(`/api/requests/${waiting.requestId}`)
    return request.state === 'live' && request.evidence.sealed === request.evidence.records && request
  })
  assert.deepEqual(
    view.parts.map(({ part, entries }) => [part, entries.length > 0]),
    [
      ['trigger', true],
      ['approval rule', true],
      ['identity action', true],
      ['evidence record', true],
    ],
  )

  const ticket = await until('the last comment', async () => {
    const text = await (
      await fetch(`${jiraUrl}/browse/${key}?as=${encodeURIComponent(accountOf(approver))}&view=agent`)
    ).text()
    return text.includes('Added and read back') && text
  })
  for (const words of [
    ask.reason,
    'approved as security',
    'Security, version 1',
    'Receipt',
    'Read back at',
    'Evidence record',
    'Access live',
  ]) {
    assert.ok(ticket.includes(words), `the ticket says "${words}"`)
  }
})

test('the console is built when its sources have no build yet, and the server answers meanwhile', async () => {
  const first = await fetch(`${apiUrl}/console/`, { headers: { cookie } })
  assert.equal(first.status, 200)
  await until('the build', async () => {
    const health = (await (await fetch(`${apiUrl}/health`)).json()) as { console: string }
    return health.console === 'ready'
  })
  const page = await (await fetch(`${apiUrl}/console/`, { headers: { cookie } })).text()
  assert.match(page, /<div id="root">/)
})

test('without the link nobody comes in', async () => {
  assert.equal((await fetch(`${apiUrl}/api/requests`)).status, 401)
  assert.equal((await fetch(server.consoleLink, { redirect: 'manual' })).headers.get('set-cookie'), null)
})
