import type { RequestView, TimelineEntry } from '#engine/read/request-view.ts'
import { HOUR_MS, isoOf, type Instant } from '#core/instant.ts'
import type { Ports } from '#engine/ports.ts'
import type { RequestReads } from '#engine/read/request-reads.ts'
import { settle } from '#engine/workers/engine.ts'
import type { Job } from '#engine/workers/workers.ts'
import type { PeopleAtJira } from './people-at-jira.ts'
import type { RunningSandbox } from './run-sandbox.ts'
import type { StoryClock } from './story-clock.ts'

/** All that the story is told with; the composition root builds it like a server, with a clock that the story moves on. */
export interface Stage {
  readonly sandbox: RunningSandbox
  readonly people: PeopleAtJira
  readonly ports: Ports
  readonly jobs: readonly Job[]
  readonly clock: StoryClock
  readonly reads: RequestReads
  /** Writes one line for people. */
  say(line: string): void
}

/** One story: an engineer asks for six hours of the production database, security approves, the window ends. */
export async function tellStory(stage: Stage): Promise<void> {
  const { sandbox, people, clock, say } = stage
  const ask = sandbox.company.cases.engineerOperatesProduction
  const nameOf = (id: string): string => sandbox.company.people.find((each) => each.id === id)?.displayName ?? id
  const approverId = ask.then.kind === 'answered by' ? (ask.then.personIds[0] ?? '') : ''
  const told = new Set<string>()

  say(`${nameOf(ask.personId)} opens the portal and asks for the production database, 6 hours: "${ask.reason}"`)
  const key = await people.ask(ask.personId, ask)
  await quiet(stage)
  await tellWhatIsNew(stage, told)

  say(`\n${nameOf(approverId)} reads ticket ${key} and approves.`)
  const answered = await people.answer(approverId, key, 'approve')
  if (answered.status !== 200) throw new Error(`the approval was not taken: ${answered.body}`)
  await pass(stage, 10_000)
  await tellWhatIsNew(stage, told)

  say('\nSix hours pass. Nobody has to remember anything.')
  await pass(stage, 6 * HOUR_MS)
  await tellWhatIsNew(stage, told)
  say(`\nThe clock says ${timeOf(clock.now())}. Ticket ${key} is closed, and the person is in none of the groups.`)
}

/** Works until nothing is due and no webhook is on its way. */
async function quiet({ sandbox, jobs }: Stage): Promise<void> {
  for (let rounds = 0; rounds < 3; rounds += 1) {
    await sandbox.webhooksSettled()
    await settle(jobs)
  }
}

/** Moves the clock from one due thing to the next, only while nothing is in flight. */
async function pass(stage: Stage, ms: number): Promise<void> {
  const until = stage.clock.now() + ms
  for (;;) {
    await quiet(stage)
    const due = await stage.ports.store.nextDue()
    if (due === null || due > until) break
    stage.clock.moveTo(Math.max(due, stage.clock.now() + 1))
  }
  stage.clock.moveTo(until)
  await quiet(stage)
}

async function tellWhatIsNew({ reads, say }: Stage, told: Set<string>): Promise<void> {
  const [line] = await reads.list({ limit: 1 })
  const view = line ? await reads.view(line.requestId) : null
  if (!view) return say('  (nothing has been recorded)')
  for (const { part, entry } of newEntries(view, told)) {
    const facts = entry.facts.filter(([name]) => TOLD_FACTS.has(name)).map(([name, value]) => `${name}: ${value}`)
    say(`  ${timeOf(entry.at)}  ${part.padEnd(15)}  ${entry.title}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`)
    told.add(entry.record.name)
  }
}

const TOLD_FACTS = new Set(['Rule', 'Receipt', 'Ends'])
/** The reasons and intents behind a change are in the record; the story tells what became of them. */
const UNTOLD = /: intended$|because of this grant$|^The reason for/

function newEntries(
  view: RequestView,
  told: ReadonlySet<string>,
): readonly { readonly part: string; readonly entry: TimelineEntry }[] {
  const entries = view.parts.flatMap(({ part, entries: own }) => own.map((entry) => ({ part, entry })))
  return entries
    .filter(({ entry }) => !told.has(entry.record.name) && !UNTOLD.test(entry.title))
    .sort((a, b) => a.entry.at - b.entry.at)
}

function timeOf(at: Instant): string {
  return isoOf(at).slice(11, 19)
}
