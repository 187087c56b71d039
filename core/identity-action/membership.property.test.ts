import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Life } from '../../tests/given.ts'
import { HOUR_MS, SECOND_MS } from '../instant.ts'
import { lateLookAt } from './late-arrival.ts'
import { addReason, endReason, MEMBERSHIP, minute } from './membership-for-tests.ts'
import {
  afterDisagreement,
  changeToSend,
  workOf,
  type MembershipCommand,
  type MembershipEvent,
  type MembershipState,
  type OpenChange,
} from './membership.ts'
import type { Outcome } from './outcome.ts'
import { Provider } from './provider-for-tests.ts'

/*
 * Grants come and end at any time, also between a call and its answer; answers are lost, calls have an effect or none
 * or are called off before they are sent, vendors say no, accept for later, and cannot tell changed from unchanged; reads begin before and end after anything,
 * and may come from a copy that lags up to 50 seconds behind. One worker at a time holds the membership, as the lease
 * says, and looks when the engine would.
 */

type Step =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'grant' }
  | { readonly kind: 'end'; readonly which: number; readonly windowBegan: boolean }
  | { readonly kind: 'send' }
  | { readonly kind: 'settle'; readonly taken: boolean; readonly told: Told; readonly tells: boolean }
  | { readonly kind: 'begin read'; readonly lagMs: number }
  | { readonly kind: 'finish read' }
  | { readonly kind: 'late answer'; readonly which: number }
  | { readonly kind: 'fall asleep' }
  | { readonly kind: 'wake up'; readonly told: Told; readonly tells: boolean }

type Told = 'its answer' | 'accepted' | 'rejected' | 'unavailable' | 'nothing' | 'called off'

class World {
  readonly life = new Life<MembershipState, MembershipCommand, MembershipEvent>(MEMBERSHIP)
  readonly provider: Provider
  readonly foundHeld: boolean
  now = minute(0)
  /** What the oracle knows: which grants live, and whether the window of any has ended since the first found it. */
  readonly live: number[] = []
  private anyWindowEnded = false
  private grants = 0
  private changes = 0
  private call: OpenChange | null = null
  private disagreed = false
  /** Calls of workers that fell asleep before the answer: their lease is over, and the vendor has yet to carry them out. */
  private readonly asleep: OpenChange[] = []
  private reading: { readonly startedAt: number; readonly present: boolean } | null = null

  constructor(foundHeld: boolean) {
    this.foundHeld = foundHeld
    this.provider = new Provider(foundHeld, this.now)
  }

  take(step: Step): void {
    switch (step.kind) {
      case 'wait':
        return this.pass(step.ms)
      case 'grant':
        return this.grant()
      case 'end':
        return this.end(step.which, step.windowBegan)
      case 'send':
        return this.send()
      case 'settle':
        return this.settle(step)
      case 'begin read':
        return this.beginRead(step.lagMs)
      case 'finish read':
        return this.finishRead()
      case 'fall asleep':
        if (this.call) this.asleep.push(this.call)
        this.call = null
        return
      case 'wake up':
        return this.wakeUp(step.told, step.tells)
      case 'late answer': {
        const changeId = `chg_${step.which % (this.changes + 1)}`
        const open = this.life.state.change?.changeId === changeId
        if (!open)
          assert.deepEqual(this.tell({ kind: 'answer', changeId, outcome: this.outcome('changed'), now: this.now }), [])
      }
    }
  }

  private tell(command: MembershipCommand): readonly MembershipEvent[] {
    const happened = this.life.tell(command, this.now)
    this.pass(1)
    return happened
  }

  private pass(ms: number): void {
    this.now += ms
    this.provider.passUntil(this.now)
  }

  private outcome(kind: 'changed' | 'unchanged' | 'accepted'): Outcome {
    return { kind, at: this.now, receipt: 'receipt' }
  }

  private grant(): void {
    const { desired, ending } = this.life.state
    const ours = desired === 'held' || ending.length > 0
    if (!ours) this.anyWindowEnded = false
    this.grants += 1
    this.live.push(this.grants)
    this.tell(addReason(this.grants, !ours && this.provider.presentAt(this.now)))
  }

  private end(which: number, wish: boolean): void {
    const grant = this.live[which % this.live.length]
    if (grant === undefined) return
    const confirmed = this.life.state.reasons.some((each) => each.grantId === `grt_${grant}` && each.confirmed)
    this.live.splice(this.live.indexOf(grant), 1)
    this.anyWindowEnded ||= wish && confirmed
    this.tell(endReason(grant, wish && confirmed))
  }

  private send(): void {
    // An open change is sent again only after a read that disagreed.
    if (this.call || this.reading || (this.life.state.change && !this.disagreed)) return
    this.disagreed = false
    this.changes += 1
    this.tell({ kind: 'plan', changeId: `chg_${this.changes}`, now: this.now })
    this.call = changeToSend(this.life.state)
    if (!this.call) return
    if (this.call.do === 'add') assert.ok(this.live.length > 0, 'adds without a reason')
    else {
      assert.deepEqual(this.live, [], 'removes while a reason lives')
      assert.ok(this.mayRemove(), 'removes what another hand gave')
    }
  }

  private mayRemove(): boolean {
    return !this.foundHeld || this.provider.effects.length > 0 || this.anyWindowEnded
  }

  private settle({ taken, told, tells }: Extract<Step, { kind: 'settle' }>): void {
    const { call } = this
    if (!call) return
    this.call = null
    const { changeId } = call
    const answer = (outcome: Outcome): void => void this.tell({ kind: 'answer', changeId, outcome, now: this.now })
    switch (told) {
      case 'rejected':
        if (!this.provider.isBusy) answer({ kind: 'rejected', because: 'not allowed', said: 'no' })
        return
      case 'accepted':
        this.provider.accept(changeId, call.do, this.now + 50 * SECOND_MS)
        return answer(this.outcome('accepted'))
      case 'called off':
        return void this.tell({ kind: 'call off', changeId })
      case 'its answer': {
        const kind = this.provider.change(changeId, call.do, this.now)
        return answer(this.outcome(tells ? kind : 'changed'))
      }
      default:
        if (taken) this.provider.change(changeId, call.do, this.now)
        if (told === 'unavailable') answer({ kind: 'unavailable', retryAfterMs: null, said: '503' })
    }
  }

  private wakeUp(told: Told, tells: boolean): void {
    const call = this.asleep.shift()
    // Who finds on waking that the lease is over sends nothing, and has nothing to tell.
    if (!call || told === 'called off') return
    const kind = this.provider.change(call.changeId, call.do, this.now)
    const outcome: Outcome =
      told === 'unavailable' || told === 'nothing'
        ? { kind: 'unavailable', retryAfterMs: null, said: '503' }
        : this.outcome(tells ? kind : 'changed')
    const { changeId, do: did, grantId, requestId } = call
    this.tell({ kind: 'late answer', changeId, do: did, grantId, requestId, outcome, now: this.now })
  }

  private beginRead(lagMs: number): void {
    if (this.call || this.reading) return
    if (this.life.state.blocked !== null) this.pass(HOUR_MS)
    this.reading = { startedAt: this.now, present: this.provider.presentAt(this.now - lagMs) }
    this.pass(1)
  }

  private finishRead(): void {
    const { reading } = this
    this.reading = null
    // Whoever waits longer for an answer has given up on it.
    if (!reading || this.now - reading.startedAt > 30 * SECOND_MS) return
    const happened = this.tell({ kind: 'read', ...reading, now: this.now })
    const { change } = this.life.state
    this.disagreed =
      happened.length === 0 && change !== null && afterDisagreement(change, reading.startedAt) === 'send again'
  }

  /** The storm is over: calls and reads succeed, and whoever comes for the membership does as the engine does. */
  calm(): void {
    this.call = null
    while (this.asleep.length > 0) this.wakeUp('its answer', true)
    this.finishRead()
    for (let looks = 0; workOf(this.life.state) !== null; looks += 1) {
      assert.ok(looks < 24, 'never comes to rest')
      if (workOf(this.life.state) === 'write') this.sendAndAnswer()
      else this.lookAndAct()
    }
    this.pass(60 * SECOND_MS)
  }

  private sendAndAnswer(): void {
    this.send()
    this.settle({ kind: 'settle', taken: true, told: 'its answer', tells: true })
  }

  private lookAndAct(): void {
    const lateAt = lateLookAt(this.life.state)
    if (lateAt !== null && lateAt > this.now) return this.pass(lateAt - this.now)
    this.beginRead(0)
    const before = this.life.state
    this.finishRead()
    const { state } = this.life
    if (state !== before) return
    if (state.change && !this.disagreed) this.pass(61 * SECOND_MS)
    else this.sendAndAnswer()
  }

  check(): void {
    const open = new Set<string>()
    for (const { type, data } of this.life.events) {
      if (type === 'ChangeIntended') {
        assert.equal(open.size, 0, 'two changes at a time')
        open.add(data.changeId)
      }
      if (type === 'ChangeProven' || type === 'ChangeAbandoned') {
        assert.ok(open.delete(data.changeId), 'a change ends twice, or never began')
      }
    }
    const { change } = this.life.state
    assert.deepEqual([...open], change ? [change.changeId] : [])
    this.life.assertRemembersTheSame()
  }

  checkAtRest(): void {
    this.check()
    const present = this.provider.presentAt(this.now)
    const { reasons, ending, change } = this.life.state
    assert.deepEqual([change, ending], [null, []])
    if (this.live.length > 0) {
      assert.ok(present, 'a reason lives, and the membership is gone')
      assert.ok(reasons.every((each) => each.confirmed))
      assert.deepEqual(reasons.map((each) => each.grantId).sort(), this.live.map((each) => `grt_${each}`).sort())
    } else assert.equal(present, !this.mayRemove(), present ? 'left behind' : 'took what another hand gave')
  }

  /** With reads that tell the truth, every effect of ours has its one proof, and what is called changed was. */
  checkEvidence(): void {
    const proofs = this.life.events.flatMap((event) => (event.type === 'ChangeProven' ? [event.data] : []))
    for (const effect of this.provider.effects) {
      const own = proofs.filter((each) => each.changeId === effect.changeId)
      assert.equal(own.length, 1, `${effect.changeId} had an effect and ${own.length} proofs`)
      const [proof] = own
      assert.ok(proof && proof.do === effect.do && proof.effect !== 'already so')
      assert.ok(Date.parse(proof.intendedAt) <= effect.at && effect.at <= Date.parse(proof.readAt))
    }
    for (const proof of proofs.filter((each) => each.effect === 'changed')) {
      assert.ok(
        this.provider.effects.some((each) => each.changeId === proof.changeId),
        `${proof.changeId} changed nothing`,
      )
    }
  }
}

/** What may happen in one breath: a call or a read, whole, or torn apart by whatever else happens meanwhile. */
function stories(lags: readonly number[], withSleepers: boolean): fc.Arbitrary<readonly Step[]> {
  const told = fc.constantFrom<Told>(
    'its answer',
    'its answer',
    'accepted',
    'rejected',
    'unavailable',
    'nothing',
    'called off',
  )
  const one = (kind: 'grant' | 'send' | 'finish read') => fc.constant<Step>({ kind })
  const wait = fc.constantFrom(1, SECOND_MS, 20 * SECOND_MS, 61 * SECOND_MS).map((ms): Step => ({ kind: 'wait', ms }))
  const end = fc.record({ which: fc.nat(3), windowBegan: fc.boolean() }).map((each): Step => ({ kind: 'end', ...each }))
  const settle = fc
    .record({ taken: fc.boolean(), told, tells: fc.boolean() })
    .map((each): Step => ({ kind: 'settle', ...each }))
  const beginRead = fc.constantFrom(...lags).map((lagMs): Step => ({ kind: 'begin read', lagMs }))
  const late = fc.nat(5).map((which): Step => ({ kind: 'late answer', which }))
  const wake = fc.record({ told, tells: fc.boolean() }).map((each): Step => ({ kind: 'wake up', ...each }))
  const asleep = fc.constant<Step>({ kind: 'fall asleep' })
  const meanwhile = fc.oneof(one('grant'), end, wait)
  const breath = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(one('send'), settle) },
    { weight: 4, arbitrary: fc.tuple(beginRead, one('finish read')) },
    { weight: 2, arbitrary: fc.tuple(one('send'), meanwhile, settle) },
    { weight: 2, arbitrary: fc.tuple(beginRead, meanwhile, one('finish read')) },
    { weight: 2, arbitrary: fc.tuple(one('grant')) },
    { weight: 2, arbitrary: fc.tuple(end) },
    { weight: 1, arbitrary: fc.tuple(wait) },
    { weight: 1, arbitrary: fc.tuple(late) },
    { weight: 1, arbitrary: fc.tuple(one('send')) },
    { weight: 1, arbitrary: fc.tuple(settle) },
    ...(withSleepers
      ? [
          { weight: 2, arbitrary: fc.tuple(one('send'), asleep) },
          { weight: 2, arbitrary: fc.tuple(wake) },
          { weight: 1, arbitrary: fc.tuple(beginRead, wake, one('finish read')) },
          { weight: 1, arbitrary: fc.tuple(one('send'), wake, settle) },
        ]
      : []),
  )
  return fc
    .tuple(one('grant'), fc.array(breath, { minLength: 4, maxLength: 30, size: 'max' }))
    .map(([first, breaths]): readonly Step[] => [first, ...breaths.flat()])
}

const EVERY_TYPE: readonly MembershipEvent['type'][] = [
  'ReasonAdded',
  'ReasonEnded',
  'ChangeIntended',
  'ChangeResent',
  'ChangeAnswered',
  'ChangeAbandoned',
  'ChangeProven',
  'StateProven',
]

function runAll(
  lags: readonly number[],
  withSleepers: boolean,
  numRuns: number,
  after: (world: World) => void = () => {},
): void {
  const met = new Map<string, number>()
  fc.assert(
    fc.property(fc.boolean(), stories(lags, withSleepers), (foundHeld, story) => {
      const world = new World(foundHeld)
      for (const step of story) world.take(step)
      world.check()
      world.calm()
      world.checkAtRest()
      after(world)
      for (const { type } of world.life.events) met.set(type, (met.get(type) ?? 0) + 1)
    }),
    { numRuns },
  )
  for (const type of EVERY_TYPE) assert.ok((met.get(type) ?? 0) > 50, `the stories must meet ${type}: ${met.get(type)}`)
}

const LAGS = [0, 10 * SECOND_MS, 50 * SECOND_MS]

test('however grants, calls, lost answers, calls that are called off and reads interleave, nothing is removed while a reason lives, nothing of ours is left behind, and every effect has one proof [I2, I3, I4, I12, I23, R050]', () => {
  runAll([0], false, 2_000, (world) => world.checkEvidence())
})

test('the same holds for the membership when reads come from copies that lag behind [I2, I3, I4, I12]', () => {
  runAll(LAGS, false, 2_000)
})

test('the same holds when workers fall asleep over a call and it is carried out after others took over [I2, I3, I11, I12]', () => {
  runAll([0], true, 2_000)
})
