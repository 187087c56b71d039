import assert from 'node:assert/strict'
import type { Decision, Event, Refusal, RefusalCode } from '#core/event.ts'
import type { Instant } from '#core/instant.ts'

/*
 * Given what happened, when somebody tells it something, then this happens. Read aloud:
 *
 *     given(REQUEST, [submitted()]).when(answer('approved', 'per_max')).then([approved()])
 *     given(REQUEST, [submitted()]).when(answer('approved', 'per_mara')).thenRefused('already decided')
 *     given(REQUEST, []).when(noteEdit()).thenNothing()
 */

/** How one kind of thing decides, and how it remembers. */
export interface Decider<State, Command, E extends Event<string, unknown>> {
  readonly none: State
  decide(command: Command, state: State): Decision<E>
  evolve(state: State, event: E, at: Instant): State
}

/** A moment for everything that needs one and says nothing else: a Monday, 9 o'clock in UTC. */
export const NINE: Instant = Date.parse('2026-11-02T09:00:00.000Z')

/** An event, and when it happened. Without a moment it happened at nine. */
export type Happened<E> = E | { readonly at: Instant; readonly event: E }

export function at<E>(moment: Instant, event: E): Happened<E> {
  return { at: moment, event }
}

export interface Then<E> {
  /** Exactly these happen, in this order. Personal fields, and who did it, count where the expectation names them. */
  then(expected: readonly E[]): void
  thenRefused(code: RefusalCode, detail?: Refusal['detail']): void
  /** Accepted, and nothing happens: it was so already, or it does not matter any more. */
  thenNothing(): void
}

export function given<State, Command, E extends Event<string, unknown>>(
  decider: Decider<State, Command, E>,
  happened: readonly Happened<E>[],
): { when(command: Command): Then<E> } {
  const state = deepFreeze(stateAfter(decider, happened))
  return {
    when(command) {
      const decision = decider.decide(deepFreeze(command), state)
      return {
        then(expected) {
          const events = eventsOf(decision)
          assert.deepEqual(events.map(asFarAs(expected)), expected)
        },
        thenRefused(code, detail) {
          if (decision.kind === 'accepted') assert.fail(`accepted, with ${JSON.stringify(decision.events)}`)
          assert.deepEqual(decision.refusal, { code, detail: detail ?? decision.refusal.detail })
        },
        thenNothing() {
          assert.deepEqual(eventsOf(decision), [])
        },
      }
    },
  }
}

/** What is remembered after all that happened. */
export function stateAfter<State, Command, E extends Event<string, unknown>>(
  decider: Decider<State, Command, E>,
  happened: readonly Happened<E>[],
): State {
  return happened.reduce((state, each) => {
    const { at, event } = 'event' in each ? each : { at: NINE, event: each }
    return decider.evolve(deepFreeze(state), deepFreeze(event), at)
  }, decider.none)
}

/**
 * A life told command by command, for properties: the state is carried along as the engine does it, and what happened is
 * kept as it would be stored.
 */
export class Life<State, Command, E extends Event<string, unknown>> {
  readonly happened: { readonly at: Instant; readonly event: E }[] = []
  private readonly decider: Decider<State, Command, E>
  private carried: State

  constructor(decider: Decider<State, Command, E>) {
    this.decider = decider
    this.carried = decider.none
  }

  get state(): State {
    return this.carried
  }

  get events(): readonly E[] {
    return this.happened.map(({ event }) => event)
  }

  /** What happened because of the command; nothing when it was refused. */
  tell(command: Command, now: Instant): readonly E[] {
    const decision = this.decider.decide(deepFreeze(command), deepFreeze(this.carried))
    if (decision.kind === 'refused') return []
    for (const event of decision.events) {
      this.carried = this.decider.evolve(this.carried, deepFreeze(event), now)
      this.happened.push({ at: now, event })
    }
    return decision.events
  }

  /** Folds what was stored, and finds what was carried along. */
  assertRemembersTheSame(): void {
    const stored = JSON.parse(JSON.stringify(this.happened)) as typeof this.happened
    assert.deepEqual(stateAfter(this.decider, stored), JSON.parse(JSON.stringify(this.carried)))
  }
}

function eventsOf<E>(decision: Decision<E>): readonly E[] {
  return decision.kind === 'accepted' ? decision.events : assert.fail(`refused: ${JSON.stringify(decision.refusal)}`)
}

/** The event with only those parts beside type and data that the expectation at its place names too. */
function asFarAs<E extends Event<string, unknown>>(expected: readonly E[]) {
  return ({ type, data, personal, by }: E, place: number): unknown => {
    const named = expected[place] ?? {}
    return { type, data, ...('personal' in named ? { personal } : {}), ...('by' in named ? { by } : {}) }
  }
}

/** The core changes nothing that it is handed: whoever does, throws. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(deepFreeze)
  }
  return value
}
