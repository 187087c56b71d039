import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import { sweepEnds } from '#engine/overdue/sweep-ends.ts'
import { holds } from '../life/holds.ts'
import { ask, grantOf, isMember, person, somebody, statusOf, typesOf } from '../life/seen.ts'
import { status } from '../life/wire.ts'
import { fromPeopleOnly, openWorld, type World } from '../life/world.ts'

/* Rows that are lost, by a bug, by a hand or with an old backup: the sweep finds what nothing else would have worked. */

let world: World
before(async () => {
  world = await openWorld()
  world.onTheWay = fromPeopleOnly
})
after(() => world.close())

const GROUP = 'figma-editors'

async function asked(): Promise<{ readonly key: string; readonly personId: string }> {
  const { id: personId } = somebody(world, { department: 'Sales' })
  const key = await ask(world, { personId, appId: 'figma', roleId: 'figma-editor', hours: 24, reason: 'Slides.' })
  assert.equal((await world.people.answer(person(world, 'Sakura Ito').id, key, 'approve')).status, 200)
  return { key, personId }
}

function takeLog(): readonly string[] {
  return (world.log as string[]).splice(0)
}

const sweep = () => sweepEnds(world.ports, world.pool)

test('while every end has its timer, the sweep finds nothing and says nothing [N06]', async () => {
  const { key } = await asked()
  await world.pass(MINUTE_MS)
  assert.deepEqual(await sweep(), { ends: 0, removals: 0 })
  await world.pass(DAY_MS + HOUR_MS)
  assert.equal(statusOf(world, key), 'Access ended')
  assert.deepEqual([await sweep(), takeLog()], [{ ends: 0, removals: 0 }, []])
})

test('a window whose timer is lost ends by the sweep, and is removed and proven like any other [N06]', async () => {
  const { key, personId } = await asked()
  await world.pass(MINUTE_MS)
  await world.pool.query(`DELETE FROM timer WHERE kind = 'window ends'`)
  await world.pass(DAY_MS + HOUR_MS)
  assert.equal(statusOf(world, key), 'Access live', 'nothing else would have ended it')
  assert.deepEqual(await sweep(), { ends: 1, removals: 0 })
  await world.pass(MINUTE_MS)
  assert.equal(isMember(world, GROUP, personId), false)
  assert.equal(statusOf(world, key), 'Access ended')
  const told = takeLog()
  assert.deepEqual(told, ['the sweep found ends of access that nothing else would have worked'])
})

test('a grant that was never completed, and a removal that is late, are found without their timers as well [N06]', async () => {
  const live = await asked()
  await world.pass(DAY_MS - MINUTE_MS)
  world.wires.okta.bend((request, go) =>
    request.url.includes('/users/') && request.method !== 'GET' ? status(503) : go(),
  )
  const opening = await asked()
  await world.pass(2 * MINUTE_MS)
  await world.pool.query(`DELETE FROM timer WHERE kind IN ('complete by', 'removal overdue')`)
  world.clock.moveTo(world.clock.now() + 2 * DAY_MS)
  assert.equal((await grantOf(world, opening.key)).status, 'opening')
  assert.equal((await grantOf(world, live.key)).overdue ?? null, null)
  assert.deepEqual(await sweep(), { ends: 1, removals: 0 })
  assert.equal((await grantOf(world, opening.key)).endedBecause, 'incomplete')
  assert.ok((await typesOf(world, live.key)).includes('GrantOverdue'))
  world.wires.okta.bend(null)
  await world.pass(HOUR_MS)
  assert.equal((await grantOf(world, live.key)).status, 'ended')
  takeLog()
})

test('a removal that waits for nothing is made due again [N06]', async () => {
  const { key, personId } = await asked()
  await world.pass(DAY_MS - MINUTE_MS)
  world.wires.okta.bend(() => status(503))
  await world.pass(HOUR_MS)
  await world.pool.query('UPDATE membership SET due_at = NULL, lease_until = NULL')
  world.wires.okta.bend(null)
  await world.pass(HOUR_MS)
  assert.equal(isMember(world, GROUP, personId), true)
  assert.deepEqual(await sweep(), { ends: 0, removals: 1 })
  await world.pass(10 * MINUTE_MS)
  assert.equal(isMember(world, GROUP, personId), false)
  assert.equal(statusOf(world, key), 'Access ended')
  takeLog()
  await holds(world)
})
