import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { publishCatalog } from '#engine/handle/publish-catalog.ts'
import { requestReads } from '#engine/read/requests.ts'
import { inWords } from '#surfaces/words/refusals.ts'
import { holds } from './holds.ts'
import {
  approve,
  ask,
  changesOf,
  grantOf,
  groupIdOf,
  groupsOfRole,
  isMember,
  notedOn,
  person,
  proofsOf,
  recordsOf,
  requestIdOf,
  saidOn,
  somebody,
  statusOf,
  wayOf,
} from './seen.ts'
import { lost, status } from './wire.ts'
import { fromPeopleOnly, hours, openWorld, START, type World } from './world.ts'

let world: World
before(async () => {
  world = await openWorld()
  world.onTheWay = fromPeopleOnly
})
after(() => world.close())

const ROLE = 'aws-on-call-engineer'
const LATE = ['github-release-rollback', 'status-page-editors']
const BUSY = {
  errorCode: 'E0000010',
  errorSummary: 'Service is in read only mode',
  errorId: 'oaeBusyBusyBusyBusyBusyBu',
}

/** Okta answers every write to these groups, and to no others, that it is busy. */
function holdUp(groups: readonly string[]): void {
  const ids = groups.map((name) => `/groups/${groupIdOf(world, name)}/users/`)
  world.wires.okta.bend((request, go) => {
    const held = request.method !== 'GET' && ids.some((id) => request.url.includes(id))
    return held ? status(503, JSON.stringify(BUSY), { 'content-type': 'application/json' }) : go()
  })
}

const onCall = () => somebody(world, { managerId: person(world, 'Nikhil Rao').id })

const view = (key: string) =>
  requestReads(world.pool, { issueUrl: () => null, inWords })
    .view(requestIdOf(world, key))
    .then((found) => found ?? assert.fail())

test('while three of five groups are there, the request says so and its window does not start [R035, R036]', async () => {
  const asked = world.company.cases.roleOfFiveGroups
  holdUp(LATE)
  const key = await ask(world, asked)
  await approve(world, key, asked.then.kind === 'answered by' ? (asked.then.personIds[0] ?? '') : '')
  await world.pass(hours(3))
  const { state, confirmedGroups, groupCount, startsAt } = await view(key)
  assert.deepEqual([state, confirmedGroups, groupCount, startsAt], ['being granted', 3, 5, null])
  assert.equal(statusOf(world, key), 'Approved')
  const completeBy = Date.parse((await grantOf(world, key)).opened?.completeBy ?? '')
  assert.equal(completeBy - START, hours(24), 'of a week the groups may be waited for a day')
  const confirmed = (await recordsOf(world, key)).filter((each) => each.type === 'GroupConfirmed')
  assert.deepEqual(
    confirmed.map(({ data }) => [data['confirmed'], data['of']]),
    [
      [1, 5],
      [2, 5],
      [3, 5],
    ],
  )
})

test('agents read what the vendor said, once for each change, and the requester is spared it [R036]', async () => {
  const [key = ''] = world.standIns.jira.tickets().map((each) => each.key)
  const trouble = notedOn(world, key).filter((words) => words.startsWith('The directory did not carry out a change'))
  assert.equal(trouble.length, LATE.length)
  for (const words of trouble) {
    assert.match(words, /Answer unavailable: it is tried again until it is proven/)
    assert.match(words, /The vendor said 503 .*E0000010.*Service is in read only mode/)
  }
  assert.equal(saidOn(world, key).length, 2)
})

test('when the last group follows, one window starts for all five, and ends for all at one instant [R035, R039, R045]', async () => {
  const [key = ''] = world.standIns.jira.tickets().map((each) => each.key)
  world.wires.okta.bend(null)
  await world.pass(hours(1))
  const { status: stands, startsAt, endsAt } = await grantOf(world, key)
  assert.equal(stands, 'live')
  assert.ok(Date.parse(startsAt ?? '') > START + hours(3), 'the window starts when the last group was read back')
  assert.equal(Date.parse(endsAt ?? ''), Date.parse(startsAt ?? '') + hours(168))
  const types = (await recordsOf(world, key)).map((each) => each.type)
  assert.equal(types.filter((type) => type === 'WindowStarted').length, 1)

  const { personId } = world.company.cases.roleOfFiveGroups
  const endAt = Date.parse(endsAt ?? '')
  await world.pass(endAt - world.clock.now() - 1)
  for (const group of groupsOfRole(world, ROLE)) assert.equal(isMember(world, group, personId), true, group)
  await world.pass(10_000)
  for (const group of groupsOfRole(world, ROLE)) assert.equal(isMember(world, group, personId), false, group)
  const removals = world.standIns.okta.truth.changeLog.filter((each) => each.op === 'remove')
  assert.deepEqual(
    removals.map((each) => each.at - endAt),
    [0, 0, 0, 0, 0],
  )
  assert.equal(statusOf(world, key), 'Access ended')
  assert.equal((await proofsOf(world, key)).length, 10)
})

/** The bound is data: a day as shipped, and less where the catalog says so. */
async function mustBeCompleteWithin(bound: number): Promise<void> {
  const catalog = { ...world.company.catalog, completeWithinHours: bound }
  assert.equal(await publishCatalog(world.ports, catalog, { kind: 'operator', name: 'test' }), null)
}

for (const [asked, within, bound] of [
  [168, 4, 4],
  [6, 24, 6],
] as const) {
  test(`asked for ${asked} hours, to be complete within ${within}, and incomplete after ${bound}: what was added is taken back, and the request fails with an owner [R036]`, async () => {
    const { id: personId } = onCall()
    await mustBeCompleteWithin(within)
    holdUp(LATE)
    const key = await ask(world, { personId, appId: 'aws', roleId: ROLE, hours: asked, reason: 'On call.' })
    await approve(world, key, person(world, 'Nikhil Rao').id)
    const until = Date.parse((await grantOf(world, key)).opened?.completeBy ?? '')
    assert.equal(Math.round((until - world.clock.now()) / hours(1)), bound)
    await world.pass(until - world.clock.now() - 1)
    assert.equal(changesOf(world, personId).length, 3)
    assert.equal((await grantOf(world, key)).status, 'opening')

    await world.pass(60_000)
    assert.deepEqual(
      changesOf(world, personId).map((each) => each.split(' ')[0]),
      ['add', 'add', 'add', 'remove', 'remove', 'remove'],
    )
    world.wires.okta.bend(null)
    await world.pass(hours(1))
    assert.deepEqual(wayOf(world, key), ['Submitted', 'Waiting for approval', 'Approved', 'Failed'])
    for (const group of groupsOfRole(world, ROLE)) assert.equal(isMember(world, group, personId), false, group)
    const [, , late, owned, ...more] = saidOn(world, key)
    assert.equal(
      late,
      'The access could not be completed in time (3 of 5 groups were read back). What was added is being taken back.',
    )
    assert.equal(
      owned,
      'The access was not given: what had been added was taken back. Nikhil Rao owns this and has to look into it. Ask again afterwards.',
    )
    assert.deepEqual(more, [])
    const { released } = await grantOf(world, key)
    assert.deepEqual(released.map((each) => each.how).sort(), [
      'never added',
      'never added',
      'removed',
      'removed',
      'removed',
    ])
    assert.ok(released.every((each) => each.readAt !== null))
  })
}

test('an add of which no answer ever came is taken back like the others when its time is over [R055, I1]', async () => {
  const { id: personId } = onCall()
  await mustBeCompleteWithin(1)
  const [unheard = ''] = LATE
  const url = `/groups/${groupIdOf(world, unheard)}/users/`
  let deafFrom: 'the first add' | 'now' | 'never' = 'the first add'
  world.wires.okta.bend((request, go) => {
    if (request.method === 'PUT' && deafFrom === 'the first add') deafFrom = 'now'
    if (request.method === 'PUT' && request.url.includes(url)) return lost(go)
    // From then on memberships cannot be read either, so that nothing tells that the add has worked.
    return deafFrom === 'now' && /\/users\/\w+\/groups|\/groups\/\w+\/users\?/.test(request.url) ? status(503) : go()
  })
  const key = await ask(world, { personId, appId: 'aws', roleId: ROLE, hours: 6, reason: 'On call.' })
  await approve(world, key, person(world, 'Nikhil Rao').id)
  await world.pass(hours(2))
  assert.equal(isMember(world, unheard, personId), true)
  assert.equal((await grantOf(world, key)).status, 'ending')
  deafFrom = 'never'
  await world.pass(hours(1))
  assert.equal(isMember(world, unheard, personId), false)
  assert.equal(statusOf(world, key), 'Failed')
  assert.equal((await grantOf(world, key)).status, 'failed')
  assert.ok((await proofsOf(world, key)).includes(`add ${unheard}: found by read-back`))
})

test('the evidence of these stories holds', async () => {
  assert.deepEqual(world.log, [])
  await holds(world)
})
