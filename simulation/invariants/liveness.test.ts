import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR_MS } from '#core/instant.ts'
import type { LoggedCall } from '#connectors/okta/stand-in/call-log.ts'
import {
  at,
  call,
  change,
  DBA_ASKED,
  DBA_ENDS,
  DBA_SAID,
  dbaForAnHour,
  instant,
  read,
  runOf,
} from '../oracle/run-for-tests.ts'
import type { Deed } from '../schedule/schedule.ts'
import type { Done } from '../world/history.ts'
import { brokenBy, calmRun, factsOfHand, withProduct, withState } from './facts-for-tests.ts'
import { overdueRemovalsGo } from './i29-overdue-removals-go.ts'
import { theApprovedArrives } from './i30-the-approved-arrives.ts'
import { nothingStaysInProgress } from './i31-nothing-stays-in-progress.ts'
import { somebodyCanDecide } from './i32-somebody-can-decide.ts'
import { aSickProviderIsLeftAlone } from './i34-a-sick-provider-is-left-alone.ts'
import { theUrgentGoesFirst } from './i35-the-urgent-goes-first.ts'
import { withinTheBudget } from './i37-within-the-budget.ts'
import { boundedByConfiguration } from './i38-bounded-by-configuration.ts'
import { noTimerLost } from './i39-no-timer-lost.ts'

const calm = await calmRun()
/** Somebody whose window is still open when the run ends, and somebody who still waits for an answer. */
const open = await calmRun([
  { at: at(150), do: 'ask', ask: 0, seat: 4, role: 'dba', hours: 1 },
  { at: at(151), do: 'answer', ask: 0, by: { asked: 0 }, decision: 'approve' },
  { at: at(150), do: 'ask', ask: 1, seat: 5, role: 'analyst', hours: 1 },
])

test('what was overdue when the calm began goes within half a minute and a bit [I29]', () => {
  const stormMs = DBA_ENDS + 60_000
  const faults = [{ kind: 'outage', at: DBA_ENDS - 1_000, until: stormMs }]
  const gone = (goneAt: number | null) => brokenBy(overdueRemovalsGo, dbaForAnHour({ stormMs, faults, goneAt })).length
  assert.equal(gone(stormMs + 34_000), 0)
  assert.equal(gone(stormMs + 36_000), 1)
  assert.equal(gone(null), 1)
  assert.equal(overdueRemovalsGo.check(factsOfHand(dbaForAnHour({ stormMs, goneAt: stormMs - 1 }))), null)
})

test('where Okta lets us do little, what is overdue has the windows that it needs [I29]', () => {
  const stormMs = DBA_ENDS + 60_000
  const counted = [counts(at(30))]
  const gone = (limitShare: number, goneAt: number) =>
    brokenBy(overdueRemovalsGo, dbaForAnHour({ stormMs, goneAt, limitShare, counted })).length
  assert.equal(gone(0.02, stormMs + 94_000), 0)
  assert.equal(gone(0.02, stormMs + 96_000), 1)
})

test('what was approved is told to be live, to have failed, or to be refused, within a minute [I30]', () => {
  const told = (said: typeof DBA_SAID, stormMs = 0) =>
    brokenBy(theApprovedArrives, dbaForAnHour({ ticket: { said }, stormMs })).length
  assert.equal(told(DBA_SAID), 0)
  assert.equal(told([[at(11, 30), 'The access was not given: what had been added was taken back.']]), 0)
  assert.equal(told([[at(11, 30), 'The ticket was edited. Nothing was given. Ask with a new request.']]), 0)
  assert.equal(told([]), 1)
  assert.equal(told(DBA_SAID.slice(0, 1)), 1, 'that it is being set up is no end of it')
  assert.equal(told([[at(13), 'The access was not given: what had been added was taken back.']]), 1)
  assert.equal(told([[at(13), 'The access was not given: what had been added was taken back.']], at(60)), 0)
})

test('a change that waits for nobody, and work that lies about, are found [I31]', () => {
  assert.deepEqual(brokenBy(nothingStaysInProgress, calm), [])
  const lying = withProduct(calm, ({ memberships }) => ({
    memberships: withState(memberships, 'membership/', (row) => ({ ...row, dueAt: instant(at(100)) })),
  }))
  assert.equal(brokenBy(nothingStaysInProgress, lying).length, 1)
  const begun = withProduct(calm, ({ memberships }) => ({
    memberships: withState(memberships, 'membership/', (row) => ({
      ...row,
      state: { ...row.state, change: { do: 'add' } },
    })),
  }))
  assert.equal(brokenBy(nothingStaysInProgress, begun).length, 1)
  const leased = withProduct(calm, ({ memberships }) => ({
    memberships: withState(memberships, 'membership/', (row) => ({
      ...row,
      dueAt: instant(at(100)),
      leaseUntil: instant(3 * HOUR_MS),
    })),
  }))
  assert.deepEqual(brokenBy(nothingStaysInProgress, leased), [])
})

function deactivated(seat: number, when: number): Done {
  const deed: Deed = { at: when, do: 'deactivate', seat }
  return { at: instant(when), deed, result: 'done' }
}

test('a question is escalated within a minute of losing the last who could answer it [I32]', () => {
  const asked = { ...DBA_ASKED, yes: ['Ines', at(40)] } as const
  const seats = { Ines: 2, Otto: 3 }
  const broken = (deeds: Done[], said: readonly (readonly [number, string])[] = []) =>
    brokenBy(somebodyCanDecide, dbaForAnHour({ ticket: { asked, said }, history: { deeds } })).length
  assert.equal(broken([deactivated(seats.Ines, at(20))]), 0)
  assert.equal(broken([deactivated(seats.Ines, at(20)), deactivated(seats.Otto, at(21))]), 1)
  assert.equal(
    broken(
      [deactivated(seats.Ines, at(20)), deactivated(seats.Otto, at(21))],
      [[at(21, 30), 'Nobody can approve this any more.']],
    ),
    0,
  )
  assert.equal(broken([deactivated(seats.Ines, at(20)), deactivated(seats.Otto, at(39, 30))]), 0)
  assert.equal(somebodyCanDecide.check(factsOfHand(runOf({}))), null)
})

test('a provider that is down is asked once in half a minute, by all together, and freely again when it is well [I34]', () => {
  const bad = (when: number) => read('Ada', when, { status: 503 })
  const broken = (whens: readonly number[]) =>
    brokenBy(aSickProviderIsLeftAlone, runOf({ calls: whens.map(bad) })).length
  const first = [0, 1, 2, 3, 4, 5].map((second) => at(10, second))
  assert.equal(broken([...first, at(11, 30), at(12), at(12, 30)]), 0)
  assert.equal(broken([...first, at(11, 30), at(11, 40), at(11, 50)]), 2)
  const cured = [
    ...first.map(bad),
    bad(at(11, 30)),
    read('Ben', at(12)),
    read('Ben', at(12, 1)),
    read('Ben', at(12, 2)),
  ]
  assert.deepEqual(brokenBy(aSickProviderIsLeftAlone, runOf({ calls: cured })), [])
  assert.equal(aSickProviderIsLeftAlone.check(factsOfHand(runOf({ calls: first.map(bad) }))), null)
})

test('an end that waits longer than one window for calls of our own is found [I35]', () => {
  const counted = Array.from({ length: 3 }, (_, minute) =>
    Array.from({ length: 24 }, () => counts(DBA_ENDS + minute * 60_000 + 10)),
  ).flat()
  const gone = (goneAt: number) =>
    brokenBy(theUrgentGoesFirst, dbaForAnHour({ limitShare: 0.02, counted, goneAt })).length
  assert.equal(gone(DBA_ENDS + 60_500), 0)
  assert.equal(gone(DBA_ENDS + 130_000), 1)
  assert.equal(theUrgentGoesFirst.check(factsOfHand(dbaForAnHour())), null)
})

function counts(when: number, more: Partial<LoggedCall> = {}): LoggedCall {
  return {
    at: instant(when),
    method: 'GET',
    kind: 'holdings',
    bucket: 'other',
    status: 200,
    refused: null,
    habit: null,
    ...more,
  }
}

test('a call that is refused for the rate is one too many, unless another client ate of the window [I37]', () => {
  const refused = counts(at(60, 10), { status: 429, refused: 'rate' })
  const counted = [counts(at(60)), refused]
  assert.equal(brokenBy(withinTheBudget, runOf({ limitShare: 0.5, counted })).length, 1)
  const spent = [{ at: instant(at(60, 5)), bucket: 'other', calls: 600 }] as const
  assert.deepEqual(brokenBy(withinTheBudget, runOf({ limitShare: 0.5, counted, spent })), [])
  const badDay = [counts(at(60)), counts(at(60, 10), { status: 429, habit: '429' })]
  assert.deepEqual(brokenBy(withinTheBudget, runOf({ limitShare: 0.5, counted: badDay })), [])
})

test('more calls at once than were said are too many, of one process or of all together [I37, I38]', () => {
  const calls = (count: number, replicas: number) =>
    Array.from({ length: count }, (_, place) =>
      call('GET', 'groups', at(60), { replica: `r${1 + (place % replicas)}` }),
    )
  assert.deepEqual(brokenBy(withinTheBudget, runOf({ calls: calls(10, 1) })), [])
  assert.equal(brokenBy(withinTheBudget, runOf({ calls: calls(11, 2) })).length, 1)
  assert.deepEqual(brokenBy(boundedByConfiguration, runOf({ calls: calls(11, 2) })), [])
  assert.equal(brokenBy(boundedByConfiguration, runOf({ calls: calls(11, 1) })).length, 1)
})

test('more work in hand than the batches allow is too much [I38]', () => {
  const [timer] = open.product.timers.values()
  assert.ok(timer)
  const leased = { ...timer, leaseUntil: instant(4 * HOUR_MS) }
  const many = withProduct(open, () => ({
    timers: new Map(Array.from({ length: 5_000 }, (_, place) => [String(place), leased])),
  }))
  assert.deepEqual(brokenBy(boundedByConfiguration, open), [])
  assert.equal(brokenBy(boundedByConfiguration, many).length, 1)
})

test('a window without its timer, or with one for another moment, will not end [I39]', () => {
  assert.deepEqual(brokenBy(noTimerLost, open), [])
  const without = withProduct(open, ({ timers }) => ({
    timers: new Map([...timers].filter(([id]) => !id.endsWith(':window'))),
  }))
  assert.equal(brokenBy(noTimerLost, without).length, 1)
  const late = withProduct(open, ({ timers }) => ({
    timers: new Map(
      [...timers].map(([id, row]) => [id, id.endsWith(':window') ? { ...row, dueAt: instant(at(900)) } : row]),
    ),
  }))
  assert.equal(brokenBy(noTimerLost, late).length, 1)
})

test('a request that waits is looked at again, and Jira and the directory are too [I39]', () => {
  for (const id of [':look', 'poll:jira', 'sync:okta']) {
    const without = withProduct(open, ({ timers }) => ({
      timers: new Map([...timers].filter(([each]) => !each.endsWith(id))),
    }))
    assert.equal(brokenBy(noTimerLost, without).length, 1, id)
  }
})

test('a membership that waits for nothing that will come, and a state that its events do not make, are found [I39]', () => {
  const forgotten = withProduct(calm, ({ memberships }) => ({
    memberships: withState(memberships, 'membership/', (row) => ({ ...row, dueAt: instant(at(300)), work: 'read' })),
  }))
  assert.equal(brokenBy(noTimerLost, forgotten).length, 1)
  const other = withProduct(calm, ({ streams }) => ({
    streams: withState(streams, 'grant/', (row) => ({ ...row, state: { ...row.state, endsAt: null } })),
  }))
  assert.equal(brokenBy(noTimerLost, other).length, 1)
})

test('whoever was taken away by another hand is not overdue any more [I29]', () => {
  const stormMs = DBA_ENDS + 60_000
  const changes = [
    change('add', 'Ada', 'database', at(11, 2)),
    change('remove', 'Ada', 'database', stormMs - 1_000, { by: 'admin' }),
  ]
  assert.equal(overdueRemovalsGo.check(factsOfHand(dbaForAnHour({ stormMs, changes }))), null)
})
