import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { revokeGrant } from '#engine/handle/revoke-grant.ts'
import { holds } from './holds.ts'
import {
  approve,
  ask,
  changesOf,
  grantIdOf,
  grantOf,
  isMember,
  notedOn,
  person,
  personOf,
  proofsOf,
  recordsOf,
  saidOn,
  somebody,
  statusOf,
  wayOf,
} from './seen.ts'
import { status } from './wire.ts'
import { hours, openWorld, type World } from './world.ts'

let world: World
before(async () => void (world = await openWorld()))
after(() => world.close())

const OWNER = 'Sakura Ito'
const GROUP = 'figma-editors'

/** Live access to Figma for somebody new each time; the owner of the role approves, and nothing of it ends by itself. */
async function liveAccess(
  hoursAsked: number | null = null,
  managedBy?: string,
): Promise<{ readonly key: string; readonly personId: string }> {
  const { id: personId } = somebody(
    world,
    managedBy ? { managerId: person(world, managedBy).id } : { department: 'Marketing' },
  )
  const key = await ask(world, {
    personId,
    appId: 'figma',
    roleId: 'figma-editor',
    hours: hoursAsked,
    reason: 'Slides.',
  })
  await approve(world, key, person(world, OWNER).id)
  assert.equal(statusOf(world, key), 'Access live')
  return { key, personId }
}

const revokers = [
  ['the holder', null],
  ['their manager', 'Callum Reid'],
  ['the owner of the role', OWNER],
  ['the owner of the app', 'Rosalind Achterberg'],
  ['security', 'Hana Kim'],
  ['an administrator', 'Tove Nyberg'],
] as const

test('a revocation counts though the ticket was put elsewhere before anybody looked [R054]', async () => {
  const { key, personId } = await liveAccess()
  assert.equal((await world.people.move(personId, key, 'Revoke access')).status, 204)
  assert.equal((await world.people.transition(person(world, 'Tove Nyberg').id, key, '101')).status, 204)
  assert.equal(statusOf(world, key), 'Access live')

  await world.pass(1_000)

  assert.equal(isMember(world, GROUP, personId), false)
  assert.equal(statusOf(world, key), 'Access ended')
})

for (const [who, name] of revokers) {
  test(`${who} revokes from the ticket: it is removed at once, read back, and written on the ticket [R054, R055, R051]`, async () => {
    const { key, personId } = await liveAccess(null, name === 'Callum Reid' ? name : undefined)
    const by = name === null ? personOf(world, personId) : person(world, name)
    if (name === 'Callum Reid') letSee(key, by.jiraAccountId)
    const asked = world.clock.now()
    assert.equal((await world.people.move(by.id, key, 'Revoke access')).status, 204)
    await world.pass(1_000)
    assert.equal(isMember(world, GROUP, personId), false)
    const [removal] = world.standIns.okta.truth.changeLog.slice(-1)
    assert.ok(removal && removal.op === 'remove' && removal.at - asked < 1_000)
    assert.deepEqual(wayOf(world, key).slice(-3), ['Access live', 'Revoking access', 'Access ended'])
    const [revoked, ended] = saidOn(world, key).slice(-2)
    assert.equal(revoked, `${by.displayName} revoked the access. It is being removed now.`)
    assert.match(
      ended ?? '',
      /^The access has ended: Figma, Editor\. It was revoked; figma-editors was removed, and read back/,
    )
    assert.match(
      notedOn(world, key).at(-1) ?? '',
      /^Removed and read back Group figma-editors Effect changed Receipt reqStandIn\w+ Read back at 2026/,
    )
    const ending = (await recordsOf(world, key)).find((each) => each.type === 'GrantEnding')
    assert.deepEqual(ending?.by, { kind: 'person', id: by.id, door: 'jira' })
    assert.equal((await proofsOf(world, key)).length, 2)
  })
}

/** Lets a person who is no agent see the ticket, as somebody who shares it would. */
function letSee(key: string, account: string): void {
  const ticket = world.standIns.jira.ticket(key)
  if (ticket) ticket.approvers = [...ticket.approvers, account]
}

test('a colleague may not: they are refused in words, the ticket is moved back, and the access stays [R054, I15]', async () => {
  const { key, personId } = await liveAccess()
  const colleague = person(world, 'Leonie Brandt')
  assert.equal((await world.people.move(colleague.id, key, 'Revoke access')).status, 204)
  assert.equal(statusOf(world, key), 'Revoking access')
  await world.pass(5_000)
  assert.deepEqual(wayOf(world, key).slice(-3), ['Access live', 'Revoking access', 'Access live'])
  assert.equal(
    saidOn(world, key).at(-1),
    'Leonie Brandt tried to revoke. Only the holder, their manager, an owner of the application or role, security or an administrator may revoke this access. It stays as it is.',
  )
  assert.equal(isMember(world, GROUP, personId), true)
  assert.equal((await grantOf(world, key)).status, 'live')

  // However often they try, each attempt is answered once; and the holder still can.
  assert.equal((await world.people.move(colleague.id, key, 'Revoke access')).status, 204)
  await world.pass(5_000)
  const refused = (await recordsOf(world, key)).filter((each) => each.type === 'RevokeRefused')
  assert.equal(refused.length, 2)
  assert.equal((await world.people.move(personId, key, 'Revoke access')).status, 204)
  await world.pass(5_000)
  assert.equal(statusOf(world, key), 'Access ended')
})

test('access that is still opening can be revoked: what was added is taken back, and nothing begins [R055, I11]', async () => {
  const { id: personId } = somebody(world, { managerId: person(world, 'Nikhil Rao').id })
  let writes = 0
  world.wires.okta.bend((request, go) => (request.method === 'PUT' && (writes += 1) % 2 === 0 ? status(503) : go()))
  const key = await ask(world, {
    personId,
    appId: 'aws',
    roleId: 'aws-on-call-engineer',
    hours: 24,
    reason: 'On call.',
  })
  assert.equal((await world.people.answer(person(world, 'Nikhil Rao').id, key, 'approve')).status, 200)
  await world.settle()
  assert.equal((await grantOf(world, key)).status, 'opening')
  const revoked = await revokeGrant(world.ports, grantIdOf(world, key), {
    byId: personId,
    attemptId: 'console 1',
    door: 'console',
  })
  assert.equal(revoked, null)
  world.wires.okta.bend(null)
  await world.pass(hours(1))
  assert.equal(statusOf(world, key), 'Failed')
  const changes = changesOf(world, personId)
  assert.equal(
    changes.filter((each) => each.startsWith('add')).length,
    changes.filter((each) => each.startsWith('remove')).length,
  )
  assert.equal((await grantOf(world, key)).startsAt, null)
  assert.match(saidOn(world, key).at(-2) ?? '', /revoked the access\. It is being removed now\.$/)
})

for (const order of ['the window ends first', 'the revocation is read first'] as const) {
  test(`revoked at the instant at which the window ends, and ${order}: removed once, ended once [R045, R054, I12]`, async () => {
    const { key, personId } = await liveAccess(24)
    const endsAt = Date.parse((await grantOf(world, key)).endsAt ?? '')
    await world.pass(endsAt - world.clock.now() - 1)
    if (order === 'the window ends first') world.clock.moveTo(endsAt)
    assert.equal((await world.people.move(personId, key, 'Revoke access')).status, 204)
    await world.pass(10_000)
    assert.equal(statusOf(world, key), 'Access ended')
    assert.deepEqual(changesOf(world, personId), [`add ${GROUP} by client`, `remove ${GROUP} by client`])
    const types = (await recordsOf(world, key)).map((each) => each.type)
    for (const once of ['GrantEnding', 'GroupReleased', 'GrantEnded']) {
      assert.equal(types.filter((type) => type === once).length, 1, once)
    }
    assert.equal(saidOn(world, key).filter((words) => words.startsWith('The access has ended')).length, 1)
  })
}

test('revoked while the directory is away: the ticket never says that it ended before it did [R036, R055, N05]', async () => {
  const { key, personId } = await liveAccess()
  world.standIns.okta.hands.setOutage(true)
  assert.equal((await world.people.move(personId, key, 'Revoke access')).status, 204)
  await world.pass(hours(2))
  assert.equal(statusOf(world, key), 'Revoking access')
  assert.equal(saidOn(world, key).at(-1)?.endsWith('revoked the access. It is being removed now.'), true)
  world.standIns.okta.hands.setOutage(false)
  await world.pass(hours(1))
  assert.equal(statusOf(world, key), 'Access ended')
  assert.equal(isMember(world, GROUP, personId), false)
})

test('the evidence of these stories holds', async () => {
  assert.deepEqual(world.log, [])
  await holds(world)
})
