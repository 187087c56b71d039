import { FAULT_KINDS, DOUBLE_CLICK, PENDING_FAULTS } from '../faults/kinds.ts'
import { INVARIANTS, PENDING } from '../invariants/all.ts'
import type { LifeState } from '../world/history.ts'
import type { SeedResult } from './run-seeds.ts'

/** What many schedules came to, together. */
export interface Tally {
  readonly schedules: number
  readonly violations: number
  readonly firstSeed: number | null
  readonly firstHash: string | null
  readonly cpuMs: number
  readonly calls: number
  readonly events: number
  readonly simulatedMs: number
  /** Of the smallest schedule of all. */
  readonly leastCalls: number
  readonly leastSimulatedMs: number
  /** In how many schedules each promise could be told. */
  readonly checked: Readonly<Record<string, number>>
  /** Of each kind of fault: in how many schedules it fired, and how often in which state of a life. */
  readonly fired: Readonly<
    Record<string, { readonly schedules: number; readonly states: Readonly<Record<string, number>> }>
  >
  readonly broken: Readonly<Record<string, number>>
}

export function emptyTally(): Tally {
  return {
    schedules: 0,
    violations: 0,
    firstSeed: null,
    firstHash: null,
    cpuMs: 0,
    calls: 0,
    events: 0,
    simulatedMs: 0,
    leastCalls: Infinity,
    leastSimulatedMs: Infinity,
    checked: {},
    fired: {},
    broken: {},
  }
}

export function tell(tally: Tally, result: SeedResult): Tally {
  const isFirst = tally.firstSeed === null || result.seed < tally.firstSeed
  return {
    schedules: tally.schedules + 1,
    violations: tally.violations + result.violations.length,
    firstSeed: isFirst ? result.seed : tally.firstSeed,
    firstHash: isFirst ? result.traceHash : tally.firstHash,
    cpuMs: tally.cpuMs + result.cpuMs,
    calls: tally.calls + result.calls,
    events: tally.events + result.events,
    simulatedMs: tally.simulatedMs + result.simulatedMs,
    leastCalls: Math.min(tally.leastCalls, result.calls),
    leastSimulatedMs: Math.min(tally.leastSimulatedMs, result.simulatedMs),
    checked: added(tally.checked, result.checked),
    fired: firedMore(tally.fired, result.fired),
    broken: added(
      tally.broken,
      result.violations.map((each) => each.id),
    ),
  }
}

function added(counts: Readonly<Record<string, number>>, names: readonly string[]): Readonly<Record<string, number>> {
  const more = { ...counts }
  for (const name of names) more[name] = (more[name] ?? 0) + 1
  return more
}

function firedMore(before: Tally['fired'], fired: SeedResult['fired']): Tally['fired'] {
  const more = { ...before }
  for (const [kind, states] of Object.entries(fired)) {
    const known = more[kind] ?? { schedules: 0, states: {} }
    const sums: Record<string, number> = { ...known.states }
    for (const [state, count] of Object.entries(states)) sums[state] = (sums[state] ?? 0) + count
    more[kind] = { schedules: known.schedules + 1, states: sums }
  }
  return more
}

export const LIFE_STATES: readonly LifeState[] = ['none', 'waiting', 'opening', 'live', 'ending', 'over']

/** `heapAlone`: schedules per CPU-second of the heap with nobody behind its events (cli/heap-alone.ts). */
export function reportOf(tally: Tally, same: boolean, heapAlone: number): string {
  const perSecond = tally.schedules / (tally.cpuMs / 1_000)
  const lines = [
    `${tally.schedules} schedules from seed ${String(tally.firstSeed)}; ${Math.round(tally.calls / tally.schedules)} vendor calls, ` +
      `${Math.round(tally.events / tally.schedules)} events and ${(tally.simulatedMs / tally.schedules / 3_600_000).toFixed(1)} simulated hours each`,
    `the smallest had ${tally.leastCalls} vendor calls; the shortest took ${(tally.leastSimulatedMs / 3_600_000).toFixed(1)} simulated hours`,
    `${perSecond.toFixed(1)} schedules per CPU-second; the heap alone, with as many events and nobody behind them, ran ${heapAlone.toFixed(0)} in this run`,
    `trace of the first seed: ${String(tally.firstHash)}${same ? ', the same when run again' : ', and ANOTHER when run again'}`,
    '',
    ...faultLines(tally),
    '',
    ...invariantLines(tally),
    '',
    `${tally.violations} violations`,
  ]
  return `${lines.join('\n')}\n`
}

function faultLines(tally: Tally): readonly string[] {
  const head = `${'fault'.padEnd(48)} schedules  ${LIFE_STATES.map((state) => state.padStart(8)).join('')}`
  const kinds = [...FAULT_KINDS, DOUBLE_CLICK].map(({ number, kind }) => `${number} ${kind}`)
  return [
    head,
    ...kinds.map((kind) => {
      const { schedules = 0, states = {} } = tally.fired[kind] ?? {}
      return `${kind.padEnd(48)} ${String(schedules).padStart(9)}  ${LIFE_STATES.map((state) => String(states[state] ?? 0).padStart(8)).join('')}`
    }),
    ...PENDING_FAULTS.map(({ number, until }) => `${number} pending: ${until}`),
  ]
}

function invariantLines(tally: Tally): readonly string[] {
  return [
    ...INVARIANTS.map(({ id, says }) => {
      const broken = tally.broken[id] ?? 0
      return `${id.padEnd(4)} checked in ${String(tally.checked[id] ?? 0).padStart(6)} schedules${broken > 0 ? `, BROKEN ${broken} times` : ''}: ${says}`
    }),
    ...PENDING.map(({ id, until }) => `${id.padEnd(4)} pending: ${until}`),
  ]
}
