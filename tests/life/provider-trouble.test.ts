import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Habit } from '#connectors/okta/stand-in/habits.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import { holds } from './holds.ts'
import {
  ask,
  changesOf,
  grantOf,
  groupIdOf,
  isMember,
  notedOn,
  person,
  personOf,
  proofsOf,
  recordsOf,
  saidOn,
  somebody,
  statusOf,
  typesOf,
} from './seen.ts'
import { halfOf, html, lost, status, unreachable, type Bend } from './wire.ts'
import { fromPeopleOnly, hours, openWorld, type World } from './world.ts'

let world: World
before(async () => {
  world = await openWorld()
  world.onTheWay = fromPeopleOnly
})
after(() => world.close())
afterEach(() => {
  world.wires.okta.bend(null)
  world.standIns.okta.hands.setOutage(false)
  world.standIns.okta.hands.setLag(0)
})

const OWNER = 'Sakura Ito'
const GROUP = 'figma-editors'
const DAY = 24

/** Asked, and answered by the owner of the role: what follows is Okta's. */
async function approved(): Promise<{ readonly key: string; readonly personId: string }> {
  const { id: personId } = somebody(world, { department: 'Sales' })
  const key = await ask(world, { personId, appId: 'figma', roleId: 'figma-editor', hours: DAY, reason: 'Slides.' })
  const answered = await world.people.answer(person(world, OWNER).id, key, 'approve')
  assert.equal(answered.status, 200)
  return { key, personId }
}

const isWrite: (method: 'PUT' | 'DELETE') => (request: { readonly method: string; readonly url: string }) => boolean =
  (method) => (request) =>
    request.method === method && request.url.includes('/users/')

/** The whole story went well in the end: one change each way, and nothing claimed before it was so. */
async function endedWell({ key, personId }: { readonly key: string; readonly personId: string }): Promise<void> {
  await world.pass(hours(DAY) + 2 * HOUR_MS)
  assert.equal(statusOf(world, key), 'Access ended')
  assert.deepEqual(changesOf(world, personId), [`add ${GROUP} by client`, `remove ${GROUP} by client`])
  const proven = (await recordsOf(world, key)).filter((each) => each.type === 'ChangeProven')
  assert.deepEqual(
    proven.map(({ data }) => data['do']),
    ['add', 'remove'],
  )
}

test('an outage while access is given: never "live" before it was read back, and then it goes on by itself [R036, R037]', async () => {
  world.wires.okta.bend((request, go) => (request.method === 'PUT' ? unreachable() : go()))
  const story = await approved()
  await world.settle()
  world.wires.okta.bend(() => status(503, '{"errorCode":"E0000010"}'))
  await world.pass(hours(3))
  assert.equal(statusOf(world, story.key), 'Approved')
  assert.equal((await grantOf(world, story.key)).status, 'opening')
  assert.equal(saidOn(world, story.key).length, 2)
  const [trouble] = notedOn(world, story.key).slice(-1)
  assert.match(
    trouble ?? '',
    /^The directory did not carry out a change Answer unavailable: it is tried again until it is proven The vendor said no whole answer: connection refused/,
  )
  world.wires.okta.bend(null)
  await world.pass(6 * MINUTE_MS)
  assert.equal(statusOf(world, story.key), 'Access live')
  await endedWell(story)
})

test('an outage while access is taken: never "ended" before the absence was read, and retried for ever [R036, R055, N05]', async () => {
  const story = await approved()
  await world.pass(hours(DAY) - MINUTE_MS)
  world.standIns.okta.hands.setOutage(true)
  await world.pass(hours(3))
  assert.equal(statusOf(world, story.key), 'Access live')
  assert.equal((await grantOf(world, story.key)).status, 'ending')
  assert.match(notedOn(world, story.key).at(-1) ?? '', /The vendor said .*503/)
  const sent = world.wires.okta.sent.length
  await world.pass(hours(1))
  const tries = world.wires.okta.sent.length - sent
  assert.ok(tries >= 12 && tries <= 120, `${tries} calls in an hour of outage`)
  world.standIns.okta.hands.setOutage(false)
  await endedWell(story)
})

const habits: readonly Habit[] = [
  '429',
  '429 for a moment',
  '429 without headers',
  '429 with a reset in the past',
  '429 about calls at once',
  '401',
  '500',
  'HTML login page',
  'redirect to a login page',
  'half a JSON',
  'error in a 200',
]

for (const habit of habits) {
  test(`Okta answers the write with ${habit}, five times, and the reads as well: once more, then done [R037, I23]`, async () => {
    const story = await approved()
    world.standIns.okta.hands.misbehave(habit, { times: 5, when: (request) => request.url.includes('/users/') })
    await world.pass(20 * MINUTE_MS)
    assert.equal(statusOf(world, story.key), 'Access live')
    world.standIns.okta.hands.misbehave(habit, { times: 5, when: isWrite('DELETE') })
    await endedWell(story)
  })
}

test('the vendor says when to come back, and nobody comes sooner [R037]', async () => {
  const story = await approved()
  world.standIns.okta.hands.misbehave('429', { times: 1, when: isWrite('PUT') })
  const asked = world.clock.now()
  await world.settle()
  const before = world.wires.okta.sent.length
  await world.pass(29 * SECOND_MS - (world.clock.now() - asked))
  assert.equal(world.wires.okta.sent.length, before)
  await world.pass(MINUTE_MS)
  assert.equal(statusOf(world, story.key), 'Access live')
  await endedWell(story)
})

const losses: readonly (readonly [what: string, bend: Bend])[] = [
  ['the connection breaks after the effect', (_, go) => lost(go)],
  ['a 500 comes after the effect', (_, go) => (go(), status(500, '{"errorCode":"E0000009"}'))],
  ['an HTML page comes after the effect', (_, go) => (go(), html())],
  ['half a body comes after the effect', (_, go) => halfOf({ ...go(), body: '{"id":"x"}' })],
]

for (const [what, bend] of losses) {
  test(`${what}: found by reading back, sent once, and on record once [I23, I27]`, async () => {
    const story = await approved()
    let puts = 0
    world.wires.okta.bend((request, go) => {
      if (!isWrite('PUT')(request)) return go()
      puts += 1
      return bend(request, go)
    })
    await world.pass(5_000)
    assert.equal(statusOf(world, story.key), 'Access live')
    assert.equal(puts, 1)
    assert.deepEqual(await proofsOf(world, story.key), [`add ${GROUP}: found by read-back`])
    world.wires.okta.bend((request, go) => (isWrite('DELETE')(request) ? bend(request, go) : go()))
    await endedWell(story)
    assert.deepEqual(await proofsOf(world, story.key), [
      `add ${GROUP}: found by read-back`,
      `remove ${GROUP}: found by read-back`,
    ])
  })
}

test('the request never arrived: a read shows no effect, and it is sent again under the same id [I23, I12]', async () => {
  const story = await approved()
  let puts = 0
  world.wires.okta.bend((request, go) => (isWrite('PUT')(request) && (puts += 1) === 1 ? unreachable() : go()))
  await world.pass(60_000)
  assert.equal(statusOf(world, story.key), 'Access live')
  const types = await typesOf(world, story.key)
  assert.equal(types.filter((type) => type === 'ChangeIntended').length, 1)
  assert.ok((await recordsOf(world, story.key)).some((each) => each.type === 'ChangeProven'))
  assert.equal(puts, 2)
  await endedWell(story)
})

for (const [what, lagMs] of [
  ['20 seconds', 20 * SECOND_MS],
  ['five minutes', 5 * MINUTE_MS],
] as const) {
  test(`reads lie ${what} behind: a stale read proves nothing, neither that it is there nor that it is gone [R039, I23]`, async () => {
    world.standIns.okta.hands.setLag(lagMs)
    const story = await approved()
    await world.pass(lagMs - 2 * SECOND_MS)
    assert.equal(isMember(world, GROUP, story.personId), true)
    assert.equal(statusOf(world, story.key), 'Approved')
    await world.pass(2 * MINUTE_MS)
    assert.equal(statusOf(world, story.key), 'Access live')
    await world.pass(Date.parse((await grantOf(world, story.key)).endsAt ?? '') - world.clock.now() + lagMs / 2)
    assert.equal(isMember(world, GROUP, story.personId), false)
    assert.equal(statusOf(world, story.key), 'Access live')
    await endedWell(story)
  })
}

test('the group is deleted while the add is under way: the request fails in words, and has an owner [R036, I30]', async () => {
  const story = await approved()
  const group = groupIdOf(world, GROUP)
  const gone = status(
    404,
    JSON.stringify({ errorCode: 'E0000007', errorSummary: `Not found: Resource not found: ${group} (UserGroup)` }),
  )
  world.wires.okta.bend((request, go) => (request.url.includes(`/groups/${group}`) ? gone : go()))
  await world.pass(hours(1))
  assert.equal(statusOf(world, story.key), 'Failed')
  const [refused, owned] = saidOn(world, story.key).slice(-2)
  assert.equal(
    refused,
    'The directory refused a part of the access for good (0 of 1 groups were read back). What was added is being taken back.',
  )
  assert.match(owned ?? '', /^The access was not given: .* Rosalind Achterberg owns this/)
  assert.match(
    notedOn(world, story.key).join(),
    /Answer rejected: no such group The vendor said Okta knows no such group/,
  )
})

test('our scope is lost mid-run: nothing is called gone because nothing can be seen, and it goes on when the scope is back [R036, I23]', async () => {
  const story = await approved()
  await world.pass(hours(DAY) - MINUTE_MS)
  assert.equal(statusOf(world, story.key), 'Access live')
  world.standIns.okta.hands.setAdminRole(false)
  await world.pass(hours(6))
  assert.equal((await grantOf(world, story.key)).status, 'ending')
  assert.equal(isMember(world, GROUP, story.personId), true)
  assert.match(notedOn(world, story.key).at(-1) ?? '', /Answer rejected: not allowed/)
  world.standIns.okta.hands.setAdminRole(true)
  await endedWell(story)
})

test('our tokens are revoked mid-run: a new one is fetched, and nobody notices [R037, R116]', async () => {
  const story = await approved()
  world.standIns.okta.hands.revokeTokens()
  await world.pass(5_000)
  assert.equal(statusOf(world, story.key), 'Access live')
  await endedWell(story)
})

test('the person is deactivated at Okta before the add: refused for good, and the owner of the app is named [R036, I22, I30]', async () => {
  const story = await approved()
  world.standIns.okta.hands.setStatus(personOf(world, story.personId).oktaId, 'DEPROVISIONED', world.clock.now())
  await world.pass(hours(1))
  assert.equal(statusOf(world, story.key), 'Failed')
  assert.deepEqual(
    changesOf(world, story.personId).filter((each) => each.endsWith('client')),
    [],
  )
})

test('the group is deleted while access is live: its end is proven all the same, by reading that it is gone [R045, R055]', async () => {
  const story = await approved()
  await world.pass(5_000)
  assert.equal(statusOf(world, story.key), 'Access live')
  world.standIns.okta.hands.deleteGroup(groupIdOf(world, GROUP), world.clock.now())
  await world.pass(hours(DAY) + 2 * HOUR_MS)
  assert.equal(statusOf(world, story.key), 'Access ended')
  assert.match(notedOn(world, story.key).join(), /Answer rejected: no such group/)
})

test('the evidence of these stories holds', async () => {
  assert.deepEqual(world.log, [])
  await holds(world)
})
