import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HaltLine } from '#engine/read/halt-view.ts'
import { apiUnderTest, codeOf } from './testing/api-under-test.ts'
import { SAMPLE_NOW } from './testing/sample-requests.ts'

const ORDER: HaltLine = {
  provider: 'okta',
  exceptRemovals: false,
  since: SAMPLE_NOW - 60_000,
  orderedBy: 'root',
  reason: '<b>Okta</b> was broken into',
}

test('the API tells every order that is in force, with who gave it and why [I14]', async () => {
  const { get } = await apiUnderTest({ halts: () => ({ orders: async () => [ORDER] }) })
  assert.deepEqual((await get('/api/halts')).json(), { now: SAMPLE_NOW, halts: [ORDER] })
})

test('while nothing is halted the list is empty, and while the database starts the API says so', async () => {
  const { get } = await apiUnderTest()
  assert.deepEqual((await get('/api/halts')).json(), { now: SAMPLE_NOW, halts: [] })
  const starting = await apiUnderTest({ halts: () => null })
  assert.equal(codeOf(await starting.get('/api/halts')), 'starting')
})

test('without a session nobody learns what is halted', async () => {
  const { raw } = await apiUnderTest({ halts: () => ({ orders: async () => [ORDER] }) })
  const answer = await raw({ url: '/api/halts' })
  assert.equal(codeOf(answer), 'no session')
  assert.ok(!answer.body.includes('broken into'))
})
