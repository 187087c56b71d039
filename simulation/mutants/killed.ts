import { readFileSync, writeFileSync } from 'node:fs'
import type { Mutant } from './mutant.ts'

/** How a mutant was found: on which schedule, by which promises (the first says most), and after how many schedules of a search. */
export interface Killed {
  readonly name: string
  readonly seed: number
  readonly by: readonly string[]
  readonly after: number
}

const KILLED = new URL('./killed.json', import.meta.url)

export function readKilled(): readonly Killed[] {
  return JSON.parse(readFileSync(KILLED, 'utf8')) as readonly Killed[]
}

/** In the order of the mutants; what is no mutant any more is forgotten. */
export function writeKilled(killed: readonly Killed[], mutants: readonly Mutant[]): void {
  const byName = new Map(killed.map((each) => [each.name, each]))
  const entries = mutants.flatMap(({ name }) => {
    const each = byName.get(name)
    if (!each) return []
    const by = `[${each.by.map((id) => JSON.stringify(id)).join(', ')}]`
    return [
      `  {\n    "name": ${JSON.stringify(name)},\n    "seed": ${each.seed},\n    "by": ${by},\n    "after": ${each.after}\n  }`,
    ]
  })
  writeFileSync(KILLED, entries.length === 0 ? '[]\n' : `[\n${entries.join(',\n')}\n]\n`)
}
