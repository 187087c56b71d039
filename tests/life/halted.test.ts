import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ALL } from '#core/halt/halt.ts'
import { SECOND_MS } from '#core/instant.ts'
import { haltAccess, resumeAccess } from '#engine/halt/halt-access.ts'
import { holds } from './holds.ts'
import { approve, ask, changesOf, grantOf, isMember, person, saidOn, somebody, statusOf } from './seen.ts'
import { hours, openWorld, type World } from './world.ts'

let world: World
before(async () => void (world = await openWorld()))
after(() => world.close())

const OWNER = 'Sakura Ito'
const GROUP = 'figma-editors'
const OPERATOR = { kind: 'operator', name: 'root' } as const

async function asked(): Promise<{ readonly key: string; readonly personId: string }> {
  const { id: personId } = somebody(world, { department: 'Marketing' })
  const key = await ask(world, { personId, appId: 'figma', roleId: 'figma-editor', hours: 24, reason: 'Slides.' })
  return { key, personId }
}

async function halt(exceptRemovals: boolean): Promise<void> {
  const order = { scope: ALL, exceptRemovals, reason: 'Okta was broken into' }
  assert.equal(await haltAccess(world.ports, order, OPERATOR), null)
}

async function resume(): Promise<void> {
  assert.equal(await resumeAccess(world.ports, ALL, 'The keys were changed', OPERATOR), null)
}

/** Time passes while everything stands still: what is held back stays due, so nobody waits for it to be done. */
async function standStill(ms: number): Promise<void> {
  world.clock.moveTo(world.clock.now() + ms)
  await world.settle()
}

test('asked and approved while everything stands still: the ticket moves on, the access comes when it is lifted [I14]', async () => {
  await halt(true)
  const { key, personId } = await asked()
  assert.equal((await world.people.answer(person(world, OWNER).id, key, 'approve')).status, 200)
  await standStill(5 * SECOND_MS)
  assert.equal(statusOf(world, key), 'Approved')
  assert.equal((await grantOf(world, key)).status, 'opening')
  assert.deepEqual(changesOf(world, personId), [])

  await resume()
  await world.pass(5 * SECOND_MS)
  assert.equal(statusOf(world, key), 'Access live')
  await world.pass(hours(25))
  assert.equal(statusOf(world, key), 'Access ended')
  assert.deepEqual(changesOf(world, personId), [`add ${GROUP} by client`, `remove ${GROUP} by client`])
})

test('a window that ends meanwhile: never called ended before it was removed and read back, and then at once [I14, R055, R114]', async () => {
  const { key, personId } = await asked()
  await approve(world, key, person(world, OWNER).id)
  assert.equal(statusOf(world, key), 'Access live')
  await halt(false)
  await standStill(hours(30))
  assert.equal((await grantOf(world, key)).status, 'ending')
  assert.equal(statusOf(world, key), 'Access live')
  assert.ok(isMember(world, GROUP, personId))

  await resume()
  await world.pass(SECOND_MS)
  assert.ok(!isMember(world, GROUP, personId))
  assert.equal(statusOf(world, key), 'Access ended')
  assert.match(saidOn(world, key).at(-1) ?? '', /^The access has ended/)
})

test('with removals exempted a window that ends meanwhile ends access as always [I14, R055]', async () => {
  const { key, personId } = await asked()
  await approve(world, key, person(world, OWNER).id)
  await halt(true)
  await world.pass(hours(25))
  assert.ok(!isMember(world, GROUP, personId))
  assert.equal(statusOf(world, key), 'Access ended')
  await resume()
})

test('the orders are in the pack, and whoever checks it finds nothing amiss [I14, I24, I27]', async () => {
  await world.pass(SECOND_MS)
  await holds(world)
  assert.deepEqual(world.log, [])
})
