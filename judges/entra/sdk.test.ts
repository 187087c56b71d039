import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import {
  BatchRequestContent,
  BatchResponseContent,
  Client,
  HTTPMessageHandler,
  PageIterator,
  RetryHandler,
  RetryHandlerOptions,
} from '@microsoft/microsoft-graph-client'
import type { Middleware, PageCollection } from '@microsoft/microsoft-graph-client'
import { serveEntraStandIn } from '../../connectors/entra/stand-in/http.ts'
import { createEntraStandIn } from '../../connectors/entra/stand-in/state.ts'
import { BIG, CLIENT_ID, rolesFor, smallSeed, SUPPORT, userId } from '../../connectors/entra/tenant-for-tests.ts'

const SECRET = 'Abc8Q~a.secret'

/** Microsoft's own SDK as a client of our stand-in: if it is content, the stand-in is no fantasy. */
async function setUp(t: TestContext) {
  const seed = smallSeed()
  const client = { clientId: CLIENT_ID, roles: rolesFor(true), secret: SECRET }
  const standIn = createEntraStandIn({ ...seed, client }, { longestPage: 100 })
  const served = await serveEntraStandIn(standIn, { now: Date.now })
  t.after(() => served.close())
  const form = {
    grant_type: 'client_credentials',
    client_id: CLIENT_ID,
    client_secret: SECRET,
    scope: `${served.url}/.default`,
  }
  // The SDK's own handler sends no token over plain HTTP, and is right.
  const answer = await fetch(`${served.url}/acme.example/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  })
  const { access_token } = (await answer.json()) as { access_token: string }
  const signs: Middleware = {
    async execute(context) {
      const headers = new Headers(context.options?.headers as Record<string, string>)
      headers.set('authorization', `Bearer ${access_token}`)
      context.options = { ...context.options, headers: Object.fromEntries(headers) }
      // It takes a link for an address only when that begins with https, and for a path otherwise.
      if (typeof context.request === 'string') context.request = context.request.replace(/^.+(?=http:)/, '')
      await retries.execute(context)
    },
  }
  const retries = new RetryHandler(new RetryHandlerOptions())
  retries.setNext(new HTTPMessageHandler())
  const graph = Client.initWithMiddleware({ baseUrl: `${served.url}/`, middleware: signs })
  return {
    standIn,
    graph,
    directoryObject: (number: number) => `${served.url}/v1.0/directoryObjects/${userId(number)}`,
  }
}

async function all(
  graph: Client,
  path: string,
): Promise<{ rows: Record<string, unknown>[]; deltaLink: string | undefined }> {
  const rows: Record<string, unknown>[] = []
  const first = (await graph.api(path).get()) as PageCollection
  const pages = new PageIterator(graph, first, (row: Record<string, unknown>) => rows.push(row) > 0)
  await pages.iterate()
  return { rows, deltaLink: pages.getDeltaLink() }
}

test('the SDK pages through everybody, and through a group of 250', async (t) => {
  const { graph } = await setUp(t)
  const { rows } = await all(graph, '/users?$select=id,accountEnabled')
  assert.equal(new Set(rows.map(({ id }) => id)).size, 350)
  assert.equal(rows[0]?.['accountEnabled'], true)
  assert.equal((await all(graph, `/groups/${BIG}/members?$select=id`)).rows.length, 250)
})

test('the SDK follows delta: everything, and then what changed', async (t) => {
  const { graph, standIn } = await setUp(t)
  const { rows, deltaLink } = await all(graph, '/users/delta?$select=displayName')
  assert.equal(rows.length, 350)
  standIn.hands.deleteUser(userId(9), Date.now())
  const changes = await all(graph, deltaLink ?? '')
  assert.deepEqual(changes.rows, [{ id: userId(9), '@removed': { reason: 'changed' } }])
})

test('the SDK does what the demo does: adds, reads back, removes, reads back', async (t) => {
  const { graph, standIn, directoryObject } = await setUp(t)
  const members = async () => (await all(graph, `/groups/${SUPPORT}/members?$select=id`)).rows.map(({ id }) => id)
  await graph.api(`/groups/${SUPPORT}/members/$ref`).post({ '@odata.id': directoryObject(260) })
  assert.deepEqual(await members(), [userId(260)])
  assert.ok((await all(graph, `/users/${userId(260)}/memberOf`)).rows.some(({ id }) => id === SUPPORT))
  await graph.api(`/groups/${SUPPORT}/members/${userId(260)}/$ref`).delete()
  assert.deepEqual(await members(), [])
  assert.deepEqual(
    standIn.truth.changeLog.map(({ op }) => op),
    ['add', 'remove'],
  )
})

test('the SDK adds twenty at once, and understands why it cannot a second time', async (t) => {
  const { graph, standIn, directoryObject } = await setUp(t)
  const body = { 'members@odata.bind': Array.from({ length: 20 }, (_, index) => directoryObject(index + 1)) }
  await graph.api(`/groups/${SUPPORT}`).patch(body)
  assert.equal(standIn.truth.members(SUPPORT).length, 20)
  await assert.rejects(graph.api(`/groups/${SUPPORT}`).patch(body), {
    statusCode: 400,
    code: 'Request_BadRequest',
    message: /already exist/,
  })
})

test('the SDK understands the answers of a batch, each by its own id', async (t) => {
  const { graph, standIn } = await setUp(t)
  standIn.hands.addByAdmin(SUPPORT, userId(1), Date.now())
  const steps = [1, 2].map((number) => ({
    id: String(number),
    request: new Request(`http://127.0.0.1/groups/${SUPPORT}/members/${userId(number)}/$ref`, { method: 'DELETE' }),
  }))
  const content = await new BatchRequestContent(steps).getContent()
  const told = new BatchResponseContent((await graph.api('/$batch').post(content)) as { responses: [] })
  assert.deepEqual(
    ['1', '2'].map((id) => told.getResponseById(id).status),
    [204, 404],
  )
})

test('the SDK understands a rate limit: it waits as long as it is told to, and comes again', async (t) => {
  const { graph, standIn } = await setUp(t)
  standIn.hands.misbehave('429 for a moment', { when: ({ method }) => method === 'PATCH' })
  await graph.api(`/users/${userId(1)}`).patch({ accountEnabled: false })
  assert.equal(standIn.truth.isEnabled(userId(1)), false)
  assert.equal(standIn.truth.calls.filter(({ method }) => method === 'PATCH').length, 2)
})

test('the SDK ends sessions, and assigns a member until an hour from now', async (t) => {
  const { graph, standIn } = await setUp(t)
  const ended = (await graph.api(`/users/${userId(1)}/revokeSignInSessions`).post({})) as { value: unknown }
  assert.equal(ended.value, true)
  const endDateTime = new Date(Date.now() + 3_600_000).toISOString()
  await graph.api('/identityGovernance/privilegedAccess/group/assignmentScheduleRequests').post({
    accessId: 'member',
    principalId: userId(1),
    groupId: SUPPORT,
    action: 'adminAssign',
    scheduleInfo: { startDateTime: new Date().toISOString(), expiration: { type: 'afterDateTime', endDateTime } },
  })
  assert.equal(standIn.truth.endOf(SUPPORT, userId(1)), Date.parse(endDateTime))
})
