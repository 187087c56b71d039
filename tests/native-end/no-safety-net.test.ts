import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rejected } from './stand-in-directory.ts'
import { accountOf, hours, minutes, openWorld } from './world.ts'

/** Where the directory sets no end, sets it too early, or has lost it. */

const OAKS = { provider: 'grove', id: 'oaks' }

test('a directory that refuses to end anybody: access begins and ends by Tenure alone, and the record says that there is no safety net [R046]', async (t) => {
  const world = await openWorld({ endless: ['oaks'] })
  t.after(() => world.close())
  await world.open({ grant: 1, person: 1, hours: 2 })
  await world.pass(minutes(1))
  assert.equal((await world.grant(1)).status, 'live')
  assert.deepEqual([world.endOf(1), world.directory.endsSent()], [null, 1])
  const refusal = (await world.events(1)).find(
    ({ type, data }) => type === 'ChangeAnswered' && data['do'] === 'set end',
  )
  assert.deepEqual([refusal?.data['kind'], refusal?.data['because']], ['rejected', 'no native end'])
  await world.pass(hours(3))
  assert.equal((await world.grant(1)).status, 'ended')
  assert.equal(world.directory.endsSent(), 1, 'asked once, and not every hour')
})

test('a directory without the capability is asked and told nothing of ends, and nothing is remembered of them', async (t) => {
  const world = await openWorld({ withoutEnds: true })
  t.after(() => world.close())
  const told: unknown[] = []
  const { change } = world.directory.membership
  Object.assign(world.directory.membership, {
    change: (...asked: Parameters<typeof change>) => (told.push(...asked[0]), change(...asked)),
  })
  await world.open({ grant: 1, person: 1, hours: 2 })
  await world.pass(hours(3))
  assert.equal((await world.grant(1)).status, 'ended')
  assert.deepEqual(
    told.map((each) => Object.keys(each as object).sort()),
    [
      ['account', 'do', 'group'],
      ['account', 'do', 'group'],
    ],
  )
  assert.ok(!/until|native|endsAt|endedBy/.test(JSON.stringify([await world.membership(1), await world.events(1)])))
})

test('an extension that the directory will not wait for: it cuts the access, somebody looks at that moment, and it is added again [R046, I10]', async (t) => {
  const world = await openWorld()
  t.after(() => world.close())
  await world.open({ grant: 1, person: 1, hours: 2 })
  await world.pass(minutes(1))
  const end = world.endOf(1)
  world.directory.bend((call, go) => (call.do === 'set end' ? rejected('not allowed') : go()))
  await world.open({ grant: 2, person: 1, hours: 8 })
  await world.pass(minutes(5))
  assert.equal((await world.grant(2)).status, 'live', 'a refusal blocks nobody')
  await world.pass(hours(3))
  assert.deepEqual(
    world.directory.done.map((each) => each.what),
    ['add', 'set end', 'end', 'add'],
  )
  const gone = (await world.events(1)).find((each) => each.type === 'FoundGone')
  assert.equal(gone?.data['endedBy'], 'the provider')
  assert.deepEqual(gone?.data['endsAt'], new Date(Number(end)).toISOString())
  assert.ok(Number(gone?.at) - Number(end) < 1_000, 'found when it happened')
  const { endsAt } = await world.grant(2)
  assert.ok(Number(world.endOf(1)) >= Date.parse(endsAt ?? '') + minutes(15))
  await world.pass(hours(8))
  assert.deepEqual([(await world.grant(2)).status, world.endOf(1)], ['ended', 'no member'])
})

test('what another hand gave for good is left so when the grant fails, and gets an end only with a window of ours [I4, R046]', async (t) => {
  const world = await openWorld()
  t.after(() => world.close())
  world.directory.byHand('add', OAKS, accountOf(1))
  world.directory.bend((call, go) => (call.group.id === 'elms' ? rejected('no such group') : go()))
  await world.open({ grant: 1, person: 1, hours: 2, groups: ['oaks', 'elms'] })
  await world.pass(hours(5))
  assert.equal((await world.grant(1)).status, 'failed')
  assert.equal(world.endOf(1), null)
  assert.equal(world.directory.endsSent(), 0)
  world.directory.bend(null)
  await world.open({ grant: 2, person: 1, hours: 2 })
  await world.pass(minutes(1))
  assert.equal((await world.grant(2)).status, 'live')
  assert.ok(Number(world.endOf(1)) > 0)
})

test('a directory that rounds to the minute never rounds down [R046]', async (t) => {
  const world = await openWorld({ roundsToMs: 60_000 })
  t.after(() => world.close())
  await world.open({ grant: 1, person: 1, hours: 2 })
  await world.pass(minutes(1))
  const after = Number(world.endOf(1)) - Date.parse((await world.grant(1)).endsAt ?? '')
  assert.ok(after >= minutes(15) && after < minutes(16) + 1_000, String(after))
  const sent = world.directory.endsSent()
  await world.pass(hours(1))
  assert.equal(world.directory.endsSent(), sent, 'and what it rounds is as wanted')
})
