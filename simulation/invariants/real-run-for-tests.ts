import assert from 'node:assert/strict'
import type { JsonObject } from '#core/event.ts'
import type { Ticket } from '#connectors/jira/stand-in/site.ts'
import { memoryStore } from '#engine/store/memory/memory-store.ts'
import type { StoredEvent } from '#engine/store/store.ts'
import { factsOf, type Facts } from '../facts.ts'
import { drawSchedule } from '../schedule/draw-schedule.ts'
import type { History } from '../world/history.ts'
import { simulate } from '../world/simulate.ts'
import type { Invariant, InvariantInTime } from './invariant.ts'

/*
 * Real runs, in which one entry is then another: whoever checks them has to see it. In seed 300 nothing goes wrong by
 * itself; people approve and decline, a rule approves, windows end, and something is revoked.
 */
const runs = new Map<string, Promise<Facts>>()

/** Looked at by many tests, and changed by none. `faults`: their numbers; each befalls something, for certain. */
export function runOf(seed = 300, faults: readonly number[] = []): Promise<Facts> {
  const name = `${seed} ${faults.join()}`
  let run = runs.get(name)
  if (run === undefined) runs.set(name, (run = look(seed, faults)))
  return run
}

async function look(seed: number, faults: readonly number[]): Promise<Facts> {
  const store = memoryStore()
  return factsOf(await simulate(drawSchedule(seed, faults), store), store)
}

/** The same run with another log: `change` answers what stands in the place of an event. */
export function withEvents(facts: Facts, change: (event: StoredEvent) => StoredEvent): Facts {
  const events = facts.product.events.map(change)
  assert.ok(
    events.some((each, place) => each !== facts.product.events[place]),
    'no event was changed',
  )
  return { ...facts, product: { ...facts.product, events } }
}

/** The first event of this type (that fits), with other data. */
export function withData(
  facts: Facts,
  type: string,
  change: (data: JsonObject) => JsonObject,
  fits: (event: StoredEvent) => boolean = () => true,
): Facts {
  const first = firstOf(facts, type, fits)
  return withEvents(facts, (each) => (each === first ? { ...each, data: change(each.data) } : each))
}

export function firstOf(facts: Facts, type: string, fits: (event: StoredEvent) => boolean = () => true): StoredEvent {
  return facts.product.events.find((each) => each.type === type && fits(each)) ?? assert.fail(`no ${type} in this run`)
}

export function withHistory(facts: Facts, change: Partial<History>): Facts {
  return { ...facts, run: { ...facts.run, history: { ...facts.run.history, ...change } } }
}

export function withTickets(facts: Facts, change: (ticket: Ticket) => Ticket): Facts {
  const tickets = facts.run.jira.tickets().map(change)
  return { ...facts, run: { ...facts.run, jira: { ...facts.run.jira, tickets: () => tickets } } }
}

export async function holds(invariant: Invariant | InvariantInTime, facts: Facts): Promise<void> {
  assert.deepEqual(await invariant.check(facts), [])
}

/** Broken by something that is said in these words. */
export async function breaks(invariant: Invariant | InvariantInTime, facts: Facts, words: RegExp): Promise<void> {
  const broken = await invariant.check(facts)
  assert.ok(
    broken?.some((each) => words.test(each.what)),
    `expected ${String(words)} among ${JSON.stringify(broken)}`,
  )
}

export async function cannotTell(invariant: Invariant | InvariantInTime, facts: Facts): Promise<void> {
  assert.equal(await invariant.check(facts), null)
}

/** Nothing has happened yet. */
export function withNothing(facts: Facts): Facts {
  const { events, checkpoints } = { events: [], checkpoints: [] }
  const product = { ...facts.product, events, checkpoints, sealedCount: 0, streams: new Map(), memberships: new Map() }
  const empty = { ...facts, changes: [], product }
  return withHistory(empty, { commits: [], webhooks: [], calls: [] })
}
