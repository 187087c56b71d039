import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import { endGrants, openGrants, type TestGrant } from '../crash/workload.ts'
import { groupIdOf } from './seen.ts'
import { openWorld, type World } from './world.ts'

/** Okta is away while many windows end. How the engine behaves meanwhile, and how it comes back. */

let world: World
before(async () => {
  world = await openWorld()
})
after(() => world.close())

const GROUP = 'figma-editors'
const MANY = 60
const OUTAGE_MS = 2 * HOUR_MS

/** Grants as an approval would have opened them: who asked for them, and in which ticket, is another story. */
function grants(count: number, from: number): readonly TestGrant[] {
  const people = world.company.people.filter((each) => each.active && each.oktaId !== '')
  return Array.from({ length: count }, (_, place) => {
    const person = people[from + place]
    assert.ok(person)
    const group = { provider: 'okta', id: groupIdOf(world, GROUP) }
    return { grantId: `grt_dead${from + place}`, personId: person.id, account: person.oktaId, groups: [group] }
  })
}

function members(of: readonly TestGrant[]): number {
  return of.filter(({ groups, account }) => world.standIns.okta.truth.isMember(groups[0]?.id ?? '', account)).length
}

function sent(): number {
  return world.wires.okta.sent.length
}

test('an outage of two hours with sixty removals due: one call every 30 s, and after it everything goes at once, by itself [I34, I29, R055]', async () => {
  const live = grants(MANY, 0)
  await openGrants(world.ports, live)
  await world.pass(MINUTE_MS)
  assert.equal(members(live), MANY)

  world.standIns.okta.hands.setOutage(true)
  await endGrants(world.ports, live)
  await world.pass(MINUTE_MS)
  const before = sent()
  await world.pass(OUTAGE_MS)
  const probes = sent() - before
  assert.ok(probes <= OUTAGE_MS / (30 * SECOND_MS), `${probes} calls`)
  assert.ok(probes >= OUTAGE_MS / (36 * SECOND_MS), `${probes} calls: nobody would notice the end of it`)
  assert.equal(members(live), MANY)

  world.standIns.okta.hands.setOutage(false)
  await world.pass(31 * SECOND_MS)
  assert.equal(members(live), 0)
  await world.pass(5 * SECOND_MS)
  assert.equal(await world.ports.store.nextDue('membership'), null)
})

test('in all that time nobody waited longer for having been tried: no row is put off [I34]', async () => {
  const live = grants(12, MANY)
  await openGrants(world.ports, live)
  await world.pass(MINUTE_MS)
  world.standIns.okta.hands.setOutage(true)
  await endGrants(world.ports, live)
  await world.pass(20 * MINUTE_MS)
  const { rows } = await world.pool.query<{ put_off: number; most: number }>(
    'SELECT count(*) FILTER (WHERE due_at > $1)::int AS put_off, max(attempts)::int AS most FROM membership WHERE due_at IS NOT NULL',
    [world.clock.now() + SECOND_MS],
  )
  assert.deepEqual(rows[0], { put_off: 0, most: 0 })
  world.standIns.okta.hands.setOutage(false)
  await world.pass(MINUTE_MS)
  assert.equal(members(live), 0)
})

test('an operator was not called about every piece of work', () => {
  assert.deepEqual(world.log, [])
})
