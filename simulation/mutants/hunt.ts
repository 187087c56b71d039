import { runSchedule } from '../run-schedule.ts'
import { drawSchedule } from '../schedule/draw-schedule.ts'

/** What a process of its own is asked to look at, with a mutant in it or without. */
export interface Order {
  readonly looks: readonly Look[]
  /** After the first schedule in which something broke, so many more are looked at. */
  readonly more: number
}

export interface Look {
  readonly seed: number
  readonly faults: readonly number[] | null
}

/** What one schedule came to. `broken`: the promises that broke, each once; the one of which `what` tells comes first. */
export interface Found extends Look {
  readonly broken: readonly string[]
  readonly what: string
  readonly cpuMs: number
}

const [ordered] = process.argv.slice(2)
if (ordered !== undefined) {
  const { looks, more } = JSON.parse(ordered) as Order
  let left = Infinity
  for (const look of looks) {
    const found = await lookAt(look)
    process.stdout.write(`${JSON.stringify(found)}\n`)
    if (found.broken.length > 0) left = Math.min(left, more + 1)
    left -= 1
    if (left === 0) break
  }
}

async function lookAt({ seed, faults }: Look): Promise<Found> {
  const before = process.cpuUsage()
  const { violations } = await runSchedule(drawSchedule(seed, faults))
  const { user, system } = process.cpuUsage(before)
  const sorted = violations.toSorted((a, b) => rank(a.id) - rank(b.id))
  const broken = [...new Set(sorted.map((each) => each.id))]
  const what = sorted[0]?.what.slice(0, 300) ?? ''
  return { seed, faults, broken, what, cpuMs: Math.round((user + system) / 1_000) }
}

/** That something stumbles says less than any promise that it breaks. */
function rank(id: string): number {
  return id === 'I0' ? 1 : 0
}
