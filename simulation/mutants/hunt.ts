import { runSchedule } from '../run-schedule.ts'
import { drawSchedule } from '../schedule/draw-schedule.ts'

/** What a process of its own is asked to look at, with a mutant in it or without. */
export interface Order {
  readonly seeds: readonly number[]
  readonly faults: readonly number[] | null
  /** Enough when so many seeds have broken something. */
  readonly enough: number
}

/** What one seed came to. `broken`: the promises that broke, each once. */
export interface Found {
  readonly seed: number
  readonly broken: readonly string[]
  readonly what: string
  readonly cpuMs: number
}

if (process.argv[2] !== undefined) {
  const { seeds, faults, enough } = JSON.parse(process.argv[2]) as Order
  let found = 0
  for (const seed of seeds) {
    const result = await lookAt(seed, faults)
    process.stdout.write(`${JSON.stringify(result)}\n`)
    if (result.broken.length > 0) found += 1
    if (found >= enough) break
  }
  // A mutant may leave something that would go on for ever.
  process.exit()
}

async function lookAt(seed: number, faults: readonly number[] | null): Promise<Found> {
  const before = process.cpuUsage()
  const { violations } = await runSchedule(drawSchedule(seed, faults))
  const { user, system } = process.cpuUsage(before)
  const [first] = violations.toSorted((a, b) => rank(a.id) - rank(b.id))
  const broken = [...new Set(violations.map((each) => each.id))]
  const what = first === undefined ? '' : `${first.id}: ${first.what.slice(0, 300)}`
  return { seed, broken, what, cpuMs: Math.round((user + system) / 1_000) }
}

/** That something stumbles says less than any promise that it breaks. */
function rank(id: string): number {
  return id === 'I0' ? 1 : 0
}
