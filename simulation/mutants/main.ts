import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Look } from './hunt.ts'
import { readKilled, writeKilled, type Killed } from './killed.ts'
import type { Mutant } from './mutant.ts'
import { MUTANTS } from './mutants.ts'
import { lookWith } from './process-with-mutant.ts'
import { searchFor } from './search.ts'
import { TABLE, tableOf } from './table.ts'

/*
 * npm run mutants                              each mutant on its recorded schedule: it must break a promise there, and
 *                                              the product without it must break none
 * npm run mutants -- --mend                    and looks for another schedule where that is not so any more
 * npm run mutants -- --search [part of a name] looks for schedules anew, from the first on
 *
 * What is found is written to killed.json and docs/mutants.md. `--most 2000`: on how many schedules each is looked for.
 */
const { values, positionals } = parseArgs({
  options: {
    search: { type: 'boolean', default: false },
    mend: { type: 'boolean', default: false },
    most: { type: 'string', default: '2000' },
  },
  allowPositionals: true,
})
/** Processes side by side. */
const LANES = 2
const ONE_SCHEDULE_MS = 60_000
const ALL_SCHEDULES_MS = 150_000

process.exitCode = (values.search ? await searchAll(named()) : await runAll()) === 0 ? 0 : 1

function named(): readonly Mutant[] {
  const [part = ''] = positionals
  return MUTANTS.filter(({ name }) => name.includes(part))
}

/** How many are alive in the end. */
async function runAll(): Promise<number> {
  const failures = await failuresOfAll()
  process.stdout.write(
    `\n${MUTANTS.length} mutants, ${failures.size} alive or on a schedule that breaks without them\n`,
  )
  return values.mend ? searchAll(MUTANTS.filter(({ name }) => failures.has(name))) : failures.size
}

async function failuresOfAll(): Promise<ReadonlySet<string>> {
  const killed = new Map(readKilled().map((each) => [each.name, each]))
  const failures = new Set<string>()
  const say = (name: string, isDead: boolean, words: string): void => {
    process.stdout.write(`${isDead ? 'dead ' : 'ALIVE'} ${name}: ${words}\n`)
    if (!isDead) failures.add(name)
  }
  const clean = cleanOnAll([...killed.values()])
  await inLanes(MUTANTS, async (mutant) => {
    const { name, faults = null } = mutant
    const record = killed.get(name)
    if (!record) return say(name, false, 'no search has killed it')
    const { seed } = record
    const broken = await lookWith(mutant, { looks: [{ seed, faults }], more: 0 }, ONE_SCHEDULE_MS).then(
      ([found]) => found?.broken ?? [],
      (fault: unknown) => String(fault),
    )
    if (typeof broken === 'string') return say(name, false, broken)
    say(name, broken.length > 0, broken.length > 0 ? `${broken[0]} on seed ${seed}` : `survives seed ${seed}`)
  })
  for (const [name, words] of await clean) say(name, false, words)
  return failures
}

/** What breaks on the recorded schedules without any mutant: then a kill there says nothing. */
async function cleanOnAll(killed: readonly Killed[]): Promise<readonly (readonly [name: string, words: string])[]> {
  const faultsOf = new Map(MUTANTS.map((each) => [each.name, each.faults ?? null]))
  const looks = killed.map(({ name, seed }): Look => ({ seed, faults: faultsOf.get(name) ?? null }))
  const found = await lookWith(null, { looks, more: looks.length }, ALL_SCHEDULES_MS)
  return killed.flatMap(({ name, seed }, place) => {
    const { broken, what } = found[place] ?? { broken: ['nothing that was looked at'], what: '' }
    return broken.length === 0
      ? []
      : [[name, `without it seed ${seed} breaks ${broken.join(', ')} too: ${what}`] as const]
  })
}

/** How many survive. */
async function searchAll(wanted: readonly Mutant[]): Promise<number> {
  const most = Number(values.most)
  const known = new Map(readKilled().map((each) => [each.name, each]))
  let alive = 0
  await inLanes(wanted, async (mutant) => {
    const { name } = mutant
    const killed = await searchFor(mutant, most).catch((fault: unknown) => String(fault))
    if (killed === null || typeof killed === 'string') {
      alive += 1
      known.delete(name)
      process.stdout.write(`ALIVE ${name}: ${killed ?? `survives ${most} schedules`}\n`)
    } else {
      known.set(name, killed)
      const { by, seed, after } = killed
      process.stdout.write(`dead  ${name}: ${by.join(', ')} on seed ${seed}, after ${after} schedules\n`)
    }
    writeKilled([...known.values()], MUTANTS)
    writeFileSync(TABLE, tableOf(MUTANTS, readKilled()))
  })
  return alive
}

async function inLanes(mutants: readonly Mutant[], work: (mutant: Mutant) => Promise<void>): Promise<void> {
  const waiting = [...mutants]
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}
