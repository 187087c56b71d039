import { drawSchedule } from '../schedule/draw-schedule.ts'
import { runSchedule } from '../run-schedule.ts'
import type { Fired } from '../world/history.ts'
import type { Order, SeedResult } from './run-seeds.ts'

// Thousands of faults are thrown on purpose, and nobody reads where.
Error.stackTraceLimit = 0

process.on('message', (order: Order) => void work(order))

async function work({ seeds, only }: Order): Promise<void> {
  for (const seed of seeds) {
    const before = process.cpuUsage()
    const { run, violations, checked } = await runSchedule(drawSchedule(seed, only))
    const { user, system } = process.cpuUsage(before)
    const result: SeedResult = {
      seed,
      traceHash: run.traceHash,
      violations: violations.slice(0, 20),
      checked,
      fired: firedOf(run.history.fired),
      calls: run.history.calls.length,
      events: run.events,
      simulatedMs: run.schedule.endMs,
      cpuMs: (user + system) / 1_000,
    }
    process.send?.(result)
  }
  process.send?.('done')
}

function firedOf(fired: readonly Fired[]): SeedResult['fired'] {
  const counts: Record<string, Record<string, number>> = {}
  for (const { number, kind, states } of fired) {
    const own = (counts[`${number} ${kind}`] ??= {})
    for (const state of states) own[state] = (own[state] ?? 0) + 1
  }
  return counts
}
