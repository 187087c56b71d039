import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { hours, openWorld, type World } from './world.ts'

let world: World
before(async () => void (world = await openWorld()))
after(() => world.close())

test('six hours of the production database: asked, approved, live, ended, removed and read back [R002, R033, R039, R045, R093]', async () => {
  const ask = world.company.cases.engineerOperatesProduction
  const key = await world.people.ask(ask.personId, ask)
  await world.settle()
  const status = () => world.standIns.jira.ticket(key)?.status
  assert.equal(status(), 'Waiting for approval')
  const approver = ask.then.kind === 'answered by' ? ask.then.personIds[0] : undefined
  assert.equal((await world.people.answer(approver ?? '', key, 'approve')).status, 200)
  await world.pass(5_000)
  assert.equal(status(), 'Access live')
  await world.pass(hours(6))
  assert.equal(status(), 'Access ended')
  assert.deepEqual(world.log, [])
  assert.deepEqual(
    world.standIns.okta.truth.changeLog.slice(-4).map((change) => [change.op, change.by.kind]),
    [
      ['add', 'client'],
      ['add', 'client'],
      ['remove', 'client'],
      ['remove', 'client'],
    ],
  )
})
