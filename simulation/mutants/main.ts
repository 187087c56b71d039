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
 * npm run mutants -- --search [part of a name] looks for schedules anew, and writes killed.json and docs/mutants.md
 *                    --missing                 only for mutants that are not recorded as killed
 *                    --most 2000               on how many schedules each
 */
const { values, positionals } = parseArgs({
  options: {
    search: { type: 'boolean', default: false },
    missing: { type: 'boolean', default: false },
    most: { type: 'string', default: '2000' },
  },
  allowPositionals: true,
})
/** Processes side by side. */
const LANES = 2
const ONE_SCHEDULE_MS = 60_000
const ALL_SCHEDULES_MS = 120_000

process.exitCode = values.search ? await searchAll() : await runAll()

async function runAll(): Promise<number> {
  const killed = new Map(readKilled().map((each) => [each.name, each]))
  const failures: string[] = []
  const say = (isWell: boolean, words: string): void => {
    process.stdout.write(`${isWell ? 'dead ' : 'ALIVE'} ${words}\n`)
    if (!isWell) failures.push(words)
  }
  const clean = cleanOnAll([...killed.values()])
  await inLanes(MUTANTS, async (mutant) => {
    const record = killed.get(mutant.name)
    if (!record) return say(false, `${mutant.name}: no search has killed it`)
    const look: Look = { seed: record.seed, faults: mutant.faults ?? null }
    const [found] = await lookWith(mutant, { looks: [look], more: 0 }, ONE_SCHEDULE_MS)
    const [by] = found?.broken ?? []
    say(
      by !== undefined,
      `${mutant.name}: ${by === undefined ? `survives seed ${record.seed}` : `${by} on seed ${record.seed}`}`,
    )
  })
  for (const words of await clean) say(false, words)
  process.stdout.write(
    `\n${MUTANTS.length} mutants, ${failures.length} alive or on a schedule that breaks without them\n`,
  )
  return failures.length === 0 ? 0 : 1
}

/** What breaks on the recorded schedules without any mutant: then a kill there says nothing. */
async function cleanOnAll(killed: readonly Killed[]): Promise<readonly string[]> {
  const faultsOf = new Map(MUTANTS.map((each) => [each.name, each.faults ?? null]))
  const looks = killed.map(({ name, seed }): Look => ({ seed, faults: faultsOf.get(name) ?? null }))
  const found = await lookWith(null, { looks, more: looks.length }, ALL_SCHEDULES_MS)
  return killed.flatMap(({ name, seed }, place) => {
    const { broken, what } = found[place] ?? { broken: ['not looked at'], what: '' }
    return broken.length === 0 ? [] : [`${name}: without it seed ${seed} breaks ${broken.join(', ')} too (${what})`]
  })
}

async function searchAll(): Promise<number> {
  const most = Number(values.most)
  const known = new Map(readKilled().map((each) => [each.name, each]))
  const [part] = positionals
  const wanted = MUTANTS.filter(
    ({ name }) => (part === undefined || name.includes(part)) && !(values.missing && known.has(name)),
  )
  let alive = 0
  await inLanes(wanted, async (mutant) => {
    const killed = await searchFor(mutant, most).catch((fault: unknown) => String(fault))
    if (killed === null || typeof killed === 'string') {
      alive += 1
      known.delete(mutant.name)
      process.stdout.write(`ALIVE ${mutant.name}: ${killed ?? `survives ${most} schedules`}\n`)
    } else {
      known.set(mutant.name, killed)
      process.stdout.write(
        `dead  ${mutant.name}: ${killed.by.join(', ')} on seed ${killed.seed}, after ${killed.after} schedules\n`,
      )
    }
    writeKilled([...known.values()], MUTANTS)
    writeFileSync(TABLE, tableOf(MUTANTS, readKilled()))
  })
  return alive === 0 ? 0 : 1
}

async function inLanes(mutants: readonly Mutant[], work: (mutant: Mutant) => Promise<void>): Promise<void> {
  const waiting = [...mutants]
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}
