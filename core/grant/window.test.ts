import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given, stateAfter } from '../../tests/given.ts'
import { group, READERS, WRITERS } from '../catalog/catalog-for-tests.ts'
import { isoOf } from '../instant.ts'
import { confirmed, ending, GRANT, groupReleased, hoursLater, LIVE, open, opened, started } from './grant-for-tests.ts'
import type { GrantCommand } from './grant.ts'

const FIVE = ['00gA', '00gB', '00gC', '00gD', '00gE'].map(group)

function confirm(of: ReturnType<typeof group>, readAt: number): GrantCommand {
  return { kind: 'confirm', group: of, readAt }
}

test('an approval opens a grant, and opening it again opens no second one [I13]', () => {
  given(GRANT, []).when(open()).then([opened()])
  given(GRANT, [opened()]).when(open()).thenNothing()
  given(GRANT, LIVE).when(open()).thenNothing()
  given(GRANT, [opened(), ending('rejected')])
    .when(open())
    .thenNothing()
})

const BOUNDS: readonly (readonly [hours: number | null, completeWithinHours: number, completeBy: number])[] = [
  [6, 24, 6],
  [24, 24, 24],
  [48, 24, 24],
  [1, 24, 1],
  [null, 24, 24],
  [null, 2, 2],
  [6, 2, 2],
  [6, 0.5, 0.5],
]

test('the groups must follow within the asked duration or the bound, whichever is shorter; the bound is data', () => {
  for (const [hours, completeWithinHours, completeBy] of BOUNDS) {
    given(GRANT, [])
      .when(open({ hours, completeWithinHours }))
      .then([opened({ hours, completeBy: isoOf(hoursLater(completeBy)) })])
  }
})

test('a request that is 3 of 5 says so and is not live [R035, R036]', () => {
  const past = [
    opened({ groups: FIVE }),
    ...FIVE.slice(0, 2).map((each, n) => confirmed(each, hoursLater(1), n + 1, 5)),
  ]
  const [, , third, fourth] = FIVE
  assert.ok(third && fourth)
  given(GRANT, past)
    .when(confirm(third, hoursLater(2)))
    .then([confirmed(third, hoursLater(2), 3, 5)])
  const state = stateAfter(GRANT, [...past, confirmed(third, hoursLater(2), 3, 5)])
  assert.deepEqual([state.status, state.confirmed.length, state.startsAt], ['opening', 3, null])
})

test('the window begins when the last group was read back, once, and ends at one instant for all groups [R039]', () => {
  given(GRANT, [opened(), confirmed(WRITERS, hoursLater(0.5), 1)])
    .when(confirm(READERS, hoursLater(1)))
    .then([confirmed(READERS, hoursLater(1), 2), started(hoursLater(1), hoursLater(7))])
  const state = stateAfter(GRANT, LIVE)
  assert.deepEqual([state.status, state.startsAt, state.endsAt], ['live', isoOf(hoursLater(1)), isoOf(hoursLater(7))])
})

test('a role of one group is live with it, and without an end where none was asked', () => {
  given(GRANT, [opened({ groups: [READERS], hours: null })])
    .when(confirm(READERS, hoursLater(1)))
    .then([confirmed(READERS, hoursLater(1), 1, 1), started(hoursLater(1), null)])
})

test('a group that is read back again begins no second window, before or after the first [I13]', () => {
  given(GRANT, [opened(), confirmed(READERS, hoursLater(0.5), 1)])
    .when(confirm(READERS, hoursLater(1)))
    .thenNothing()
  given(GRANT, LIVE)
    .when(confirm(READERS, hoursLater(2)))
    .thenNothing()
})

test('a group that is not of the role counts for nothing', () => {
  given(GRANT, [opened(), confirmed(READERS, hoursLater(0.5), 1)])
    .when(confirm(group('00gOther'), hoursLater(1)))
    .thenNothing()
  given(GRANT, [opened(), confirmed(READERS, hoursLater(0.5), 1)])
    .when(confirm({ ...WRITERS, provider: 'entra' }, hoursLater(1)))
    .thenNothing()
})

test('nothing begins before the opening, nor after the end began', () => {
  given(GRANT, [])
    .when(confirm(READERS, hoursLater(1)))
    .thenNothing()
  for (const because of ['incomplete', 'rejected', 'revoked'] as const) {
    given(GRANT, [opened(), confirmed(READERS, hoursLater(0.5), 1), ending(because)])
      .when(confirm(WRITERS, hoursLater(1)))
      .thenNothing()
  }
})

test('a last group that was read back after the bound begins no window, even when the bound is looked at later', () => {
  const past = [opened(), confirmed(READERS, hoursLater(1), 1)]
  given(GRANT, past)
    .when(confirm(WRITERS, hoursLater(6)))
    .then([confirmed(WRITERS, hoursLater(6), 2), started(hoursLater(6), hoursLater(12))])
  const late = confirmed(WRITERS, hoursLater(6) + 1, 2)
  given(GRANT, past)
    .when(confirm(WRITERS, hoursLater(6) + 1))
    .then([late])
  given(GRANT, [...past, late])
    .when({ kind: 'give up completing', now: hoursLater(6) + 2 })
    .then([ending('incomplete')])
})

test('what is not complete in time is given up, exactly when the bound has come', () => {
  const past = [opened(), confirmed(READERS, hoursLater(1), 1)]
  given(GRANT, past)
    .when({ kind: 'give up completing', now: hoursLater(6) - 1 })
    .thenNothing()
  given(GRANT, past)
    .when({ kind: 'give up completing', now: hoursLater(6) })
    .then([ending('incomplete')])
  const state = stateAfter(GRANT, [...past, ending('incomplete')])
  assert.deepEqual(
    [state.status, state.endedBecause, state.endingSince],
    ['ending', 'incomplete', isoOf(hoursLater(0))],
  )
})

test('a window that has begun is not given up, whatever the bound', () => {
  for (const past of [[], LIVE, [...LIVE, ending('window ended')]]) {
    given(GRANT, past)
      .when({ kind: 'give up completing', now: hoursLater(100) })
      .thenNothing()
  }
})

test('a window ends when its end has come, not a moment before, and once [R045]', () => {
  given(GRANT, LIVE)
    .when({ kind: 'end window', now: hoursLater(7) - 1 })
    .thenNothing()
  given(GRANT, LIVE)
    .when({ kind: 'end window', now: hoursLater(7) })
    .then([ending('window ended')])
  given(GRANT, LIVE)
    .when({ kind: 'end window', now: hoursLater(70) })
    .then([ending('window ended')])
  given(GRANT, [...LIVE, ending('window ended')])
    .when({ kind: 'end window', now: hoursLater(8) })
    .thenNothing()
})

test('without an end, and before the window began, no window ends', () => {
  const standing = [
    opened({ groups: [READERS], hours: null }),
    confirmed(READERS, hoursLater(1), 1, 1),
    started(hoursLater(1), null),
  ]
  given(GRANT, standing)
    .when({ kind: 'end window', now: hoursLater(100_000) })
    .thenNothing()
  given(GRANT, [opened()])
    .when({ kind: 'end window', now: hoursLater(100) })
    .thenNothing()
})

test('a group that the vendor will never add ends what was opening, and is named [R036]', () => {
  const reject: GrantCommand = { kind: 'reject', group: WRITERS, now: hoursLater(1) }
  given(GRANT, [opened()])
    .when(reject)
    .then([ending('rejected', WRITERS)])
  for (const past of [[], LIVE, [opened(), ending('revoked')], [...LIVE, ending('revoked'), groupReleased(READERS)]]) {
    given(GRANT, past).when(reject).thenNothing()
  }
})
