import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { hours, openWorld, type World } from './world.ts'

let world: World
before(async () => void (world = await openWorld()))
after(() => world.close())

test('six hours of the production database: asked, approved, live, ended, removed and read back [R002, R033, R039, R045, R093]', async () => {
  const ask = world.company.cases.engineerOperatesProduction
  const key = world.people.ask(ask.personId, ask)
  await world.settle()
  const ticket = world.standIns.jira.ticket(key)
  console.log(ticket?.status, world.log)
  assert.equal(ticket?.status, 'Waiting for approval')
  const approver = ask.then.kind === 'answered by' ? ask.then.personIds[0] : undefined
  assert.equal(world.people.answer(approver ?? '', key, 'approve').status, 200)
  await world.pass(5_000)
  console.log(world.standIns.jira.ticket(key)?.status, world.log)
  assert.equal(world.standIns.jira.ticket(key)?.status, 'Access live')
  await world.pass(hours(6))
  console.log(
    world.standIns.jira.ticket(key)?.status,
    world.log,
    JSON.stringify(world.standIns.okta.truth.changeLog.slice(-4)),
  )
  assert.equal(world.standIns.jira.ticket(key)?.status, 'Access ended')
  const { rows } = await world.pool.query('select stream, version, type, data from event order by position')
  for (const r of rows.slice(-60)) console.log(r.stream, r.version, r.type, JSON.stringify(r.data).slice(0, 200))
})
