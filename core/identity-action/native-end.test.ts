import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given, stateAfter } from '../../tests/given.ts'
import { isoOf } from '../instant.ts'
import {
  addReason,
  answer,
  answered,
  endReason,
  HELD,
  intended,
  intendedAt,
  lateAnswer,
  lateEffect,
  MEMBERSHIP,
  minute,
  plan,
  proven,
  read,
  reasonAdded,
  reasonEnded,
  rejection,
  resent,
  stateProven,
  superseded,
  taken,
  unanswered,
} from './membership-for-tests.ts'
import { changeToSend, workOf, type MembershipEvent } from './membership.ts'
import { nextLookAt, urgencyOf } from './when-to-look.ts'
import {
  addReasonUntil,
  dateReason,
  endAnswered,
  endRefused,
  foundGone,
  HELD_FOR_AN_HOUR,
  intendedUntil,
  intendedUntilAt,
  provenUntil,
  readMember,
  reasonAddedUntil,
  reasonDated,
  stateProvenUntil,
} from './native-end-for-tests.ts'
import { wantedEnd } from './native-end.ts'
import { URGENCY } from './urgency.ts'

const iso = (minutes: number) => isoOf(minute(minutes))
const work = (past: Parameters<typeof stateAfter<never, never, MembershipEvent>>[1]) =>
  workOf(stateAfter(MEMBERSHIP, past))

// What is wanted.

test('the end that is wanted is a quarter of an hour after the latest of all reasons, and none while one of them has none [R046, N06]', () => {
  const until = (minutes: number | null) => ({ until: minutes === null ? null : isoOf(minute(minutes)) })
  assert.equal(wantedEnd([until(60)]), isoOf(minute(75)))
  assert.equal(wantedEnd([until(60), until(90), until(30)]), isoOf(minute(105)))
  assert.equal(wantedEnd([until(60), until(null)]), null)
  assert.equal(wantedEnd([until(60), {}]), null, 'of a reason from before there were ends nothing is known')
})

test('it stands on the whole second, and never before the quarter of an hour is over [R046]', () => {
  const at = (ms: number) => wantedEnd([{ until: isoOf(minute(60) + ms) }])
  assert.equal(at(0), isoOf(minute(75)))
  for (const ms of [1, 499, 999]) assert.equal(at(ms), isoOf(minute(75) + 1_000))
})

test('where the provider cannot end access by itself, nothing is remembered, meant or asked of ends', () => {
  const { native, ...state } = stateAfter(MEMBERSHIP, HELD)
  assert.equal(native, undefined)
  assert.ok(!JSON.stringify(state).includes('until'))
  given(MEMBERSHIP, [])
    .when(addReason(1))
    .then([reasonAdded(1)])
  given(MEMBERSHIP, HELD).when(dateReason(1, 60)).thenNothing()
  given(MEMBERSHIP, [...HELD, reasonEnded(1), intendedAt(10, 2, 'remove', 1), answered(2, 'changed', 11)])
    .when(read(false, 12))
    .then([proven([2, 'remove', 1], [10, 11, 12])])
})

// Beginning.

test('an add brings the latest end along that the window can have, and a read proves both [R046]', () => {
  given(MEMBERSHIP, [])
    .when(addReasonUntil(1, 120))
    .then([reasonAddedUntil(1, 120)])
  given(MEMBERSHIP, [reasonAddedUntil(1, 120)])
    .when(plan(1))
    .then([intendedUntil(1, 'add', 1, 135)])
  given(MEMBERSHIP, [reasonAddedUntil(1, 120), intendedUntilAt(0, 1, 'add', 1, 135), answered(1, 'changed', 1)])
    .when(readMember(2, 135))
    .then([provenUntil([1, 'add', 1], [0, 1, 2], 135)])
})

test('once the window has begun its end is known, and the safety net is drawn in when there is time for it [R046]', () => {
  const begun = HELD_FOR_AN_HOUR.slice(0, 4)
  assert.equal(work(begun), null)
  given(MEMBERSHIP, begun)
    .when(dateReason(1, 62))
    .then([reasonDated(1, 62)])
  const dated = stateAfter(MEMBERSHIP, [...begun, reasonDated(1, 62)])
  assert.deepEqual([workOf(dated), urgencyOf(dated, 'write')], ['write', URGENCY['read-back']])
  given(MEMBERSHIP, [...begun, reasonDated(1, 62)])
    .when(plan(2, 2))
    .then([intendedUntil(2, 'set end', 1, 77)])
  given(MEMBERSHIP, [...begun, reasonDated(1, 62)])
    .when(dateReason(1, 99))
    .thenNothing()
  assert.equal(work(HELD_FOR_AN_HOUR), null)
  given(MEMBERSHIP, HELD_FOR_AN_HOUR).when(plan(3, 5)).thenNothing()
})

test('what a vendor rounds up is as wanted, and what it rounds down is not [R046]', () => {
  const asked = HELD_FOR_AN_HOUR.slice(0, 7)
  for (const [endsAt, isSo] of [
    [77, true],
    [78, true],
    [78.1, false],
    [76.9, false],
    [null, false],
  ] as const) {
    const then = given(MEMBERSHIP, asked).when(readMember(4, endsAt))
    if (isSo) then.then([provenUntil([2, 'set end', 1], [2, 3, 4], endsAt)])
    else then.thenNothing()
  }
})

test('a member who was added without an end is live, and gets one after that [R046]', () => {
  const without = [
    reasonAddedUntil(1, 120),
    intendedUntilAt(0, 1, 'add', 1, 135),
    answered(1, 'changed', 1),
    provenUntil([1, 'add', 1], [0, 1, 2], null),
  ]
  const state = stateAfter(MEMBERSHIP, without)
  assert.deepEqual([state.reasons[0]?.confirmed, workOf(state)], [true, 'write'])
  given(MEMBERSHIP, [...without, reasonDated(1, 62)])
    .when(plan(2, 2))
    .then([intendedUntil(2, 'set end', 1, 77)])
})

// Extending.

test('a further reason that lasts longer is confirmed only when a read shows that the provider will wait for it [I10, R050, N07]', () => {
  const second = [...HELD_FOR_AN_HOUR, reasonAddedUntil(2, 200)]
  const state = stateAfter(MEMBERSHIP, second)
  assert.deepEqual([workOf(state), urgencyOf(state, 'write')], ['write', URGENCY.grant])
  given(MEMBERSHIP, second)
    .when(plan(3, 10))
    .then([intendedUntil(3, 'set end', 2, 215)])
  const moving = [...second, intendedUntilAt(10, 3, 'set end', 2, 215), endAnswered(3, 'changed', 11)]
  given(MEMBERSHIP, moving).when(readMember(11.5, 77)).thenNothing()
  given(MEMBERSHIP, moving)
    .when(readMember(11.5, 215))
    .then([provenUntil([3, 'set end', 2], [10, 11, 11.5], 215)])
  const confirmed = (past: typeof moving) => stateAfter(MEMBERSHIP, past).reasons.map((each) => each.confirmed)
  assert.deepEqual(confirmed(moving), [true, false])
  assert.deepEqual(confirmed([...moving, provenUntil([3, 'set end', 2], [10, 11, 11.5], 215)]), [true, true])
})

test('what has no end does not begin before the end of what was there is cleared [I10, R046]', () => {
  const second = [...HELD_FOR_AN_HOUR, reasonAddedUntil(2, null)]
  given(MEMBERSHIP, second)
    .when(plan(3, 10))
    .then([intendedUntil(3, 'set end', 2, null)])
  const clearing = [...second, intendedUntilAt(10, 3, 'set end', 2, null), endAnswered(3, 'changed', 11)]
  given(MEMBERSHIP, clearing).when(readMember(11.5, 77)).thenNothing()
  given(MEMBERSHIP, clearing)
    .when(readMember(11.5, null))
    .then([provenUntil([3, 'set end', 2], [10, 11, 11.5], null)])
})

test('a further reason that ends earlier is confirmed by a read, and moves nothing', () => {
  const second = [...HELD_FOR_AN_HOUR, reasonAddedUntil(2, 50)]
  assert.equal(work(second), 'read')
  given(MEMBERSHIP, second)
    .when(readMember(10, 77))
    .then([stateProvenUntil(10, 77, 2)])
})

test('a read that finds the end moved by another hand confirms nothing before it is where it is wanted [I10]', () => {
  const second = [...HELD_FOR_AN_HOUR, reasonAddedUntil(2, 50)]
  given(MEMBERSHIP, second)
    .when(readMember(10, 20))
    .then([stateProvenUntil(10, 20)])
  const short = [...second, stateProvenUntil(10, 20)]
  assert.equal(stateAfter(MEMBERSHIP, short).reasons[1]?.confirmed, false)
  given(MEMBERSHIP, short)
    .when(plan(3, 10))
    .then([intendedUntil(3, 'set end', 1, 77)])
})

test('when the longest reason ends before its time, the end follows the others [R046, N07]', () => {
  const two = [
    ...HELD_FOR_AN_HOUR,
    reasonAddedUntil(2, 200),
    intendedUntilAt(10, 3, 'set end', 2, 215),
    endAnswered(3, 'changed', 11),
    provenUntil([3, 'set end', 2], [10, 11, 12], 215),
    reasonEnded(2, { otherReasons: ['grt_1'] }),
  ]
  given(MEMBERSHIP, two)
    .when(plan(4, 20))
    .then([intendedUntil(4, 'set end', 1, 77)])
})

test('a change of the end that is not what is wanted any more is not sent again, and the next asks for what is', () => {
  const overtaken = [...HELD_FOR_AN_HOUR.slice(0, 6), reasonAddedUntil(2, 200)]
  assert.equal(changeToSend(stateAfter(MEMBERSHIP, overtaken)), null)
  given(MEMBERSHIP, overtaken)
    .when(readMember(3, 135))
    .then([superseded(2, 3)])
  given(MEMBERSHIP, [...overtaken, superseded(2, 3)])
    .when(plan(3, 4))
    .then([intendedUntil(3, 'set end', 2, 215)])
})

test('no end is set any more when all windows are over, nor anybody added [I3]', () => {
  const loose = [...HELD_FOR_AN_HOUR.slice(0, 4), reasonDated(1, 62)]
  given(MEMBERSHIP, loose).when(plan(2, 62)).thenNothing()
  given(MEMBERSHIP, [reasonAddedUntil(1, 120)])
    .when(plan(1, 120))
    .thenNothing()
})

// Lost answers.

test('the answer to a change of the end is lost: a read finds it, or it is sent again under its id [I23]', () => {
  const lost = [...HELD_FOR_AN_HOUR.slice(0, 5), intendedUntilAt(2, 2, 'set end', 1, 77), unanswered(2, 3)]
  given(MEMBERSHIP, lost)
    .when(readMember(4, 77))
    .then([provenUntil([2, 'set end', 1], [2, null, 4], 77, 'found by read-back')])
  given(MEMBERSHIP, lost).when(readMember(4, 135)).thenNothing()
  assert.equal(changeToSend(stateAfter(MEMBERSHIP, lost))?.changeId, 'chg_2')
  given(MEMBERSHIP, HELD_FOR_AN_HOUR.slice(0, 6))
    .when(plan(3, 4))
    .then([resent(2, 'no answer')])
})

test('an add that is sent again brings along the end that is wanted by then [I3, I10]', () => {
  const sent = [reasonAddedUntil(1, 120), intendedUntilAt(0, 1, 'add', 1, 135), unanswered(1, 1)]
  const another = [...sent, reasonAddedUntil(2, 400), reasonEnded(1, { otherReasons: ['grt_2'] })]
  const again: MembershipEvent = {
    type: 'ChangeResent',
    data: { changeId: 'chg_1', because: 'no effect was read', endsAt: iso(415) },
  }
  given(MEMBERSHIP, another).when(plan(2, 300)).then([again])
  const state = stateAfter(MEMBERSHIP, [...another, again])
  assert.equal(changeToSend(state)?.endsAt, iso(415))
  given(MEMBERSHIP, [...another, again])
    .when(plan(2, 301))
    .thenNothing()
})

test('without the vendor’s word, a read so soon after another end was seen may come from before that one', () => {
  const lost = [...HELD_FOR_AN_HOUR, reasonAddedUntil(2, 200), intendedUntilAt(4.2, 3, 'set end', 2, 215)]
  given(MEMBERSHIP, lost).when(readMember(4.5, 215)).thenNothing()
  given(MEMBERSHIP, [...lost, endAnswered(3, 'accepted', 4.3)])
    .when(readMember(4.5, 215))
    .thenNothing()
  given(MEMBERSHIP, lost)
    .when(readMember(5, 215))
    .then([provenUntil([3, 'set end', 2], [4.2, null, 5], 215, 'found by read-back')])
})

test('a late change of the end may have undone a later one, or been over when it came: both are written again [I10, I11]', () => {
  given(MEMBERSHIP, HELD_FOR_AN_HOUR)
    .when(lateAnswer(9, 'set end', 1, taken('changed', 20), 20))
    .then([lateEffect(9, 'set end', 1)])
  const late = [...HELD_FOR_AN_HOUR, lateEffect(9, 'set end', 1)]
  assert.equal(work(late), 'write')
  given(MEMBERSHIP, late)
    .when(plan(3, 20))
    .then([intendedUntil(3, 'add', 1, 77)])
  const stillThere = [...late, intendedUntilAt(20, 3, 'add', 1, 77), answered(3, 'unchanged', 21)]
  const found = provenUntil([3, 'add', 1], [20, 21, 22], 40, 'already so')
  given(MEMBERSHIP, [...stillThere, found])
    .when(plan(4, 23))
    .then([intendedUntil(4, 'set end', 1, 77)])
  given(MEMBERSHIP, [...HELD_FOR_AN_HOUR, reasonEnded(1)])
    .when(lateAnswer(9, 'set end', 1, taken('changed', 20), 20))
    .thenNothing()
})

// Refused.

test('a vendor that sets no end takes nothing from the access: it is confirmed, and the record says that there is no safety net [R046]', () => {
  const asked = [
    ...HELD_FOR_AN_HOUR.slice(0, 3),
    provenUntil([1, 'add', 1], [0, 1, 2], null),
    reasonDated(1, 62),
    intendedUntilAt(2, 2, 'set end', 1, 77),
  ]
  const [no, givenUp] = endRefused(2, 3)
  assert.ok(no && givenUp)
  given(MEMBERSHIP, asked)
    .when(answer(2, rejection('no native end'), 3))
    .then([{ ...no, personal: { said: '403 no' } }, givenUp])
  const state = stateAfter(MEMBERSHIP, [...asked, no, givenUp])
  assert.deepEqual([state.blocked, workOf(state)], [null, null])
  given(MEMBERSHIP, [...asked, no, givenUp])
    .when(plan(3, 5))
    .thenNothing()
  given(MEMBERSHIP, [...asked, no, givenUp, reasonEnded(1)])
    .when(plan(3, 62))
    .then([intended(3, 'remove', 1)])
})

const SHORT_FOR_GOOD = [
  ...HELD_FOR_AN_HOUR,
  reasonAddedUntil(2, 200),
  intendedUntilAt(10, 3, 'set end', 2, 215),
  ...endRefused(3, 11),
]

test('an extension that the vendor will not wait for begins all the same, and somebody looks when the vendor has ended it [R046]', () => {
  assert.equal(work(SHORT_FOR_GOOD), 'read')
  assert.equal(nextLookAt(stateAfter(MEMBERSHIP, SHORT_FOR_GOOD), minute(11), 0, null), minute(11))
  given(MEMBERSHIP, SHORT_FOR_GOOD)
    .when(readMember(12, 77))
    .then([stateProvenUntil(12, 77, 2)])
  const live = stateAfter(MEMBERSHIP, [...SHORT_FOR_GOOD, stateProvenUntil(12, 77, 2)])
  assert.equal(workOf(live), 'read')
  assert.equal(nextLookAt(live, minute(12), 0, null), minute(77))
  assert.equal(nextLookAt(live, minute(77), 0, null), minute(77))
  assert.equal(nextLookAt(live, minute(78), 2, null), minute(78) + 1_000)
})

test('what the provider ended while a reason lives is written down, and added again with an end that fits [R046, I10]', () => {
  const live = [...SHORT_FOR_GOOD, stateProvenUntil(12, 77, 2), reasonEnded(1, { otherReasons: ['grt_2'] })]
  const refusedAgain = [...live, intendedUntilAt(62, 4, 'set end', 2, 215), ...endRefused(4, 63)]
  given(MEMBERSHIP, refusedAgain)
    .when(read(false, 77))
    .then([foundGone(77, 77, 'the provider', 2)])
  const gone = [...refusedAgain, foundGone(77, 77, 'the provider', 2)]
  assert.equal(work(gone), 'write')
  given(MEMBERSHIP, gone)
    .when(plan(5, 77))
    .then([intendedUntil(5, 'add', 2, 215)])
})

test('a refusal is not asked about again until another end is wanted', () => {
  const confirmed = [...SHORT_FOR_GOOD, stateProvenUntil(12, 77, 2)]
  given(MEMBERSHIP, confirmed).when(plan(4, 20)).thenNothing()
  given(MEMBERSHIP, [...confirmed, reasonAddedUntil(3, 300)])
    .when(plan(4, 20))
    .then([intendedUntil(4, 'set end', 3, 315)])
})

test('a refusal after a sending that may have had its effect is settled by a read [I23]', () => {
  const unsure = [...HELD_FOR_AN_HOUR.slice(0, 6), unanswered(2, 3), ...endRefused(2, 4).slice(0, 1)]
  given(MEMBERSHIP, unsure)
    .when(readMember(5, 77))
    .then([provenUntil([2, 'set end', 1], [2, null, 5], 77, 'found by read-back')])
  given(MEMBERSHIP, unsure)
    .when(readMember(5, 135))
    .then([{ type: 'ChangeAbandoned', data: { changeId: 'chg_2', because: 'rejected', readAt: isoOf(minute(5)) } }])
})

// Ending.

const ENDED = [...HELD_FOR_AN_HOUR, reasonEnded(1)]

function endedBy(event: MembershipEvent, by: string): MembershipEvent {
  return { ...event, data: { ...event.data, endedBy: by } } as MembershipEvent
}

test('an end of access does not wait for a change of the provider’s end [I1, R055]', () => {
  const moving = [...HELD_FOR_AN_HOUR.slice(0, 7), reasonEnded(1)]
  assert.equal(work(moving), 'write')
  given(MEMBERSHIP, moving)
    .when(plan(3, 4))
    .then([
      { type: 'ChangeAbandoned', data: { changeId: 'chg_2', because: 'superseded', readAt: null } },
      intended(3, 'remove', 1),
    ])
  given(MEMBERSHIP, moving)
    .when(readMember(4, 77))
    .then([provenUntil([2, 'set end', 1], [2, 3, 4], 77)])
})

test('our removal is our own, and the record says so', () => {
  given(MEMBERSHIP, [...ENDED, intendedAt(62, 3, 'remove', 1), answered(3, 'changed', 63)])
    .when(read(false, 64))
    .then([endedBy(proven([3, 'remove', 1], [62, 63, 64]), 'Tenure')])
})

test('Tenure was away, and the provider ended it: the removal finds nobody, and the record says whose end it was [R046, N06]', () => {
  const back = [...ENDED, intendedAt(1_500, 3, 'remove', 1)]
  given(MEMBERSHIP, [...back, answered(3, 'unchanged', 1_501)])
    .when(read(false, 1_502))
    .then([
      endedBy(proven([3, 'remove', 1], [1_500, 1_501, 1_502], 'already so', 'receipt of unchanged'), 'the provider'),
    ])
  assert.equal(
    stateAfter(MEMBERSHIP, [
      ...back,
      answered(3, 'unchanged', 1_501),
      endedBy(proven([3, 'remove', 1], [1_500, 1_501, 1_502], 'already so'), 'the provider'),
    ]).native?.endedBy,
    'the provider',
  )
})

test('when it could have been either, the record says just that', () => {
  given(MEMBERSHIP, [...ENDED, intendedAt(62, 3, 'remove', 1)])
    .when(read(false, 78))
    .then([endedBy(proven([3, 'remove', 1], [62, null, 78], 'found by read-back'), 'Tenure or the provider')])
  given(MEMBERSHIP, [...ENDED, intendedAt(62, 3, 'remove', 1)])
    .when(read(false, 76))
    .thenNothing()
})

test('gone before its own end, and not by us: another hand took it, and nobody else is named', () => {
  given(MEMBERSHIP, [...ENDED, intendedAt(62, 3, 'remove', 1), answered(3, 'unchanged', 63)])
    .when(read(false, 90))
    .then([proven([3, 'remove', 1], [62, 63, 90], 'already so', 'receipt of unchanged')])
  given(MEMBERSHIP, [...ENDED, intendedAt(62, 3, 'remove', 1), answered(3, 'unchanged', 63)])
    .when(read(false, 64))
    .then([proven([3, 'remove', 1], [62, 63, 64], 'already so', 'receipt of unchanged')])
})

test('a removal that the vendor refuses is over when the provider has ended it [R055, R046]', () => {
  const refused: readonly MembershipEvent[] = [
    { type: 'ChangeAnswered', data: { changeId: 'chg_3', kind: 'rejected', because: 'not allowed', at: iso(63) } },
    { type: 'ChangeAbandoned', data: { changeId: 'chg_3', because: 'rejected', readAt: null } },
  ]
  const blocked = [...ENDED, intendedAt(62, 3, 'remove', 1), ...refused]
  given(MEMBERSHIP, blocked)
    .when(read(false, 78))
    .then([endedBy(stateProven(false, 78, 1), 'the provider')])
})

// What another hand gave.

const ADOPTED = [reasonAddedUntil(1, 120, true), intendedUntilAt(0, 1, 'add', 1, 135), answered(1, 'unchanged', 1)]

test('what another hand gave without an end keeps none until a window of ours has begun on it [I4, R046]', () => {
  const found = [...ADOPTED, provenUntil([1, 'add', 1], [0, 1, 2], null, 'already so')]
  assert.equal(work(found), null)
  given(MEMBERSHIP, found).when(plan(2, 3)).thenNothing()
  given(MEMBERSHIP, [...found, reasonDated(1, 62)])
    .when(plan(2, 3))
    .then([intendedUntil(2, 'set end', 1, 77)])
  given(MEMBERSHIP, found)
    .when(endReason(1, false))
    .then([reasonEnded(1, { leftAsFound: true })])
  assert.equal(work([...found, reasonEnded(1, { leftAsFound: true })]), null)
})

test('what another hand gave until too early is moved before our window begins [I10]', () => {
  const found = [...ADOPTED, provenUntil([1, 'add', 1], [0, 1, 2], 30, 'already so')]
  assert.equal(stateAfter(MEMBERSHIP, found).reasons[0]?.confirmed, false)
  given(MEMBERSHIP, found)
    .when(plan(2, 3))
    .then([intendedUntil(2, 'set end', 1, 135)])
})

test('what another hand took while a reason lives is given back to a reason that is new, and to no other [I4]', () => {
  const waiting = [...HELD_FOR_AN_HOUR, reasonAddedUntil(2, 50)]
  given(MEMBERSHIP, waiting)
    .when(read(false, 20))
    .then([foundGone(20, 77, null, 1, 2)])
  const gone = [...waiting, foundGone(20, 77, null, 1, 2)]
  given(MEMBERSHIP, gone)
    .when(plan(3, 21))
    .then([intendedUntil(3, 'add', 2, 77)])
  assert.equal(work([...gone, reasonEnded(2, { otherReasons: ['grt_1'] })]), null)
})

// From before.

test('a membership from before the provider could end it is cleared of an end, not given one, as long as its old reason lives', () => {
  const mixed = [...HELD, reasonAddedUntil(2, 120)]
  assert.equal(work(mixed), 'write')
  given(MEMBERSHIP, mixed)
    .when(plan(2, 5))
    .then([intendedUntil(2, 'set end', 1, null)])
})

test('a provider that cannot end access any more is asked once, and refuses', () => {
  const before = [...HELD_FOR_AN_HOUR, reasonAdded(2)]
  given(MEMBERSHIP, before)
    .when(plan(3, 5))
    .then([intendedUntil(3, 'set end', 2, null)])
  const refused = [...before, intendedUntilAt(5, 3, 'set end', 2, null), ...endRefused(3, 6)]
  given(MEMBERSHIP, refused)
    .when(readMember(7, null))
    .then([stateProvenUntil(7, null, 2)])
})
