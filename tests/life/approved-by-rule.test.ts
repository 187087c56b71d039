import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openGrant } from '#engine/handle/open-grant.ts'
import { takeTurn } from '#engine/handle/turn.ts'
import { holds } from './holds.ts'
import {
  changesOf,
  grantOf,
  isMember,
  notedOn,
  recordsOf,
  requestIdOf,
  requestOf,
  saidOn,
  statusOf,
  wayOf,
} from './seen.ts'
import { openWorld, type World } from './world.ts'

let world: World
before(async () => void (world = await openWorld()))
after(() => world.close())

test('six new hires have Salesforce within seconds, and no ticket ever waits for an approval [R001, R021, R033]', async () => {
  const { newHires } = world.company.cases
  const keys = await Promise.all(newHires.map((each) => world.people.ask(each.personId, each)))
  await world.pass(5_000)
  for (const [place, key] of keys.entries()) {
    const { personId } = newHires[place] ?? assert.fail()
    assert.deepEqual(wayOf(world, key), ['Submitted', 'Approved', 'Access live'])
    assert.equal(isMember(world, 'salesforce-users', personId), true)
    assert.deepEqual(changesOf(world, personId), ['add salesforce-users by client'])
    assert.equal(world.standIns.jira.ticket(key)?.approvals.length, 0)
  }
})

test('the record and the public comment of an approval by rule name the rule, its version and why it fits [R021, I24]', async () => {
  const [ticket] = world.standIns.jira.tickets()
  const key = ticket?.key ?? ''
  const approved = (await recordsOf(world, key)).find((each) => each.type === 'RequestApproved')
  assert.deepEqual(approved?.by, { kind: 'rule', id: 'known-role-sales', version: 1 })
  assert.equal(approved?.data['approval'], null)
  const [first, second, ...more] = saidOn(world, key)
  assert.equal(
    first,
    'Approved by the rule "Everybody in Sales, else the manager" (version 1), because of a known role: department Sales. The access is being set up: Salesforce, Sales user, no end.',
  )
  assert.equal(second, 'The access is live: Salesforce, Sales user. It has no end: it stays until somebody revokes it.')
  assert.deepEqual(more, [])
  assert.match(notedOn(world, key).join(), /Added and read back Group salesforce-users Effect changed Receipt \w+/)
})

test('no end was chosen, so the grant has none, and nothing is due for it [R041]', async () => {
  const [ticket] = world.standIns.jira.tickets()
  const key = ticket?.key ?? ''
  assert.equal((await requestOf(world, key)).submitted?.windowBecause, 'asked for no end')
  const grant = await grantOf(world, key)
  assert.deepEqual([grant.status, grant.endsAt], ['live', null])
  const { rows } = await world.pool.query(`SELECT id FROM timer WHERE kind IN ('window ends', 'complete by')`)
  assert.deepEqual(rows, [])
})

test('of the five apps of a support representative four are there at once, and one waits for the manager alone [R014, R016, R021]', async () => {
  const { supportRepFiveApps: asks } = world.company.cases
  const keys = []
  for (const each of asks) keys.push(await world.people.ask(each.personId, each))
  await world.pass(5_000)
  const stands = keys.map((key) => statusOf(world, key))
  assert.deepEqual(stands, ['Access live', 'Access live', 'Access live', 'Access live', 'Waiting for approval'])
  const [waiting] = saidOn(world, keys[4] ?? '')
  assert.match(waiting ?? '', /^This waits for an approval by Imani Walker\. Person Jonas Weber/)
  assert.match(waiting ?? '', /How long without an end: it stays until somebody revokes it/)
})

test('the evidence of these stories holds', () => holds(world))

test('heard of again by a slower process when its access is over, an approval opens nothing again [I13, I5]', async () => {
  const [ticket] = world.standIns.jira.tickets()
  const key = ticket?.key ?? ''
  const [security] = world.company.catalog.securityIds
  assert.equal((await world.people.move(security ?? '', key, 'Revoke access')).status, 204)
  await world.pass(60_000)
  assert.equal(statusOf(world, key), 'Access ended')
  const request = await requestOf(world, key)
  const catalog = (await world.ports.store.catalogInForce())?.catalog ?? assert.fail()
  const before = (await recordsOf(world, key)).length
  await takeTurn(world.ports, { kind: 'engine' }, (turn) =>
    openGrant(turn, requestIdOf(world, key), request, catalog, []),
  )
  await world.pass(60_000)
  assert.equal((await recordsOf(world, key)).length, before)
  const personId = request.submitted?.beneficiaryId ?? ''
  assert.equal(isMember(world, 'salesforce-users', personId), false)
})
