import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoOf } from '#core/instant.ts'
import { groupIdOf } from '../company.ts'
import {
  at,
  change,
  DBA_ASK,
  DBA_ASKED,
  DBA_ENDS,
  DBA_SAID,
  dbaForAnHour,
  instant,
  momentTold,
  person,
  read,
  runOf,
  ticketOf,
  write,
} from '../oracle/run-for-tests.ts'
import type { Committed } from '../world/history.ts'
import { brokenBy, calmRun, factsOfHand, withProduct, withState } from './facts-for-tests.ts'
import { goneInTime } from './i01-gone-in-time.ts'
import { neverTooEarly } from './i02-never-too-early.ts'
import { neverUnjustified } from './i03-never-unjustified.ts'
import { neverWhatOthersGave } from './i04-never-what-others-gave.ts'
import { importJustifiesNothing } from './i05-import-justifies-nothing.ts'
import { neverWhatARuleGives } from './i06-never-what-a-rule-gives.ts'
import { noGap } from './i10-no-gap.ts'
import { nothingAfterARevocation } from './i11-nothing-after-a-revocation.ts'
import { oneChangeAtATime } from './i12-one-change-at-a-time.ts'
import { oneWindowARequest } from './i13-one-window-a-request.ts'
import { aHaltHalts } from './i14-a-halt-halts.ts'
import { INVARIANTS } from './all.ts'

const calm = await calmRun()

test('a run in which nothing goes wrong keeps every promise that it can tell [I1, I2, I3, I5, I10, I11, I12, I13]', async () => {
  const told: string[] = []
  for (const invariant of INVARIANTS) {
    const broken = await invariant.check(calm)
    assert.deepEqual(broken ?? [], [], invariant.id)
    if (broken !== null) told.push(invariant.id)
  }
  for (const id of [
    'I1',
    'I2',
    'I3',
    'I5',
    'I6',
    'I10',
    'I11',
    'I12',
    'I13',
    'I30',
    'I31',
    'I32',
    'I35',
    'I37',
    'I38',
    'I39',
  ])
    assert.ok(told.includes(id), `${id} was told by it`)
})

test('a removal a moment after the end is in time, one five seconds later is not, and none at all is worst [I1]', () => {
  assert.deepEqual(brokenBy(goneInTime, dbaForAnHour()), [])
  assert.equal(brokenBy(goneInTime, dbaForAnHour({ goneAt: DBA_ENDS + 5_000 })).length, 1)
  assert.equal(brokenBy(goneInTime, dbaForAnHour({ goneAt: null })).length, 1)
})

test('what stood in the way excuses a late removal, and no later than it did [I1]', () => {
  const away = { kind: 'outage', at: DBA_ENDS - 1_000, until: DBA_ENDS + 60_000 }
  const gone = (after: number) =>
    brokenBy(goneInTime, dbaForAnHour({ faults: [away], goneAt: DBA_ENDS + after })).length
  assert.equal(gone(70_000), 0)
  assert.equal(gone(600_000), 1)
})

test('what nobody ever agreed to stands without a reason from its first moment [I1, I3]', () => {
  const unasked = runOf({
    changes: [change('add', 'Ben', 'ledger', at(20)), change('remove', 'Ben', 'ledger', at(20, 1))],
  })
  assert.equal(brokenBy(goneInTime, unasked).length, 1)
  assert.equal(brokenBy(neverUnjustified, unasked).length, 1)
})

test('an end that is told has to fit a read-back of the whole role [I1]', () => {
  const unread = dbaForAnHour({ calls: [write('add', 'Ada', 'database', at(11, 2))] })
  assert.match(brokenBy(goneInTime, unread)[0]?.what ?? '', /fits no read-back/)
})

test('what an administrator gave is not ours to end, until a window has taken it over [I1, I4]', () => {
  const byHand = change('add', 'Ada', 'database', at(5), { by: 'admin' })
  const taken = change('remove', 'Ada', 'database', DBA_ENDS + 200)
  const ours = [read('Ada', at(11, 3)), write('remove', 'Ada', 'database', DBA_ENDS + 200)]
  assert.equal(goneInTime.check(factsOfHand(runOf({ changes: [byHand] }))), null)
  assert.equal(brokenBy(neverWhatOthersGave, runOf({ changes: [byHand, taken], calls: ours })).length, 1)
  const adopted = { changes: [byHand, taken], calls: ours }
  assert.deepEqual(brokenBy(neverWhatOthersGave, dbaForAnHour(adopted)), [])
  assert.deepEqual(brokenBy(goneInTime, dbaForAnHour(adopted)), [])
  assert.equal(brokenBy(goneInTime, dbaForAnHour({ ...adopted, changes: [byHand] })).length, 1)
})

test('a window that never began takes nothing over [I4]', () => {
  const changes = [
    change('add', 'Ada', 'database', at(5), { by: 'admin' }),
    change('remove', 'Ada', 'database', at(20)),
  ]
  const run = dbaForAnHour({ ticket: { said: [] }, changes, calls: [write('remove', 'Ada', 'database', at(20))] })
  assert.equal(brokenBy(neverWhatOthersGave, run).length, 1)
})

test('a removal within the window is too early, also when it was sent between the approval and the beginning [I2]', () => {
  assert.deepEqual(brokenBy(neverTooEarly, dbaForAnHour()), [])
  assert.equal(brokenBy(neverTooEarly, dbaForAnHour({ goneAt: at(30) })).length, 1)
  const changes = [
    change('add', 'Ada', 'database', at(5)),
    change('remove', 'Ada', 'database', at(11, 2)),
    change('add', 'Ada', 'database', at(11, 2, 500)),
  ]
  const calls = [write('remove', 'Ada', 'database', at(11, 2)), read('Ada', at(11, 3))]
  assert.equal(brokenBy(neverTooEarly, dbaForAnHour({ changes, calls })).length, 1)
})

test('a removal that the network held back is too early where it arrives [I2]', () => {
  const late = write('remove', 'Ada', 'database', at(10, 30), {
    arrivedAt: instant(at(12)),
    answeredAt: null,
    clean: false,
  })
  const run = dbaForAnHour({
    changes: [change('add', 'Ada', 'database', at(11, 2)), change('remove', 'Ada', 'database', at(12))],
    calls: [write('add', 'Ada', 'database', at(11, 2)), read('Ada', at(11, 3)), late],
  })
  assert.equal(brokenBy(neverTooEarly, run).length, 1)
})

test('after a revocation by somebody with the right to it a removal is not too early, and by anybody else it is [I2]', () => {
  const revoked = (by: string) =>
    brokenBy(
      neverTooEarly,
      dbaForAnHour({ goneAt: at(30, 1), ticket: { moves: [{ at: at(30), by, to: 'Revoking access' }] } }),
    ).length
  assert.equal(revoked('Mara'), 0)
  assert.equal(revoked('Finn'), 1)
})

test('an add before the approval is too early, and one after the end too late [I3]', () => {
  assert.deepEqual(brokenBy(neverUnjustified, dbaForAnHour()), [])
  const added = (when: number) =>
    brokenBy(
      neverUnjustified,
      dbaForAnHour({
        changes: [change('add', 'Ada', 'database', when)],
        calls: [write('add', 'Ada', 'database', when)],
      }),
    ).length
  assert.equal(added(at(10, 30)), 1)
  assert.equal(added(DBA_ENDS + 60_000), 1)
})

test('an add of what was edited while it was asked is agreed by nobody [I3]', () => {
  const edited = dbaForAnHour({ ticket: { edits: [{ at: at(10, 30), role: 'operator' }] } })
  assert.equal(brokenBy(neverUnjustified, edited).length, 1)
})

test('a grant that its ticket did not agree to, and a membership that is held without a reason, come from nowhere [I5]', () => {
  const unagreed = { ...calm, run: { ...calm.run, jira: { ...calm.run.jira, tickets: () => [] } } }
  assert.ok(brokenBy(importJustifiesNothing, unagreed).length >= 2)
  const held = withProduct(calm, ({ memberships }) => ({
    memberships: withState(memberships, 'membership/', (row) => ({
      ...row,
      state: { ...row.state, desired: 'held', reasons: [] },
    })),
  }))
  assert.equal(brokenBy(importJustifiesNothing, held).length, 1)
})

test('a reason without its grant comes from nowhere [I5]', () => {
  const later = withProduct(calm, ({ events }) => ({
    events: events.map((each) => (each.type === 'ReasonAdded' ? { ...each, at: each.at + 5_000 } : each)),
  }))
  assert.ok(brokenBy(importJustifiesNothing, later).length >= 2)
})

test('a removal of whom a rule holds is found in the log of Okta itself [I6]', () => {
  const removal = (heldByRule: boolean) =>
    runOf({ changes: [change('remove', 'Dan', 'fed-by-rule', at(20), { heldByRule })] })
  assert.deepEqual(brokenBy(neverWhatARuleGives, removal(false)), [])
  assert.equal(brokenBy(neverWhatARuleGives, removal(true)).length, 1)
  assert.equal(brokenBy(neverWhatOthersGave, removal(true)).length, 1)
})

test('windows that meet leave no gap, unless another hand makes it [I10]', () => {
  const operator = ticketOf({
    key: 'ACCESS-2',
    who: 'Ada',
    role: 'operator',
    hours: 1,
    raised: at(40),
    asked: { at: at(40, 1), of: ['Ines'], yes: ['Ines', at(41)] },
    said: [[at(41, 4), `The access is live: PRODUCTION, operator. It ends by itself at ${momentTold(at(101, 3))}.`]],
  })
  const dba = ticketOf({ ...DBA_ASK, asked: DBA_ASKED, said: DBA_SAID })
  const between = (by: 'client' | 'admin') =>
    runOf({
      tickets: [dba, operator],
      changes: [
        change('add', 'Ada', 'database', at(11, 2)),
        change('add', 'Ada', 'deploy', at(41, 2)),
        change('remove', 'Ada', 'database', DBA_ENDS + 100, { by }),
      ],
      calls: [read('Ada', at(11, 3)), read('Ada', at(41, 3)), write('remove', 'Ada', 'database', DBA_ENDS + 100)],
    })
  assert.equal(brokenBy(noGap, between('client')).length, 1)
  assert.deepEqual(brokenBy(noGap, between('admin')), [])
  assert.equal(brokenBy(neverTooEarly, between('client')).length, 1)
  assert.equal(noGap.check(factsOfHand(dbaForAnHour())), null)
})

function ended(when: number): Committed {
  const stream = `membership/okta/${groupIdOf('database')}/${person('Ada').id}`
  return {
    at: instant(when),
    replica: 'r1',
    streams: [{ stream, types: ['ReasonEnded'], state: { desired: 'removed' } }],
  }
}

test('an add that starts after the last reason has ended is found, one that was on its way is not [I11]', () => {
  const added = (when: number) =>
    brokenBy(
      nothingAfterARevocation,
      dbaForAnHour({ calls: [write('add', 'Ada', 'database', when)], history: { commits: [ended(at(30))] } }),
    ).length
  assert.equal(added(at(29, 59)), 0)
  assert.equal(added(at(30, 5)), 1)
  assert.equal(nothingAfterARevocation.check(factsOfHand(dbaForAnHour())), null)
})

test('a second change that begins before the first has ended is found [I12]', () => {
  const twice = withProduct(calm, ({ events }) => ({
    events: events.filter((each) => each.type !== 'ChangeProven'),
  }))
  assert.ok(brokenBy(oneChangeAtATime, twice).length >= 1)
})

test('a second grant for a request, a second window, a reason twice, and a second window on the ticket are found [I13]', () => {
  const doubled = (type: string) =>
    withProduct(calm, ({ events }) => ({
      events: events.flatMap((each) =>
        each.type === type
          ? [each, { ...each, stream: type === 'GrantOpened' ? `${each.stream}x` : each.stream }]
          : [each],
      ),
    }))
  for (const type of ['GrantOpened', 'WindowStarted', 'ReasonAdded'])
    assert.ok(brokenBy(oneWindowARequest, doubled(type)).length >= 1, type)
  const told = ticketOf({
    ...DBA_ASK,
    asked: DBA_ASKED,
    said: [...DBA_SAID, [at(50), `The access is live: PRODUCTION, dba. It ends by itself at ${momentTold(at(130))}.`]],
  })
  const run = { ...calm.run, jira: { ...calm.run.jira, tickets: () => [told] } }
  assert.equal(brokenBy(oneWindowARequest, { ...calm, run }).length, 1)
})

function ordered(when: number, exceptRemovals: boolean | null, scope = 'halt/all'): Committed {
  const halted = exceptRemovals === null ? null : { exceptRemovals, since: isoOf(instant(when)) }
  return { at: instant(when), replica: 'r1', streams: [{ stream: scope, types: ['HaltOrdered'], state: { halted } }] }
}

test('no write starts while everything, or its provider, stands still; removals only where the order exempts them [I14]', () => {
  const broken = (op: 'add' | 'remove', when: number, commits: readonly Committed[]) =>
    brokenBy(aHaltHalts, runOf({ calls: [write(op, 'Ada', 'database', when)], history: { commits: [...commits] } }))
      .length
  assert.equal(broken('add', at(31), [ordered(at(30), false)]), 1)
  assert.equal(broken('add', at(31), [ordered(at(30), true)]), 1)
  assert.equal(broken('add', at(31), [ordered(at(30), true, 'halt/okta')]), 1)
  assert.equal(broken('remove', at(31), [ordered(at(30), false)]), 1)
  assert.equal(broken('remove', at(31), [ordered(at(30), true)]), 0)
  assert.equal(broken('add', at(30, 0, 200), [ordered(at(30), false)]), 0)
  assert.equal(broken('add', at(41), [ordered(at(30), false), ordered(at(40), null)]), 0)
})
