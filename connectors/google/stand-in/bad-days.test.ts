import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, MINUTE_MS } from '#core/instant.ts'
import { ADMINISTRATOR, BIG, scopesFor, smallSeed, SUPPORT, userId } from '../workspace-for-tests.ts'
import { HABITS, suits } from './habits.ts'
import { createGoogleStandIn } from './state.ts'

const START = 20_000 * DAY_MS
const DIRECTORY = 'https://admin.googleapis.com/admin/directory/v1'
const list = { method: 'GET', url: `${DIRECTORY}/groups/${BIG}/members`, body: '' } as const
const write = {
  method: 'POST',
  url: `${DIRECTORY}/groups/${SUPPORT}/members`,
  body: JSON.stringify({ id: userId(1) }),
} as const

function setUp(keepsCalls = true) {
  const standIn = createGoogleStandIn(smallSeed(), { keepsCalls })
  const headers = { authorization: `Bearer ${standIn.hands.issueToken(scopesFor(true), ADMINISTRATOR, START)}` }
  return { ...standIn, headers }
}

test('every habit changes an answer that it suits, once, and then it is over', () => {
  // These befall what a list of members has not got.
  const others: readonly string[] = ['about another one', 'end that is no moment']
  for (const habit of HABITS.filter((each) => !others.includes(each))) {
    const { answer, hands, headers } = setUp()
    const well = answer({ ...list, headers }, START)
    hands.misbehave(habit)
    const bad = answer({ ...list, headers }, START)
    assert.ok(bad.status !== well.status || bad.body !== well.body, habit)
    assert.equal(answer({ ...list, headers }, START).body, well.body, habit)
  }
})

test('what can only befall a list befalls no write', () => {
  assert.ok(!suits('row missing', write) && suits('row missing', list) && suits('500 after the effect', write))
})

test('what comes after the effect has had it, and what comes instead has not', () => {
  for (const [habit, members] of [
    ['500 after the effect', 1],
    ['409 conflict after the effect', 1],
    ['half a JSON', 1],
    ['409 conflict', 0],
    ['403 userRateLimitExceeded', 0],
    ['204 without effect', 0],
  ] as const) {
    const { answer, hands, truth, headers } = setUp()
    hands.misbehave(habit)
    answer({ ...write, headers }, START)
    assert.equal(truth.members(SUPPORT).length, members, habit)
  }
})

test('an outage answers everybody 503, and a token that is refused everybody 401', () => {
  const { answer, hands, headers } = setUp()
  hands.setOutage(true)
  assert.equal(answer({ ...list, headers }, START).status, 503)
  hands.setOutage(false)
  hands.setTokensRefused(true)
  assert.equal(answer({ ...list, headers }, START).status, 401)
})

test('the queries of a minute are counted, and then it is 403 in other words until the minute is over', () => {
  const { answer, hands, headers, truth } = setUp()
  hands.spend('directory', 2_399, START)
  assert.equal(answer({ ...list, headers }, START).status, 200)
  const refused = answer({ ...list, headers }, START)
  assert.ok(refused.status === 403 && refused.body.includes('userRateLimitExceeded'))
  assert.equal(answer({ ...list, headers }, START + MINUTE_MS).status, 200)
  assert.deepEqual(
    truth.calls.map((each) => each.refused),
    [false, true, false],
  )
})

test('a seed without calls kept keeps none', () => {
  const { answer, truth, headers } = setUp(false)
  answer({ ...list, headers }, START)
  assert.equal(truth.calls.length, 0)
})
