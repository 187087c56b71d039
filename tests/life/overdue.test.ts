import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { wordsOf } from '#connectors/jira/stand-in/rich-text.ts'
import type { Ticket } from '#connectors/jira/stand-in/site.ts'
import { HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import { haltAccess, resumeAccess } from '#engine/halt/halt-access.ts'
import { holds } from './holds.ts'
import {
  ask,
  changesOf,
  grantOf,
  isMember,
  nameOf,
  notedOn,
  person,
  personOf,
  recordsOf,
  somebody,
  statusOf,
  ticketOf,
  typesOf,
} from './seen.ts'
import { lost, status, unreachable } from './wire.ts'
import { fromPeopleOnly, hours, openWorld, type World } from './world.ts'

let world: World
before(async () => {
  world = await openWorld()
  world.onTheWay = fromPeopleOnly
})
after(() => world.close())
afterEach(() => {
  world.wires.okta.bend(null)
  world.wires.jira.bend(null)
  world.standIns.okta.hands.setOutage(false)
  world.standIns.okta.hands.setAdminRole(true)
})

const DAY = 24
const OPERATOR = { kind: 'operator', name: 'olga' } as const

/** What an operator would have read, and has read now. */
function takeLog(): readonly string[] {
  return (world.log as string[]).splice(0)
}
const OWNER = 'Rosalind Achterberg'
const GROUP = 'figma-editors'

/** Figma for a day: live, and a minute before its end. */
async function aboutToEnd(): Promise<{ readonly key: string; readonly personId: string }> {
  const { id: personId } = somebody(world, { department: 'Sales' })
  const key = await ask(world, { personId, appId: 'figma', roleId: 'figma-editor', hours: DAY, reason: 'Slides.' })
  const answered = await world.people.answer(person(world, 'Sakura Ito').id, key, 'approve')
  assert.equal(answered.status, 200)
  await world.pass(hours(DAY) - MINUTE_MS)
  assert.equal(statusOf(world, key), 'Access live')
  return { key, personId }
}

/** The issues of Tenure's own that are about this ticket. */
function issuesAbout(key: string): readonly Ticket[] {
  return world.standIns.jira
    .tickets()
    .filter((each) => each.requestTypeId === null && each.description && wordsOf(each.description).includes(`${key}\n`))
}

function issueAbout(key: string): Ticket {
  const issues = issuesAbout(key)
  assert.equal(issues.length, 1, issues.map((each) => each.key).join())
  return issues[0] ?? assert.fail()
}

function descriptionOf(issue: Ticket): string {
  return wordsOf(issue.description ?? assert.fail())
}

const OVERDUE_TYPES = ['GrantOverdue', 'OverdueIssueRaised', 'OverdueProven']

async function overdueRecords(key: string): Promise<readonly string[]> {
  return (await typesOf(world, key)).filter((type) => OVERDUE_TYPES.includes(type))
}

test('Okta is down for a day while a window ends: one issue, exactly one, and a comment when it is over [R055, R056]', async () => {
  const { key, personId } = await aboutToEnd()
  world.standIns.okta.hands.setOutage(true)
  await world.pass(15 * MINUTE_MS)
  assert.deepEqual(issuesAbout(key), [], 'the bound has not come')
  await world.pass(2 * MINUTE_MS)
  const issue = issueAbout(key)
  const who = nameOf(world, personId)
  assert.equal(issue.summary, `Overdue removal: ${who} still has Figma, Editor`)
  assert.equal(issue.assignee, person(world, OWNER).jiraAccountId)
  assert.deepEqual([issue.linked, ticketOf(world, key).linked], [[key], [issue.key]])
  const words = descriptionOf(issue)
  for (const part of [
    `The window ended, and ${who} should not have Figma, Editor any more since `,
    `${GROUP} (okta group `,
    `account ${personOf(world, personId).oktaId}`,
    // Whether it was refused a connection or never got as far as that, is the business of others.
    'the directory could not be ',
    `${OWNER} owns this.`,
    'What Tenure does: it goes on trying',
    'What you can do: ',
  ])
    assert.ok(words.includes(part), `${part}: ${words}`)
  // An hour of trying in vain, and then the rest of the day at one stride: the story is long enough to tell.
  await world.pass(HOUR_MS)
  world.clock.moveTo(world.clock.now() + hours(DAY - 2))
  await world.pass(30 * MINUTE_MS)
  assert.equal(issueAbout(key).comments.length, 0)
  assert.equal((await grantOf(world, key)).status, 'ending')
  world.standIns.okta.hands.setOutage(false)
  await world.pass(10 * MINUTE_MS)
  assert.equal(statusOf(world, key), 'Access ended')
  assert.deepEqual(changesOf(world, personId), [`add ${GROUP} by client`, `remove ${GROUP} by client`])
  const [comment, ...more] = issueAbout(key).comments
  assert.deepEqual(more, [])
  assert.match(
    wordsOf(comment?.body ?? assert.fail()),
    new RegExp(
      `^${who} does not have Figma, Editor by this grant any more.*${GROUP}.*read back as gone at .*Receipt`,
      's',
    ),
  )
  assert.deepEqual(await overdueRecords(key), OVERDUE_TYPES)
})

test('what holds a removal up is an emergency stop of our own: the issue says so, and how to lift it [R055, I14]', async () => {
  const { key } = await aboutToEnd()
  const order = { scope: 'okta', exceptRemovals: false, reason: 'a drill' }
  assert.equal(await haltAccess(world.ports, order, OPERATOR), null)
  await world.pass(17 * MINUTE_MS)
  const words = descriptionOf(issueAbout(key))
  assert.match(words, /An emergency stop of okta is in force since .*: tenure resume --provider okta --reason/)
  assert.doesNotMatch(words, /find out why the directory does not carry it out/)
  assert.equal(await resumeAccess(world.ports, 'okta', 'the drill is over', OPERATOR), null)
  await world.pass(MINUTE_MS)
  assert.deepEqual(await overdueRecords(key), OVERDUE_TYPES)
})

test('an end of access that is proven in time calls nobody, and leaves no timer', async () => {
  const { key } = await aboutToEnd()
  await world.pass(HOUR_MS)
  assert.equal(statusOf(world, key), 'Access ended')
  assert.deepEqual([issuesAbout(key), await overdueRecords(key)], [[], []])
  const { rows } = await world.pool.query(`SELECT FROM timer WHERE kind = 'removal overdue'`)
  assert.equal(rows.length, 0)
})

test('the answer to the creation is lost, and Jira’s search trails behind: still one issue [R055]', async () => {
  const { key } = await aboutToEnd()
  world.standIns.okta.hands.setOutage(true)
  let lose = true
  const began = world.clock.now()
  world.wires.jira.bend((request, go) => {
    // The index knows of nothing that is younger than four minutes.
    if (
      request.url.endsWith('/search/jql') &&
      request.body.includes('labels') &&
      world.clock.now() < began + 20 * MINUTE_MS
    )
      return status(200, JSON.stringify({ issues: [], isLast: true }))
    if (!lose || request.method !== 'POST' || !request.url.endsWith('/rest/api/3/issue')) return go()
    lose = false
    return lost(go)
  })
  await world.pass(18 * MINUTE_MS)
  assert.equal(lose, false)
  assert.deepEqual(await overdueRecords(key), ['GrantOverdue'], 'nobody knows yet under which key')
  await world.pass(10 * MINUTE_MS)
  const issue = issueAbout(key)
  assert.deepEqual(await overdueRecords(key), ['GrantOverdue', 'OverdueIssueRaised'])
  assert.equal((await grantOf(world, key)).overdue?.issue?.key, issue.key)
  world.standIns.okta.hands.setOutage(false)
  await world.pass(10 * MINUTE_MS)
  assert.equal(issueAbout(key).comments.length, 1)
})

test('Jira is down as well: the issue is raised when it is back, and ends of access never wait for it [R055]', async () => {
  const { key, personId } = await aboutToEnd()
  world.standIns.okta.hands.setOutage(true)
  world.wires.jira.bend(() => unreachable())
  await world.pass(HOUR_MS)
  assert.deepEqual(issuesAbout(key), [])
  world.wires.jira.bend(null)
  await world.pass(6 * MINUTE_MS)
  assert.match(issueAbout(key).summary, /^Overdue removal: .* still has /)
  world.standIns.okta.hands.setOutage(false)
  await world.pass(10 * MINUTE_MS)
  assert.equal(isMember(world, GROUP, personId), false)
  assert.equal(issueAbout(key).comments.length, 1)
})

test('it is over before Jira is back: the one issue says that it was, and is commented at once [R055, R056]', async () => {
  const { key } = await aboutToEnd()
  world.standIns.okta.hands.setOutage(true)
  world.wires.jira.bend(() => unreachable())
  await world.pass(40 * MINUTE_MS)
  world.standIns.okta.hands.setOutage(false)
  await world.pass(10 * MINUTE_MS)
  assert.equal((await grantOf(world, key)).status, 'ended')
  world.wires.jira.bend(null)
  await world.pass(10 * MINUTE_MS)
  const issue = issueAbout(key)
  assert.match(issue.summary, /^Overdue removal, done by now: .* had Figma, Editor for too long$/)
  assert.doesNotMatch(descriptionOf(issue), /goes on trying|by hand/)
  assert.equal(issue.comments.length, 1)
  assert.equal(statusOf(world, key), 'Access ended')
})

test('the database stumbles after the call: nobody looks for the issue before it can be found, and there is one [R055]', async () => {
  const { key } = await aboutToEnd()
  world.standIns.okta.hands.setOutage(true)
  let searches = 0
  world.wires.jira.bend((request, go) => {
    if (request.url.endsWith('/search/jql') && request.body.includes('labels')) {
      searches += 1
      // The first search finds nothing because nothing is there, a second one within minutes because of the index.
      if (searches > 1 && world.clock.now() < raisedAt + 4 * MINUTE_MS)
        return status(200, JSON.stringify({ issues: [], isLast: true }))
    }
    if (request.method !== 'POST' || !request.url.endsWith('/rest/api/3/issue') || raisedAt > 0) return go()
    raisedAt = world.clock.now()
    go()
    throw new Error('the disk is full')
  })
  let raisedAt = 0
  await world.pass(40 * MINUTE_MS)
  assert.equal((await grantOf(world, key)).overdue?.issue?.key, issueAbout(key).key)
  assert.equal(searches, 2)
  const told = takeLog()
  assert.ok(told.length === 1 && told[0]?.includes('was not written down: Error: the disk is full'), told.join())
  world.standIns.okta.hands.setOutage(false)
  await world.pass(10 * MINUTE_MS)
})

test('a revocation that Okta refuses is overdue like any other end, since it was decided [R051, R055]', async () => {
  const { key, personId } = await aboutToEnd()
  world.standIns.okta.hands.setAdminRole(false)
  const revoked = world.clock.now()
  assert.equal((await world.people.move(personId, key, 'Revoke access')).status, 204)
  await world.pass(20 * MINUTE_MS)
  const issue = issueAbout(key)
  assert.match(descriptionOf(issue), /^The access was revoked, and /)
  assert.match(descriptionOf(issue), /does not allow Tenure to do it: a permission is missing/)
  const [record] = (await recordsOf(world, key)).filter((each) => each.type === 'GrantOverdue')
  const since = Date.parse(String(record?.data['since']))
  assert.ok(since >= revoked && since <= revoked + MINUTE_MS)
  world.standIns.okta.hands.setAdminRole(true)
  await world.pass(10 * MINUTE_MS)
  assert.equal(statusOf(world, key), 'Access ended')
})

test('the owner has no account at Jira, or may not be given issues: it is nobody’s there, and its words say whose [R055]', async () => {
  const { key } = await aboutToEnd()
  const owner = person(world, OWNER)
  const { rows } = await world.pool.query('DELETE FROM person_link WHERE person_id = $1 RETURNING *', [owner.id])
  assert.ok(rows.length > 0)
  world.standIns.okta.hands.setOutage(true)
  await world.pass(20 * MINUTE_MS)
  assert.equal(issueAbout(key).assignee, null)
  assert.match(descriptionOf(issueAbout(key)), new RegExp(`${OWNER} owns this\\.`))
  const [record] = (await recordsOf(world, key)).filter((each) => each.type === 'OverdueIssueRaised')
  assert.equal(record?.data['assigned'], false)
  for (const row of rows)
    await world.pool.query(
      'INSERT INTO person_link SELECT * FROM jsonb_populate_record(NULL::person_link, $1::jsonb)',
      [JSON.stringify(row)],
    )
  world.standIns.okta.hands.setOutage(false)
  await world.pass(10 * MINUTE_MS)
})

test('hostile names are words of the issue and nothing else [R055]', async () => {
  const { key, personId } = await aboutToEnd()
  const hostile = `Mallory\r\n\u202Egnp.exe" OR project = "X <script>alert(1)</script> [~admin]`
  await world.pool.query('UPDATE directory_person SET name = $2 WHERE person_id = $1', [personId, hostile])
  world.standIns.okta.hands.setOutage(true)
  await world.pass(20 * MINUTE_MS)
  const issue = issueAbout(key)
  assert.equal(
    issue.summary,
    'Overdue removal: Mallory gnp.exe" OR project = "X <script>alert(1)</script> [~admin] still has Figma, Editor',
  )
  assert.doesNotMatch(descriptionOf(issue), /[\u202E\r]/)
  assert.doesNotMatch(JSON.stringify(issue.description), /"(mention|inlineCard|link)"/)
  await world.pool.query('UPDATE directory_person SET name = $2 WHERE person_id = $1', [
    personId,
    nameOf(world, personId),
  ])
  world.standIns.okta.hands.setOutage(false)
  await world.pass(10 * MINUTE_MS)
})

test('Jira refuses the issue: the log says why, once, the rest goes on, and it is raised when it may be [R055]', async () => {
  const { key } = await aboutToEnd()
  const forbidden = status(
    400,
    JSON.stringify({ errorMessages: [], errors: { issuetype: 'Specify a valid issue type' } }),
  )
  world.standIns.okta.hands.setOutage(true)
  world.wires.jira.bend((request, go) =>
    request.method === 'POST' && request.url.endsWith('/rest/api/3/issue') ? forbidden : go(),
  )
  await world.pass(90 * MINUTE_MS)
  assert.deepEqual(issuesAbout(key), [])
  const told = takeLog()
  assert.equal(told.length, 1, told.join('\n'))
  assert.match(
    told[0] ?? '',
    /^an overdue removal \(alm_\w+\) has no issue: Jira refused the issue: 400 issuetype: Specify/,
  )
  world.wires.jira.bend(null)
  await world.pass(HOUR_MS)
  assert.equal(issueAbout(key).comments.length, 0)
  world.standIns.okta.hands.setOutage(false)
  await world.pass(10 * MINUTE_MS)
  assert.equal(issueAbout(key).comments.length, 1)
})

test('the evidence of these stories holds, and nothing about them is noted where the requester reads', async () => {
  assert.deepEqual(world.log, [])
  await holds(world)
  for (const ticket of world.standIns.jira.tickets())
    assert.ok(notedOn(world, ticket.key).every((words) => !words.includes('Overdue removal')))
  const { rows } = await world.pool.query(`SELECT FROM outbox WHERE due_at IS NOT NULL AND key LIKE 'overdue/%'`)
  assert.equal(rows.length, 0)
})

test('nothing is configured for such issues: the log says so, and everything else works [R055]', async (t) => {
  const bare = await openWorld({ jira: { alarmIssueType: '' } })
  t.after(() => bare.close())
  bare.onTheWay = fromPeopleOnly
  const own = world
  world = bare
  t.after(() => void (world = own))
  const { key, personId } = await aboutToEnd()
  bare.standIns.okta.hands.setOutage(true)
  await bare.pass(90 * MINUTE_MS)
  assert.deepEqual(
    bare.log.map((line) => line.replace(/alm_\w+/, 'alm_x')),
    ['an overdue removal (alm_x) has no issue: no issue is raised: JIRA_ALARM_ISSUE_TYPE is not set'],
  )
  assert.deepEqual(await overdueRecords(key), ['GrantOverdue'])
  bare.standIns.okta.hands.setOutage(false)
  await bare.pass(2 * HOUR_MS)
  assert.equal(isMember(bare, GROUP, personId), false)
  assert.deepEqual(await overdueRecords(key), ['GrantOverdue', 'OverdueProven'])
  assert.deepEqual(issuesAbout(key), [])
  await holds(bare)
})
