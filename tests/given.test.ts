import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accepted, refused, type Decision, type Event } from '#core/event.ts'
import { at, given, Life, NINE, stateAfter, type Decider } from './given.ts'

type Ticked = Event<'Ticked', { readonly by: number }>

interface Count {
  readonly total: number
  readonly lastAt: number
}

/** Counts up to ten. */
const COUNTER: Decider<Count, number, Ticked> = {
  none: { total: 0, lastAt: 0 },
  decide(by: number, { total }: Count): Decision<Ticked> {
    if (total + by > 10) return refused('not live', { total: String(total) })
    return by === 0 ? accepted() : accepted({ type: 'Ticked', data: { by }, personal: { name: 'Mara' } })
  },
  evolve: ({ total }: Count, { data }: Ticked, lastAt: number): Count => ({ total: total + data.by, lastAt }),
}

function ticked(by: number): Ticked {
  return { type: 'Ticked', data: { by } }
}

test('what was given is remembered, what happens is compared', () => {
  given(COUNTER, [])
    .when(3)
    .then([ticked(3)])
  given(COUNTER, [ticked(3), ticked(4)])
    .when(3)
    .then([ticked(3)])
  given(COUNTER, [ticked(3), ticked(4)])
    .when(4)
    .thenRefused('not live')
  given(COUNTER, [ticked(8)])
    .when(4)
    .thenRefused('not live', { total: '8' })
  given(COUNTER, [ticked(8)])
    .when(0)
    .thenNothing()
})

test('every wrong expectation is red', () => {
  const red = (wrong: () => void): void => assert.throws(wrong, assert.AssertionError)
  red(() =>
    given(COUNTER, [])
      .when(3)
      .then([ticked(4)]),
  )
  red(() => given(COUNTER, []).when(3).then([]))
  red(() =>
    given(COUNTER, [])
      .when(3)
      .then([ticked(3), ticked(3)]),
  )
  red(() =>
    given(COUNTER, [])
      .when(3)
      .then([{ ...ticked(3), personal: { name: 'Max' } }]),
  )
  red(() => given(COUNTER, []).when(3).thenNothing())
  red(() => given(COUNTER, []).when(3).thenRefused('not live'))
  red(() => given(COUNTER, []).when(11).then([]))
  red(() => given(COUNTER, []).when(11).thenNothing())
  red(() => given(COUNTER, []).when(11).thenRefused('already live'))
  red(() => given(COUNTER, []).when(11).thenRefused('not live', { total: '1' }))
})

test('an event without a moment happened at nine, any other when it says', () => {
  assert.deepEqual(stateAfter(COUNTER, [ticked(1)]), { total: 1, lastAt: NINE })
  assert.deepEqual(stateAfter(COUNTER, [ticked(1), at(NINE + 5, ticked(2))]), { total: 3, lastAt: NINE + 5 })
})

test('a decider that changes what it is handed is red', () => {
  const careless: Decider<{ total: number }, number, Ticked> = {
    none: { total: 0 },
    decide: () => accepted(ticked(1)),
    evolve(state) {
      state.total += 1
      return state
    },
  }
  assert.throws(() => stateAfter(careless, [ticked(1), ticked(1)]), TypeError)
})

test('a life whose carried state is not the fold of what happened is red', () => {
  let total = 0
  const forgetful: Decider<{ total: number }, number, Ticked> = {
    none: { total: 0 },
    decide: () => accepted(ticked(1)),
    evolve: () => ({ total: (total += 1) }),
  }
  const life = new Life(forgetful)
  life.tell(1, NINE)
  assert.throws(() => life.assertRemembersTheSame(), assert.AssertionError)

  const honest = new Life(COUNTER)
  assert.deepEqual(honest.tell(3, NINE).length, 1)
  assert.deepEqual(honest.tell(8, NINE), [])
  honest.assertRemembersTheSame()
  assert.deepEqual(honest.state, { total: 3, lastAt: NINE })
})
