import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEntraStandIn } from './state.ts'
import { HABITS, suits } from './habits.ts'
import { smallSeed, SUPPORT, userId } from '../tenant-for-tests.ts'
import { ORIGIN, setUp, START } from './caller-for-tests.ts'

const list = { method: 'GET', url: `${ORIGIN}/v1.0/users?$select=displayName,userType` } as const
const write = { method: 'DELETE', url: `${ORIGIN}/v1.0/groups/${SUPPORT}/members/${userId(1)}/$ref` } as const

test('every habit changes an answer that it suits, once, and then it is over', () => {
  for (const habit of HABITS.filter((each) => !each.startsWith('batch') && each !== '202 without a word')) {
    const { answer, hands } = setUp()
    const authorization = `Bearer ${hands.issueToken(['User.Read.All'], START)}`
    const request = { ...list, headers: { authorization }, body: '' }
    const well = answer(request, START)
    hands.misbehave(habit)
    const bad = answer(request, START)
    assert.ok(bad.status !== well.status || bad.body !== well.body, habit)
    assert.equal(answer(request, START).body, well.body, habit)
  }
})

test('what can only befall a list befalls no write', () => {
  assert.ok(!suits('row missing', write) && suits('row missing', list) && suits('500 after the effect', write))
})

test('what comes after the effect has had it, and what comes instead has not', () => {
  for (const [habit, members] of [
    ['500 after the effect', 1],
    ['half a JSON', 1],
    ['500', 0],
    ['204 without effect', 0],
    ['429', 0],
  ] as const) {
    const { add, hands, truth } = setUp()
    hands.misbehave(habit)
    try {
      add(1)
    } catch {
      // Half a JSON is none.
    }
    assert.equal(truth.members(SUPPORT).length, members, habit)
  }
})

test('an outage answers everybody 503, and a token that is refused everybody 401', () => {
  const { call, hands } = setUp()
  hands.setOutage(true)
  assert.equal(call('GET', '/users').status, 503)
  hands.setOutage(false)
  hands.setTokensRefused(true)
  assert.equal(call('GET', '/users').status, 401)
})

test('rights that are taken away are missed by the tokens that are out, and new consent is in new tokens only', () => {
  const { call, hands } = setUp()
  hands.setRoles([])
  assert.equal(call('GET', '/users').status, 200)
  hands.takeAway(['User.Read.All'])
  assert.equal(call('GET', '/users').status, 403)
})

test('a seed without calls kept keeps none', () => {
  const standIn = createEntraStandIn(smallSeed(), { keepsCalls: false })
  standIn.answer({ ...list, headers: {}, body: '' }, START)
  assert.equal(standIn.truth.calls.length, 0)
})
