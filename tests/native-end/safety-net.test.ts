import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { StoredEvent } from '#engine/store/store.ts'
import { LOST, loses, rejected } from './stand-in-directory.ts'
import { accountOf, hours, minutes, openWorld, type World } from './world.ts'

/** The end that a directory itself gives, a quarter of an hour after ours: what it is at every turn of a grant's life. */

let world: World
before(async () => void (world = await openWorld()))
after(() => world.close())

let people = 0
let grants = 0
const somebody = () => (people += 1)
const aGrant = () => (grants += 1)

/** When the window of a grant ends, and the wait after it: rounded up to the second, as the directory counts. */
async function endFor(grant: number): Promise<number> {
  const { endsAt } = await world.grant(grant)
  assert.ok(endsAt !== null)
  return Math.ceil((Date.parse(endsAt) + minutes(15)) / 1_000) * 1_000
}

function typesOf(events: readonly StoredEvent[]): readonly string[] {
  return events.map(({ type, data }) =>
    'do' in data && type !== 'ChangeAnswered' ? `${type} ${String(data['do'])}` : type,
  )
}

const doneTo = (person: number): readonly string[] =>
  world.directory.done.filter((each) => each.account === accountOf(person)).map((each) => each.what)

test('access for two hours is added with an end, and that is drawn to a quarter of an hour after the window once it has begun [R046, N06]', async () => {
  const [grant, person] = [aGrant(), somebody()]
  await world.open({ grant, person, hours: 2 })
  await world.pass(minutes(1))
  assert.equal((await world.grant(grant)).status, 'live')
  const end = world.endOf(person)
  assert.equal(end, await endFor(grant))
  assert.ok(end % 1_000 === 0 && end >= Date.parse((await world.grant(grant)).endsAt ?? '') + minutes(15))
  assert.deepEqual(doneTo(person), ['add', 'set end'])
  assert.deepEqual(typesOf(await world.events(person)), [
    'ReasonAdded',
    'ChangeIntended add',
    'ChangeAnswered',
    'ChangeProven add',
    'ReasonDated',
    'ChangeIntended set end',
    'ChangeAnswered',
    'ChangeProven set end',
  ])
  await world.pass(hours(3))
  assert.equal((await world.grant(grant)).status, 'ended')
  assert.deepEqual(doneTo(person), ['add', 'set end', 'remove'], 'ours came first')
  const [last] = (await world.events(person)).slice(-1)
  assert.deepEqual([last?.data['effect'], last?.data['endedBy']], ['changed', 'Tenure'])
})

test('before all groups of a grant are there, the safety net leaves time for the latest window that can begin [R046, I10]', async () => {
  const [grant, person] = [aGrant(), somebody()]
  world.directory.bend((call, go) => (call.group.id === 'elms' ? LOST : go()))
  await world.open({ grant, person, hours: 2, groups: ['oaks', 'elms'] })
  await world.pass(minutes(30))
  const { status, opened } = await world.grant(grant)
  assert.equal(status, 'opening')
  const latest = Date.parse(opened?.completeBy ?? '') + hours(2)
  assert.ok(Number(world.endOf(person, 'oaks')) >= latest + minutes(15))
  world.directory.bend(null)
  await world.pass(minutes(10))
  assert.equal((await world.grant(grant)).status, 'live')
  const end = await endFor(grant)
  assert.deepEqual([world.endOf(person, 'oaks'), world.endOf(person, 'elms')], [end, end], 'and then fits both groups')
})

test('Tenure is dead for a day: access ends by itself, and the record says whose end it was when we are back [R046, N06, R114]', async () => {
  const [grant, person] = [aGrant(), somebody()]
  await world.open({ grant, person, hours: 2 })
  await world.pass(minutes(1))
  const end = await endFor(grant)
  world.dieFor(hours(24))
  assert.equal(world.endOf(person), 'no member')
  assert.deepEqual(world.directory.done.at(-1), { what: 'end', account: accountOf(person), at: end, endsAt: end })
  await world.pass(minutes(1))
  const { status, released } = await world.grant(grant)
  assert.equal(status, 'ended')
  assert.deepEqual(
    released.map((each) => each.endedBy),
    ['the provider'],
  )
  const [last] = (await world.events(person)).slice(-1)
  assert.deepEqual(
    [last?.type, last?.data['effect'], last?.data['endedBy']],
    ['ChangeProven', 'already so', 'the provider'],
  )
  assert.deepEqual(doneTo(person), ['add', 'set end', 'end'], 'and nothing else was done to anybody')
})

test('a second window that lasts longer moves the end before it is called live, and access has no gap [I10, R046, R050]', async () => {
  const [first, second, person] = [aGrant(), aGrant(), somebody()]
  await world.open({ grant: first, person, hours: 2 })
  await world.pass(hours(1))
  world.directory.bend(loses('calls', 'set end'))
  await world.open({ grant: second, person, hours: 6 })
  await world.pass(minutes(20))
  assert.equal(world.endOf(person), await endFor(first))
  assert.equal((await world.grant(second)).status, 'opening', 'nobody is told of access that would be cut off')
  world.directory.bend(null)
  await world.pass(minutes(10))
  assert.equal((await world.grant(second)).status, 'live')
  assert.equal(world.endOf(person), await endFor(second))
  await world.pass(hours(2))
  assert.equal((await world.grant(first)).status, 'ended')
  assert.notEqual(world.endOf(person), 'no member')
  await world.pass(hours(6))
  assert.equal((await world.grant(second)).status, 'ended')
  assert.deepEqual(
    doneTo(person).filter((each) => each !== 'set end'),
    ['add', 'remove'],
  )
})

test('the longer of two windows is revoked, and the end comes back to fit the other [R046, R054, N07]', async () => {
  const [long, short, person] = [aGrant(), aGrant(), somebody()]
  await world.open({ grant: short, person, hours: 4 })
  await world.pass(minutes(1))
  await world.open({ grant: long, person, hours: 48 })
  await world.pass(minutes(1))
  assert.equal(world.endOf(person), await endFor(long))
  await world.revoke(long)
  await world.pass(minutes(1))
  assert.equal(world.endOf(person), await endFor(short))
})

test('standing access does not begin before the end of what was there is cleared, and gets one again when it is revoked [I10, R046]', async () => {
  const [windowed, standing, person] = [aGrant(), aGrant(), somebody()]
  await world.open({ grant: windowed, person, hours: 12 })
  await world.pass(minutes(1))
  world.directory.bend(loses('calls', 'set end'))
  await world.open({ grant: standing, person, hours: null })
  await world.pass(minutes(10))
  assert.equal((await world.grant(standing)).status, 'opening')
  world.directory.bend(null)
  await world.pass(minutes(10))
  assert.equal((await world.grant(standing)).status, 'live')
  assert.equal(world.endOf(person), null)
  await world.revoke(standing)
  await world.pass(minutes(1))
  assert.equal(world.endOf(person), await endFor(windowed))
})

test('standing access has no end from the first moment, and costs no call for one [R046]', async () => {
  const [grant, person] = [aGrant(), somebody()]
  await world.open({ grant, person, hours: null })
  await world.pass(minutes(1))
  assert.equal((await world.grant(grant)).status, 'live')
  assert.equal(world.endOf(person), null)
  assert.deepEqual(doneTo(person), ['add'])
})

for (const lost of ['calls', 'answers'] as const) {
  test(`the ${lost} that draw the safety net in get lost: it is found by reading back or sent again, and has one record [I23, R046]`, async () => {
    const [grant, person] = [aGrant(), somebody()]
    world.directory.bend(loses(lost, 'set end'))
    await world.open({ grant, person, hours: 2 })
    await world.pass(minutes(5))
    assert.equal((await world.grant(grant)).status, 'live', 'nobody waits for that')
    world.directory.bend(null)
    await world.pass(minutes(10))
    assert.equal(world.endOf(person), await endFor(grant))
    const proofs = (await world.events(person)).filter(
      ({ type, data }) => type === 'ChangeProven' && data['do'] === 'set end',
    )
    assert.deepEqual(
      proofs.map(({ data }) => data['effect']),
      ['found by read-back'],
    )
  })
}

test('access that ends while an end is on its way is removed at once [I1, R046]', async () => {
  const [grant, person] = [aGrant(), somebody()]
  world.directory.bend(loses('calls', 'set end'))
  await world.open({ grant, person, hours: 2 })
  await world.pass(minutes(1))
  await world.revoke(grant)
  assert.equal(world.endOf(person), 'no member')
  world.directory.bend(null)
  await world.pass(minutes(1))
  assert.equal((await world.grant(grant)).status, 'ended')
})

test('a removal that the directory refuses for ever ends with the directory’s own end, and the record says so [R055, R046]', async () => {
  const [grant, person] = [aGrant(), somebody()]
  await world.open({ grant, person, hours: 2 })
  await world.pass(minutes(1))
  world.directory.bend((call, go) => (call.do === 'remove' ? rejected('not allowed') : go()))
  await world.pass(hours(2) + minutes(10))
  assert.deepEqual([(await world.grant(grant)).status, world.endOf(person) === 'no member'], ['ending', false])
  await world.pass(minutes(20))
  const { status, released } = await world.grant(grant)
  assert.deepEqual([status, released.map((each) => each.endedBy)], ['ended', ['the provider']])
  world.directory.bend(null)
})

test('many windows that begin and end at one instant each have their safety net [R046]', async () => {
  const all = Array.from({ length: 12 }, () => ({ grant: aGrant(), person: somebody(), hours: 3 }))
  for (const each of all) await world.open(each)
  await world.pass(minutes(2))
  for (const { grant, person } of all) assert.equal(world.endOf(person), await endFor(grant))
  await world.pass(hours(4))
  for (const { grant, person } of all) {
    assert.deepEqual([(await world.grant(grant)).status, world.endOf(person)], ['ended', 'no member'])
  }
})
