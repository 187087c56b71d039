import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RequestLine } from '#engine/read/request-view.ts'
import { SEARCHED_AT_MOST } from './find-requests.ts'
import { apiUnderTest, codeOf } from './testing/api-under-test.ts'
import { readsOver, SAMPLE_NOW, sampleLine } from './testing/sample-requests.ts'
import type { RequestsAnswer } from './wire.ts'

function lines(count: number, each: (at: number) => Partial<RequestLine> = () => ({})): RequestLine[] {
  return Array.from({ length: count }, (_, at) => sampleLine({ requestId: `req_${at}`, ...each(at) }))
}

test('the list is given newest first, page by page, each line once', async () => {
  const { get } = await apiUnderTest({ requests: readsOver(lines(25)) })
  const seen: string[] = []
  let next: string | null = null
  let pages = 0
  do {
    const answer: RequestsAnswer = (await get(`/api/requests?limit=10${next ? `&before=${next}` : ''}`)).json()
    assert.equal(answer.now, SAMPLE_NOW)
    seen.push(...answer.requests.map((line) => line.requestId))
    next = answer.next
    pages++
  } while (next !== null)
  assert.deepEqual(
    seen,
    lines(25).map((line) => line.requestId),
  )
  assert.equal(pages, 3)
})

test('a page that is exactly full is the last one when nothing follows', async () => {
  const { get } = await apiUnderTest({ requests: readsOver(lines(10)) })
  assert.equal((await get('/api/requests?limit=10')).json<RequestsAnswer>().next, null)
})

test('a state, words and a person narrow the list, and paging goes on through what matches', async () => {
  const requests = readsOver(
    lines(900, (at) => ({
      state: at % 3 === 0 ? 'waiting for approval' : 'ended',
      personName: at % 2 === 0 ? 'Noor Haddad' : 'Zoë Åberg',
      waitingOn: at % 3 === 0 ? ['Mara Quill'] : [],
      waitingOnIds: at % 3 === 0 ? ['per_mara'] : [],
    })),
  )
  const { get, post } = await apiUnderTest({ requests })
  const one: RequestsAnswer = (
    await get('/api/requests?state=waiting%20for%20approval&search=ZO%C3%8B%20netsuite&limit=100')
  ).json()
  assert.equal(one.requests.length, 100)
  assert.ok(one.requests.every((line) => line.state === 'waiting for approval' && line.personName === 'Zoë Åberg'))
  const two: RequestsAnswer = (
    await get(`/api/requests?state=waiting%20for%20approval&search=zo%C3%AB&limit=100&before=${one.next}`)
  ).json()
  assert.equal(two.requests.length, 50)
  assert.equal(two.next, null)
  assert.equal((await get('/api/requests?state=open&limit=500')).json<RequestsAnswer>().requests.length, 300)

  assert.equal(codeOf(await get('/api/requests?concern=waiting')), 'nobody chosen')
  await post('/api/session/person', { personId: 'per_mara' })
  assert.equal((await get('/api/requests?concern=waiting&limit=500')).json<RequestsAnswer>().requests.length, 300)
  assert.equal((await get('/api/requests?concern=asked')).json<RequestsAnswer>().requests.length, 0)
})

test('a search looks at a bounded number of requests, and can go on from there', async () => {
  const requests = readsOver(
    lines(SEARCHED_AT_MOST + 300, (at) => (at === SEARCHED_AT_MOST + 100 ? { issueKey: 'ACC-777' } : {})),
  )
  const { get } = await apiUnderTest({ requests })
  const first: RequestsAnswer = (await get('/api/requests?search=acc-777')).json()
  assert.deepEqual([first.requests.length, first.searched], [0, SEARCHED_AT_MOST])
  const second: RequestsAnswer = (await get(`/api/requests?search=acc-777&before=${first.next}`)).json()
  assert.deepEqual([second.requests.length, second.next], [1, null])
})

test('limits, states and cursors out of their range are refused', async () => {
  const { get } = await apiUnderTest()
  for (const query of [
    'limit=0',
    'limit=501',
    'limit=-1',
    'limit=1e9',
    'limit=ten',
    'limit=1&limit=2',
    'state=dead',
    'before=',
    'before=../..',
    'before=a%00b',
    `before=${'a'.repeat(65)}`,
    `search=${'a'.repeat(201)}`,
    'concern=mine',
    'sort=name',
    '__proto__=1',
  ]) {
    assert.equal(codeOf(await get(`/api/requests?${query}`)), 'not understood', query)
  }
})

test('a cursor that nobody knows gives an empty list', async () => {
  const { get } = await apiUnderTest()
  assert.deepEqual((await get('/api/requests?before=req_unknown')).json<RequestsAnswer>().requests, [])
})

test('one request is given whole', async () => {
  const { get } = await apiUnderTest()
  const answer = (await get('/api/requests/req_1')).json<{
    now: number
    request: { requestId: string; reason: string }
  }>()
  assert.equal(answer.now, SAMPLE_NOW)
  assert.equal(answer.request.requestId, 'req_1')
  assert.equal(answer.request.reason, 'Quarter end')
})

test('hostile ids name no request and never reach the reads', async () => {
  const asked: string[] = []
  const { get } = await apiUnderTest({
    requests: {
      list: async () => [],
      view: async (id) => {
        asked.push(id)
        return null
      },
    },
  })
  for (const id of [
    '..%2f..%2fetc%2fpasswd',
    '%3Cscript%3E',
    "a'--",
    'a%00b',
    '%E2%80%AE',
    'a'.repeat(90),
    'a%0d%0ax-evil:1',
  ]) {
    const answer = await get(`/api/requests/${id}`)
    assert.equal(answer.statusCode, 404, id)
    assert.equal(answer.headers['x-evil'], undefined)
  }
  assert.deepEqual(asked, [])
  assert.equal(codeOf(await get('/api/requests/req_unknown')), 'no such request')
  assert.deepEqual(asked, ['req_unknown'])
})
