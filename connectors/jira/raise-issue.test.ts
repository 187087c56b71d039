import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE_MS } from '#core/instant.ts'
import { RAISED_IS_FOUND_AFTER_MS, type DeskNewIssue } from '#connectors/kit/desk.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import { settingsOf } from './settings.ts'
import { wordsOf } from './stand-in/rich-text.ts'
import { openSmallSite, PEOPLE, smallConfig, type Small, type SmallOptions } from './test/small-site.ts'

const ALARM: DeskNewIssue = {
  marker: 'tenure-alm_5x9k',
  summary: 'Overdue removal: Ada Byron still has Salesforce, Sales user',
  paragraphs: [{ kind: 'text', text: 'What Tenure goes on doing.' }],
  assignee: PEOPLE.rosa,
}

const yes = async (): Promise<boolean> => true

function raise(small: Small, changes: Partial<DeskNewIssue> = {}, mayRaise = yes) {
  assert.ok(small.desk.raise)
  return small.desk.raise({ ...ALARM, ...changes }, mayRaise)
}

/** Every issue of the site that is no request. */
function issuesOf(small: Small) {
  return small.standIn.tickets().filter((each) => each.requestTypeId === null)
}

function creations({ sent }: Small): number {
  return sent.filter(({ request }) => request.method === 'POST' && request.url.endsWith('/rest/api/3/issue')).length
}

/** The first answer to a creation is lost after its effect. */
function losing(more: SmallOptions = {}): Small {
  let lose = true
  return openSmallSite({
    ...more,
    deliver(request) {
      if (!lose || request.method !== 'POST' || !request.url.endsWith('/rest/api/3/issue')) return 'deliver'
      lose = false
      return 'drop'
    },
  })
}

test('an issue is raised with its words, its marker and its assignee, and is no access request [R055]', async () => {
  const small = openSmallSite()
  const raised = await raise(small)
  const [issue = assert.fail()] = issuesOf(small)
  assert.deepEqual(raised, { kind: 'changed', issue: { id: issue.id, key: issue.key }, assigned: true })
  assert.deepEqual([issue.summary, issue.labels, issue.assignee], [ALARM.summary, [ALARM.marker], PEOPLE.rosa])
  assert.equal(wordsOf(issue.description ?? assert.fail()), 'What Tenure goes on doing.')
  const reading = await small.desk.issue(issue.key)
  assert.equal(reading.kind === 'read' && reading.value.ours, false)
})

test('it is raised once, however often one asks', async () => {
  const small = openSmallSite()
  const first = await raise(small)
  const again = await raise(small)
  assert.deepEqual(again, { ...first, kind: 'unchanged' })
  assert.equal(issuesOf(small).length, 1)
  await raise(small, { marker: 'tenure-alm_other' })
  assert.equal(issuesOf(small).length, 2)
})

test('the answer is lost: the issue is found by its marker, and no second one is raised [R055]', async () => {
  const small = losing()
  assert.equal((await raise(small)).kind, 'unavailable')
  assert.equal((await raise(small)).kind, 'unchanged')
  assert.equal(issuesOf(small).length, 1)
})

test('the index trails behind: who waits as long as the desk says finds what was raised', async () => {
  const small = losing({ habits: { searchLagMs: RAISED_IS_FOUND_AFTER_MS - MINUTE_MS } })
  await raise(small)
  small.pass(RAISED_IS_FOUND_AFTER_MS)
  assert.equal((await raise(small)).kind, 'unchanged')
  assert.equal(issuesOf(small).length, 1)
})

for (const habit of [
  'HTML page after the effect',
  'half a JSON',
  'nothing in a 200 after the effect',
  '503 after the effect',
] as const) {
  test(`a creation that was carried out and answered with ${habit} is unavailable, and found afterwards`, async () => {
    const small = openSmallSite()
    const isCreation = ({ method, url }: HttpRequest) => method === 'POST' && url.endsWith('/rest/api/3/issue')
    small.standIn.hands.misbehave(habit, { when: isCreation })
    assert.equal((await raise(small)).kind, 'unavailable')
    assert.equal((await raise(small)).kind, 'unchanged')
    assert.equal(issuesOf(small).length, 1)
  })
}

test('whoever may not raise any more, when it comes to it, sends nothing', async () => {
  const small = openSmallSite()
  const outcome = await raise(small, {}, async () => false)
  assert.equal(outcome.kind, 'unavailable')
  assert.equal(creations(small), 0)
  assert.ok(small.sent.length > 0, 'it was looked for first')
})

test('nothing is raised while nobody can tell whether it was', async () => {
  const small = openSmallSite()
  small.standIn.hands.misbehave('503', { times: 99, when: ({ url }) => url.endsWith('/search/jql') })
  assert.equal((await raise(small)).kind, 'unavailable')
  assert.equal(creations(small), 0)
})

test('somebody who cannot be assigned, is a stranger or has left: the issue is raised, and is nobody’s [R055]', async () => {
  for (const assignee of [PEOPLE.grace, PEOPLE.mallory, 'account-nobody', null]) {
    const small = openSmallSite()
    const raised = await raise(small, { assignee })
    assert.equal(raised.kind === 'changed' && raised.assigned, false, String(assignee))
    assert.deepEqual(
      issuesOf(small).map((each) => each.assignee),
      [null],
    )
  }
})

test('an issue of somebody else that carries the marker in other letters is not ours', async () => {
  const small = openSmallSite()
  const fields = {
    project: { key: 'ACC' },
    issuetype: { name: 'Task' },
    summary: 'A trap',
    labels: [ALARM.marker.toUpperCase()],
  }
  assert.equal(small.as(PEOPLE.rosa, 'POST', '/rest/api/3/issue', { fields }).status, 201)
  assert.equal((await raise(small)).kind, 'changed')
  assert.equal(issuesOf(small).length, 2)
})

test('Jira refuses: the words are kept, and nothing was raised', async () => {
  const small = openSmallSite({ config: { alarmIssueType: 'Catastrophe' } })
  const outcome = await raise(small)
  assert.deepEqual(outcome, {
    kind: 'rejected',
    because: 'not understood',
    said: '400 issuetype: Specify a valid issue type',
  })
  const elsewhere = openSmallSite({ config: { alarmProjectKey: 'OPS' } })
  assert.match(JSON.stringify(await raise(elsewhere)), /rejected.*400 project: /)
})

test('hostile words are one line in the summary, text in the description, and nothing in the query', async () => {
  const small = openSmallSite()
  const name = `Mallory\r\n\u202Egnp" OR project = "X\u0007 ${'x'.repeat(400)}`
  await raise(small, { summary: name, paragraphs: [{ kind: 'text', text: `[~admin] {panel} ${name}` }] })
  const [issue = assert.fail()] = issuesOf(small)
  assert.match(issue.summary, /^Mallory gnp" OR project = "X x+…$/)
  assert.ok(issue.summary.length <= 255)
  assert.doesNotMatch(wordsOf(issue.description ?? assert.fail()), /[\u202E\u0007]/)
  const foul = await raise(small, { marker: 'tenure" OR project = "X' })
  assert.deepEqual([foul.kind, issuesOf(small).length], ['rejected', 1])
})

test('two issues name each other, and once more is once', async () => {
  const small = openSmallSite()
  const key = small.raise()
  const raised = await raise(small)
  const alarm = raised.kind === 'changed' ? raised.issue.key : assert.fail()
  for (let times = 0; times < 2; times += 1) assert.equal((await small.desk.link(alarm, key)).kind, 'changed')
  assert.deepEqual([small.standIn.ticket(alarm)?.linked, small.standIn.ticket(key)?.linked], [[key], [alarm]])
  assert.equal((await small.desk.link(alarm, 'ACC-404')).kind, 'rejected')
  assert.equal((await small.desk.link(alarm, '../secure')).kind, 'rejected')
})

test('without an issue type nothing is raised; without a project it is that of the requests', () => {
  assert.equal(openSmallSite({ config: { alarmIssueType: ' ' } }).desk.raise, undefined)
  assert.deepEqual(settingsOf(smallConfig).alarms, { projectKey: 'ACC', issueType: 'Task' })
  assert.deepEqual(settingsOf({ ...smallConfig, alarmProjectKey: 'OPS' }).alarms, {
    projectKey: 'OPS',
    issueType: 'Task',
  })
  assert.throws(() => settingsOf({ ...smallConfig, alarmProjectKey: 'o"p' }), /JIRA_ALARM_PROJECT_KEY is not a project/)
})
