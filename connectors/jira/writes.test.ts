import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import type { DeskMessage } from '#connectors/kit/desk.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import { openSmallSite, PEOPLE, smallSeed } from './test/small-site.ts'
import { accessWorkflow } from './stand-in/workflow.ts'

const { fields } = smallSeed
const hello: DeskMessage = { id: 'message-1', audience: 'public', paragraphs: [{ kind: 'text', text: 'Hello.' }] }

test('approvers are written before the ticket enters the approval status, so that the approval is theirs', async () => {
  const small = openSmallSite()
  const key = small.raise()
  assert.equal((await small.desk.askForApproval(key, [PEOPLE.grace])).kind, 'changed')
  const ticket = small.standIn.ticket(key)
  assert.equal(ticket?.status, 'Waiting for approval')
  assert.deepEqual(
    ticket?.history.map((entry) => entry.items[0]?.field),
    ['Approvers', 'status'],
  )
  assert.deepEqual(ticket?.approvals[0]?.answers, [{ account: PEOPLE.grace, decision: 'pending' }])
})

test('asking the same approvers again changes nothing', async () => {
  const small = openSmallSite()
  const key = small.raise()
  await small.desk.askForApproval(key, [PEOPLE.grace, PEOPLE.linus])
  const before = small.standIn.ticket(key)?.history.length
  assert.equal((await small.desk.askForApproval(key, [PEOPLE.linus, PEOPLE.grace])).kind, 'unchanged')
  assert.equal(small.standIn.ticket(key)?.history.length, before)
})

test('other approvers of an open approval are asked, and who answered stays', async () => {
  const small = openSmallSite({
    seed: { workflow: { ...accessWorkflow, approvalStep: { ...accessWorkflow.approvalStep, needed: 2 } } },
  })
  const key = small.raise()
  await small.desk.askForApproval(key, [PEOPLE.grace, PEOPLE.linus])
  const id = small.standIn.ticket(key)?.approvals[0]?.id
  small.as(PEOPLE.grace, 'POST', `/rest/servicedeskapi/request/${key}/approval/${id}`, { decision: 'approve' })
  assert.equal((await small.desk.askForApproval(key, [PEOPLE.grace, PEOPLE.rosa])).kind, 'changed')
  assert.deepEqual(small.standIn.ticket(key)?.approvals[0]?.answers, [
    { account: PEOPLE.grace, decision: 'approved' },
    { account: PEOPLE.rosa, decision: 'pending' },
  ])
})

test('an approver whom Jira does not know is rejected in its words, and the ticket has not moved', async () => {
  const small = openSmallSite()
  const key = small.raise()
  const outcome = await small.desk.askForApproval(key, ['nobody'])
  assert.equal(outcome.kind, 'rejected')
  assert.match(outcome.kind === 'rejected' ? outcome.said : '', /nobody/)
  assert.equal(small.standIn.ticket(key)?.status, 'Submitted')
})

test('an approval by nobody is never asked for', async () => {
  const small = openSmallSite()
  assert.equal((await small.desk.askForApproval(small.raise(), [])).kind, 'rejected')
  assert.equal(small.sent.length, 0)
})

test('a ticket is moved once, and already there is unchanged', async () => {
  const small = openSmallSite()
  const key = small.raise()
  assert.equal((await small.desk.move(key, 'approved')).kind, 'changed')
  assert.equal((await small.desk.move(key, 'approved')).kind, 'unchanged')
  assert.equal((await small.desk.move(key, 'live')).kind, 'changed')
  assert.equal(small.standIn.ticket(key)?.status, 'Access live')
})

test('a ticket that somebody else moved there in the same moment is unchanged', async () => {
  const small = openSmallSite({
    before(request, site) {
      if (request.method !== 'POST' || !request.url.endsWith('/transitions')) return
      site.as(PEOPLE.rosa, 'POST', '/rest/api/3/issue/ACC-1/transitions', { transition: { id: '21' } })
    },
  })
  assert.equal((await small.desk.move(small.raise(), 'approved')).kind, 'unchanged')
  assert.equal(small.standIn.ticket('ACC-1')?.history.length, 1)
})

test('a conflict says nothing about the effect', async () => {
  const body = JSON.stringify({ errorMessages: ['The issue is being changed.'], errors: {} })
  const small = openSmallSite({
    deliver(request, answer) {
      if (request.method === 'PUT') Object.assign(answer, { status: 409, body })
      return 'deliver'
    },
  })
  assert.deepEqual(await small.desk.askForApproval(small.raise(), [PEOPLE.grace]), {
    kind: 'unavailable',
    retryAfterMs: null,
    said: '409 The issue is being changed.',
  })
})

test('no way there is rejected, with both names', async () => {
  const small = openSmallSite()
  const key = small.raise()
  const outcome = await small.desk.move(key, 'ended')
  assert.deepEqual(outcome, {
    kind: 'rejected',
    because: 'not allowed',
    said: `no transition that Tenure may make leads ${key} to "Access ended" from where it stands`,
  })
})

test('a ticket that waits for approval cannot be moved out of it by us', async () => {
  const small = openSmallSite()
  const key = small.raise()
  await small.desk.askForApproval(key, [PEOPLE.grace])
  for (const status of ['approved', 'declined', 'live', 'refused'] as const) {
    assert.equal((await small.desk.move(key, status)).kind, 'rejected', status)
  }
})

test('statuses of the customer are found by their own names', async () => {
  const workflow = JSON.parse(
    JSON.stringify(accessWorkflow).replaceAll('Access live', 'In use'),
  ) as typeof accessWorkflow
  const small = openSmallSite({ seed: { workflow }, config: { statuses: 'live = in use' } })
  const key = small.raise()
  await small.desk.move(key, 'approved')
  assert.equal((await small.desk.move(key, 'live')).kind, 'changed')
  const reading = await small.desk.issue(key)
  assert.equal(reading.kind === 'read' && reading.value.status, 'live')
})

test('a public message is a comment that the customer sees, an internal one is not', async () => {
  const small = openSmallSite()
  const key = small.raise()
  assert.equal((await small.desk.comment(key, hello)).kind, 'changed')
  await small.desk.comment(key, { ...hello, id: 'message-2', audience: 'internal' })
  assert.deepEqual(
    small.standIn.ticket(key)?.comments.map((comment) => comment.internal),
    [false, true],
  )
})

test('a message is said once, however often it is sent', async () => {
  const small = openSmallSite()
  const key = small.raise()
  await small.desk.comment(key, hello)
  const again = await small.desk.comment(key, hello)
  assert.equal(again.kind, 'unchanged')
  assert.equal(small.standIn.ticket(key)?.comments.length, 1)
})

test('a message whose answer was lost is found and not said twice', async () => {
  let lose = true
  const small = openSmallSite({
    deliver(request) {
      if (request.method !== 'POST' || !request.url.endsWith('/comment') || !lose) return 'deliver'
      lose = false
      return 'drop'
    },
  })
  const key = small.raise()
  assert.equal((await small.desk.comment(key, hello)).kind, 'unavailable')
  assert.equal((await small.desk.comment(key, hello)).kind, 'unchanged')
  assert.equal(small.standIn.ticket(key)?.comments.length, 1)
})

test('a message among hundreds of comments is found, also where Jira does not expand properties', async () => {
  for (const expandsCommentProperties of [true, false]) {
    const small = openSmallSite({ habits: { expandsCommentProperties, limits: null } })
    const key = small.raise()
    await small.desk.comment(key, hello)
    const body = { type: 'doc', version: 1, content: [] }
    for (let count = 0; count < 120; count += 1)
      small.as(PEOPLE.rosa, 'POST', `/rest/api/3/issue/${key}/comment`, { body })
    assert.equal((await small.desk.comment(key, hello)).kind, 'unchanged', String(expandsCommentProperties))
  }
})

for (const habit of [
  'HTML page after the effect',
  'half a JSON',
  'nothing in a 200 after the effect',
  '500 after the effect',
  '503 after the effect',
] as const) {
  test(`a comment that was posted and answered with ${habit} is unavailable, and found afterwards`, async () => {
    const small = openSmallSite()
    const isComment = ({ method, url }: HttpRequest) => method === 'POST' && url.endsWith('/comment')
    small.standIn.hands.misbehave(habit, { when: isComment })
    const key = small.raise()
    assert.equal((await small.desk.comment(key, hello)).kind, 'unavailable')
    assert.equal((await small.desk.comment(key, hello)).kind, 'unchanged')
    assert.equal(small.standIn.ticket(key)?.comments.length, 1)
  })
}

test('a move whose answer was lost is unavailable, and unchanged when it is tried again', async () => {
  let lose = true
  const small = openSmallSite({
    deliver(request) {
      if (request.method !== 'POST' || !request.url.endsWith('/transitions') || !lose) return 'deliver'
      lose = false
      return 'drop'
    },
  })
  const key = small.raise()
  assert.equal((await small.desk.move(key, 'approved')).kind, 'unavailable')
  assert.equal((await small.desk.move(key, 'approved')).kind, 'unchanged')
  assert.equal(small.standIn.ticket(key)?.history.length, 1)
})

test('too many writes to one ticket are unavailable with the wait that Jira names, and others go on', async () => {
  const limits = {
    burst: { GET: 100, POST: 100, PUT: 50, PATCH: 50, DELETE: 50 },
    perIssue: [{ writes: 2, withinMs: 30 * SECOND_MS }],
  }
  const small = openSmallSite({ habits: { limits } })
  const [key, other] = [small.raise(), small.raise()]
  const say = (where: string, id: number) => small.desk.comment(where, { ...hello, id: `message-${id}` })
  await say(key, 1)
  await say(key, 2)
  assert.deepEqual(await say(key, 3), {
    kind: 'unavailable',
    retryAfterMs: 30 * SECOND_MS,
    said: '429, the rate limit is used up',
  })
  assert.equal((await say(other, 4)).kind, 'changed')
  small.pass(30 * SECOND_MS)
  assert.equal((await say(key, 3)).kind, 'changed')
})

test('a burst limit of a second is waited out within the call', async () => {
  const limits = { burst: { GET: 2, POST: 100, PUT: 50, PATCH: 50, DELETE: 50 }, perIssue: [] }
  const small = openSmallSite({ habits: { limits } })
  const key = small.raise()
  const kinds = [
    await small.desk.move(key, 'approved'),
    await small.desk.move(key, 'live'),
    await small.desk.move(key, 'ended'),
  ]
  assert.deepEqual(
    kinds.map((outcome) => outcome.kind),
    ['changed', 'changed', 'changed'],
  )
  assert.ok(small.sent.some(({ answer }) => answer.status === 429))
})

test('an access token is asked for once, and anew before the hour is over', async () => {
  const small = openSmallSite()
  const key = small.raise()
  const asked = () => small.sent.filter(({ request }) => request.url.includes('/oauth/token')).length
  await small.desk.issue(key)
  await small.desk.comment(key, hello)
  assert.equal(asked(), 1)
  small.pass(56 * MINUTE_MS)
  await small.desk.issue(key)
  assert.equal(asked(), 2)
})

test('wrong credentials are unavailable, with no secret in the words', async () => {
  const small = openSmallSite({ config: { clientSecret: 'a-wrong-secret' } })
  const outcome = await small.desk.move(small.raise(), 'approved')
  assert.equal(outcome.kind, 'unavailable')
  assert.match(JSON.stringify(outcome), /access_denied/)
  assert.doesNotMatch(JSON.stringify(outcome), /a-wrong-secret/)
})

test('an API token works as a bearer for a service account, and with an e-mail for an ordinary one', async () => {
  const { serviceAccount } = smallSeed
  const none = { clientId: '', clientSecret: '' }
  const bearer = openSmallSite({ config: { ...none, apiToken: serviceAccount.apiToken } })
  assert.equal((await bearer.desk.move(bearer.raise(), 'approved')).kind, 'changed')
  const basic = openSmallSite({
    config: { ...none, apiUrl: '', email: serviceAccount.email, apiToken: serviceAccount.apiToken },
  })
  assert.equal((await basic.desk.move(basic.raise(), 'approved')).kind, 'changed')
})

test('without the right to edit, the outcome says that an operator must act', async () => {
  const token = 'stand-in-token-of-account-grace'
  const small = openSmallSite({
    config: { clientId: '', clientSecret: '', apiUrl: '', email: 'grace@acme.example', apiToken: token },
  })
  const outcome = await small.desk.askForApproval(small.raise({}, PEOPLE.grace), [PEOPLE.linus])
  assert.deepEqual([outcome.kind, outcome.kind === 'rejected' && outcome.because], ['rejected', 'not allowed'])
})

test('a field that holds a 32 KB reason, markup and control characters is read as it is', async () => {
  const small = openSmallSite()
  const hostile = `<script>alert(1)</script> {"type":"doc"} \u202egnp.exe \u0007 ${'x'.repeat(32_600)}`
  const reading = await small.desk.issue(small.raise({ [fields.reason]: hostile }))
  assert.equal(reading.kind === 'read' && reading.value.reason, hostile)
})
