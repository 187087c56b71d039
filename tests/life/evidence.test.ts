import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { exportPack } from '#engine/evidence/export-pack.ts'
import { run } from '#verify/cli.ts'
import { evidenceHolds, statesAreTheirEvents, verdictOn } from './evidence-holds.ts'
import { ask, askAndApprove, eventsOf, person, recordsOf, requestIdOf, requestOf, statusOf } from './seen.ts'
import { lost } from './wire.ts'
import { hours, openWorld, type World } from './world.ts'

let world: World
let folder: string
before(async () => {
  world = await openWorld()
  folder = await mkdtemp(join(tmpdir(), 'tenure-life-evidence-'))
})
after(async () => {
  await rm(folder, { recursive: true })
  await world.close()
})

const SECRET = 'The settlement with a certain customer.'

test('a day of the company: asked, approved, refused, declined, ended, revoked, and an answer that was lost [R093]', async () => {
  const { cases } = world.company
  const day = { ...cases.contractorReadsNetSuite, hours: 24, reason: SECRET }
  const keys = [
    await ask(world, cases.newHires[0] ?? assert.fail()),
    await ask(world, cases.unclaimedGroup),
    await askAndApprove(world, day),
    await askAndApprove(world, cases.engineerOperatesProduction),
    await askAndApprove(world, cases.heldByAnotherHand),
  ]
  const declined = await ask(world, cases.ownerAsksForOwnApp)
  await world.people.answer(person(world, 'Thandiwe Dlamini').id, declined, 'decline')
  world.wires.okta.bend((request, go) => (request.method === 'DELETE' ? lost(go) : go()))
  await world.people.move(cases.heldByAnotherHand.personId, keys[4] ?? '', 'Revoke access')
  await world.pass(hours(6))
  world.wires.okta.bend(null)
  await world.pass(hours(20))
  assert.deepEqual(
    [...keys, declined].map((key) => statusOf(world, key)),
    ['Access live', 'Refused', 'Access ended', 'Access ended', 'Access ended', 'Declined'],
  )
})

test('every change that Okta attributes to us has exactly one record, and every record is about one that happened [I23, I24, I27]', () =>
  evidenceHolds(world))

test('a pack on disk and a checkpoint are enough for the checker, which counts what happened [R096, N10, I24]', async () => {
  await exportPack(world.ports, join(folder, 'pack'), 'tenure test')
  await writeFile(join(folder, 'checkpoint'), (await world.ports.store.newestCheckpoint())?.note ?? '')
  const key = world.signingKey.verifierKey
  const said: string[] = []
  const streams = { out: (text: string) => void said.push(text), err: (text: string) => void said.push(text) }
  const checkpoint = join(folder, 'checkpoint')
  assert.equal(
    await run([join(folder, 'pack'), '--checkpoint', checkpoint, '--key', key, '--json'], streams),
    0,
    said.join(),
  )
  const { verified, requests, approved, granted, expired, changes, removedAndReadBack, open } = JSON.parse(
    said.join(''),
  )
  assert.deepEqual(
    { verified, requests, approved, granted, expired, changes, removedAndReadBack, open },
    { verified: true, requests: 5, approved: 4, granted: 4, expired: 2, changes: 9, removedAndReadBack: 4, open: [] },
  )
})

test('one letter of a record changed on disk: not verified, and the record is named [R096, N10, I25]', async () => {
  const path = join(folder, 'pack', 'records.jsonl')
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replace('"effect":"changed"', '"effect":"chanced"'))
  const said: string[] = []
  const streams = { out: (words: string) => void said.push(words), err: (words: string) => void said.push(words) }
  const parameters = [
    join(folder, 'pack'),
    '--checkpoint',
    join(folder, 'checkpoint'),
    '--key',
    world.signingKey.verifierKey,
  ]
  assert.equal(await run(parameters, streams), 1)
  assert.match(said.join(''), /NOT verified[^]*Finding: record changed: membership\/okta\/00g\w+\/per_\w+@\d+/)
})

test('every state in the tables is what its events make of it, to the letter [I27]', async () => {
  const events = await eventsOf(world)
  await statesAreTheirEvents(world, events)
  const { rows } = await world.pool.query<{ kind: string }>('SELECT DISTINCT kind FROM stream_state ORDER BY kind')
  assert.deepEqual(
    rows.map((row) => row.kind),
    ['approval-rule', 'catalog', 'grant', 'group', 'person', 'request'],
  )
})

test('nobody rewrites what happened: the database refuses to change or delete an event [I25]', async () => {
  for (const statement of [`UPDATE event SET type = 'x' WHERE position = 1`, 'DELETE FROM event WHERE position = 1']) {
    await assert.rejects(world.pool.query(statement), /events are append-only/)
  }
})

test('what a person wrote can be erased: it is nowhere any more, and the proof stays whole [N10, R096]', async () => {
  const [ticket] = world.standIns.jira.tickets().filter((each) => each.app === 'NetSuite')
  const key = ticket?.key ?? ''
  const [submitted] = await recordsOf(world, key)
  assert.equal(submitted?.personalFields?.['reason'], SECRET)
  assert.equal(await world.ports.store.erase(`request/${requestIdOf(world, key)}`, 1), true)
  assert.equal(await world.ports.store.erase(`request/${requestIdOf(world, key)}`, 1), false)

  const { rows: tables } = await world.pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  )
  for (const { name } of tables) {
    const { rows } = await world.pool.query(`SELECT FROM ${name} AS r WHERE r::text LIKE '%certain customer%'`)
    assert.equal(rows.length, 0, `${name} still holds what was erased`)
  }
  const verdict = await verdictOn(world)
  assert.deepEqual([verdict.verified, verdict.erased], [true, 1])
  await statesAreTheirEvents(world, await eventsOf(world))
  assert.equal((await requestOf(world, key)).status, 'approved')
})

test('a ticket that is looked at after its words were erased is left as it stands', async () => {
  const [ticket] = world.standIns.jira.tickets().filter((each) => each.app === 'NetSuite')
  const key = ticket?.key ?? ''
  const before = (await recordsOf(world, key)).length
  await world.ports.store.receive({ id: 'look', source: 'poll', about: key, receivedAt: world.clock.now() })
  await world.settle()
  assert.equal((await recordsOf(world, key)).length, before)
  assert.deepEqual(world.log, [])
})

test('the log only grows: an older checkpoint is a beginning of every later one [R096, I25]', async () => {
  const { rows } = await world.pool.query<{ note: string }>('SELECT note FROM checkpoint ORDER BY size')
  assert.ok(rows.length > 5)
  const pack = join(folder, 'grown')
  await exportPack(world.ports, pack, 'tenure test')
  const parameters = [pack, '--key', world.signingKey.verifierKey]
  for (const [place, { note }] of rows.entries()) {
    await writeFile(join(folder, `checkpoint-${place}`), note)
    parameters.push('--checkpoint', join(folder, `checkpoint-${place}`))
  }
  const said: string[] = []
  const streams = { out: (words: string) => void said.push(words), err: (words: string) => void said.push(words) }
  assert.equal(await run(parameters, streams), 0, said.join(''))
})
