import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { openSmallSite, PEOPLE, smallSeed, WEBHOOK_SECRET } from '../test/small-site.ts'
import { isLoopback, serveJira } from './http.ts'
import { createJiraStandIn } from './state.ts'
import { signatureOf } from './webhooks.ts'

test('the body has the documented shape', () => {
  const small = openSmallSite()
  const key = small.raise()
  const [created] = small.standIn.takeDeliveries()
  const body = JSON.parse(created?.body ?? '') as { issue: { fields: Record<string, unknown> } } & Record<
    string,
    unknown
  >
  assert.deepEqual(Object.keys(body), ['timestamp', 'webhookEvent', 'issue_event_type_name', 'user', 'issue'])
  assert.deepEqual(
    [body['webhookEvent'], body['issue_event_type_name'], body.issue.fields[smallSeed.fields.reason]],
    ['jira:issue_created', 'issue_created', 'Quarter end'],
  )
  small.as(PEOPLE.rosa, 'POST', `/rest/api/3/issue/${key}/transitions`, { transition: { id: '21' } })
  const [moved] = small.standIn.takeDeliveries()
  const { changelog } = JSON.parse(moved?.body ?? '') as { changelog: { items: readonly object[] } }
  assert.deepEqual(changelog.items, [
    {
      field: 'status',
      fieldtype: 'jira',
      fieldId: 'status',
      from: '10101',
      fromString: 'Submitted',
      to: '10103',
      toString: 'Approved',
    },
  ])
})

test('the signature is over the exact body, and the published vector comes out', () => {
  assert.equal(
    signatureOf("It's a Secret to Everybody", 'Hello, World!'),
    'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  )
  const small = openSmallSite()
  small.raise()
  const [delivery] = small.standIn.takeDeliveries()
  assert.equal(delivery?.headers['x-hub-signature'], signatureOf(WEBHOOK_SECRET, delivery?.body ?? ''))
})

test('a site that starts anew gives no identifier of before again', () => {
  const [before, after] = [openSmallSite(), openSmallSite()]
  after.pass(1)
  const identifiers = [before, after].map((small) => {
    small.raise()
    return small.standIn.takeDeliveries()[0]?.headers['x-atlassian-webhook-identifier']
  })
  assert.equal(new Set(identifiers).size, 2)
})

test('nothing is queued for a webhook that nobody set, nor for events that were not ticked', () => {
  const silent = openSmallSite({ seed: { webhook: null } })
  silent.raise()
  assert.deepEqual(silent.standIn.takeDeliveries(), [])
  const only = openSmallSite({
    seed: { webhook: { url: 'http://127.0.0.1:9/', secret: WEBHOOK_SECRET, events: ['jira:issue_updated'] } },
  })
  const key = only.raise()
  only.as(PEOPLE.rosa, 'POST', `/rest/api/3/issue/${key}/transitions`, { transition: { id: '21' } })
  assert.equal(only.standIn.takeDeliveries().length, 1)
})

test('deliveries can be lost, doubled and turned round', () => {
  const habits = { webhooks: { loseEvery: 3, doubleEvery: 2, reverse: true } }
  const small = openSmallSite({ habits })
  const keys = [small.raise(), small.raise(), small.raise()]
  const got = small.standIn
    .takeDeliveries()
    .map((delivery) => (JSON.parse(delivery.body) as { issue: { key: string } }).issue.key)
  assert.deepEqual(got, [keys[1], keys[1], keys[0]])
})

async function doorThat(
  answers: (count: number) => number,
  host: string,
): Promise<{ url: string; seen: IncomingMessage[]; close: () => Promise<void> }> {
  const seen: IncomingMessage[] = []
  const server = createServer((incoming, outgoing) => {
    seen.push(incoming)
    incoming.resume()
    incoming.on('end', () => {
      outgoing.statusCode = answers(seen.length)
      outgoing.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://${host}:${(server.address() as AddressInfo).port}/webhooks/jira`
  return { url, seen, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

async function deliveriesTo(
  answers: (count: number) => number,
  host = '127.0.0.1',
): Promise<readonly IncomingMessage[]> {
  const door = await doorThat(answers, host)
  const standIn = createJiraStandIn({ ...smallSeed, webhook: { url: door.url, secret: WEBHOOK_SECRET } })
  const jira = await serveJira(standIn, { now: () => 0, retryWaitsMs: [1, 1, 1, 1, 1] })
  const headers = { authorization: standIn.authorizationOf(PEOPLE.ada), 'content-type': 'application/json' }
  const body = JSON.stringify({ serviceDeskId: '4', requestTypeId: '31', requestFieldValues: {} })
  const answer = await fetch(`${jira.url}/rest/servicedeskapi/request`, { method: 'POST', headers, body })
  const { _links } = (await answer.json()) as { _links: { web: string } }
  assert.equal(_links.web, `${jira.url}/browse/ACC-1`)
  await jira.settled()
  await jira.close()
  await door.close()
  return door.seen
}

test('a door that is busy is tried again with the same identifier, six times in all', async () => {
  const seen = await deliveriesTo(() => 503)
  assert.equal(seen.length, 6)
  assert.equal(new Set(seen.map((one) => one.headers['x-atlassian-webhook-identifier'])).size, 1)
  assert.deepEqual(
    seen.map((one) => one.headers['x-atlassian-webhook-retry']),
    [undefined, '1', '2', '3', '4', '5'],
  )
})

test('a door that takes it, or refuses it for good, hears it once', async () => {
  assert.equal((await deliveriesTo(() => 204)).length, 1)
  assert.equal((await deliveriesTo(() => 401)).length, 1)
  assert.equal((await deliveriesTo((count) => (count < 3 ? 429 : 200))).length, 3)
})

test('webhooks go to loopback and nowhere else', async () => {
  // The system takes this address for its own; it is none of loopback's.
  assert.equal((await deliveriesTo(() => 204, '0.0.0.0')).length, 0)
  for (const url of ['http://127.0.0.1:8080/x', 'http://localhost/x', 'http://[::1]:9/'])
    assert.ok(isLoopback(url), url)
  for (const url of [
    'http://acme.example/',
    'http://10.0.0.1/',
    'http://127.0.0.1.evil.example/',
    'https://127.0.0.1/',
  ]) {
    assert.ok(!isLoopback(url), url)
  }
})
