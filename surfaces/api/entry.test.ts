import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import { apiUnderTest, codeOf, HOST, pathOf } from './testing/api-under-test.ts'

const BASE = `http://${HOST}`

test('an entry link lets one browser in, with a cookie that no script can read and no other site can use', async () => {
  const { entry, raw } = await apiUnderTest()
  const answer = await raw({ url: pathOf(entry.createLink(BASE)) })
  assert.equal(answer.statusCode, 200)
  assert.match(
    String(answer.headers['set-cookie']),
    /^tenure_session_4400=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
  )
  assert.match(answer.body, /http-equiv="refresh" content="0;url=\/console\/"/)
})

test('a second use of a link says that it was used and how to get another', async () => {
  const { entry, raw } = await apiUnderTest()
  const path = pathOf(entry.createLink(BASE))
  await raw({ url: path })
  const again = await raw({ url: path })
  assert.equal(again.statusCode, 410)
  assert.equal(again.headers['set-cookie'], undefined)
  assert.match(again.body, /used already/)
  assert.match(again.body, /npm exec -- tenure console link/)
  assert.doesNotMatch(again.body, /open the console/)
})

test('whoever is in already and opens a used link is shown the way to the console', async () => {
  const { entry, raw, get } = await apiUnderTest()
  const path = pathOf(entry.createLink(BASE))
  await raw({ url: path })
  assert.match((await get(path)).body, /<a href="\/console\/">/)
})

test('a link that lay for eight hours is too old, a minute before it is not', async () => {
  const { entry, raw, clock } = await apiUnderTest()
  const early = pathOf(entry.createLink(BASE))
  const late = pathOf(entry.createLink(BASE))
  clock.wall += 8 * HOUR_MS - MINUTE_MS
  assert.equal((await raw({ url: early })).statusCode, 200)
  clock.wall += MINUTE_MS
  assert.equal((await raw({ url: late })).statusCode, 410)
})

test('a session ends after twelve hours', async () => {
  const { get, clock } = await apiUnderTest()
  clock.wall += 12 * HOUR_MS - 1
  assert.equal((await get('/api/session')).statusCode, 200)
  clock.wall += 1
  assert.equal((await get('/api/session')).statusCode, 401)
})

test('a clock of the sandbox that leaps by days ends no session', async () => {
  let now = 0
  const { get } = await apiUnderTest({ now: () => (now += 30 * DAY_MS) })
  assert.equal((await get('/api/requests')).statusCode, 200)
  assert.equal((await get('/api/requests')).statusCode, 200)
})

test('made-up codes let nobody in', async () => {
  const { raw } = await apiUnderTest()
  for (const code of ['', 'x', '../etc/passwd', '%00', 'A'.repeat(43), 'A'.repeat(5_000)]) {
    const answer = await raw({ url: `/enter?code=${code}` })
    assert.equal(answer.statusCode, 404, code.slice(0, 20))
    assert.equal(answer.headers['set-cookie'], undefined)
  }
  assert.equal((await raw({ url: '/enter' })).statusCode, 404)
  assert.equal((await raw({ url: '/enter?code=a&code=b' })).statusCode, 404)
})

test('a browser that loads ahead, an embedded address and a HEAD request leave the link unused', async () => {
  const { entry, raw } = await apiUnderTest()
  const url = pathOf(entry.createLink(BASE))
  assert.equal((await raw({ url, headers: { 'sec-purpose': 'prefetch;prerender' } })).statusCode, 403)
  assert.equal((await raw({ url, headers: { 'sec-fetch-dest': 'image' } })).statusCode, 403)
  assert.equal((await raw({ url, method: 'HEAD' })).statusCode, 404)
  assert.equal((await raw({ url, headers: { 'sec-fetch-dest': 'document' } })).statusCode, 200)
})

test('without a session the API says so in JSON and the console in a page, both with the way in', async () => {
  const { raw } = await apiUnderTest()
  for (const url of ['/api/session', '/api/requests', '/api/requests/req_1']) {
    const answer = await raw({ url })
    assert.equal(answer.statusCode, 401, url)
    assert.equal(codeOf(answer), 'no session')
    assert.match(answer.json<{ error: { how: string } }>().error.how, /tenure console link/)
  }
  for (const url of ['/console/', '/console/assets/index-12345678.js']) {
    const answer = await raw({ url })
    assert.equal(answer.statusCode, 401, url)
    assert.match(String(answer.headers['content-type']), /^text\/html/)
    assert.match(answer.body, /You need an entry link/)
  }
})

test('a wrong, foreign or malformed session cookie is no session', async () => {
  const { raw, cookie } = await apiUnderTest()
  const token = cookie.split('=')[1] ?? ''
  for (const wrong of [
    `tenure_session_4400=${'A'.repeat(43)}`,
    `tenure_session_4401=${token}`,
    `tenure_session_4400=${token}x`,
    `tenure_session_4400=${token.toLowerCase()}`,
    'tenure_session_4400=',
    'tenure_session_4400',
    token,
  ]) {
    assert.equal((await raw({ url: '/api/session', headers: { cookie: wrong } })).statusCode, 401, wrong)
  }
  assert.equal((await raw({ url: '/api/session', headers: { cookie: `a=b; ${cookie}; c=d` } })).statusCode, 200)
})

test('neither a code nor a session token ever stands in an answer or in the log of faults [I26]', async () => {
  const reads = {
    list: async () => {
      throw new Error('the database went away')
    },
    view: async () => null,
  }
  const { entry, raw, get, cookie, faults } = await apiUnderTest({ requests: reads })
  const link = pathOf(entry.createLink(BASE))
  const code = link.split('=')[1] ?? ''
  const token = cookie.split('=')[1] ?? ''
  const answers = [await raw({ url: link }), await raw({ url: link }), await get(`/api/requests?search=${code}`)]
  for (const answer of answers) {
    assert.ok(!answer.body.includes(code))
    assert.ok(!answer.body.includes(token))
  }
  assert.equal(faults.length, 1)
  assert.ok(!faults.join().includes(code) && !faults.join().includes(token))
})

test('a page that a link of another site led to asks again once, so that the strict cookie comes along', async () => {
  const { raw } = await apiUnderTest()
  const headers = { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'cross-site' }
  assert.match((await raw({ url: '/console/', headers })).body, /<script src="\/again.js">/)
  assert.match((await raw({ url: '/again.js' })).body, /location.replace/)
  const again = await raw({ url: '/console/', headers: { ...headers, 'sec-fetch-site': 'same-origin' } })
  assert.doesNotMatch(again.body, /<script/)
})

test('only the newest hundred sessions are kept', async () => {
  const { entry, get } = await apiUnderTest()
  for (let count = 0; count < 99; count++) entry.enter(new URL(entry.createLink(BASE)).searchParams.get('code') ?? '')
  assert.equal((await get('/api/session')).statusCode, 200)
  entry.enter(new URL(entry.createLink(BASE)).searchParams.get('code') ?? '')
  assert.equal((await get('/api/session')).statusCode, 401)
})
