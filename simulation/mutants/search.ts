import type { Found, Look } from './hunt.ts'
import type { Killed } from './killed.ts'
import type { Mutant } from './mutant.ts'
import { lookWith } from './process-with-mutant.ts'

/** Of several schedules that kill a mutant the cheapest is kept: so many more are looked at after the first. */
const MORE = 2
const MOST_MS = 20 * 60_000

/** Looks for a schedule on which the mutant breaks a promise and the product without it breaks none. Null: there is none among so many. */
export async function searchFor(mutant: Mutant, most: number): Promise<Killed | null> {
  const faults = mutant.faults ?? null
  for (let from = 1; from <= most;) {
    const looks = Array.from({ length: most - from + 1 }, (_, place): Look => ({ seed: from + place, faults }))
    const found = await lookWith(mutant, { looks, more: MORE }, MOST_MS)
    const broken = found.filter((each) => each.broken.length > 0)
    const clean = await cleanOf(broken)
    const [first] = clean
    if (first) return killedBy(mutant, cheapest(clean), first.seed)
    from = (found.at(-1)?.seed ?? most) + 1
  }
  return null
}

/** Those on which nothing breaks without a mutant. */
async function cleanOf(broken: readonly Found[]): Promise<readonly Found[]> {
  if (broken.length === 0) return []
  const without = await lookWith(null, { looks: broken, more: Infinity }, MOST_MS)
  return broken.filter((_, place) => without[place]?.broken.length === 0)
}

/** A promise that breaks tells more than a stumble, whatever it costs to see. */
function cheapest(clean: readonly Found[]): Found {
  return clean.reduce((a, b) => (price(b) < price(a) ? b : a))
}

function price({ broken, cpuMs }: Found): number {
  return broken[0] === 'I0' ? cpuMs * 1_000 : cpuMs
}

function killedBy({ name }: Mutant, { seed, broken }: Found, after: number): Killed {
  return { name, seed, by: broken, after }
}
