import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Life } from '../../tests/given.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS, type Instant } from '../instant.ts'
import { MEMBERSHIP, minute } from './membership-for-tests.ts'
import { lateLookAt } from './late-arrival.ts'
import {
  afterDisagreement,
  changeToSend,
  workOf,
  type MembershipCommand,
  type MembershipEvent,
  type MembershipState,
  type OpenChange,
} from './membership.ts'
import { nextLookAt } from './when-to-look.ts'
import { MARGIN_MS } from './native-end.ts'
import type { Outcome } from './outcome.ts'

/*
 * Windows of some minutes or hours, or without an end, are asked for at any time, begin when a read confirms them or later,
 * and end by the clock or before it. The provider ends memberships by itself, at its own clock, and rounds ends up to the
 * second or the minute. Answers are lost, calls have an effect or none, and are called off; it may refuse to set ends; for
 * hours nobody of ours is there. One worker at a time holds the membership, and looks when the engine would.
 */

type Step =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'nobody is there'; readonly ms: number }
  | { readonly kind: 'ask'; readonly minutes: number | null; readonly beginsAtOnce: boolean }
  | { readonly kind: 'begin'; readonly which: number }
  | { readonly kind: 'revoke'; readonly which: number }
  | { readonly kind: 'send' }
  | { readonly kind: 'settle'; readonly told: Told; readonly hasEffect: boolean }
  | { readonly kind: 'begin read' }
  | { readonly kind: 'finish read' }
  | { readonly kind: 'fall asleep' }
  | { readonly kind: 'wake up' }

type Told = 'its answer' | 'unavailable' | 'nothing' | 'called off'

/** What the oracle knows of a window. It is `live` from its beginning until its end, and owed to the person meanwhile. */
interface Window {
  readonly id: number
  readonly minutes: number | null
  readonly beginsAtOnce: boolean
  readonly completeBy: Instant
  confirmed: boolean
  begunAt: Instant | null
}

/** How long a window may take to begin. */
const COMPLETE_WITHIN_MS = 30 * MINUTE_MS

class World {
  readonly life = new Life<MembershipState, MembershipCommand, MembershipEvent>(MEMBERSHIP)
  now: Instant = minute(0)
  readonly windows: Window[] = []
  private readonly roundsToMs: number
  private readonly refusesEnds: boolean
  private readonly asleep: OpenChange[] = []
  /** The truth, as only the provider knows it. */
  private member: { readonly endsAt: Instant | null } | null = null
  readonly goneBy: ('Tenure' | 'the provider')[] = []
  private asked = 0
  private changes = 0
  private call: OpenChange | null = null
  private disagreed = false
  private reading: { readonly startedAt: Instant; readonly member: { readonly endsAt: Instant | null } | null } | null =
    null

  constructor(roundsToMs: number, refusesEnds: boolean) {
    this.roundsToMs = roundsToMs
    this.refusesEnds = refusesEnds
  }

  take(step: Step): void {
    switch (step.kind) {
      case 'wait':
        return this.wait(step.ms)
      case 'nobody is there':
        this.call = null
        this.reading = null
        return this.pass(step.ms)
      case 'ask':
        return this.ask(step.minutes, step.beginsAtOnce)
      case 'begin':
        return this.begin(this.windows[step.which % this.windows.length], this.now)
      case 'revoke':
        return this.end(this.windows[step.which % this.windows.length])
      case 'send':
        return this.send()
      case 'settle':
        return this.settle(step.told, step.hasEffect)
      case 'begin read':
        if (this.call || this.reading) return
        this.reading = { startedAt: this.now, member: this.member }
        return this.pass(1)
      case 'finish read':
        return this.finishRead()
      case 'fall asleep':
        if (this.call) this.asleep.push(this.call)
        this.call = null
        return
      case 'wake up':
        return this.wakeUp()
    }
  }

  private tell(command: MembershipCommand): readonly MembershipEvent[] {
    const happened = this.life.tell(command, this.now)
    this.pass(1)
    return happened
  }

  /** The provider's clock goes on, whoever is there. */
  private pass(ms: number): void {
    this.now += ms
    const endsAt = this.member?.endsAt ?? null
    if (endsAt === null || endsAt > this.now) return
    this.member = null
    this.goneBy.push('the provider')
  }

  /** The clock goes on from end to end, and what is over is ended when it is. */
  private wait(ms: number): void {
    const until = this.now + ms
    for (;;) {
      const ends = this.windows.flatMap((each) => this.dueOf(each) ?? []).filter((due) => due <= until)
      if (ends.length === 0) break
      this.pass(Math.max(0, Math.min(...ends) - this.now))
      this.endWhatIsOver()
    }
    this.pass(Math.max(0, until - this.now))
  }

  private dueOf({ begunAt, minutes, completeBy }: Window): Instant | null {
    if (begunAt === null) return completeBy
    return minutes === null ? null : begunAt + minutes * MINUTE_MS
  }

  private endWhatIsOver(): void {
    for (const each of this.windows.filter((window) => (this.dueOf(window) ?? Infinity) <= this.now)) this.end(each)
  }

  private ask(minutes: number | null, beginsAtOnce: boolean): void {
    this.endWhatIsOver()
    this.asked += 1
    const completeBy = this.now + Math.min(COMPLETE_WITHIN_MS, (minutes ?? Infinity) * MINUTE_MS)
    const [id, until] = [this.asked, minutes === null ? null : completeBy + minutes * MINUTE_MS]
    this.windows.push({ id, minutes, beginsAtOnce, completeBy, confirmed: false, begunAt: null })
    const ids = { grantId: `grt_${id}`, requestId: `req_${id}` }
    this.tell({ kind: 'add reason', ...ids, account: '00uMara', heldBefore: false, privileged: false, until })
  }

  private begin(window: Window | undefined, at: Instant): void {
    if (!window?.confirmed || window.begunAt !== null || at > window.completeBy) return
    window.begunAt = at
    const until = window.minutes === null ? null : at + window.minutes * MINUTE_MS
    this.tell({ kind: 'date reason', grantId: `grt_${window.id}`, until })
  }

  private end(window: Window | undefined): void {
    if (!window) return
    this.windows.splice(this.windows.indexOf(window), 1)
    this.tell({ kind: 'end reason', grantId: `grt_${window.id}`, windowBegan: window.begunAt !== null })
  }

  private send(): void {
    this.endWhatIsOver()
    const { change } = this.life.state
    const mustLookFirst = change !== null && !this.disagreed && workOf(this.life.state) === 'read'
    if (this.call || this.reading || mustLookFirst) return
    this.disagreed = false
    this.changes += 1
    this.tell({ kind: 'plan', changeId: `chg_${this.changes}`, now: this.now })
    this.call = changeToSend(this.life.state)
    if (this.call?.do === 'remove') assert.deepEqual(this.windows, [], 'removes while a reason lives')
    const endsAt = this.call?.endsAt ?? null
    const isOver = this.windows.every((each) => each.minutes !== null && this.latestEndOf(each) <= this.now)
    if (endsAt !== null && !isOver) assert.ok(Date.parse(endsAt) > this.now, 'asks for an end in the past')
  }

  private settle(told: Told, hasEffect: boolean): void {
    const { call } = this
    if (!call) return
    this.call = null
    const { changeId } = call
    if (told === 'called off') return void this.tell({ kind: 'call off', changeId })
    const outcome = told === 'its answer' || hasEffect ? this.carryOut(call) : null
    if (told === 'nothing') return
    const lost: Outcome = { kind: 'unavailable', retryAfterMs: null, said: '503' }
    this.tell({ kind: 'answer', changeId, outcome: told === 'its answer' && outcome ? outcome : lost, now: this.now })
  }

  private carryOut({ do: what, endsAt: asked = null }: OpenChange): Outcome {
    const endsAt = asked === null ? null : Math.ceil(Date.parse(asked) / this.roundsToMs) * this.roundsToMs
    const done = (kind: 'changed' | 'unchanged'): Outcome => ({ kind, at: this.now, receipt: 'receipt' })
    switch (what) {
      case 'add':
        if (this.member) return done('unchanged')
        this.member = { endsAt: this.refusesEnds ? null : endsAt }
        return done('changed')
      case 'remove':
        if (!this.member) return done('unchanged')
        this.member = null
        this.goneBy.push('Tenure')
        return done('changed')
      case 'set end': {
        if (this.refusesEnds) return { kind: 'rejected', because: 'no native end', said: '400' }
        if (!this.member) return { kind: 'rejected', because: 'no such person', said: '404' }
        const isSo = this.member.endsAt === endsAt
        this.member = { endsAt }
        return done(isSo ? 'unchanged' : 'changed')
      }
    }
  }

  private wakeUp(): void {
    const call = this.asleep.shift()
    if (!call) return
    const outcome = this.carryOut(call)
    const { changeId, do: did, grantId, requestId } = call
    this.tell({ kind: 'late answer', changeId, do: did, grantId, requestId, outcome, now: this.now })
  }

  private finishRead(): void {
    const { reading } = this
    this.reading = null
    if (!reading || this.now - reading.startedAt > 30 * SECOND_MS) return
    const { startedAt, member } = reading
    const told = { present: member !== null, startedAt, endsAt: member?.endsAt ?? null, now: this.now }
    const happened = this.tell({ kind: 'read', ...told })
    const { change, reasons } = this.life.state
    const again = change !== null && changeToSend(this.life.state) !== null
    this.disagreed = happened.length === 0 && again && afterDisagreement(change, startedAt) === 'send again'
    for (const each of this.windows) {
      each.confirmed ||= reasons.some(({ grantId, confirmed }) => confirmed && grantId === `grt_${each.id}`)
      if (each.beginsAtOnce) this.begin(each, startedAt)
    }
  }

  /** Whoever comes for the membership does as the engine does, and calls succeed, until nothing is to be done at this hour. */
  calm(): void {
    while (this.asleep.length > 0) this.wakeUp()
    this.endWhatIsOver()
    this.settle('its answer', true)
    this.finishRead()
    for (let looks = 0; ; looks += 1) {
      assert.ok(looks < 40, 'never comes to rest')
      const work = workOf(this.life.state)
      const lateAt = lateLookAt(this.life.state)
      if (work !== null && lateAt !== null && lateAt > this.now) this.pass(lateAt - this.now)
      if (work === null || nextLookAt(this.life.state, this.now, 0, null) > this.now + MINUTE_MS) return
      if (work === 'write') this.sendAndAnswer()
      else this.lookAndAct()
    }
  }

  private sendAndAnswer(): void {
    this.take({ kind: 'send' })
    this.settle('its answer', true)
  }

  private lookAndAct(): void {
    this.take({ kind: 'begin read' })
    const before = this.life.state
    this.finishRead()
    if (this.life.state !== before) return
    if (this.life.state.change && !this.disagreed) this.wait(61 * SECOND_MS)
    else this.sendAndAnswer()
  }

  private get live(): readonly Window[] {
    return this.windows.filter((each) => each.begunAt !== null && this.now < (this.dueOf(each) ?? Infinity))
  }

  /** The safety net never cuts: whoever has a live window is a member, and the provider will let them be one until it ends. */
  checkNobodyIsCutOff(): void {
    for (const each of this.live) {
      assert.ok(this.member, `window ${each.id} is live, and the person is no member`)
      const due = this.dueOf(each)
      const { endsAt } = this.member
      assert.ok(endsAt === null || (due !== null && due <= endsAt), `window ${each.id} is live, and would be cut off`)
    }
  }

  /** The safety net is there: were Tenure to die now, the provider would end what has an end, a margin after it at the latest. */
  checkTheSafetyNet(): void {
    const { member, windows } = this
    if (!member || windows.length === 0) return
    const ends = windows.map((each) => (each.minutes === null ? null : this.latestEndOf(each)))
    if (ends.includes(null)) return assert.equal(member.endsAt, null)
    const last = Math.max(...ends.flatMap((each) => each ?? []))
    assert.ok(member.endsAt !== null, 'there is no safety net')
    assert.ok(last + MARGIN_MS <= member.endsAt && member.endsAt <= last + MARGIN_MS + 2 * MINUTE_MS)
  }

  private latestEndOf({ begunAt, minutes, completeBy }: Window): Instant {
    return (begunAt ?? completeBy) + (minutes ?? 0) * MINUTE_MS
  }

  /** Everything is over: nothing is left behind, and whoever is named as having ended it did. */
  finish(): void {
    while (this.windows.length > 0) this.end(this.windows[0])
    this.calm()
    assert.deepEqual([this.member, this.life.state.ending, this.life.state.change], [null, [], null])
    this.life.assertRemembersTheSame()
    const told = this.life.state.native?.endedBy ?? null
    if (this.goneBy.length === 0 || told === null) return
    assert.ok(told.includes(this.goneBy.at(-1) ?? ''), `${told} is said, ${this.goneBy.at(-1)} it was`)
  }
}

const one = (kind: 'send' | 'begin read' | 'finish read' | 'fall asleep' | 'wake up'): fc.Arbitrary<Step> =>
  fc.constant<Step>({ kind })

function stories(withSleepers: boolean): fc.Arbitrary<readonly Step[]> {
  const minutes = fc.constantFrom(1, 20, 60, 61, 240, null)
  const ask = fc.record({ minutes, beginsAtOnce: fc.boolean() }).map((each): Step => ({ kind: 'ask', ...each }))
  const which = fc.nat(3)
  const begin = which.map((each): Step => ({ kind: 'begin', which: each }))
  const revoke = which.map((each): Step => ({ kind: 'revoke', which: each }))
  const ms = fc.constantFrom(1, SECOND_MS, 61 * SECOND_MS, 10 * MINUTE_MS, 45 * MINUTE_MS, 3 * HOUR_MS)
  const wait = ms.map((each): Step => ({ kind: 'wait', ms: each }))
  const away = ms.map((each): Step => ({ kind: 'nobody is there', ms: each }))
  const told = fc.constantFrom<Told>('its answer', 'its answer', 'its answer', 'unavailable', 'nothing', 'called off')
  const settle = fc.record({ told, hasEffect: fc.boolean() }).map((each): Step => ({ kind: 'settle', ...each }))
  const meanwhile = fc.oneof(ask, begin, revoke, wait)
  const breath = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(one('send'), settle, one('begin read'), one('finish read')) },
    { weight: 4, arbitrary: fc.tuple(one('send'), settle) },
    { weight: 4, arbitrary: fc.tuple(one('begin read'), one('finish read')) },
    { weight: 2, arbitrary: fc.tuple(one('send'), meanwhile, settle) },
    { weight: 2, arbitrary: fc.tuple(one('begin read'), meanwhile, one('finish read')) },
    { weight: 3, arbitrary: fc.tuple(ask) },
    { weight: 2, arbitrary: fc.tuple(begin) },
    { weight: 1, arbitrary: fc.tuple(revoke) },
    { weight: 2, arbitrary: fc.tuple(wait) },
    { weight: 1, arbitrary: fc.tuple(away) },
    ...(withSleepers
      ? [
          { weight: 2, arbitrary: fc.tuple(one('send'), one('fall asleep')) },
          { weight: 2, arbitrary: fc.tuple(one('wake up')) },
        ]
      : []),
  )
  return fc
    .tuple(ask, fc.array(breath, { minLength: 4, maxLength: 30, size: 'max' }))
    .map(([first, breaths]) => [first, ...breaths.flat()])
}

interface Run {
  readonly refusesEnds: boolean
  readonly withSleepers: boolean
  readonly meets: readonly string[]
  readonly each: (world: World) => void
  readonly atRest: (world: World) => void
}

function run({ refusesEnds, withSleepers, meets, each, atRest }: Run): void {
  const met = new Map<string, number>()
  fc.assert(
    fc.property(fc.constantFrom(1, SECOND_MS, MINUTE_MS), stories(withSleepers), (roundsToMs, story) => {
      const world = new World(roundsToMs, refusesEnds)
      for (const step of story) {
        world.take(step)
        each(world)
      }
      world.calm()
      atRest(world)
      world.finish()
      for (const { type, data } of world.life.events) {
        const name = 'do' in data ? `${type} ${data.do}` : type
        met.set(name, (met.get(name) ?? 0) + 1)
        if ('endedBy' in data) met.set(`by ${data.endedBy}`, (met.get(`by ${data.endedBy}`) ?? 0) + 1)
      }
    }),
    // A late end is rare among the stories of sleepers.
    { numRuns: withSleepers ? 5_000 : 1_500 },
  )
  for (const name of meets) assert.ok((met.get(name) ?? 0) > 5, `the stories must meet ${name}: ${met.get(name)}`)
}

const MOVED = ['ReasonDated', 'ChangeProven set end', 'ChangeProven remove']

test('at no instant would the provider cut a live window off, and whenever there is rest the safety net hangs a margin after the last end [R046, N06, I10, R050]', () => {
  run({
    refusesEnds: false,
    withSleepers: false,
    meets: [...MOVED, 'by Tenure', 'by the provider', 'by Tenure or the provider'],
    each: (world) => world.checkNobodyIsCutOff(),
    atRest: (world) => world.checkTheSafetyNet(),
  })
})

test('the same holds at rest when workers fall asleep over a call and it is carried out after others took over [R046, I11]', () => {
  run({
    refusesEnds: false,
    withSleepers: true,
    meets: [...MOVED, 'LateEffect set end'],
    each: () => {},
    atRest: (world) => {
      world.checkNobodyIsCutOff()
      world.checkTheSafetyNet()
    },
  })
})

test('a provider that refuses to end anything takes nothing from anybody: access begins, lasts and ends by Tenure alone [R046, I10]', () => {
  run({
    refusesEnds: true,
    withSleepers: false,
    meets: ['ChangeAnswered set end', 'ChangeProven remove', 'by Tenure'],
    each: (world) => world.checkNobodyIsCutOff(),
    atRest: () => {},
  })
})
