import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Life } from '../../tests/given.ts'
import { group } from '../catalog/catalog-for-tests.ts'
import { groupStream, type GroupRef } from '../identity-action/membership-key.ts'
import { HOUR_MS, MINUTE_MS, type Instant } from '../instant.ts'
import { GRANT, hoursLater, ISSUE, lookWhetherOverdue, open, release, revoke } from './grant-for-tests.ts'
import type { GrantCommand, GrantEvent, GrantState } from './grant.ts'

type Step = { readonly afterMs: number; readonly tell: (now: Instant) => GrantCommand }

const GROUPS = ['00gA', '00gB', '00gC', '00gD', '00gE'].map(group)
const STRANGE = group('00gStrange')

const anyGroup = fc.constantFrom(...GROUPS.slice(0, 2), ...GROUPS.slice(0, 3), ...GROUPS, STRANGE)
const afterMs = fc.constantFrom(0, 0, 1, MINUTE_MS, MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS)
const how = fc.constantFrom('removed', 'kept', 'never added')

const step: fc.Arbitrary<Step> = fc
  .tuple(
    afterMs,
    fc.oneof(
      {
        weight: 6,
        arbitrary: anyGroup.map((of) => (now: Instant): GrantCommand => ({ kind: 'confirm', group: of, readAt: now })),
      },
      {
        weight: 6,
        arbitrary: fc.tuple(anyGroup, how).map(
          ([of, how]) =>
            () =>
              release(of, { how }),
        ),
      },
      { weight: 2, arbitrary: fc.constant((now: Instant): GrantCommand => ({ kind: 'end window', now })) },
      { weight: 2, arbitrary: fc.constant((now: Instant): GrantCommand => ({ kind: 'give up completing', now })) },
      {
        weight: 1,
        arbitrary: anyGroup.map((of) => (now: Instant): GrantCommand => ({ kind: 'reject', group: of, now })),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('per_max', 'per_stranger', null), fc.constantFrom('attempt 1', 'attempt 2'))
          .map(
            ([who, attempt]) =>
              () =>
                revoke(who, attempt),
          ),
      },
      { weight: 1, arbitrary: fc.constant(() => open()) },
      { weight: 2, arbitrary: fc.constant((now: Instant): GrantCommand => lookWhetherOverdue(now)) },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom('alm_1', 'alm_other')
          .map((alarmId) => (): GrantCommand => ({ kind: 'note issue', alarmId, issue: ISSUE, assigned: true })),
      },
    ),
  )
  .map(([afterMs, tell]) => ({ afterMs, tell }))

const story = fc.record({
  count: fc.constantFrom(1, 2, 3, GROUPS.length),
  hours: fc.constantFrom(1, 6, null),
  steps: fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }),
})

function times(events: readonly GrantEvent[], type: GrantEvent['type']): number {
  return events.filter((event) => event.type === type).length
}

function names(groups: readonly GroupRef[]): readonly string[] {
  return groups.map(groupStream).sort()
}

/** What holds at every moment of every grant. */
function check(state: GrantState, events: readonly GrantEvent[]): void {
  const { opened, startsAt, endsAt } = state
  assert.ok(opened)
  assert.ok(times(events, 'WindowStarted') <= 1, 'the window began twice')
  assert.ok(times(events, 'GrantEnding') <= 1, 'it began to end twice')
  assert.ok(times(events, 'GrantEnded') + times(events, 'GrantFailed') <= 1, 'it ended twice')
  assert.equal(startsAt !== null, times(events, 'WindowStarted') === 1)
  if (startsAt !== null) {
    assert.deepEqual(names(state.confirmed), names(opened.groups), 'live with a group that was not read back')
    assert.ok(startsAt <= opened.completeBy, 'began after the bound')
    const lasts = endsAt === null ? null : Date.parse(endsAt) - Date.parse(startsAt)
    assert.equal(lasts, opened.hours === null ? null : opened.hours * HOUR_MS)
  }
  const calledOverdue = times(events, 'GrantOverdue')
  assert.ok(calledOverdue <= 1 && times(events, 'OverdueIssueRaised') <= calledOverdue, 'more than one alarm')
  if (state.status === 'ended' || state.status === 'failed') {
    assert.equal(times(events, 'OverdueProven'), calledOverdue, 'an alarm whose end is not told')
    assert.deepEqual(names(state.released.map((each) => each.group)), names(opened.groups), 'a group is left behind')
    assert.equal(state.status === 'ended', startsAt !== null)
  }
}

test('whatever is told in whatever order, a window begins once, and no grant ends or fails with a group left behind [I13]', () => {
  const met = new Map<string, number>()
  fc.assert(
    fc.property(story, ({ count, hours, steps }) => {
      const life = new Life(GRANT)
      let now = hoursLater(0)
      life.tell(open({ groups: GROUPS.slice(0, count), hours }), now)
      for (const { afterMs, tell } of steps) {
        now += afterMs
        const over = life.state.status === 'ended' || life.state.status === 'failed'
        const happened = life.tell(tell(now), now)
        const told = happened.filter((event) => event.type !== 'OverdueIssueRaised')
        assert.ok(!over || told.length === 0, 'something happened after the end')
        check(life.state, life.events)
      }
      life.assertRemembersTheSame()
      met.set(life.state.status, (met.get(life.state.status) ?? 0) + 1)
      if (life.state.overdue) met.set('overdue', (met.get('overdue') ?? 0) + 1)
    }),
    { numRuns: 1_500 },
  )
  for (const status of ['opening', 'live', 'ending', 'ended', 'failed', 'overdue']) {
    assert.ok((met.get(status) ?? 0) > 10, `the stories must reach ${status}: ${JSON.stringify([...met])}`)
  }
})
