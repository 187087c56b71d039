import { HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import type { JsonObject } from '#core/event.ts'
import type { Contents } from '#engine/store/memory/contents.ts'
import { memoryStore } from '#engine/store/memory/memory-store.ts'
import { factsOf, type Facts } from '../facts.ts'
import { at } from '../oracle/run-for-tests.ts'
import type { Deed, Schedule } from '../schedule/schedule.ts'
import { simulate, type Run } from '../world/simulate.ts'
import type { Invariant, Violation } from './invariant.ts'

/** Facts of a run made by hand. The product holds nothing in it, so nothing that asks the product can be told by it. */
export function factsOfHand(run: Run): Facts {
  return factsOf(run, memoryStore())
}

const ASK = { do: 'ask', seat: 4, hours: 1 } as const
const SOMEBODY = { asked: 0 } as const

const DEEDS: readonly Deed[] = [
  { ...ASK, at: at(10), ask: 0, role: 'dba' },
  { at: at(11), do: 'answer', ask: 0, by: SOMEBODY, decision: 'approve' },
  { ...ASK, at: at(40), ask: 1, role: 'operator' },
  { at: at(41), do: 'answer', ask: 1, by: SOMEBODY, decision: 'approve' },
]

const SCHEDULE: Schedule = {
  seed: 1,
  stormMs: 2 * HOUR_MS,
  endMs: 3 * HOUR_MS,
  syncEveryMs: 15 * MINUTE_MS,
  replicas: [{ batch: 20, leaseMs: 5_000, lanes: 1 }],
  okta: { limitShare: 0.5, longestPage: 1_000 },
  echoes: false,
  deeds: DEEDS,
  faults: [],
}

/**
 * A real run in which nothing goes wrong: Ada asks for the role dba for an hour and, half an hour later, for operator, and
 * gets both. They share the group "database". `deeds`: what people do otherwise.
 */
export async function calmRun(deeds: readonly Deed[] = DEEDS): Promise<Facts> {
  const store = memoryStore()
  return factsOf(await simulate({ ...SCHEDULE, deeds }, store), store)
}

/** What a check finds. Throws when it says that it could not tell. */
export function brokenBy(invariant: Invariant, facts: Facts | Run): readonly Violation[] {
  const found = invariant.check('product' in facts ? facts : factsOfHand(facts))
  if (found === null) throw new Error(`${invariant.id} could not be told by this run`)
  return found
}

/** The same run, and the product holds this instead. */
export function withProduct(facts: Facts, change: (product: Contents) => Partial<Contents>): Facts {
  const { product } = facts
  const { events, sealedCount, checkpoints, streams, memberships, timers, inbox, outbox, links, budgets } = product
  const copy = { events, sealedCount, checkpoints, streams, memberships, timers, inbox, outbox, links, budgets }
  return { ...facts, product: { ...copy, ...change(product) } }
}

/** One row of a table, changed in its state. */
export function withState<Row extends { readonly state: JsonObject }>(
  rows: ReadonlyMap<string, Row>,
  prefix: string,
  change: (row: Row) => Row,
): ReadonlyMap<string, Row> {
  const name = [...rows.keys()].find((each) => each.startsWith(prefix))
  if (name === undefined) throw new Error(`there is no ${prefix}`)
  return new Map([...rows].map(([id, row]) => [id, id === name ? change(row) : row]))
}
