import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DeskMessage } from '../../connectors/kit/desk.ts'
import type { HttpAnswer, HttpRequest } from '../../connectors/kit/io.ts'
import { openSmallSite, PEOPLE, smallSeed, type Small } from '../../connectors/jira/test/small-site.ts'
import { createSpecJudge } from './spec-judge.ts'

const folder = process.env['VENDOR_SPECS'] ?? ''
const skip =
  folder === '' ? 'VENDOR_SPECS names no folder: NOTHING was judged by the published descriptions of Jira' : false
if (skip !== false) console.warn(`\nSKIPPED, LOUDLY: ${skip}\n`)

/** One for all tests: it takes a while to read the descriptions. */
const judge = skip === false ? await createSpecJudge(folder) : { faultsOf: () => [] }

const { fields } = smallSeed
const message: DeskMessage = {
  id: 'message-1',
  audience: 'public',
  paragraphs: [
    { kind: 'text', text: 'You have access.\nUntil six.', strong: true },
    { kind: 'facts', facts: [['Receipt', 'req-1']] },
  ],
}

interface Exchange {
  readonly request: HttpRequest
  readonly answer: HttpAnswer
}

/** Everything that the connector does, and what people do in between. */
async function everything(): Promise<readonly Exchange[]> {
  const small = openSmallSite()
  const people: Exchange[] = []
  const as = personsOf(small, people)
  const raised = as(PEOPLE.ada, 'POST', '/rest/servicedeskapi/request', {
    serviceDeskId: smallSeed.serviceDeskId,
    requestTypeId: '31',
    requestFieldValues: {
      [fields.app]: { value: 'Salesforce' },
      [fields.role]: { value: 'Sales user' },
      [fields.reason]: 'Why',
    },
  })
  const { issueKey: key } = JSON.parse(raised.body) as { issueKey: string }
  const request = `/rest/servicedeskapi/request/${key}`
  const { desk } = small
  await desk.issue(key)
  await desk.issue('ACC-404')
  await desk.account(PEOPLE.ada)
  await desk.account('nobody')
  await desk.updatedSince(small.now() - 60_000)
  await desk.askForApproval(key, [PEOPLE.grace])
  await desk.askForApproval(key, ['nobody'])
  const id = small.standIn.ticket(key)?.approvals[0]?.id
  as(PEOPLE.grace, 'GET', `${request}/approval`)
  as(PEOPLE.rosa, 'POST', `${request}/approval/${id}`, { decision: 'approve' })
  as(PEOPLE.grace, 'POST', `${request}/approval/${id}`, { decision: 'approve' })
  as(PEOPLE.grace, 'POST', `${request}/approval/${id}`, { decision: 'approve' })
  as(PEOPLE.grace, 'GET', `${request}/approval/${id}`)
  as(PEOPLE.ada, 'GET', request)
  as(PEOPLE.ada, 'GET', '/rest/servicedeskapi/request')
  as(PEOPLE.ada, 'GET', '/rest/servicedeskapi/request/ACC-404')
  as(PEOPLE.rosa, 'PUT', `/rest/api/3/issue/${key}`, { fields: { [fields.duration]: { value: '24 hours' } } })
  as(PEOPLE.rosa, 'GET', '/rest/api/3/myself')
  as(PEOPLE.rosa, 'GET', '/rest/api/3/serverInfo')
  await desk.move(key, 'live')
  await desk.move(key, 'declined')
  await desk.comment(key, message)
  await desk.comment(key, { ...message, id: 'message-2', audience: 'internal' })
  await desk.comment(key, message)
  as(PEOPLE.ada, 'GET', `${request}/transition`)
  as(PEOPLE.ada, 'POST', `${request}/transition`, { id: '81' })
  await desk.move(key, 'ended')
  await desk.issue(key)
  const alarm = { marker: 'tenure-alm_1', summary: 'Overdue removal', paragraphs: message.paragraphs }
  const mayRaise = async () => true
  const alarmed = await desk.raise?.({ ...alarm, assignee: PEOPLE.rosa }, mayRaise)
  assert.equal(alarmed?.kind, 'changed')
  await desk.raise?.({ ...alarm, assignee: PEOPLE.rosa }, mayRaise)
  await desk.raise?.({ ...alarm, marker: 'tenure-alm_2', assignee: PEOPLE.grace }, mayRaise)
  await desk.raise?.({ ...alarm, marker: 'tenure-alm_3', summary: '', assignee: null }, mayRaise)
  const { key: alarmKey } = alarmed?.kind === 'changed' ? alarmed.issue : assert.fail()
  await desk.link(alarmKey, key)
  await desk.link(alarmKey, key)
  await desk.comment(alarmKey, { ...message, id: 'message-3', audience: 'internal' })
  as(PEOPLE.rosa, 'GET', `/rest/api/3/issue/${alarmKey}`)
  return [...small.sent.filter(({ request: sent }) => !sent.url.includes('/oauth/token')), ...people]
}

function personsOf(small: Small, exchanges: Exchange[]) {
  return (accountId: string, method: HttpRequest['method'], path: string, body?: object): HttpAnswer => {
    const answer = small.as(accountId, method, path, body)
    const headers = { 'content-type': 'application/json' }
    const request = {
      method,
      url: smallSeed.siteUrl + path,
      headers,
      body: body === undefined ? '' : JSON.stringify(body),
    }
    exchanges.push({ request, answer })
    return answer
  }
}

test('every request of the connector and every answer of the stand-in is what Jira describes', { skip }, async () => {
  const exchanges = await everything()
  assert.ok(exchanges.length > 40)
  for (const { request, answer } of exchanges) {
    assert.deepEqual(
      judge.faultsOf(request, answer),
      [],
      `${request.method} ${request.url} ${request.body} -> ${answer.status} ${answer.body}`,
    )
  }
})

test(
  'the judge has teeth: a misspelt name, an unknown parameter, a wrong type and an unknown call are faults',
  { skip },
  async () => {
    const exchanges = await everything()
    const find = (method: string, end: RegExp) => {
      const found = exchanges.find(({ request }) => request.method === method && end.test(request.url))
      assert.ok(found, String(end))
      return found
    }
    const comment = find('POST', /\/comment$/)
    const changed = (exchange: Exchange, change: { url?: string; body?: string; said?: string }): readonly string[] =>
      judge.faultsOf(
        { ...exchange.request, url: change.url ?? exchange.request.url, body: change.body ?? exchange.request.body },
        { ...exchange.answer, body: change.said ?? exchange.answer.body },
      )
    assert.notDeepEqual(changed(comment, { body: comment.request.body.replace('"properties"', '"propertys"') }), [])
    assert.notDeepEqual(changed(comment, { said: comment.answer.body.replace('"jsdPublic"', '"jsdpublic"') }), [])
    assert.notDeepEqual(changed(comment, { url: `${comment.request.url}?expnad=properties` }), [])
    assert.notDeepEqual(changed(comment, { url: comment.request.url.replace('/comment', '/coment') }), [])
    const approval = find('GET', /\/approval\?/)
    assert.notDeepEqual(
      changed(approval, { said: approval.answer.body.replace('"isLastPage":true', '"isLastPage":"yes"') }),
      [],
    )
    const answer = find('POST', /\/approval\/\d+$/)
    assert.notDeepEqual(changed(answer, { body: '{"decision":"approved"}' }), [])
    const edit = find('PUT', /\/issue\//)
    assert.notDeepEqual(changed(edit, { body: '{"feilds":{}}' }), [])
    const create = find('POST', /\/rest\/api\/3\/issue$/)
    assert.notDeepEqual(changed(create, { body: create.request.body.replace('"fields"', '"feilds"') }), [])
    assert.notDeepEqual(changed(create, { said: create.answer.body.replace('"key"', '"kee"') }), [])
    const link = find('POST', /\/issueLink$/)
    assert.notDeepEqual(changed(link, { body: link.request.body.replace('"outwardIssue"', '"outward"') }), [])
    const search = find('POST', /\/search\/jql$/)
    assert.notDeepEqual(
      changed(search, { body: search.request.body.replace('"maxResults":100', '"maxResults":"all"') }),
      [],
    )
  },
)
