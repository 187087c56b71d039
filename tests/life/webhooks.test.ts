import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { signatureOf, type WebhookDelivery } from '#connectors/jira/stand-in/webhooks.ts'
import { MINUTE_MS } from '#core/instant.ts'
import { acceptWebhook } from '#surfaces/jira/accept-webhook.ts'
import { startPolling } from '#surfaces/jira/poll-tickets.ts'
import { holds } from './holds.ts'
import { changesOf, messagesOn, person, somebody, statusOf, typesOf, wayOf } from './seen.ts'
import { openWorld, type World } from './world.ts'

let world: World
before(async () => void (world = await openWorld()))
after(() => world.close())
beforeEach(() => void (world.onTheWay = (posted) => posted))

const OWNER = 'Sakura Ito'
const GROUP = 'figma-editors'

/** From the question to a revocation by the holder, with whatever becomes of the webhooks; `wait` passes between the steps. */
async function wholeLife(waitMs: number): Promise<{ readonly key: string; readonly personId: string }> {
  const { id: personId } = somebody(world, { department: 'Marketing' })
  const key = await world.people.ask(personId, {
    appId: 'figma',
    roleId: 'figma-editor',
    hours: null,
    reason: 'Slides.',
  })
  await world.pass(waitMs)
  const answered = await world.people.answer(person(world, OWNER).id, key, 'approve')
  assert.equal(answered.status, 200, answered.body)
  await world.pass(waitMs)
  assert.equal(statusOf(world, key), 'Access live')
  assert.equal((await world.people.move(personId, key, 'Revoke access')).status, 204)
  await world.pass(waitMs)
  return { key, personId }
}

/** The story went as it always goes: every step once. */
async function wentWell({ key, personId }: { readonly key: string; readonly personId: string }): Promise<void> {
  const way = ['Submitted', 'Waiting for approval', 'Approved', 'Access live', 'Revoking access', 'Access ended']
  assert.deepEqual(wayOf(world, key), way)
  assert.deepEqual(changesOf(world, personId), [`add ${GROUP} by client`, `remove ${GROUP} by client`])
  const types = await typesOf(world, key)
  for (const once of [
    'RequestSubmitted',
    'RequestApproved',
    'GrantOpened',
    'WindowStarted',
    'GrantEnding',
    'GrantEnded',
  ]) {
    assert.equal(types.filter((type) => type === once).length, 1, once)
  }
  const messages = messagesOn(world, key)
  assert.equal(new Set(messages).size, messages.length)
}

test('every webhook comes twice: each step happens once [R120, I17]', async () => {
  world.onTheWay = (posted) => posted.flatMap((each) => [each, each])
  await wentWell(await wholeLife(5_000))
})

test('webhooks come in the wrong order: what counts is read from the ticket [I17]', async () => {
  world.onTheWay = (posted) => posted.toReversed()
  await wentWell(await wholeLife(5_000))
})

test('yesterday’s webhooks come again, with new ids: they are known by their signed bytes [I17]', async () => {
  const kept: WebhookDelivery[] = []
  world.onTheWay = (posted) => {
    kept.push(...posted)
    return posted
  }
  const life = await wholeLife(5_000)
  const before = (await typesOf(world, life.key)).length
  for (const [place, { headers, body }] of kept.entries()) {
    const again = { ...headers, 'x-atlassian-webhook-identifier': `another-${place}` }
    const accepted = await acceptWebhook(world.ports, world.webhooks, { headers: again, rawBody: Buffer.from(body) })
    assert.deepEqual(accepted, { kind: 'already received' })
  }
  await world.settle()
  assert.equal((await typesOf(world, life.key)).length, before)
  await wentWell(life)
})

test('every webhook is lost: the poll closes the gap within minutes', async () => {
  world.onTheWay = () => []
  await startPolling(world.ports, world.clock.now() + 5 * MINUTE_MS)
  await wentWell(await wholeLife(6 * MINUTE_MS))
  await world.pool.query(`DELETE FROM timer WHERE kind = 'poll tickets'`)
})

test('every second webhook is lost and the others come twice, last first [I17]', async () => {
  let count = 0
  world.onTheWay = (posted) =>
    posted
      .filter(() => (count += 1) % 2 === 0)
      .flatMap((each) => [each, each])
      .toReversed()
  await startPolling(world.ports, world.clock.now() + 5 * MINUTE_MS)
  await wentWell(await wholeLife(6 * MINUTE_MS))
  await world.pool.query(`DELETE FROM timer WHERE kind = 'poll tickets'`)
})

test('a forged, a changed, an unsigned webhook and one for another site are refused, and leave nothing behind [I17, I36]', async () => {
  const { id } = somebody(world, { department: 'Marketing' })
  await world.people.ask(id, { appId: 'figma', roleId: 'figma-editor', hours: 24, reason: 'Slides.' })
  const [genuine = assert.fail()] = world.standIns.jira.takeDeliveries()
  const { headers, body } = genuine
  const signed = (text: string, secret = world.standIns.webhookSecret) => ({
    headers: { ...headers, 'x-hub-signature': signatureOf(secret, text) },
    rawBody: Buffer.from(text),
  })
  const { 'x-hub-signature': _, ...unsigned } = headers
  const elsewhere = body.replaceAll('halden.atlassian.example', 'evil.atlassian.example')
  const cases = [
    ['signature wrong', signed(body, 'a guess')],
    ['signature wrong', { headers, rawBody: Buffer.from(body.replace('Slides', 'Budget')) }],
    ['signature wrong', { headers, rawBody: Buffer.from(JSON.stringify(JSON.parse(body), null, 1)) }],
    ['signature missing', { headers: unsigned, rawBody: Buffer.from(body) }],
    ['another site', signed(elsewhere)],
    ['not JSON', signed('<html>')],
    ['not about an issue', signed('{"webhookEvent":"project_created"}')],
  ] as const
  const rows = async () => (await world.pool.query('SELECT id FROM inbox')).rows.length
  const before = await rows()
  for (const [because, posted] of cases) {
    assert.deepEqual(await acceptWebhook(world.ports, world.webhooks, posted), { kind: 'refused', because })
  }
  assert.equal(await rows(), before)
  await world.settle()
  assert.deepEqual(world.standIns.jira.tickets().at(-1)?.comments, [])
})

test('a genuine webhook is no more than a reason to look: its own words grant nothing [R119, I17]', async () => {
  const ticket = world.standIns.jira.tickets().at(-1) ?? assert.fail()
  const lie = JSON.stringify({
    timestamp: world.clock.now(),
    webhookEvent: 'jira:issue_updated',
    issue: {
      id: ticket.id,
      key: ticket.key,
      self: `https://halden.atlassian.example/rest/api/2/issue/${ticket.id}`,
      fields: { status: { name: 'Approved' }, customfield_10203: { value: 'No end' } },
    },
  })
  const posted = {
    headers: { 'x-hub-signature': signatureOf(world.standIns.webhookSecret, lie) },
    rawBody: Buffer.from(lie),
  }
  assert.deepEqual(await acceptWebhook(world.ports, world.webhooks, posted), { kind: 'received' })
  await world.pass(5_000)
  assert.equal(statusOf(world, ticket.key), 'Waiting for approval')
  assert.deepEqual(await typesOf(world, ticket.key), ['RequestSubmitted'])
})

test('a webhook about a ticket that does not exist, or is none of ours, is worked and forgotten', async () => {
  for (const issueKey of ['ACCESS-9999', 'PAYROLL-1']) {
    const about = { id: '99999', key: issueKey, self: 'https://halden.atlassian.example/rest/api/2/issue/99999' }
    const body = JSON.stringify({ timestamp: 1, webhookEvent: 'jira:issue_created', issue: about })
    const posted = {
      headers: { 'x-hub-signature': signatureOf(world.standIns.webhookSecret, body) },
      rawBody: Buffer.from(body),
    }
    assert.deepEqual(await acceptWebhook(world.ports, world.webhooks, posted), { kind: 'received' })
  }
  await world.settle()
  const { rows } = await world.pool.query('SELECT id FROM inbox WHERE due_at IS NOT NULL')
  assert.deepEqual(rows, [])
})

test('the evidence of these stories holds', async () => {
  assert.deepEqual(world.log, [])
  await holds(world)
})
