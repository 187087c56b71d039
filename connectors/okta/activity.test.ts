import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE_MS } from '#core/instant.ts'
import type { From } from '#connectors/kit/directory.ts'
import { organisation, SALES, SUPPORT, userId } from './organisation-for-tests.ts'

const WHO = userId(260)

function connected(lateByMs = 0) {
  const acme = organisation({ rateLimits: null, config: { log: 'on' } })
  acme.standIn.hands.setLogLag(lateByMs)
  const { activity } = acme.okta
  assert.ok(activity)
  const list = async (from: From) => {
    const reading = await activity.events(from, acme.now() - MINUTE_MS)
    assert.ok(reading.kind === 'read', JSON.stringify(reading))
    return reading.value
  }
  const all = async (from: From) => {
    const rows = []
    let page = await list(from)
    for (; page.next !== null; page = await list({ kind: 'next', place: page.next })) rows.push(...page.rows)
    return { rows: [...rows, ...page.rows], cursor: page.cursor ?? assert.fail('the last page has no cursor') }
  }
  return { acme, activity, all }
}

test('an empty page has a place to go on from, and what is kept late comes after it', async () => {
  const { acme, all } = connected(10 * MINUTE_MS)
  acme.standIn.hands.addByAdmin(SUPPORT, WHO, acme.now())
  const first = await all({ kind: 'all' })
  assert.deepEqual(first.rows, [])
  acme.advance(11 * MINUTE_MS)
  const second = await all({ kind: 'since', cursor: first.cursor })
  assert.deepEqual(
    second.rows.map(({ what, by }) => [what.kind, by]),
    [['member added', 'admin']],
  )
  assert.deepEqual((await all({ kind: 'since', cursor: second.cursor })).rows, [])
})

test('whoever is taken out of a group that a rule feeds is told as excluded from the rule, by whoever did it', async () => {
  const { acme, all } = connected()
  acme.standIn.hands.removeByAdmin(SALES, userId(305), acme.now())
  const { rows } = await all({ kind: 'all' })
  assert.deepEqual(
    rows.map(({ what }) => [what.kind, what.kind === 'signed in' ? null : what.account]),
    [
      ['member removed', userId(305)],
      ['excluded from a rule', userId(305)],
    ],
  )
})

test('a sign-in that failed is no sign of life', async () => {
  const { acme, all } = connected()
  acme.standIn.hands.signIn(WHO, acme.now(), false)
  assert.deepEqual((await all({ kind: 'all' })).rows, [])
  acme.standIn.hands.signIn(WHO, acme.now())
  assert.deepEqual(
    (await all({ kind: 'all' })).rows.map(({ what }) => what),
    [{ kind: 'signed in', account: WHO, app: null }],
  )
})

test('a place that leads elsewhere is never asked for, and one that Okta has forgotten is absent', async () => {
  const { acme, activity, all } = connected()
  const { cursor } = await all({ kind: 'all' })
  for (const place of [
    '',
    '/users?limit=1',
    'https://evil.example/api/v1/logs?x',
    '/logs',
    '/logs?a b',
    '/logs/../users?x',
  ]) {
    const before = acme.requests.length
    const reading = await activity.events({ kind: 'next', place }, acme.now())
    assert.deepEqual([reading.kind, acme.requests.length], ['absent', before], place)
  }
  acme.standIn.hands.forgetCursors()
  assert.equal((await activity.events({ kind: 'since', cursor }, acme.now())).kind, 'absent')
})

test('a next page on another host is not kept as a place', async () => {
  const { acme, activity } = connected()
  acme.standIn.hands.misbehave('next page on another host', { when: ({ url }) => url.includes('/logs') })
  const reading = await activity.events({ kind: 'all' }, acme.now())
  assert.ok(reading.kind === 'unreadable' && /elsewhere/.test(reading.said), JSON.stringify(reading))
})
