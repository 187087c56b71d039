import { memoryStore } from '#engine/store/memory/memory-store.ts'
import { factsOf } from './facts.ts'
import { INVARIANTS } from './invariants/all.ts'
import type { Violation } from './invariants/invariant.ts'
import type { Schedule } from './schedule/schedule.ts'
import { simulate, type Run } from './world/simulate.ts'

export interface Verdict {
  readonly run: Run
  readonly violations: readonly (Violation & { readonly id: string })[]
  /** Promises of which this run could tell something. */
  readonly checked: readonly string[]
}

/** Runs one schedule in memory and holds every promise against what happened. */
export async function runSchedule(schedule: Schedule, { keepTrace = false } = {}): Promise<Verdict> {
  const store = memoryStore()
  const run = await simulate(schedule, store, keepTrace)
  const facts = factsOf(run, store)
  const checked: string[] = []
  const violations: (Violation & { readonly id: string })[] = []
  for (const { id, check } of INVARIANTS) {
    const broken = await check(facts)
    if (broken === null) continue
    checked.push(id)
    for (const each of broken) violations.push({ id, ...each })
  }
  return { run, violations, checked }
}
