import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import type { WebhookVerdict } from '#connectors/kit/webhooks.ts'
import { smallSeed, openSmallSite, PEOPLE, WEBHOOK_SECRET } from './test/small-site.ts'
import { LARGEST_WEBHOOK_BYTES, verifyJiraWebhook } from './webhook.ts'

const siteUrl = 'https://acme.atlassian.net'
const issue = { id: '10001', key: 'ACC-1', self: `${siteUrl}/rest/api/2/issue/10001` }
const body = JSON.stringify({
  timestamp: 1_764_061_440_000,
  webhookEvent: 'jira:issue_updated',
  user: { accountId: 'ada' },
  issue,
})

function signed(bytes: string | Uint8Array, secret = WEBHOOK_SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`
}

function verdictOn(
  text: string,
  headers: Readonly<Record<string, string | string[]>> = { 'x-hub-signature': signed(text) },
): WebhookVerdict {
  return verifyJiraWebhook({ headers, rawBody: Buffer.from(text), secret: WEBHOOK_SECRET, siteUrl })
}

function because(verdict: WebhookVerdict): string {
  return verdict.kind === 'refused' ? verdict.because : verdict.kind
}

test('the published vector is a right signature: only its body is no JSON', () => {
  const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
  const vector = (text: string, value: string) =>
    because(
      verifyJiraWebhook({
        headers: { 'x-hub-signature': value },
        rawBody: Buffer.from(text),
        secret: "It's a Secret to Everybody",
        siteUrl,
      }),
    )
  assert.equal(vector('Hello, World!', signature), 'not JSON')
  assert.equal(vector('Hello, World!', signature.toUpperCase().replace('SHA256', 'sha256')), 'not JSON')
  assert.equal(vector('Hello, World?', signature), 'signature wrong')
})

test('a genuine webhook names the delivery, the ticket, the event, its moment and who did it', () => {
  const verdict = verdictOn(body, { 'x-hub-signature': signed(body), 'x-atlassian-webhook-identifier': 'delivery-1' })
  assert.deepEqual(verdict, {
    kind: 'genuine',
    deliveryId: 'delivery-1',
    bodyDigest: verdict.kind === 'genuine' ? verdict.bodyDigest : '',
    siteUrl,
    issueKey: 'ACC-1',
    issueId: '10001',
    event: 'jira:issue_updated',
    at: 1_764_061_440_000,
    by: 'ada',
  })
})

test('a replay under a new id has the same digest, because the id is not signed', () => {
  const [one, two] = ['first', 'second'].map((id) =>
    verdictOn(body, { 'x-hub-signature': signed(body), 'x-atlassian-webhook-identifier': id }),
  )
  assert.ok(one?.kind === 'genuine' && two?.kind === 'genuine')
  assert.notEqual(one.deliveryId, two.deliveryId)
  assert.equal(one.bodyDigest, two.bodyDigest)
})

test('without an identifier the digest is the id', () => {
  const verdict = verdictOn(body)
  assert.ok(verdict.kind === 'genuine')
  assert.equal(verdict.deliveryId, verdict.bodyDigest)
})

test('a body without a signature is refused', () => {
  assert.equal(because(verdictOn(body, {})), 'signature missing')
  assert.equal(because(verdictOn(body, { 'x-hub-signature': '' })), 'signature missing')
})

test('a forged signature is refused, in every form that is not the right one', () => {
  const right = signed(body)
  const wrong = [
    signed(body, 'another secret that is long enough'),
    right.replace('sha256=', 'sha1='),
    right.replace('sha256=', ''),
    right.slice(0, -2),
    `${right}00`,
    `${right.slice(0, -1)}g`,
    'sha256=',
  ]
  for (const signature of wrong)
    assert.equal(because(verdictOn(body, { 'x-hub-signature': signature })), 'signature wrong', signature)
})

test("two signatures are nobody's but a forger's", () => {
  assert.equal(because(verdictOn(body, { 'x-hub-signature': [signed(body), signed(body)] })), 'signature missing')
})

test('JSON that was read and written again has another signature', () => {
  const spaced = JSON.stringify(JSON.parse(body), null, 1)
  assert.equal(because(verdictOn(spaced, { 'x-hub-signature': signed(body) })), 'signature wrong')
})

test('a signed body of another site is refused, also of one whose name begins alike [I36]', () => {
  const sites = [
    'https://other.atlassian.net',
    'https://acme.atlassian.net.evil.example',
    'http://acme.atlassian.net',
    'https://acme.atlassian.net@evil.example',
  ]
  for (const site of sites) {
    const text = JSON.stringify({ ...JSON.parse(body), issue: { ...issue, self: `${site}/rest/api/2/issue/10001` } })
    assert.equal(because(verdictOn(text)), 'another site', site)
  }
})

test('a signed body that is about no issue is refused', () => {
  const bodies = [
    { webhookEvent: 'jira:version_released', version: { id: '1' } },
    { webhookEvent: 'jira:issue_updated', issue: { ...issue, key: '../../admin' } },
    { webhookEvent: 'jira:issue_updated', issue: { ...issue, id: 'x' } },
    { webhookEvent: 'jira:issue_updated', issue: { id: '1', key: 'ACC-1' } },
    [],
    'issue',
    null,
  ]
  for (const one of bodies)
    assert.equal(because(verdictOn(JSON.stringify(one))), 'not about an issue', JSON.stringify(one))
})

test('half a JSON, and bytes that are no text, are refused', () => {
  assert.equal(because(verdictOn(body.slice(0, 40))), 'not JSON')
  const rawBody = Buffer.from([0x22, 0xff, 0x22])
  const headers = { 'x-hub-signature': signed(rawBody) }
  assert.equal(because(verifyJiraWebhook({ headers, rawBody, secret: WEBHOOK_SECRET, siteUrl })), 'not JSON')
})

test('a body that is too large is refused before anything is computed over it', () => {
  const rawBody = new Uint8Array(LARGEST_WEBHOOK_BYTES + 1)
  assert.equal(because(verifyJiraWebhook({ headers: {}, rawBody, secret: WEBHOOK_SECRET, siteUrl })), 'too large')
})

test('what the stand-in sends is genuine, for a request, an edit, a move and a comment', () => {
  const small = openSmallSite()
  const key = small.raise()
  small.as(PEOPLE.rosa, 'PUT', `/rest/api/3/issue/${key}`, {
    fields: { [smallSeed.fields.duration]: { value: '24 hours' } },
  })
  small.as(PEOPLE.rosa, 'POST', `/rest/api/3/issue/${key}/transitions`, { transition: { id: '21' } })
  small.as(PEOPLE.rosa, 'POST', `/rest/api/3/issue/${key}/comment`, { body: { type: 'doc', version: 1, content: [] } })
  const events = small.standIn.takeDeliveries().map((delivery) => {
    const verdict = small.capabilities.webhooks?.verify({
      headers: delivery.headers,
      rawBody: Buffer.from(delivery.body),
    })
    return verdict?.kind === 'genuine' ? `${verdict.event} ${verdict.issueKey} ${verdict.by}` : verdict?.because
  })
  assert.deepEqual(events, [
    `jira:issue_created ${key} ${PEOPLE.ada}`,
    `jira:issue_updated ${key} ${PEOPLE.rosa}`,
    `jira:issue_updated ${key} ${PEOPLE.rosa}`,
    `comment_created ${key} ${PEOPLE.rosa}`,
    `jira:issue_updated ${key} ${PEOPLE.rosa}`,
  ])
})

test('without a secret there is no webhook door', () => {
  assert.equal(openSmallSite({ config: { webhookSecret: '' } }).capabilities.webhooks, undefined)
})
