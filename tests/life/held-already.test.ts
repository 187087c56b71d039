import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { claimGroup } from '#engine/handle/claim-group.ts'
import { publishCatalog } from '#engine/handle/publish-catalog.ts'
import type { Company } from '#sandbox/company/company.ts'
import { holds } from './holds.ts'
import {
  approve,
  approversOf,
  ask,
  askAndApprove,
  changesOf,
  grantOf,
  groupIdOf,
  isMember,
  notedOn,
  person,
  personOf,
  proofsOf,
  recordsOf,
  requestOf,
  saidOn,
  statusOf,
  typesOf,
  wayOf,
} from './seen.ts'
import { status } from './wire.ts'
import { hours, openWorld, type World } from './world.ts'

let world: World
before(async () => void (world = await openWorld()))
after(() => world.close())

const operator = { kind: 'operator', name: 'test' } as const

test('requester and approver are told before the decision that another hand gave the group already [I4]', async () => {
  const asked = world.company.cases.heldByAnotherHand
  const key = await ask(world, asked)
  assert.match(
    saidOn(world, key)[0] ?? '',
    /looker-explorers held already, given by somebody else: an approval adopts it, and its end removes it/,
  )
  assert.deepEqual(
    (await requestOf(world, key)).submitted?.heldAlready.map((each) => each.by),
    ['another hand'],
  )
})

test('the approval adopts it: the record says that the add changed nothing, and the end of the window removes it [I4, R045]', async () => {
  const asked = world.company.cases.heldByAnotherHand
  const [key = ''] = world.standIns.jira.tickets().map((each) => each.key)
  await approve(world, key, approversOf(asked)[0] ?? '')
  assert.equal(statusOf(world, key), 'Access live')
  assert.deepEqual(await proofsOf(world, key), ['add looker-explorers: already so'])
  assert.deepEqual(changesOf(world, asked.personId), [])
  assert.match(notedOn(world, key).at(-1) ?? '', /Effect already so, nothing was changed/)
  await world.pass(hours(168))
  assert.deepEqual(changesOf(world, asked.personId), ['remove looker-explorers by client'])
  assert.deepEqual(await proofsOf(world, key), ['add looker-explorers: already so', 'remove looker-explorers: changed'])
  assert.equal(statusOf(world, key), 'Access ended')
})

test('adopted by a request that is never completed, a membership is left as it was found [I4, R057]', async () => {
  const sales = world.company.people.find(
    (each) => each.title === 'Account Executive' && each.active && isMember(world, 'salesforce-users', each.id),
  )
  const { id: personId = '', managerId } = sales ?? assert.fail()
  assert.equal(await publishCatalog(world.ports, { ...world.company.catalog, completeWithinHours: 1 }, operator), null)
  const key = await ask(world, {
    personId,
    appId: 'salesforce',
    roleId: 'salesforce-forecast-manager',
    hours: 168,
    reason: 'Standing in for the director.',
  })
  assert.match(saidOn(world, key)[0] ?? '', /salesforce-users held already, given by somebody else/)
  const forecasts = `/groups/${groupIdOf(world, 'salesforce-forecasts')}/users/`
  world.wires.okta.bend((request, go) => (request.url.includes(forecasts) ? status(503) : go()))
  await approve(world, key, managerId ?? '')
  await world.pass(hours(1))
  world.wires.okta.bend(null)
  await world.pass(hours(1))
  assert.equal(statusOf(world, key), 'Failed')
  assert.equal(isMember(world, 'salesforce-users', personId), true)
  assert.deepEqual(changesOf(world, personId), [])
  const released = (await recordsOf(world, key)).filter((each) => each.type === 'GroupReleased')
  assert.deepEqual(released.map(({ data }) => data['how']).sort(), ['kept', 'never added'])
  assert.match(saidOn(world, key).at(-1) ?? '', /^The access was not given/)
})

test('what a rule of the directory holds is refused, never adopted and never removed [I6, R057]', async () => {
  const asked = world.company.cases.heldByRule
  const key = await ask(world, asked)
  assert.deepEqual(wayOf(world, key), ['Submitted', 'Refused'])
  assert.equal(
    saidOn(world, key)[0],
    'A rule of the directory gives you "Viewer" already. Nothing was changed, and Tenure will not end it.',
  )
  assert.deepEqual(await typesOf(world, key), ['RequestRefused'])
  assert.equal(isMember(world, 'figma-viewers', asked.personId), true)
  assert.deepEqual(world.standIns.okta.truth.exclusions(asked.groupRuleId), [])
})

test('of a role with one group by rule and one to give, only the other is given, and taken [I6, R057]', async () => {
  const okta = (name: string) => ({ provider: 'okta', id: groupIdOf(world, name) })
  const both = roleWith(world.company, 'figma-editor', { groups: [okta('figma-viewers'), okta('figma-editors')] })
  assert.equal(await publishCatalog(world.ports, both, operator), null)
  const { id: personId } =
    world.company.people.find((each) => each.title === 'Product Manager' && each.active) ?? assert.fail()
  const key = await ask(world, { personId, appId: 'figma', roleId: 'figma-editor', hours: 24, reason: 'Fixing texts.' })
  assert.match(
    saidOn(world, key)[0] ?? '',
    /figma-viewers held already by a rule of the directory: it is left alone, and Tenure will not end it/,
  )
  await approve(world, key, person(world, 'Sakura Ito').id)
  assert.equal(statusOf(world, key), 'Access live')
  await world.pass(hours(24))
  assert.deepEqual(changesOf(world, personId), ['add figma-editors by client', 'remove figma-editors by client'])
  assert.equal(isMember(world, 'figma-viewers', personId), true)
  assert.equal(await publishCatalog(world.ports, world.company.catalog, operator), null)
})

test('a rule that takes a membership over while it is live is never fought: its removal waits for the rule [I6, R055]', async () => {
  const { groupRuleId } = world.company.cases.heldByRule
  const writer = world.company.people.find(
    (each) =>
      each.department === 'Marketing' && each.active && each.managerId && !isMember(world, 'figma-viewers', each.id),
  )
  const { id: personId = '', managerId, oktaId = '' } = writer ?? assert.fail()
  const key = await ask(world, { personId, appId: 'figma', roleId: 'figma-viewer', hours: 24, reason: 'Comments.' })
  await approve(world, key, managerId ?? '')
  assert.equal(statusOf(world, key), 'Access live')
  world.standIns.okta.hands.setProfile(oktaId, { department: 'Product' }, world.clock.now())
  await world.pass(hours(25))
  assert.equal((await grantOf(world, key)).status, 'ending')
  assert.notEqual(statusOf(world, key), 'Access ended')
  assert.deepEqual(world.standIns.okta.truth.exclusions(groupRuleId), [], 'a removal would poison the rule')
  assert.match(
    notedOn(world, key).at(-1) ?? '',
    /Answer rejected: membership comes from a rule The vendor said held by the rule/,
  )

  // The rule lets go, and takes the membership with it.
  world.standIns.okta.hands.setProfile(oktaId, { department: 'Marketing' }, world.clock.now())
  await world.pass(hours(2))
  assert.equal(isMember(world, 'figma-viewers', personId), false)
  assert.equal(statusOf(world, key), 'Access ended')
})

test('a role of an unclaimed group cannot be asked for, in words; claimed, it can [R117, I4]', async () => {
  const { unclaimedGroup, heldInUnclaimedGroup } = world.company.cases
  const key = await ask(world, unclaimedGroup)
  assert.deepEqual(wayOf(world, key), ['Submitted', 'Refused'])
  assert.match(
    saidOn(world, key)[0] ?? '',
    /^The role maps to the group "workday-payroll-viewers", which is not governed/,
  )
  const held = await ask(world, heldInUnclaimedGroup)
  assert.match(
    saidOn(world, held)[0] ?? '',
    /^You are in the group "workday-payroll-viewers" already, given by somebody else/,
  )

  assert.equal(await claimGroup(world.ports, { provider: 'okta', id: unclaimedGroup.groupId }, operator), null)
  assert.equal(isMember(world, 'workday-payroll-viewers', heldInUnclaimedGroup.personId), true)
  const again = await ask(world, unclaimedGroup)
  assert.equal((await world.people.answer(person(world, 'Ximena Duarte').id, again, 'approve')).status, 200)
  await world.pass(5_000)
  assert.equal(statusOf(world, again), 'Access live')
})

test('a group that an application feeds, or that is built in, is never claimed, and is refused by name [R117]', async () => {
  const { appGroup, everyoneGroup } = world.company.cases
  const claim = (id: string) => claimGroup(world.ports, { provider: 'okta', id }, operator)
  assert.deepEqual(await claim(appGroup.groupId), {
    code: 'not writable',
    detail: {
      group: 'Workday: All Workers',
      because: 'APP_GROUP: members come from the application that imported the group',
    },
  })
  const builtIn = await claim(everyoneGroup.groupId)
  assert.ok(typeof builtIn === 'object' && builtIn?.detail['because']?.startsWith('BUILT_IN:'))
  assert.equal(await claim('00gNobodyKnowsThis000'), 'no such group')
})

test('somebody takes the person out of the group by hand meanwhile: the end finds it gone, and says so [R045, R055]', async () => {
  const asked = { ...world.company.cases.contractorReadsNetSuite, hours: 24 }
  const key = await askAndApprove(world, asked)
  const { oktaId } = personOf(world, asked.personId)
  await world.pass(hours(1))
  world.standIns.okta.hands.removeByAdmin(groupIdOf(world, 'netsuite-read-only'), oktaId, world.clock.now())
  await world.pass(hours(24))
  assert.equal(statusOf(world, key), 'Access ended')
  assert.deepEqual(changesOf(world, asked.personId), [
    'add netsuite-read-only by client',
    'remove netsuite-read-only by admin',
  ])
  assert.match(saidOn(world, key).at(-1) ?? '', /^The access has ended: NetSuite, Read only\. Its window ended/)
})

test('the evidence of these stories holds', async () => {
  assert.deepEqual(world.log, [])
  await holds(world)
})

function roleWith(company: Company, roleId: string, change: Partial<Company['catalog']['roles'][number]>) {
  const { catalog } = company
  return { ...catalog, roles: catalog.roles.map((each) => (each.id === roleId ? { ...each, ...change } : each)) }
}
