import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import type { Reading } from '#connectors/kit/connector.ts'
import type { DeskIssue } from '#connectors/kit/desk.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import { openSmallSite, PEOPLE, smallSeed, type Small } from './test/small-site.ts'

const { fields } = smallSeed

function valueOf<Value>(reading: Reading<Value>): Value {
  assert.equal(reading.kind, 'read', JSON.stringify(reading))
  return (reading as Reading<Value> & { kind: 'read' }).value
}

async function issueOf(small: Small, key: string): Promise<DeskIssue> {
  return valueOf(await small.desk.issue(key))
}

test('a request of the portal is read with its four fields, its reporter and its status [R002]', async () => {
  const small = openSmallSite()
  const key = small.raise({ [fields.reason]: 'First line\nSecond line' })
  const issue = await issueOf(small, key)
  assert.deepEqual(
    { ...issue, id: null, createdAt: null, updatedAt: null },
    {
      id: null,
      key,
      ours: true,
      status: 'submitted',
      creator: PEOPLE.ada,
      reporter: PEOPLE.ada,
      app: 'Salesforce',
      role: 'Sales user',
      duration: '6 hours',
      reason: 'First line\nSecond line',
      createdAt: null,
      updatedAt: null,
      approvals: [],
      history: [],
    },
  )
  assert.equal(issue.createdAt, Date.parse('2026-11-25T09:04:00.000Z'))
})

test('an empty field is empty text', async () => {
  const small = openSmallSite()
  const key = small.raise({ [fields.reason]: '', [fields.duration]: undefined })
  const issue = await issueOf(small, key)
  assert.deepEqual([issue.reason, issue.duration], ['', ''])
})

test('a ticket of another request type is not ours', async () => {
  const small = openSmallSite({ config: { requestTypeIds: '32' } })
  const issue = await issueOf(small, small.raise())
  assert.deepEqual([issue.ours, issue.approvals, issue.history], [false, [], []])
})

test('a ticket of another project is not ours, and no more of it is read', async () => {
  const small = openSmallSite({ config: { projectKey: 'OTHER' } })
  assert.equal((await issueOf(small, small.raise())).ours, false)
  assert.equal(small.sent.filter(({ request }) => request.url.includes('/changelog')).length, 0)
})

test('a ticket that does not exist is absent', async () => {
  const { desk } = openSmallSite()
  assert.equal((await desk.issue('ACC-404')).kind, 'absent')
})

test('what is no key never reaches the network', async () => {
  const { desk, sent } = openSmallSite()
  for (const key of ['../../admin', 'ACC-1?x=y', 'ACC-1/comment', '', 'acc']) {
    assert.equal((await desk.issue(key)).kind, 'absent', key)
    assert.equal((await desk.move(key, 'live')).kind, 'rejected', key)
  }
  assert.equal(sent.length, 0)
})

test('edits of the four fields and moves are the history, oldest first', async () => {
  const small = openSmallSite()
  const key = small.raise()
  small.as(PEOPLE.rosa, 'PUT', `/rest/api/3/issue/${key}`, { fields: { [fields.duration]: { value: '24 hours' } } })
  small.pass(SECOND_MS)
  small.as(PEOPLE.rosa, 'POST', `/rest/api/3/issue/${key}/transitions`, { transition: { id: '21' } })
  const { history } = await issueOf(small, key)
  assert.deepEqual(
    history.map(({ author, what }) => ({ author, what })),
    [
      { author: PEOPLE.rosa, what: { kind: 'edited', field: 'duration', to: '24 hours' } },
      { author: PEOPLE.rosa, what: { kind: 'moved', from: 'submitted', to: 'approved' } },
    ],
  )
})

test('two fields that are edited at once are two changes with ids of their own', async () => {
  const small = openSmallSite()
  const key = small.raise()
  const change = { [fields.duration]: { value: '24 hours' }, [fields.role]: { value: 'Administrator' } }
  small.as(PEOPLE.rosa, 'PUT', `/rest/api/3/issue/${key}`, { fields: change })
  const { history } = await issueOf(small, key)
  assert.deepEqual(
    history.map(({ what }) => what),
    [
      { kind: 'edited', field: 'role', to: 'Administrator' },
      { kind: 'edited', field: 'duration', to: '24 hours' },
    ],
  )
  assert.equal(new Set(history.map(({ id }) => id)).size, 2)
})

test('clearing a field is an edit to nothing, not to a function that every object has', async () => {
  const small = openSmallSite({
    deliver: (request, answer) => {
      if (request.url.includes('/changelog'))
        Object.assign(answer, { body: answer.body.replace(/,"toString":null/, '') })
      return 'deliver'
    },
  })
  const key = small.raise()
  small.as(PEOPLE.rosa, 'PUT', `/rest/api/3/issue/${key}`, { fields: { [fields.reason]: null } })
  const { history } = await issueOf(small, key)
  assert.deepEqual(history[0]?.what, { kind: 'edited', field: 'reason', to: '' })
})

test('a history of more than one page is read to its end', async () => {
  const small = openSmallSite()
  const key = small.raise()
  for (let edit = 0; edit < 130; edit += 1) {
    const value = edit % 2 === 0 ? '24 hours' : '1 hour'
    small.pass(SECOND_MS)
    small.as(PEOPLE.rosa, 'PUT', `/rest/api/3/issue/${key}`, { fields: { [fields.duration]: { value } } })
  }
  const { history } = await issueOf(small, key)
  assert.equal(history.length, 130)
  assert.equal(small.sent.filter(({ request }) => request.url.includes('/changelog')).length, 2)
})

test('a history that ends before its total is unreadable and never a short one', async () => {
  const small = openSmallSite({
    deliver: (request, answer) => {
      if (request.url.includes('/changelog'))
        Object.assign(answer, { body: answer.body.replace(/"total":\d+/, '"total":7') })
      return 'deliver'
    },
  })
  const key = small.raise()
  small.as(PEOPLE.rosa, 'POST', `/rest/api/3/issue/${key}/transitions`, { transition: { id: '21' } })
  assert.equal((await small.desk.issue(key)).kind, 'unreadable')
})

test('the approval object says who answered what, and the status is only where it stands', async () => {
  const small = openSmallSite()
  const key = small.raise()
  await small.desk.askForApproval(key, [PEOPLE.grace, PEOPLE.linus])
  const [asked] = (await issueOf(small, key)).approvals
  assert.deepEqual(asked?.answers, [
    { account: PEOPLE.grace, decision: 'pending' },
    { account: PEOPLE.linus, decision: 'pending' },
  ])
  small.pass(MINUTE_MS)
  small.as(PEOPLE.linus, 'POST', `/rest/servicedeskapi/request/${key}/approval/${asked?.id}`, { decision: 'approve' })
  const issue = await issueOf(small, key)
  assert.equal(issue.status, 'approved')
  assert.deepEqual(issue.approvals, [
    {
      id: asked?.id,
      decision: 'approved',
      answers: [
        { account: PEOPLE.grace, decision: 'pending' },
        { account: PEOPLE.linus, decision: 'approved' },
      ],
      completedAt: small.now(),
    },
  ])
  assert.equal(issue.history.at(-1)?.author, PEOPLE.linus)
})

test('a ticket that moves while it is read is read again, so that no part is older than another', async () => {
  let edited = false
  const small = openSmallSite({
    before(request, site) {
      if (!request.url.includes('/approval') || edited) return
      edited = true
      const change = { fields: { [fields.duration]: { value: '24 hours' } } }
      site.as(PEOPLE.rosa, 'PUT', '/rest/api/3/issue/ACC-1', change)
    },
  })
  const issue = await issueOf(small, small.raise())
  assert.equal(issue.duration, '24 hours')
  assert.equal(issue.history.length, 1)
})

test('a ticket that never stands still is unreadable for a moment', async () => {
  let edits = 0
  const small = openSmallSite({
    before(request, site) {
      if (!request.url.includes('/approval')) return
      edits += 1
      const value = edits % 2 === 0 ? '24 hours' : '1 hour'
      site.as(PEOPLE.rosa, 'PUT', '/rest/api/3/issue/ACC-1', { fields: { [fields.duration]: { value } } })
    },
  })
  const reading = await small.desk.issue(small.raise())
  assert.deepEqual(reading, {
    kind: 'unreadable',
    retryAfterMs: SECOND_MS,
    said: 'the ticket changes faster than it can be read',
  })
})

const isRead = ({ method }: HttpRequest): boolean => method === 'GET'

for (const habit of ['HTML page', 'half a JSON', 'nothing in a 200', 'error in a 200', '503', '504', '401'] as const) {
  test(`a ticket answered with ${habit} is unreadable, never absent and never empty`, async () => {
    const small = openSmallSite()
    small.standIn.hands.misbehave(habit, { times: 99, when: isRead })
    const reading = await small.desk.issue(small.raise())
    assert.equal(reading.kind, 'unreadable')
  })
}

test('a used-up quota of the hour is waited for until the hour is over, whatever Retry-After says', async () => {
  const small = openSmallSite()
  small.standIn.hands.misbehave('429 of the hourly quota', { when: isRead })
  const reading = await small.desk.issue(small.raise())
  const untilTheHour = HOUR_MS - (small.now() % HOUR_MS)
  assert.deepEqual([reading.kind, reading.kind === 'unreadable' && reading.retryAfterMs], ['unreadable', untilTheHour])
})

test('changed tickets are found by minutes ago, which means the same in every time zone', async () => {
  const small = openSmallSite({ habits: { searchLagMs: 30 * SECOND_MS } })
  const old = small.raise()
  small.pass(2 * HOUR_MS)
  const since = small.now()
  const [first, second] = [small.raise(), small.raise()]
  small.pass(MINUTE_MS)
  assert.deepEqual(valueOf(await small.desk.updatedSince(since)), [first, second])
  assert.match(small.sent.at(-1)?.request.body ?? '', /updated >= -\d+m ORDER BY updated ASC/)
  small.as(PEOPLE.rosa, 'POST', `/rest/api/3/issue/${old}/transitions`, { transition: { id: '21' } })
  small.pass(MINUTE_MS)
  assert.deepEqual(valueOf(await small.desk.updatedSince(since)), [first, second, old])
})

test('a ticket that changed just before is found as well, because the index trails and clocks differ', async () => {
  const small = openSmallSite()
  const key = small.raise()
  small.pass(2 * MINUTE_MS)
  assert.deepEqual(valueOf(await small.desk.updatedSince(small.now())), [key])
})

test('changed tickets are found on every page', async () => {
  const small = openSmallSite({ habits: { limits: null } })
  const keys = Array.from({ length: 230 }, () => small.raise())
  assert.deepEqual(valueOf(await small.desk.updatedSince(small.now() - HOUR_MS)), keys)
})

test('an address is proven only where the organisation manages its domain', async () => {
  const { desk } = openSmallSite()
  const verified = async (accountId: string) => {
    const { email, emailVerified } = valueOf(await desk.account(accountId))
    return { email, emailVerified }
  }
  assert.deepEqual(await verified(PEOPLE.ada), { email: 'ada@acme.example', emailVerified: true })
  assert.deepEqual(await verified(PEOPLE.linus), { email: 'linus@elsewhere.example', emailVerified: false })
  assert.deepEqual(await verified(PEOPLE.vera), { email: null, emailVerified: false })
})

test('an account that left is not active, and one that never was is absent', async () => {
  const { desk } = openSmallSite()
  assert.equal(valueOf(await desk.account(PEOPLE.mallory)).active, false)
  assert.equal((await desk.account('nobody')).kind, 'absent')
})
