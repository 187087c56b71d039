import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { syncDirectory } from '#engine/directory/sync-directory.ts'
import { publishCatalog } from '#engine/handle/publish-catalog.ts'
import type { Catalog } from '#core/catalog/catalog.ts'
import { holds } from './holds.ts'
import {
  approve,
  ask,
  changesOf,
  fieldsOf,
  grantOf,
  groupIdOf,
  isMember,
  person,
  requestOf,
  saidOn,
  somebody,
  statusOf,
  typesOf,
  wayOf,
} from './seen.ts'
import { hours, openWorld, type World } from './world.ts'

let world: World
before(async () => void (world = await openWorld()))
after(() => world.close())

const operator = { kind: 'operator', name: 'test' } as const
const APPROVER = 'Sakura Ito'

/** Somebody new asks for a day of Figma; the owner of the role answers. */
async function waiting(): Promise<{ readonly key: string; readonly personId: string }> {
  // Two looks at the directory in one millisecond would be one look.
  await world.pass(1_000)
  const { id: personId } = somebody(world, { department: 'Marketing' })
  const key = await ask(world, { personId, appId: 'figma', roleId: 'figma-editor', hours: 24, reason: 'Slides.' })
  assert.equal(statusOf(world, key), 'Waiting for approval')
  return { key, personId }
}

/** An agent edits the ticket. */
async function edit(key: string, fields: Parameters<typeof fieldsOf>[0]): Promise<void> {
  const edited = await world.people.edit(person(world, 'Stellan Berg').id, key, fieldsOf(fields))
  assert.equal(edited.status, 204, edited.body)
}

const edits = [
  ['the application', { app: 'Salesforce' }],
  ['the role', { role: 'Viewer' }],
  ['the duration', { duration: '7 days' }],
  ['the business reason', { reason: 'Something else.' }],
] as const

for (const [what, fields] of edits) {
  test(`${what} is edited before anybody answered: the request is void, and a late yes gives nothing [I18, N24, R119]`, async () => {
    const { key, personId } = await waiting()
    await edit(key, fields)
    await world.settle()
    assert.equal((await requestOf(world, key)).voidedBecause, 'ticket edited')
    assert.match(
      saidOn(world, key).at(-1) ?? '',
      /^The ticket was edited after it was sent for approval, so nobody approved what it says now\. Nothing was given\./,
    )
    // The approver has not seen it, and says yes all the same.
    assert.equal((await world.people.answer(person(world, APPROVER).id, key, 'approve')).status, 200)
    await world.pass(60_000)
    assert.deepEqual(wayOf(world, key), ['Submitted', 'Waiting for approval', 'Approved', 'Refused'])
    assert.deepEqual(changesOf(world, personId), [])
  })

  test(`${what} is edited between the answer and its processing: the answer was to something else [I18, N24, R119]`, async () => {
    const { key, personId } = await waiting()
    assert.equal((await world.people.answer(person(world, APPROVER).id, key, 'approve')).status, 200)
    await edit(key, fields)
    await world.pass(60_000)
    assert.deepEqual(await typesOf(world, key), ['RequestSubmitted', 'RequestVoided'])
    assert.deepEqual(wayOf(world, key), ['Submitted', 'Waiting for approval', 'Approved', 'Refused'])
    assert.deepEqual(changesOf(world, personId), [])
  })

  test(`${what} is edited after the decision: what was approved stands, once and in words [I18, I19, N24]`, async () => {
    const { key, personId } = await waiting()
    await approve(world, key, person(world, APPROVER).id)
    const { endsAt } = await grantOf(world, key)
    await edit(key, fields)
    await world.pass(60_000)
    await edit(key, { reason: 'Yet another thing.' })
    await world.pass(60_000)
    const noted = saidOn(world, key).filter((words) => words.startsWith('The ticket was edited after it was decided'))
    assert.equal(noted.length, 2)
    assert.match(
      noted[0] ?? '',
      /what was approved stands \(Figma, Editor, 24 hours\)\. To get something else, ask anew\.$/,
    )
    assert.equal(statusOf(world, key), 'Access live')
    assert.equal((await grantOf(world, key)).endsAt, endsAt)
    assert.equal(isMember(world, 'figma-editors', personId), true)
    assert.deepEqual(changesOf(world, personId), ['add figma-editors by client'])
  })
}

test('edited and edited back reads as before, and is void all the same: the answer may be to what stood there in between [I18, N24]', async () => {
  const { key, personId } = await waiting()
  world.onTheWay = () => []
  await edit(key, { duration: '30 days' })
  assert.equal((await world.people.answer(person(world, APPROVER).id, key, 'approve')).status, 200)
  await edit(key, { duration: '24 hours' })
  world.onTheWay = (posted) => posted
  await world.pass(10 * 60_000)
  assert.equal((await requestOf(world, key)).voidedBecause, 'ticket edited')
  assert.equal(statusOf(world, key), 'Refused')
  assert.deepEqual(changesOf(world, personId), [])
})

test('somebody else gives the group after the question was put: nobody approved to take that over [I4, I18]', async () => {
  const { key, personId } = await waiting()
  const { oktaId } = world.company.people.find((each) => each.id === personId) ?? assert.fail()
  world.standIns.okta.hands.addByAdmin(groupIdOf(world, 'figma-editors'), oktaId, world.clock.now())
  assert.equal((await world.people.answer(person(world, APPROVER).id, key, 'approve')).status, 200)
  await world.pass(60_000)
  assert.equal((await requestOf(world, key)).voidedBecause, 'holdings changed')
  assert.match(saidOn(world, key).at(-1) ?? '', /^Somebody else changed what the person holds after this was asked for/)
  assert.equal(statusOf(world, key), 'Refused')
  assert.deepEqual(changesOf(world, personId), ['add figma-editors by admin'])
  assert.equal(isMember(world, 'figma-editors', personId), true)
})

function withRole(roleId: string, change: Partial<Catalog['roles'][number]>): Catalog {
  const { catalog } = world.company
  return { ...catalog, roles: catalog.roles.map((each) => (each.id === roleId ? { ...each, ...change } : each)) }
}

async function inForce(catalog: Catalog): Promise<void> {
  assert.equal(await publishCatalog(world.ports, catalog, operator), null)
}

test('what the role grants is changed between the question and the answer: nobody approved that [I18, N24]', async () => {
  const { key, personId } = await waiting()
  const groups = ['figma-editors', 'looker-developers'].map((name) => ({
    provider: 'okta',
    id: groupIdOf(world, name),
  }))
  await inForce(withRole('figma-editor', { groups }))
  assert.equal((await world.people.answer(person(world, APPROVER).id, key, 'approve')).status, 200)
  await world.pass(60_000)
  assert.equal((await requestOf(world, key)).voidedBecause, 'role changed')
  assert.match(
    saidOn(world, key).at(-1) ?? '',
    /^What the role grants was changed after it was asked for, so nobody approved that\./,
  )
  assert.equal(statusOf(world, key), 'Refused')
  assert.deepEqual(changesOf(world, personId), [])
  await inForce(world.company.catalog)
})

test('a role that is gone from the catalog when the answer comes is given to nobody [I16, N24]', async () => {
  const { key, personId } = await waiting()
  const { catalog } = world.company
  await inForce({ ...catalog, roles: catalog.roles.filter((each) => each.id !== 'figma-editor') })
  assert.equal((await world.people.answer(person(world, APPROVER).id, key, 'approve')).status, 200)
  await world.pass(60_000)
  assert.equal(statusOf(world, key), 'Refused')
  assert.deepEqual(changesOf(world, personId), [])
  await inForce(catalog)
})

test('the rule is changed between question and answer: the one in force when the answer is used decides [I16]', async () => {
  const { key, personId } = await waiting()
  await inForce(withRole('figma-editor', { ruleId: 'security' }))
  assert.equal((await world.people.answer(person(world, APPROVER).id, key, 'approve')).status, 200)
  await world.pass(60_000)
  assert.equal(statusOf(world, key), 'Refused')
  assert.match(
    saidOn(world, key).at(-2) ?? '',
    /^The answer came from somebody who may not give it\. It does not count\./,
  )
  assert.deepEqual(changesOf(world, personId), [])
  await inForce(world.company.catalog)
})

test('an approver who was deactivated between question and answer does not count [I16]', async () => {
  const { key, personId } = await waiting()
  const { id: approverId, oktaId } = person(world, APPROVER)
  world.standIns.okta.hands.setStatus(oktaId, 'SUSPENDED', world.clock.now())
  assert.equal((await syncDirectory(world.ports, 'okta')).kind, 'synced')
  assert.equal((await world.people.answer(approverId, key, 'approve')).status, 200)
  await world.pass(60_000)
  assert.equal(statusOf(world, key), 'Refused')
  assert.match(saidOn(world, key).at(-2) ?? '', /^The person who answered is not active in the directory any more\./)
  assert.deepEqual(changesOf(world, personId), [])
  world.standIns.okta.hands.setStatus(oktaId, 'ACTIVE', world.clock.now())
  assert.equal((await syncDirectory(world.ports, 'okta')).kind, 'synced')
})

test('a person who was deactivated between question and answer receives nothing [I22]', async () => {
  const { key, personId } = await waiting()
  const { oktaId } = world.company.people.find((each) => each.id === personId) ?? assert.fail()
  world.standIns.okta.hands.setStatus(oktaId, 'DEPROVISIONED', world.clock.now())
  assert.equal((await syncDirectory(world.ports, 'okta')).kind, 'synced')
  assert.equal((await world.people.answer(person(world, APPROVER).id, key, 'approve')).status, 200)
  await world.pass(60_000)
  assert.equal(statusOf(world, key), 'Refused')
  assert.match(
    saidOn(world, key).at(-2) ?? '',
    /^The person is not active in the directory, so no access can be given\./,
  )
  assert.deepEqual(
    changesOf(world, personId).filter((each) => each.endsWith('client')),
    [],
  )
})

test('a ticket that an agent moves into the approved status grants nothing, and ends as refused [R119, N24]', async () => {
  const { id: personId } = somebody(world, { department: 'Sales' })
  const key = await world.people.ask(personId, { appId: 'figma', roleId: 'figma-editor', hours: 24, reason: 'Slides.' })
  // Faster than Tenure: the workflow's own transition for approvals by rule, made by hand.
  const moved = agentMoves(key, '21')
  assert.equal(moved.status, 204, moved.body)
  await world.pass(hours(1))
  assert.deepEqual(changesOf(world, personId), [])
  assert.deepEqual(wayOf(world, key), ['Submitted', 'Approved', 'Refused'])
  assert.match(
    saidOn(world, key).at(-1) ?? '',
    /^The ticket was moved on before it was looked at, so nobody can have approved what it asks\./,
  )
  assert.equal((await requestOf(world, key)).code, 'ticket moved')
})

test('a ticket that an agent refuses while it is being sent to an approver is over, and nobody is waited for [R119]', async () => {
  let key = ''
  world.wires.jira.bend((request, go) => {
    // The approvers are about to be written: now the agent is faster.
    if (request.method === 'PUT') {
      assert.equal(agentMoves(key, '31').status, 204)
      world.wires.jira.bend(null)
    }
    return go()
  })
  const { id: personId } = somebody(world, { department: 'Sales' })
  key = await world.people.ask(personId, { appId: 'figma', roleId: 'figma-editor', hours: 24, reason: 'Slides.' })
  await world.pass(hours(1))
  assert.deepEqual(wayOf(world, key), ['Submitted', 'Refused'])
  assert.equal((await requestOf(world, key)).voidedBecause, 'moved by hand')
  const { rows } = await world.pool.query(`SELECT id FROM timer WHERE kind = 'look at ticket'`)
  assert.deepEqual(rows, [])
})

function agentMoves(key: string, id: string) {
  const { jiraAccountId } = person(world, 'Stellan Berg')
  return world.standIns.jira.answer(
    {
      method: 'POST',
      url: `https://halden.atlassian.example/rest/api/3/issue/${key}/transitions`,
      headers: { authorization: world.standIns.jira.authorizationOf(jiraAccountId) },
      body: JSON.stringify({ transition: { id } }),
    },
    world.clock.now(),
  )
}

test('the evidence of these stories holds', async () => {
  // The operator hears of the ticket that somebody moved while Tenure was about to.
  assert.deepEqual(
    world.log.map((line) => line.slice(0, 32)),
    ['Jira rejected "ask for approval"'],
  )
  await holds(world)
})
