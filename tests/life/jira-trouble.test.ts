import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { HttpRequest } from '#connectors/kit/io.ts'
import { HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import { startPolling } from '#surfaces/jira/poll-tickets.ts'
import { holds } from './holds.ts'
import { changesOf, isMember, messagesOn, notedOn, person, saidOn, somebody, statusOf, typesOf, wayOf } from './seen.ts'
import { halfOf, html, lost, status, unreachable, type Bend } from './wire.ts'
import { openWorld, type World } from './world.ts'

let world: World
before(async () => void (world = await openWorld()))
after(() => world.close())
afterEach(() => world.wires.jira.bend(null))

const GROUP = 'production-database-readers'
const OWNER = 'Quentin Moreau'
const ASKED = {
  appId: 'production-database',
  roleId: 'production-database-reader',
  hours: 1,
  reason: 'A support case.',
}

/** `POST /rest/api/3/issue/{}/comment`: calls of one kind. */
function kindOf({ method, url }: HttpRequest): string {
  return `${method} ${new URL(url).pathname.replace(/(issue|request)\/[^/]+/, '$1/{}')}`
}

/** The first two calls of every kind go wrong, and again after every step. */
function twiceOfEach(bad: Bend): { readonly bend: Bend; readonly kinds: Set<string>; nextStep(): void } {
  const counts = new Map<string, number>()
  const kinds = new Set<string>()
  return {
    kinds,
    nextStep: () => counts.clear(),
    bend(request, go) {
      const kind = kindOf(request)
      const count = (counts.get(kind) ?? 0) + 1
      counts.set(kind, count)
      if (count > 2) return go()
      kinds.add(kind)
      return bad(request, go)
    },
  }
}

/** From the question to the end of the window, with time for whoever has to wait. */
async function wholeLife(nextStep: () => void): Promise<{ readonly key: string; readonly personId: string }> {
  const { id: personId } = somebody(world, { department: 'Engineering' })
  const key = await world.people.ask(personId, ASKED)
  await world.pass(20 * MINUTE_MS)
  nextStep()
  const answered = await world.people.answer(person(world, OWNER).id, key, 'approve')
  assert.equal(answered.status, 200, answered.body)
  await world.pass(20 * MINUTE_MS)
  assert.equal(isMember(world, GROUP, personId), true)
  nextStep()
  await world.pass(HOUR_MS)
  assert.equal(isMember(world, GROUP, personId), false, 'the end of access does not wait for Jira')
  await world.pass(10 * MINUTE_MS)
  return { key, personId }
}

const EVERY_KIND = [
  'GET /rest/api/3/issue/{}',
  'GET /rest/api/3/issue/{}/changelog',
  'GET /rest/api/3/issue/{}/comment',
  'GET /rest/api/3/issue/{}/transitions',
  'GET /rest/servicedeskapi/request/{}',
  'GET /rest/servicedeskapi/request/{}/approval',
  'POST /oauth/token',
  'POST /rest/api/3/issue/{}/comment',
  'POST /rest/api/3/issue/{}/transitions',
  'POST /rest/api/3/search/jql',
  'PUT /rest/api/3/issue/{}',
]

const troubles: readonly (readonly [what: string, bad: Bend])[] = [
  ['503', () => status(503, '<h1>Service unavailable</h1>')],
  ['503 with a wait', () => status(503, '', { 'retry-after': '20' })],
  ['429 about a burst', () => status(429, '{}', { 'retry-after': '2', 'ratelimit-reason': 'jira-burst-based' })],
  ['an HTML page', () => html()],
  ['an empty 200', () => status(200)],
  ['half a JSON', (_, go) => halfOf(go())],
  ['no connection', () => unreachable()],
  ['a connection that breaks after the effect', (_, go) => lost(go)],
  ['a 500 after the effect', (_, go) => (go(), status(500, '{"message":"Internal error","code":500}'))],
]

for (const [what, bad] of troubles) {
  test(`${what}, twice at each step for every kind of call: each thing is said once and done once, and nothing is lost`, async () => {
    const { bend, kinds, nextStep } = twiceOfEach(bad)
    // The token of an hour ends on the way, and the poll asks its own question: these kinds meet trouble as well.
    await world.pass(HOUR_MS)
    world.wires.jira.bend(bend)
    await startPolling(world.ports, world.clock.now() + 5 * MINUTE_MS)
    const { key, personId } = await wholeLife(nextStep)
    await world.pool.query(`DELETE FROM timer WHERE kind = 'poll tickets'`)
    assert.deepEqual([...kinds].sort(), EVERY_KIND)
    assert.deepEqual(wayOf(world, key), [
      'Submitted',
      'Waiting for approval',
      'Approved',
      'Access live',
      'Access ended',
    ])
    assert.deepEqual(changesOf(world, personId), [`add ${GROUP} by client`, `remove ${GROUP} by client`])
    assert.deepEqual(
      saidOn(world, key).map((words) => words.split(' ').slice(0, 4).join(' ')),
      ['This waits for an', 'Quentin Moreau approved as', 'The access is live:', 'The access has ended:'],
    )
    assert.equal(notedOn(world, key).length, 3)
    assert.equal(new Set(messagesOn(world, key)).size, 7)
  })
}

test('the quota of the hour is used up: nothing is asked before the next hour, and then all is told', async () => {
  const { id: personId } = somebody(world, { department: 'Engineering' })
  await world.pass(HOUR_MS - (world.clock.now() % HOUR_MS) + 10 * MINUTE_MS)
  const nextHour = Math.ceil(world.clock.now() / HOUR_MS) * HOUR_MS
  world.wires.jira.bend((request, go) => {
    if (world.clock.now() >= nextHour || request.url.endsWith('/oauth/token')) return go()
    return status(429, '{}', { 'retry-after': '60', 'ratelimit-reason': 'jira-quota-global-based' })
  })
  const key = await world.people.ask(personId, ASKED)
  await world.pass(MINUTE_MS)
  const before = world.wires.jira.sent.length
  await world.pass(nextHour - world.clock.now() - 1)
  assert.ok(world.wires.jira.sent.length - before <= 2, 'whoever was told to wait for the hour waits')
  await world.pass(MINUTE_MS)
  assert.equal(statusOf(world, key), 'Waiting for approval')
  assert.equal((await world.people.answer(person(world, OWNER).id, key, 'decline')).status, 200)
  await world.pass(MINUTE_MS)
})

test('Jira is away for hours while a window ends: access ends on time, and the ticket is told afterwards, in order [R045]', async () => {
  const { id: personId } = somebody(world, { department: 'Engineering' })
  const key = await world.people.ask(personId, ASKED)
  await world.settle()
  assert.equal((await world.people.answer(person(world, OWNER).id, key, 'approve')).status, 200)
  await world.pass(MINUTE_MS)
  world.wires.jira.bend(() => unreachable())
  await world.pass(HOUR_MS)
  assert.equal(isMember(world, GROUP, personId), false)
  assert.equal(statusOf(world, key), 'Access live')
  await world.pass(HOUR_MS)
  world.wires.jira.bend(null)
  await world.pass(10 * MINUTE_MS)
  assert.equal(statusOf(world, key), 'Access ended')
  assert.match(saidOn(world, key).at(-1) ?? '', /^The access has ended/)
  assert.match(notedOn(world, key).at(-1) ?? '', /^Removed and read back/)
})

test('Tenure may not ask on the ticket for a while: the operator is told, and it is asked as soon as it may be [R036]', async () => {
  const { id: personId } = somebody(world, { department: 'Engineering' })
  const forbidden = status(403, JSON.stringify({ errorMessages: ['You do not have permission to edit issues.'] }))
  world.wires.jira.bend((request, go) => (request.method === 'PUT' ? forbidden : go()))
  const key = await world.people.ask(personId, ASKED)
  await world.pass(10 * MINUTE_MS)
  assert.equal(statusOf(world, key), 'Submitted')
  const told = world.log.filter((line) => line.includes(key) && line.includes('You do not have permission'))
  assert.ok(told.length >= 2, world.log.join())
  world.wires.jira.bend(null)
  await world.pass(5 * MINUTE_MS)
  assert.equal(statusOf(world, key), 'Waiting for approval')
  assert.equal(saidOn(world, key).length, 1)
  assert.equal((await world.people.answer(person(world, OWNER).id, key, 'decline')).status, 200)
  await world.pass(MINUTE_MS)
})

test('the site does not hand out properties with its comments: each message is looked up, and still said once', async () => {
  const { id: personId } = somebody(world, { department: 'Engineering' })
  world.wires.jira.bend((request, go) => {
    const answer = go()
    if (request.method !== 'GET' || !kindOf(request).endsWith('/comment')) return answer
    const page = JSON.parse(answer.body) as { comments: Record<string, unknown>[] }
    return {
      ...answer,
      body: JSON.stringify({ ...page, comments: page.comments.map((each) => ({ ...each, properties: undefined })) }),
    }
  })
  const key = await world.people.ask(personId, ASKED)
  await world.settle()
  let posts = 0
  const { bend } = twiceOfEach((request, go) => (request.method === 'POST' && (posts += 1) ? lost(go) : go()))
  world.wires.jira.bend(bend)
  assert.equal((await world.people.answer(person(world, OWNER).id, key, 'decline')).status, 200)
  await world.pass(10 * MINUTE_MS)
  assert.deepEqual(await typesOf(world, key), ['RequestSubmitted', 'RequestDeclined'])
  assert.equal(messagesOn(world, key).length, 2)
})

test('the evidence of these stories holds', async () => {
  assert.deepEqual(
    world.log.filter((line) => !line.includes('You do not have permission')),
    [],
  )
  await holds(world)
})
