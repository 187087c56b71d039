import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import { OVERDUE_AFTER_MS } from '#core/grant/overdue.ts'
import { gaugesReader } from '#engine/read/gauges.ts'
import { liveWindows, type LiveWindow } from '#engine/read/live-windows.ts'
import { overdueRemovals } from '#engine/read/overdue.ts'
import { inWords } from '#surfaces/words/refusals.ts'
import {
  approversOf,
  ask,
  groupIdOf,
  groupsOfRole,
  isMember,
  nameOf,
  person,
  personOf,
  requestIdOf,
  somebody,
} from '../life/seen.ts'
import { status } from '../life/wire.ts'
import { fromPeopleOnly, hours, openWorld, type World } from '../life/world.ts'

/* What an operator sees while Okta is away and windows end: the console's list, the list of windows, and the gauges. */

let world: World
before(async () => {
  world = await openWorld()
  world.onTheWay = fromPeopleOnly
  await world.settle()
})
after(() => world.close())

const reading = { issueUrl: (key: string) => `https://desk.example/browse/${key}`, inWords }
const at = () => ({ now: world.clock.now(), overdueAfterMs: OVERDUE_AFTER_MS })
const overdue = () => overdueRemovals(world.pool, reading, at())

async function windows(): Promise<readonly LiveWindow[]> {
  const found: LiveWindow[] = []
  for await (const each of liveWindows(world.pool, at())) found.push(each)
  return found
}

/** A gauge reader of its own, which has counted nothing yet. */
const gauges = () => gaugesReader(world.pool, OVERDUE_AFTER_MS)(world.clock.now())

async function live(hoursLong: number): Promise<{ readonly key: string; readonly personId: string }> {
  const { id: personId } = somebody(world, { department: 'Sales' })
  const asked = { personId, appId: 'figma', roleId: 'figma-editor', hours: hoursLong, reason: 'Slides.' }
  const key = await ask(world, asked)
  assert.equal((await world.people.answer(person(world, 'Sakura Ito').id, key, 'approve')).status, 200)
  await world.pass(5_000)
  assert.equal(isMember(world, 'figma-editors', personId), true)
  return { key, personId }
}

test('nothing is overdue, and nobody holds anything: all of it says so', async () => {
  assert.deepEqual([await overdue(), await windows()], [[], []])
  const { overdueRemovals: count, liveWindows: many, due, unsealedRecords } = await gauges()
  assert.deepEqual([count, many, unsealedRecords], [0, 0, 0])
  assert.deepEqual(
    due.map(({ queue, count, oldestAgeMs }) => [queue, count, oldestAgeMs]),
    [
      ['timer', 0, 0],
      ['inbox', 0, 0],
      ['outbox', 0, 0],
      ['membership', 0, 0],
    ],
  )
})

test('who must lose what and when: one line for each grant and group, from the first moment to the proof', async () => {
  const { key, personId } = await live(24)
  const [window, ...more] = await windows()
  assert.deepEqual(more, [])
  const { startsAt, endsAt, ...rest } = window ?? assert.fail()
  assert.deepEqual(rest, {
    person: nameOf(world, personId),
    personId,
    account: personOf(world, personId).oktaId,
    provider: 'okta',
    group: 'figma-editors',
    groupId: groupIdOf(world, 'figma-editors'),
    app: 'Figma',
    role: 'Editor',
    noEnd: false,
    state: 'live',
    overdueSince: null,
    requestId: requestIdOf(world, key),
    ticket: key,
  })
  assert.equal((endsAt ?? 0) - (startsAt ?? 0), DAY_MS)
  assert.equal((await gauges()).liveWindows, 1)
  await world.pass(hours(25))
  assert.deepEqual(await windows(), [])
})

test('a role of five groups is a line each, opening while some are missing', async () => {
  const asked = world.company.cases.roleOfFiveGroups
  const late = `/groups/${groupIdOf(world, 'status-page-editors')}/users/`
  world.wires.okta.bend((request, go) =>
    request.method !== 'GET' && request.url.includes(late) ? status(503, '{}') : go(),
  )
  const key = await ask(world, asked)
  assert.equal((await world.people.answer(approversOf(asked)[0] ?? '', key, 'approve')).status, 200)
  await world.pass(HOUR_MS)
  const lines = (await windows()).filter((each) => each.ticket === key)
  assert.deepEqual(
    lines.map((each) => [each.group, each.state, each.startsAt, each.endsAt, each.noEnd]).sort(),
    groupsOfRole(world, asked.roleId)
      .map((name) => [name, 'opening', null, null, false])
      .sort(),
  )
  world.wires.okta.bend(null)
  await world.pass(10 * DAY_MS)
  assert.deepEqual(await windows(), [])
})

test('Okta is away: who still has what is listed with its last word, its tries, its owner and its issue [R055]', async () => {
  const { key, personId } = await live(24)
  await world.pass(DAY_MS - MINUTE_MS)
  world.wires.okta.bend(() => status(503, '<b>down</b>'))
  await world.pass(10 * MINUTE_MS)
  assert.deepEqual(await overdue(), [], 'within the bound')
  await world.pass(HOUR_MS)
  const [removal, ...more] = await overdue()
  assert.deepEqual(more, [])
  const { since, groups, alarm, ...rest } = removal ?? assert.fail()
  assert.deepEqual(rest, {
    grantId: requestIdOf(world, key).replace('req_', 'grt_'),
    requestId: requestIdOf(world, key),
    issueKey: key,
    issueUrl: `https://desk.example/browse/${key}`,
    personName: nameOf(world, personId),
    appName: 'Figma',
    roleName: 'Editor',
    ownerName: 'Rosalind Achterberg',
    alarmTrouble: null,
  })
  assert.match(alarm?.url ?? '', /^https:\/\/desk\.example\/browse\/ACCESS-\d+$/)
  const [window] = await windows()
  assert.deepEqual([window?.state, window?.overdueSince, window?.endsAt], ['ending', since, since])
  const [group] = groups
  assert.equal(group?.name, 'figma-editors')
  assert.ok(['unavailable', 'no answer', 'not asked yet'].includes(group.lastWord), group.lastWord)
  assert.match(group?.said ?? '', /^\S/)
  assert.doesNotMatch(group?.said ?? '', /[\r\n]/)
  const { overdueRemovals: count, liveWindows: many } = await gauges()
  assert.deepEqual([count, many], [1, 0])
  world.wires.okta.bend(null)
  await world.pass(10 * MINUTE_MS)
  assert.deepEqual([await overdue(), await windows()], [[], []])
  assert.equal((await gauges()).overdueRemovals, 0)
})

test('why there is no issue yet is told with it', async () => {
  const { key } = await live(24)
  await world.pass(DAY_MS - MINUTE_MS)
  world.wires.okta.bend(() => status(503))
  world.wires.jira.bend((request, go) =>
    request.method === 'POST' && request.url.endsWith('/rest/api/3/issue')
      ? status(400, JSON.stringify({ errorMessages: ['<script>no'], errors: {} }))
      : go(),
  )
  await world.pass(HOUR_MS)
  const [removal] = await overdue()
  assert.equal(removal?.issueKey, key)
  assert.deepEqual([removal.alarm, removal.alarmTrouble], [null, 'Jira refused the issue: 400 <script>no'])
  world.wires.okta.bend(null)
  world.wires.jira.bend(null)
  await world.pass(2 * HOUR_MS)
  assert.deepEqual(await overdue(), [])
})

test('nobody works the timers: what is past its end is listed and counted all the same, without a word of the engine [R055]', async () => {
  const { key } = await live(24)
  await world.pass(HOUR_MS)
  world.clock.moveTo(world.clock.now() + DAY_MS + HOUR_MS)
  const [removal] = await overdue()
  assert.deepEqual([removal?.issueKey, removal?.ownerName, removal?.alarm], [key, null, null])
  assert.equal((await gauges()).overdueRemovals, 1)
  assert.ok((await gauges()).due.some(({ queue, oldestAgeMs }) => queue === 'timer' && oldestAgeMs > HOUR_MS))
  // Worked late, it is being removed within seconds, and until that is proven it stays on the list.
  world.wires.okta.bend(() => status(503))
  await world.pass(MINUTE_MS)
  assert.equal((await overdue()).length, 1)
  assert.ok((await windows()).every((each) => each.state === 'ending' && each.overdueSince !== null))
  world.wires.okta.bend(null)
  await world.pass(10 * MINUTE_MS)
  assert.deepEqual([await overdue(), await windows()], [[], []])
})
