import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  createCloudClient,
  createServiceDeskClient,
  isApiError,
  isAuthError,
  isForbiddenError,
  isNotFoundError,
  isRateLimitError,
} from 'jira.js'
import { serveJira } from '../../connectors/jira/stand-in/http.ts'
import { vendorLimits } from '../../connectors/jira/stand-in/limits.ts'
import { createJiraStandIn } from '../../connectors/jira/stand-in/state.ts'
import { PEOPLE, smallSeed } from '../../connectors/jira/test/small-site.ts'

/** A client of Jira that nobody here wrote; `throw` makes it refuse every answer that is not of the shape it knows. */
const standIn = createJiraStandIn({ ...smallSeed, webhook: null })
const jira = await serveJira(standIn, { now: () => Date.now() })
after(() => jira.close())

function clientsOf(accountId: string) {
  const header = standIn.authorizationOf(accountId).slice('Basic '.length)
  const [email = '', apiToken = ''] = Buffer.from(header, 'base64').toString('utf8').split(':')
  const config = { host: jira.url, auth: { type: 'basic', email, apiToken }, onSchemaMismatch: 'throw' } as const
  return { cloud: createCloudClient(config), desk: createServiceDeskClient(config) }
}

const { fields } = smallSeed
const [ada, grace, rosa] = [clientsOf(PEOPLE.ada), clientsOf(PEOPLE.grace), clientsOf(PEOPLE.rosa)]

test('a request is raised, asked about, approved, commented and revoked by a client that is not ours', async () => {
  const raised = await ada.desk.request.createCustomerRequest({
    serviceDeskId: smallSeed.serviceDeskId,
    requestTypeId: '31',
    requestFieldValues: {
      [fields.app]: { value: 'Salesforce' },
      [fields.role]: { value: 'Sales user' },
      [fields.reason]: 'Why',
    },
  })
  const issueIdOrKey = raised.issueKey ?? ''
  assert.match(issueIdOrKey, /^ACC-\d+$/)
  await rosa.cloud.issues.editIssue({ issueIdOrKey, fields: { [fields.approvers]: [{ accountId: PEOPLE.grace }] } })
  const ways = await rosa.cloud.issues.getTransitions({ issueIdOrKey })
  assert.deepEqual(
    ways.transitions?.map((way) => way.name),
    ['Ask for approval', 'Approve by rule', 'Refuse'],
  )
  await rosa.cloud.issues.doTransition({ issueIdOrKey, transition: { id: '11' } })

  const approvals = await grace.desk.request.getApprovals({ issueIdOrKey })
  const approval = approvals.values?.[0]
  assert.deepEqual([approval?.finalDecision, approval?.canAnswerApproval], ['pending', true])
  const approvalId = Number(approval?.id)
  await assert.rejects(
    rosa.desk.request.answerApproval({ issueIdOrKey, approvalId, decision: 'approve' }),
    isForbiddenError,
  )
  const answered = await grace.desk.request.answerApproval({ issueIdOrKey, approvalId, decision: 'approve' })
  assert.equal(answered.finalDecision, 'approved')
  await assert.rejects(
    grace.desk.request.answerApproval({ issueIdOrKey, approvalId, decision: 'decline' }),
    (error) => isApiError(error) && error.status === 409,
  )

  const body = {
    type: 'doc',
    version: 1,
    content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Done.' }] }],
  }
  const properties = [{ key: 'sd.public.comment', value: { internal: true } }]
  const said = await rosa.cloud.issueComments.addComment({ issueIdOrKey, body, properties })
  assert.equal(said.jsdPublic, false)
  const comments = await rosa.cloud.issueComments.getComments({ issueIdOrKey })
  assert.equal(comments.comments?.length, 1)

  await rosa.cloud.issues.doTransition({ issueIdOrKey, transition: { id: '61' } })
  await ada.desk.request.performCustomerTransition({ issueIdOrKey, id: '81' })
  const issue = await rosa.cloud.issues.getIssue({ issueIdOrKey })
  const status = issue.fields?.['status'] as { readonly name?: string } | undefined
  assert.equal(status?.name, 'Revoking access')
  const changes = await rosa.cloud.issues.getChangeLogs({ issueIdOrKey })
  assert.equal(changes.values?.at(-1)?.author?.accountId, PEOPLE.ada)
})

test('people and changed tickets are found by it', async () => {
  const user = await rosa.cloud.users.getUser({ accountId: PEOPLE.vera })
  assert.deepEqual([user.displayName, user.emailAddress], ['Vera Hidden', undefined])
  const found = await rosa.cloud.issueSearch.searchAndReconsileIssuesUsingJqlPost({
    jql: 'project = "ACC" AND updated >= -5m ORDER BY updated ASC',
    fields: ['updated'],
  })
  assert.ok((found.issues?.length ?? 0) > 0)
})

test('what it may not do, it is told in errors that it knows', async () => {
  await assert.rejects(rosa.cloud.issues.getIssue({ issueIdOrKey: 'ACC-404' }), isNotFoundError)
  const wrong = createCloudClient({ host: jira.url, auth: { type: 'bearer', token: 'no-such-token' } })
  await assert.rejects(wrong.myself.getCurrentUser(), isAuthError)
})

test('a used-up limit is an error with its wait', async () => {
  const narrow = createJiraStandIn(smallSeed, { limits: { ...vendorLimits, burst: { ...vendorLimits.burst, GET: 1 } } })
  const served = await serveJira(narrow, { now: () => 0 })
  try {
    const client = createCloudClient({
      host: served.url,
      auth: { type: 'bearer', token: smallSeed.serviceAccount.apiToken },
      onSchemaMismatch: 'throw',
    })
    await client.myself.getCurrentUser()
    await assert.rejects(
      client.myself.getCurrentUser(),
      (error) => isRateLimitError(error) && error.retryAfterMs === 1_000,
    )
  } finally {
    await served.close()
  }
})
