import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '#core/identity-action/outcome.ts'
import { isWrite } from './conformance-subject.ts'
import { ADMINISTRATOR, FROM_AD, tenant, userId } from './tenant-for-tests.ts'

const short = (outcome: Outcome) => (outcome.kind === 'rejected' ? outcome.because : outcome.kind)
const said = (outcome: Outcome) => ('said' in outcome ? outcome.said : '')

test('an account of the Active Directory is refused by name, and nothing is sent', async () => {
  const { entra, requests } = tenant()
  for (const outcome of [await entra.account.suspend(FROM_AD), await entra.account.restore(FROM_AD)]) {
    assert.equal(short(outcome), 'not allowed')
    assert.match(said(outcome), /^onPremisesSyncEnabled: .*must be disabled there/)
  }
  assert.equal(requests.filter(isWrite).length, 0)
})

test('of an administrator it is said what may stand in the way', async () => {
  const { entra } = tenant()
  for (const outcome of [await entra.account.suspend(ADMINISTRATOR), await entra.sessions.end(ADMINISTRATOR)]) {
    assert.equal(short(outcome), 'not allowed')
    assert.match(said(outcome), /holds a role of an administrator/)
  }
})

test('sessions end by any 2xx, with a body or without', async () => {
  for (const habit of [null, '202 without a word', '204 without effect'] as const) {
    const { entra, standIn } = tenant()
    if (habit !== null) standIn.hands.misbehave(habit, { when: isWrite })
    assert.equal(short(await entra.sessions.end(userId(1))), 'changed', String(habit))
  }
})

test('what is no answer of Entra’s ends no session, as far as anybody knows', async () => {
  for (const habit of ['HTML login page', 'error in a 200', 'half a JSON'] as const) {
    const { entra, standIn } = tenant()
    standIn.hands.misbehave(habit, { when: isWrite })
    assert.equal(short(await entra.sessions.end(userId(1))), 'unavailable', habit)
  }
})

test('an account that does not tell whether it is enabled is neither', async () => {
  const { entra, standIn } = tenant()
  standIn.hands.misbehave('null where a value was', { field: 'accountEnabled' })
  const reading = await entra.account.standing(userId(1))
  assert.ok(reading.kind === 'read')
  assert.equal(reading.value, 'other')
})

test('a standing that lies behind is told as it is, with when it was asked for', async () => {
  const { entra, standIn, advance, now } = tenant()
  standIn.hands.setLag(30_000)
  advance(60_000)
  await entra.account.suspend(userId(1))
  const early = await entra.account.standing(userId(1))
  advance(30_000)
  const late = await entra.account.standing(userId(1))
  assert.ok(early.kind === 'read' && late.kind === 'read')
  assert.deepEqual([early.value, late.value, late.startedAt], ['active', 'suspended', now()])
})
