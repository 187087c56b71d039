import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { holds } from './holds.ts'
import {
  approve,
  ask,
  askAndApprove,
  changesOf,
  grantIdOf,
  grantOf,
  isMember,
  person,
  proofsOf,
  recordsOf,
  saidOn,
  somebody,
  statusOf,
} from './seen.ts'
import { fromPeopleOnly, hours, openWorld, type World } from './world.ts'

let world: World
before(async () => {
  world = await openWorld()
  world.onTheWay = fromPeopleOnly
})
after(() => world.close())

const SHARED = 'datadog-responders'

test('requester and approver are told that an earlier request holds a group already [N07]', async () => {
  const { roleOfFiveGroups, secondWindowOnOneGroup } = world.company.cases
  await askAndApprove(world, roleOfFiveGroups)
  const key = await ask(world, secondWindowOnOneGroup)
  assert.match(
    saidOn(world, key)[0] ?? '',
    /datadog-responders held already by another request: this one keeps it until its own end/,
  )
})

test('the first of two windows on a group ends, the membership stays, and the ticket says why [R050, N07, I2]', async () => {
  const [long = '', short = ''] = world.standIns.jira.tickets().map((each) => each.key)
  const { personId } = world.company.cases.roleOfFiveGroups
  await approve(world, short, person(world, 'Nikhil Rao').id)
  assert.equal(statusOf(world, short), 'Access live')
  assert.deepEqual(await proofsOf(world, short), [], 'a second reason changes nothing at the provider')

  await world.pass(hours(25))
  assert.equal(isMember(world, SHARED, personId), true)
  assert.equal(statusOf(world, short), 'Access ended')
  assert.equal(
    saidOn(world, short).at(-1),
    'The access has ended: Datadog, Responder. Its window ended; nothing had to be removed; datadog-responders stays, because another request holds it.',
  )
  const { released } = await grantOf(world, short)
  assert.deepEqual(
    released.map(({ how, otherReasons }) => [how, otherReasons]),
    [['kept', [grantIdOf(world, long)]]],
  )
  assert.equal(statusOf(world, long), 'Access live')
})

test('the last window that holds it ends, and only then it is removed, once [R050, N07, I1]', async () => {
  const [long = ''] = world.standIns.jira.tickets().map((each) => each.key)
  const { personId } = world.company.cases.roleOfFiveGroups
  await world.pass(hours(168))
  assert.equal(statusOf(world, long), 'Access ended')
  const shared = changesOf(world, personId).filter((each) => each.includes(SHARED))
  assert.deepEqual(shared, [`add ${SHARED} by client`, `remove ${SHARED} by client`])
})

test('the longer window is revoked first: its other groups go, the shared one stays until the shorter ends [R050, R054, N07]', async () => {
  const { id: personId } = somebody(world, { managerId: person(world, 'Nikhil Rao').id })
  const manager = person(world, 'Nikhil Rao').id
  const long = await ask(world, {
    personId,
    appId: 'aws',
    roleId: 'aws-on-call-engineer',
    hours: 168,
    reason: 'On call.',
  })
  await approve(world, long, manager)
  const short = await ask(world, {
    personId,
    appId: 'datadog',
    roleId: 'datadog-responder',
    hours: 24,
    reason: 'Alerts.',
  })
  await approve(world, short, manager)
  assert.equal((await world.people.move(personId, long, 'Revoke access')).status, 204)
  await world.pass(5_000)
  assert.equal(statusOf(world, long), 'Access ended')
  assert.match(
    saidOn(world, long).at(-1) ?? '',
    /It was revoked; .+ were removed, and read back .*; datadog-responders stays, because another request holds it\.$/,
  )
  assert.equal(changesOf(world, personId).filter((each) => each.startsWith('remove')).length, 4)
  assert.equal(isMember(world, SHARED, personId), true)
  await world.pass(hours(24))
  assert.equal(isMember(world, SHARED, personId), false)
  assert.equal(statusOf(world, short), 'Access ended')
})

test('two windows on a group that end at the same instant remove it once, and both tickets end [R050, N07, I12]', async () => {
  const { id: personId } = somebody(world, { managerId: person(world, 'Nikhil Rao').id })
  const manager = person(world, 'Nikhil Rao').id
  const keys = [
    await ask(world, { personId, appId: 'aws', roleId: 'aws-on-call-engineer', hours: 24, reason: 'On call.' }),
    await ask(world, { personId, appId: 'datadog', roleId: 'datadog-responder', hours: 24, reason: 'Alerts.' }),
  ]
  for (const key of keys) assert.equal((await world.people.answer(manager, key, 'approve')).status, 200)
  await world.pass(5_000)
  const ends = await Promise.all(keys.map(async (key) => (await grantOf(world, key)).endsAt))
  assert.equal(ends[0], ends[1])
  await world.pass(hours(24))
  assert.deepEqual(
    keys.map((key) => statusOf(world, key)),
    ['Access ended', 'Access ended'],
  )
  const shared = changesOf(world, personId).filter((each) => each.includes(SHARED))
  assert.deepEqual(shared, [`add ${SHARED} by client`, `remove ${SHARED} by client`])
  const removals = (await Promise.all(keys.map((key) => recordsOf(world, key))))
    .flat()
    .filter((each) => each.type === 'ChangeProven' && each.data['do'] === 'remove' && each.stream.endsWith(personId))
  assert.equal(new Set(removals.map((each) => each.data['changeId'])).size, 5)
})

test('the evidence of these stories holds', async () => {
  assert.deepEqual(world.log, [])
  await holds(world)
})
