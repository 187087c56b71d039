import { writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { drawSchedule } from '../schedule/draw-schedule.ts'
import { FAULT_KINDS, PENDING_FAULTS } from '../faults/kinds.ts'
import { runSchedule } from '../run-schedule.ts'
import { coverageOf } from './coverage.ts'
import { heapAlone } from './heap-alone.ts'
import { emptyTally, reportOf, tell, type Tally } from './report.ts'
import { runSeeds, type SeedResult } from './run-seeds.ts'
import { shrink } from './shrink.ts'
import { storyOf } from './story.ts'

/*
 * npm run sim -- --schedules 2000 --seed 1 [--faults 2,13] [--until-fail] [--trace] [--processes 2] [--coverage file]
 *
 * Runs schedules of consecutive seeds, and holds every promise against each. Ends with `N violations`, and with exit code
 * 1 if there is any; the first is then told as a story that was made as short as it can be and still breaks the promise.
 */
const USAGE = `npm run sim -- --schedules 2000 --seed 1
  --schedules N   how many, from --seed on; at least 1
  --faults a,b    only these faults, by their numbers, each for certain
  --until-fail    goes on until a promise breaks
  --trace         prints everything that happens in the run of --seed
  --coverage F    writes the table of faults to this file
  --processes N   side by side; --json prints one object`

const OPTIONS = {
  schedules: { type: 'string', default: '200' },
  seed: { type: 'string', default: '1' },
  faults: { type: 'string' },
  processes: { type: 'string', default: String(Math.min(2, cpus().length)) },
  'until-fail': { type: 'boolean', default: false },
  trace: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  coverage: { type: 'string' },
} as const

const { values } = readArguments()

function readArguments() {
  try {
    return parseArgs({ options: OPTIONS })
  } catch (fault) {
    return giveUp(fault instanceof Error ? fault.message : String(fault))
  }
}

function giveUp(why: string): never {
  process.stderr.write(`${why}\n\n${USAGE}\n`)
  process.exit(2)
}

const first = wholeNumber('seed', values.seed)
const count = wholeNumber('schedules', values.schedules)
const only = values.faults === undefined ? null : values.faults.split(',').map(knownFault)
if (count < 1) giveUp('--schedules is at least 1')

if (values.trace) {
  const { run } = await runSchedule(drawSchedule(first, only), { keepTrace: true })
  process.stdout.write(`${run.trace.join('\n')}\n${run.traceHash}\n`)
} else {
  process.exitCode = await runAll()
}

async function runAll(): Promise<number> {
  let tally: Tally = emptyTally()
  let failed: SeedResult | null = null
  const processes = wholeNumber('processes', values.processes)
  for (let from = first; failed === null || !values['until-fail']; from += count) {
    const seeds = Array.from({ length: count }, (_, place) => from + place)
    for await (const result of runSeeds({ seeds, only, processes, stopAtFailure: values['until-fail'] })) {
      tally = tell(tally, result)
      // At once: a run of a hundred thousand takes an hour.
      for (const { id, what } of result.violations) process.stderr.write(`seed ${result.seed} breaks ${id}: ${what}\n`)
      if (result.violations.length > 0 && (failed === null || result.seed < failed.seed)) failed = result
    }
    if (!values['until-fail']) break
  }
  // The same seed gives the same trace, always: the first one is run again to see it.
  const again = await runSchedule(drawSchedule(first, only))
  const same = again.run.traceHash === tally.firstHash
  const alone = await heapAlone(tally.events / tally.schedules)
  process.stdout.write(
    values.json ? `${JSON.stringify({ ...tally, same, heapAlone: alone })}\n` : reportOf(tally, same, alone),
  )
  if (values.coverage !== undefined) await writeFile(values.coverage, coverageOf(tally))
  if (failed) process.stdout.write(await told(failed))
  return failed || !same ? 1 : 0
}

async function told({ seed, violations }: SeedResult): Promise<string> {
  const [violation] = violations
  if (!violation) return ''
  const small = await shrink(drawSchedule(seed, only), violation.id)
  return `\nseed ${seed} breaks ${violation.id}: ${violation.what}\n${storyOf(small).join('\n')}\n`
}

function knownFault(text: string): number {
  const number = wholeNumber('faults', text)
  if (FAULT_KINDS.some((each) => each.number === number)) return number
  const pending = PENDING_FAULTS.find((each) => each.number === number)
  return giveUp(pending ? `fault ${number} waits for ${pending.until}` : `there is no fault ${number}`)
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text)
  return giveUp(`--${name} is a whole number, not "${text}"`)
}
