import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { statesAreTheirEvents, verdictOn } from '../life/evidence-holds.ts'
import {
  approve,
  ask,
  eventsOf,
  groupIdOf,
  grantOf,
  notedOn,
  person,
  saidOn,
  somebody,
  statusOf,
} from '../life/seen.ts'
import { wordsReadWell } from '../life/words-read-well.ts'
import { fromPeopleOnly, hours, openWorld, type World } from '../life/world.ts'
import { minutes } from './world.ts'
import { createStandInDirectory, rejected, type StandInDirectory } from './stand-in-directory.ts'

/** The whole product, on a directory that ends memberships by itself: what people read of that on their tickets. */

let world: World
let directory: StandInDirectory
before(async () => {
  world = await openWorld({
    directory(okta, clock) {
      directory = createStandInDirectory({ now: clock.now, provider: 'okta' })
      return { ...okta, membership: directory.membership, nativeEnd: directory.nativeEnd }
    },
  })
  world.onTheWay = fromPeopleOnly
})
after(() => world.close())

const GROUP = 'production-database-readers'

/** An hour of masked reads, approved by the owner of the role. */
async function anHour(): Promise<{ readonly key: string; readonly account: string }> {
  const { id: personId, oktaId: account } = somebody(world, { department: 'Engineering' })
  const asked = { personId, appId: 'production-database', roleId: 'production-database-reader', hours: 1 }
  const key = await ask(world, { ...asked, reason: 'A case.' })
  await approve(world, key, person(world, 'Quentin Moreau').id)
  assert.equal(statusOf(world, key), 'Access live')
  return { key, account }
}

const endOf = (account: string) => directory.endOf({ provider: 'okta', id: groupIdOf(world, GROUP) }, account)

test('the requester is promised the end of the window, and the directory waits a quarter of an hour longer [R046]', async () => {
  const { key, account } = await anHour()
  const { endsAt } = await grantOf(world, key)
  const afterMs = Number(endOf(account)) - Date.parse(endsAt ?? '')
  assert.ok(afterMs >= minutes(15) && afterMs < minutes(15) + 1_000, String(afterMs))
  await world.pass(hours(2))
  assert.match(saidOn(world, key).at(-1) ?? '', /production-database-readers was removed, and read back as gone at/)
  assert.match(notedOn(world, key).at(-1) ?? '', /Effect changed .* Ended by Tenure/)
})

test('Tenure was dead when the window ended: the ticket says that the directory ended the access, and nobody was alarmed [R046, N06, R056]', async () => {
  const { key, account } = await anHour()
  world.clock.moveTo(world.clock.now() + hours(24))
  assert.equal(endOf(account), 'no member')
  await world.pass(hours(1))
  assert.equal(statusOf(world, key), 'Access ended')
  assert.match(
    saidOn(world, key).at(-1) ?? '',
    /Its window ended; production-database-readers was ended by the directory itself, and read back as gone at/,
  )
  assert.match(notedOn(world, key).at(-1) ?? '', /Effect already so, nothing was changed .* Ended by the provider/)
  assert.deepEqual(world.log, [])
})

test('the directory refuses to end it: agents read that there is no safety net, once, and the requester has no trouble with it [R046]', async () => {
  directory.bend((call, go) => (call.do === 'set end' ? rejected('no native end') : go()))
  const { key } = await anHour()
  await world.pass(hours(2))
  assert.equal(statusOf(world, key), 'Access ended')
  const said = notedOn(world, key).filter((each) => each.startsWith('The directory does not set its own end'))
  assert.equal(said.length, 1)
  assert.match(said[0] ?? '', /rejected: no native end .* Tenure's own end holds alone/)
  assert.doesNotMatch(saidOn(world, key).join(), /own end|safety net|refuse/)
  directory.bend(null)
})

test('whoever checks the evidence follows each end that was set to its request and approval, and every state is what its events make of it [I23, I24, R046]', async () => {
  const events = await eventsOf(world)
  assert.ok(events.some(({ type, data }) => type === 'ChangeProven' && data['do'] === 'set end'))
  const verdict = await verdictOn(world)
  assert.deepEqual([verdict.findings, verdict.verified, verdict.open], [[], true, []])
  await statesAreTheirEvents(world, events)
  wordsReadWell(world)
})
