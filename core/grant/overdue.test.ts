import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, given, stateAfter } from '../../tests/given.ts'
import { READERS, WRITERS } from '../catalog/catalog-for-tests.ts'
import { HOUR_MS, isoOf, MINUTE_MS } from '../instant.ts'
import { NO_MEMBERSHIP, type OpenChange } from '../identity-action/membership.ts'
import {
  confirmed,
  ending,
  GRANT,
  groupReleased,
  hoursLater,
  ISSUE,
  issueRaised,
  LIVE,
  lookWhetherOverdue,
  opened,
  overdue,
  release,
  started,
} from './grant-for-tests.ts'
import type { GrantEvent, GrantState } from './grant.ts'
import { dueSinceOf, lastWordOf, ownerOfRemoval } from './overdue.ts'

/** The window ended at seven hours, and was looked at an hour late. */
const ENDED_AT = hoursLater(7)
const LOOKED_AT = hoursLater(8)
const ENDING = [...LIVE, at(LOOKED_AT, ending('window ended'))]
const OVERDUE = [...ENDING, at(LOOKED_AT + 15 * MINUTE_MS, overdue(ENDED_AT))]

test('a removal that is not proven within a quarter of an hour is overdue, not a moment before, and once [R055]', () => {
  given(GRANT, ENDING)
    .when(lookWhetherOverdue(LOOKED_AT + 15 * MINUTE_MS - 1))
    .thenNothing()
  given(GRANT, ENDING)
    .when(lookWhetherOverdue(LOOKED_AT + 15 * MINUTE_MS))
    .then([overdue(ENDED_AT)])
  given(GRANT, OVERDUE)
    .when(lookWhetherOverdue(LOOKED_AT + HOUR_MS))
    .thenNothing()
})

test('it says what still stands, with the last word of the provider, since when, and who owns it [R055]', () => {
  const state = stateAfter(GRANT, OVERDUE)
  assert.deepEqual(state.overdue, {
    alarmId: 'alm_1',
    since: isoOf(ENDED_AT),
    standing: [
      { group: READERS, lastWord: 'unavailable' },
      { group: WRITERS, lastWord: 'not allowed' },
    ],
    ownerId: 'per_olga',
    at: isoOf(LOOKED_AT + 15 * MINUTE_MS),
    issue: null,
    over: false,
  })
  assert.equal(state.status, 'ending')
})

test('the bound is data', () => {
  given(GRANT, ENDING)
    .when(lookWhetherOverdue(LOOKED_AT + HOUR_MS - 1, HOUR_MS))
    .thenNothing()
  given(GRANT, ENDING)
    .when(lookWhetherOverdue(LOOKED_AT + HOUR_MS, HOUR_MS))
    .then([overdue(ENDED_AT)])
})

test('whatever the reason of the end, it counts; only the end of a window is older than the decision about it [R055]', () => {
  for (const because of ['revoked', 'incomplete', 'rejected'] as const) {
    const past = because === 'revoked' ? LIVE : [opened(), confirmed(READERS, hoursLater(1), 1)]
    given(GRANT, [...past, at(hoursLater(3), ending(because))])
      .when(lookWhetherOverdue(hoursLater(4)))
      .then([overdue(hoursLater(3))])
  }
  const standing = [opened({ hours: null }), started(hoursLater(1), null), at(hoursLater(3), ending('revoked'))]
  given(GRANT, standing)
    .when(lookWhetherOverdue(hoursLater(4)))
    .then([overdue(hoursLater(3))])
})

test('what is not ending, or has ended, is not overdue', () => {
  const over: readonly GrantEvent[] = [
    ...LIVE,
    ending('window ended'),
    groupReleased(READERS),
    groupReleased(WRITERS),
    { type: 'GrantEnded', data: { because: 'window ended' } },
  ]
  for (const past of [[], [opened()], LIVE, over]) {
    given(GRANT, past)
      .when(lookWhetherOverdue(hoursLater(1_000)))
      .thenNothing()
  }
})

test('a state from before there was such a thing becomes overdue all the same', () => {
  const { overdue: _, ...old } = stateAfter(GRANT, ENDING)
  const decision = GRANT.decide(lookWhetherOverdue(LOOKED_AT + HOUR_MS), old as GrantState)
  assert.deepEqual(decision, { kind: 'accepted', events: [overdue(ENDED_AT)] })
  const last = GRANT.decide(release(READERS), { ...(old as GrantState), released: [] })
  assert.deepEqual(last, { kind: 'accepted', events: [groupReleased(READERS)] })
})

test('the issue about it is written down once, and only under the id of its alarm [R055]', () => {
  const note = { kind: 'note issue', alarmId: 'alm_1', issue: ISSUE, assigned: true } as const
  given(GRANT, OVERDUE).when(note).then([issueRaised()])
  assert.deepEqual(stateAfter(GRANT, [...OVERDUE, issueRaised()]).overdue?.issue, ISSUE)
  given(GRANT, [...OVERDUE, issueRaised()])
    .when({ ...note, issue: { ...ISSUE, id: '10008', key: 'OPS-8' } })
    .thenNothing()
  given(GRANT, OVERDUE)
    .when({ ...note, alarmId: 'alm_2' })
    .thenNothing()
  given(GRANT, ENDING).when(note).thenNothing()
})

test('when the last group is released at last, that it is over is told with the read that proved it [R055, R056]', () => {
  const past = [...OVERDUE, issueRaised(), groupReleased(WRITERS, { readAt: isoOf(hoursLater(20)) })]
  const proven = (readAt: string | null): GrantEvent => ({
    type: 'OverdueProven',
    data: {
      alarmId: 'alm_1',
      since: isoOf(ENDED_AT),
      overdueAt: isoOf(LOOKED_AT + 15 * MINUTE_MS),
      readAt,
    },
  })
  const ended: GrantEvent = { type: 'GrantEnded', data: { because: 'window ended' } }
  const gone = { readAt: isoOf(hoursLater(19)) }
  given(GRANT, past)
    .when(release(READERS, gone))
    .then([groupReleased(READERS, gone), proven(isoOf(hoursLater(20))), ended])
  const kept = { how: 'kept', otherReasons: ['grt_2'], readAt: null } as const
  given(GRANT, [...OVERDUE, groupReleased(WRITERS, kept)])
    .when(release(READERS, kept))
    .then([groupReleased(READERS, kept), proven(null), ended])
  const state = stateAfter(GRANT, [...past, groupReleased(READERS, gone), proven(isoOf(hoursLater(20))), ended])
  assert.deepEqual([state.status, state.overdue?.over, state.overdue?.issue], ['ended', true, ISSUE])
})

test('a removal that never was overdue ends without a word about it', () => {
  given(GRANT, [...ENDING, groupReleased(WRITERS)])
    .when(release(READERS))
    .then([groupReleased(READERS), { type: 'GrantEnded', data: { because: 'window ended' } }])
})

test('since when it is due: the end of the window, or the decision that ended it early', () => {
  const times = { endsAt: isoOf(ENDED_AT), endingSince: isoOf(LOOKED_AT) }
  assert.equal(dueSinceOf({ ...times, endedBecause: 'window ended' }), isoOf(ENDED_AT))
  assert.equal(dueSinceOf({ ...times, endedBecause: 'revoked' }), isoOf(LOOKED_AT))
  assert.equal(dueSinceOf({ endsAt: isoOf(ENDED_AT), endingSince: null, endedBecause: null }), isoOf(ENDED_AT))
  assert.equal(dueSinceOf({ endsAt: null, endingSince: null, endedBecause: null }), null)
})

test('the last word of the provider: its no, its answer, its silence, or that it was not asked yet', () => {
  const change: OpenChange = {
    changeId: 'chg_1',
    do: 'remove',
    grantId: 'grt_1',
    requestId: 'req_1',
    account: '00u1',
    intendedAt: isoOf(LOOKED_AT),
    answered: null,
    uncertain: false,
  }
  const answered = (kind: 'unavailable' | 'accepted') => ({
    ...change,
    answered: { kind, at: isoOf(LOOKED_AT), receipt: null },
  })
  assert.equal(lastWordOf(NO_MEMBERSHIP), 'not asked yet')
  assert.equal(lastWordOf({ blocked: null, change: { ...change, do: 'add' } }), 'not asked yet')
  assert.equal(lastWordOf({ blocked: null, change }), 'no answer')
  assert.equal(lastWordOf({ blocked: null, change: answered('unavailable') }), 'unavailable')
  assert.equal(lastWordOf({ blocked: null, change: answered('accepted') }), 'accepted')
  assert.equal(lastWordOf({ blocked: 'not allowed', change: null }), 'not allowed')
})

test('it belongs to an owner of the app, else to security, else to an administrator; active, and the holder last', () => {
  const [owners, security, administrators] = [['per_olga', 'per_rolf'], ['per_sami'], ['per_ada']]
  const everybody = [owners, security, administrators]
  const active = () => true
  assert.equal(ownerOfRemoval(everybody, active, 'per_mara'), 'per_olga')
  assert.equal(
    ownerOfRemoval(everybody, (id) => id !== 'per_olga', 'per_mara'),
    'per_rolf',
  )
  assert.equal(ownerOfRemoval(everybody, active, 'per_olga'), 'per_rolf')
  assert.equal(
    ownerOfRemoval(everybody, (id) => !owners.includes(id), 'per_mara'),
    'per_sami',
  )
  assert.equal(ownerOfRemoval([[], [], ['per_ada']], active, 'per_mara'), 'per_ada')
  assert.equal(ownerOfRemoval([[], ['per_mara'], []], active, 'per_mara'), 'per_mara')
  assert.equal(
    ownerOfRemoval(everybody, () => false, 'per_mara'),
    null,
  )
})
