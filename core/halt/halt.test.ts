import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, given, NINE, stateAfter } from '../../tests/given.ts'
import { isoOf, MINUTE_MS } from '../instant.ts'
import { decideHalt, evolveHalt, mayWrite, RUNNING, type HaltCommand, type HaltEvent, type HaltState } from './halt.ts'

const HALT = { none: RUNNING, decide: decideHalt, evolve: evolveHalt }

function halt(exceptRemovals = false, reason = 'Okta was broken into'): HaltCommand {
  return { kind: 'halt', exceptRemovals, reason }
}

function resume(reason = 'The keys were changed'): HaltCommand {
  return { kind: 'resume', reason }
}

function ordered(exceptRemovals = false, reason = 'Okta was broken into'): HaltEvent {
  return { type: 'HaltOrdered', data: { exceptRemovals }, personal: { reason } }
}

const LIFTED: HaltEvent = { type: 'HaltLifted', data: {}, personal: { reason: 'The keys were changed' } }

test('an order stops the scope from the moment of its record, and its reason can be erased [I14]', () => {
  given(HALT, []).when(halt()).then([ordered()])
  assert.deepEqual(stateAfter(HALT, [ordered()]), { halted: { exceptRemovals: false, since: isoOf(NINE) } })
  assert.ok(!JSON.stringify(stateAfter(HALT, [ordered()])).includes('broken'), 'the state keeps no words of people')
})

test('whoever stops or resumes says why [I14]', () => {
  for (const reason of ['', '  ', '\n\t']) {
    given(HALT, []).when(halt(false, reason)).thenRefused('order without a reason')
    given(HALT, [ordered()]).when(resume(reason)).thenRefused('order without a reason')
  }
})

test('every order is recorded; the newest says whether removals go on, the first since when it stands still [I14]', () => {
  given(HALT, [ordered()]).when(halt()).then([ordered()])
  given(HALT, [ordered()])
    .when(halt(true, 'Ends must go on'))
    .then([ordered(true, 'Ends must go on')])
  const later = at(NINE + MINUTE_MS, ordered(true))
  assert.deepEqual(stateAfter(HALT, [ordered(), later]), { halted: { exceptRemovals: true, since: isoOf(NINE) } })
  assert.deepEqual(stateAfter(HALT, [ordered(true), at(NINE + MINUTE_MS, ordered())]).halted?.exceptRemovals, false)
})

test('an order is lifted once, and the next one begins anew [I14]', () => {
  given(HALT, [ordered()]).when(resume()).then([LIFTED])
  given(HALT, []).when(resume()).thenRefused('not halted')
  given(HALT, [ordered(), LIFTED]).when(resume()).thenRefused('not halted')
  const again = stateAfter(HALT, [ordered(true), LIFTED, at(NINE + MINUTE_MS, ordered())])
  assert.deepEqual(again, { halted: { exceptRemovals: false, since: isoOf(NINE + MINUTE_MS) } })
})

test('a change is written only if neither order stops it: all of everything and its provider [I14]', () => {
  const stopped = stateAfter(HALT, [ordered()])
  const addsStopped = stateAfter(HALT, [ordered(true)])
  const table: readonly (readonly [everything: HaltState, provider: HaltState, add: boolean, remove: boolean])[] = [
    [RUNNING, RUNNING, true, true],
    [RUNNING, stopped, false, false],
    [RUNNING, addsStopped, false, true],
    [stopped, RUNNING, false, false],
    [stopped, stopped, false, false],
    [stopped, addsStopped, false, false],
    [addsStopped, RUNNING, false, true],
    [addsStopped, stopped, false, false],
    [addsStopped, addsStopped, false, true],
  ]
  for (const [everything, provider, add, remove] of table) {
    const orders = JSON.stringify({ everything, provider })
    assert.deepEqual(
      [mayWrite('add', everything, provider), mayWrite('remove', everything, provider)],
      [add, remove],
      orders,
    )
  }
})
