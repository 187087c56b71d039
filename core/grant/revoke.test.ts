import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, given, stateAfter } from '../../tests/given.ts'
import { isoOf } from '../instant.ts'
import { ending, GRANT, hoursLater, LIVE, opened, revoke, RIGHTS } from './grant-for-tests.ts'
import type { GrantEvent } from './grant.ts'

function refusedAttempt(personId: string | null, attemptId = 'attempt 1'): GrantEvent {
  return { type: 'RevokeRefused', data: { code: 'may not revoke', personId, attemptId } }
}

test('the holder, their manager, the owners, security and administrators may revoke, live or on its way [R051, R054]', () => {
  for (const who of ['per_mara', 'per_max', 'per_olga', 'per_rolf', 'per_sami', 'per_ada']) {
    given(GRANT, LIVE)
      .when(revoke(who))
      .then([ending('revoked')])
    given(GRANT, [opened()])
      .when(revoke(who))
      .then([ending('revoked')])
  }
})

test('anybody else may not, and that is written down [R054]', () => {
  for (const who of ['per_stranger', 'per_nia', '']) {
    given(GRANT, LIVE)
      .when(revoke(who))
      .then([refusedAttempt(who)])
  }
  assert.equal(stateAfter(GRANT, [...LIVE, refusedAttempt('per_nia')]).status, 'live')
})

test('an account that is linked to nobody may not, even where there is no manager', () => {
  given(GRANT, LIVE)
    .when(revoke(null, 'attempt 1', { ...RIGHTS, managerId: null }))
    .then([refusedAttempt(null)])
})

test('a refused attempt is answered once, however often it is looked at; the next attempt is another', () => {
  const past = [...LIVE, refusedAttempt('per_nia')]
  given(GRANT, past).when(revoke('per_nia')).thenNothing()
  given(GRANT, past).when(revoke('per_max')).thenNothing()
  given(GRANT, past)
    .when(revoke('per_nia', 'attempt 2'))
    .then([refusedAttempt('per_nia', 'attempt 2')])
  given(GRANT, past)
    .when(revoke('per_max', 'attempt 2'))
    .then([ending('revoked')])
})

test('what is not live cannot be revoked, by nobody', () => {
  for (const past of [[], [...LIVE, ending('window ended')], [opened(), ending('incomplete')]]) {
    for (const who of ['per_max', 'per_stranger']) given(GRANT, past).when(revoke(who)).thenRefused('not live')
  }
})

test('since when it is ending is the moment of the revocation', () => {
  const state = stateAfter(GRANT, [...LIVE, at(hoursLater(2), ending('revoked'))])
  assert.deepEqual([state.status, state.endedBecause, state.endingSince], ['ending', 'revoked', isoOf(hoursLater(2))])
})
