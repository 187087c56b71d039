import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import { holds } from './holds.ts'
import { ask, changesOf, grantIdOf, grantOf, isMember, notedOn, person, saidOn, somebody, statusOf } from './seen.ts'
import { lost, status } from './wire.ts'
import { fromPeopleOnly, openWorld, type World } from './world.ts'

let world: World
before(async () => {
  world = await openWorld()
  world.onTheWay = fromPeopleOnly
})
after(() => world.close())
afterEach(() => world.wires.okta.bend(null))

const GROUP = 'production-database-readers'

/** An hour of masked reads; the owner of the role approves. */
async function hourFor(personId: string): Promise<string> {
  const asked = {
    personId,
    appId: 'production-database',
    roleId: 'production-database-reader',
    hours: 1,
    reason: 'A case.',
  }
  const key = await ask(world, asked)
  assert.equal(statusOf(world, key), 'Waiting for approval')
  const answered = await world.people.answer(person(world, 'Quentin Moreau').id, key, 'approve')
  assert.equal(answered.status, 200)
  return key
}

const ADD = `add ${GROUP} by client`
const REMOVE = `remove ${GROUP} by client`

test('what has ended can be asked for again, and is given and taken again [R045, I13]', async () => {
  const { id: personId } = somebody(world, { department: 'Engineering' })
  for (const round of [1, 2, 3]) {
    const key = await hourFor(personId)
    await world.pass(2 * HOUR_MS)
    assert.equal(statusOf(world, key), 'Access ended')
    assert.deepEqual(changesOf(world, personId), Array.from({ length: round }, () => [ADD, REMOVE]).flat())
  }
})

test('asked for again while the directory is away and the old access is not gone yet: nobody loses what they were given anew [I10, N07]', async () => {
  const { id: personId } = somebody(world, { department: 'Engineering' })
  const old = await hourFor(personId)
  await world.pass(HOUR_MS / 2)
  world.wires.okta.bend((request, go) => (request.method === 'DELETE' ? status(503) : go()))
  await world.pass(HOUR_MS)
  assert.equal((await grantOf(world, old)).status, 'ending')
  assert.equal(isMember(world, GROUP, personId), true)

  const anew = await hourFor(personId)
  await world.pass(10 * MINUTE_MS)
  assert.equal(statusOf(world, anew), 'Access live')
  assert.equal(statusOf(world, old), 'Access ended')
  assert.match(
    saidOn(world, old).at(-1) ?? '',
    /nothing had to be removed; production-database-readers stays, because another request holds it\.$/,
  )
  assert.deepEqual(
    (await grantOf(world, old)).released.map((each) => each.otherReasons),
    [[grantIdOf(world, anew)]],
  )
  world.wires.okta.bend(null)
  await world.pass(20 * MINUTE_MS)
  assert.equal(isMember(world, GROUP, personId), true)
  await world.pass(HOUR_MS)
  assert.equal(isMember(world, GROUP, personId), false)
  assert.equal(statusOf(world, anew), 'Access ended')
  assert.deepEqual(changesOf(world, personId), [ADD, REMOVE])
})

test('asked for again when the removal had its effect and its answer was lost: it is given back, and the record tells both [I23]', async () => {
  const { id: personId } = somebody(world, { department: 'Engineering' })
  const old = await hourFor(personId)
  await world.pass(HOUR_MS / 2)
  let deaf = true
  world.wires.okta.bend((request, go) => {
    if (request.method === 'DELETE') return lost(go)
    // As long as no membership can be read, nobody knows that the removal has worked.
    return deaf && /\/users\/\w+\/groups|\/groups\/\w+\/users\?/.test(request.url) ? status(503) : go()
  })
  await world.pass(HOUR_MS)
  assert.equal(isMember(world, GROUP, personId), false)
  assert.equal((await grantOf(world, old)).status, 'ending')
  deaf = false
  // Okta was ill, so it is asked now and then only: within two minutes somebody finds that it is well.
  await world.pass(2 * MINUTE_MS)
  const anew = await hourFor(personId)
  await world.pass(10 * MINUTE_MS)
  assert.equal(statusOf(world, old), 'Access ended')
  assert.equal(statusOf(world, anew), 'Access live')
  assert.equal(isMember(world, GROUP, personId), true)
  await world.pass(2 * HOUR_MS)
  assert.deepEqual(changesOf(world, personId), [ADD, REMOVE, ADD, REMOVE])
})

test('the vendor says yes and keeps the member: the ticket stays open, agents are told, and it is sent until it is so [N05, R055, R036]', async () => {
  const { id: personId } = somebody(world, { department: 'Engineering' })
  const key = await hourFor(personId)
  await world.pass(HOUR_MS / 2)
  let deletes = 0
  world.wires.okta.bend((request, go) => (request.method === 'DELETE' ? ((deletes += 1), status(204)) : go()))
  await world.pass(HOUR_MS)
  assert.equal(isMember(world, GROUP, personId), true)
  assert.equal(statusOf(world, key), 'Access live')
  assert.equal((await grantOf(world, key)).status, 'ending')
  assert.match(
    notedOn(world, key).at(-1) ?? '',
    /^The directory says that it carried out a change, and shows no effect/,
  )
  assert.ok(deletes > 5, `${deletes} removals in half an hour`)
  world.wires.okta.bend(null)
  await world.pass(30 * MINUTE_MS)
  assert.equal(isMember(world, GROUP, personId), false)
  assert.equal(statusOf(world, key), 'Access ended')
})

test('the evidence of these stories holds', async () => {
  assert.deepEqual(world.log, [])
  await holds(world)
})
