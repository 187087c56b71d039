import { cpus } from 'node:os'
import { generateKeyPairSync } from 'node:crypto'
import type { LoggedCall } from '#connectors/okta/stand-in/call-log.ts'
import { WORKFORCE_LIMITS } from '#connectors/okta/stand-in/rate-limit.ts'
import { createOktaStandIn, type OktaStandIn } from '#connectors/okta/stand-in/state.ts'
import { connectors } from '#connectors/index.ts'
import { HOUR_MS, isoOf, MINUTE_MS, SECOND_MS, type Instant } from '#core/instant.ts'
import { newSigningKey } from '#engine/evidence/signed-note.ts'
import { sleepOnWall } from '#engine/store/clock.ts'
import { memoryStore } from '#engine/store/memory/memory-store.ts'
import { nextMoment, runEngine, settle } from '#engine/workers/engine.ts'
import type { Job } from '#engine/workers/workers.ts'
import { storyClock } from '#sandbox/story-clock.ts'
import { compose } from '#server/compose.ts'
import { countedIo } from '#server/counted-io.ts'
import { engineUnderLoad } from './engine-under-load.ts'
import { note, report, rounded } from './figures.ts'
import { benchOrganisation, BENCH_SCOPES } from './okta-organisation.ts'
import { benchGroup, benchUser } from './okta-server.ts'
import { openBenchGrants } from './open-grants.ts'

/*
 * 10,000 windows that end at one instant, at an Okta that takes half of 1,200 calls a window from us. The bound is its own:
 * ceil(10,000 / 600) windows for the removals, and one for what proves them. A removal counts when it was read back.
 *
 * In simulated time the clock jumps to whatever comes next, and windows last Okta's minute. With `--wall` everything is
 * real but Okta: PostgreSQL, HTTP, another process, and windows of a second. Beside it a loop that knows no limits: it
 * sends as fast as it is answered, and after a 429 again a second later.
 */

const ENDING = Number(process.env['BENCH_ENDING'] ?? 10_000)
const GROUPS = 20
const IN_FLIGHT = 20
const LIMIT = WORKFORCE_LIMITS.buckets.other * WORKFORCE_LIMITS.share
const BOUND = Math.ceil(ENDING / LIMIT) + 1

if (process.argv.includes('--wall')) await onTheWall()
else await inSimulatedTime()

/** Nobody reads tickets here; only what happens to windows and memberships is measured. */
function working(jobs: readonly Job[]): readonly Job[] {
  return jobs.filter((job) => job.queue === 'membership' || job.name === 'ends' || job.name === 'sequencer')
}

async function inSimulatedTime(): Promise<void> {
  const start = Date.parse('2026-03-04T09:00:00.000Z')
  const standIn = standInWith([])
  const clock = storyClock(start)
  const store = memoryStore()
  const log = (level: string, message: string): void => void (level === 'info' || note(message))
  const fetch = async (request: Parameters<OktaStandIn['answer']>[0]) => standIn.answer(request, clock.now())
  const { io, budgets } = countedIo({ fetch, clock, store, log })
  const config = {
    domain: 'bench.okta.example',
    clientId: '',
    privateKey: '',
    keyId: '',
    apiToken: '',
    accessToken: standIn.hands.issueToken(BENCH_SCOPES, start),
    concurrency: String(IN_FLIGHT),
    accounts: '',
    log: '',
  }
  const { ports, jobs } = compose({
    store,
    clock,
    budgets,
    connections: { okta: connectors.okta.connect(config, io) },
    sealEveryMs: 0,
    signingKey: newSigningKey('tenure.bench/log'),
    log,
  })
  await openGrants((set, people, groups) => openBenchGrants(ports, { set, people, groups }), true)
  const untilQuiet = async (): Promise<void> => {
    for (;;) {
      await settle(working(jobs))
      if ((await store.nextDue('membership')) === null) return
      const next = await nextMoment(ports, working(jobs))
      if (next !== null) clock.moveTo(Math.max(next, clock.now() + 1))
    }
  }
  await untilQuiet()
  note(`${ENDING} windows are live, ${Math.round((clock.now() - start) / MINUTE_MS)} minutes later`)
  // Nobody was there when they ended, one after the other: at this instant all of them are over.
  clock.moveTo(clock.now() + 24 * HOUR_MS)
  const began = clock.now()
  await untilQuiet()
  const naive = naiveLoop(standInWith(everybody()), start)
  tell(
    'simulated',
    MINUTE_MS,
    began,
    clock.now(),
    standIn.truth.calls.filter(({ at }) => at >= began),
    naive,
  )
  const left = standIn.truth.changeLog.filter(({ op }) => op === 'remove').length
  if (left !== ENDING) throw new Error(`${left} removals happened, ${ENDING} were meant`)
}

async function onTheWall(): Promise<void> {
  const windowMs = SECOND_MS
  const load = await engineUnderLoad({
    users: ENDING / GROUPS,
    groups: GROUPS,
    inFlight: IN_FLIGHT,
    limits: { windowMs },
  })
  const { server, pool, clock, ports, jobs } = load
  try {
    await openGrants((set, people, groups) => openBenchGrants(ports, { set, people, groups }), false)
    const engine = await runEngine(ports, working(jobs))
    await untilNothingIsDue()
    const began = await endAllAt(clock.now() + 3 * SECOND_MS)
    await sleepOnWall(4 * SECOND_MS)
    await untilNothingIsDue()
    const done = clock.now()
    await engine.stop()
    const calls = await server.calls()
    const naive = naiveLoop(standInWith(everybody(), windowMs), began, windowMs)
    tell(
      'wall',
      windowMs,
      began,
      done,
      calls.filter(({ at }) => at >= began),
      naive,
    )
  } finally {
    await load.close()
  }

  async function untilNothingIsDue(): Promise<void> {
    do await sleepOnWall(20)
    while ((await ports.store.nextDue('membership')) !== null)
  }

  /** The shortest window of a catalog is an hour; a bench has no hour, so all ends are moved to one near instant. */
  async function endAllAt(at: Instant): Promise<Instant> {
    await pool.query(
      `UPDATE stream_state SET state = jsonb_set(state, '{endsAt}', to_jsonb($1::text)) WHERE kind = 'grant'`,
      [isoOf(at)],
    )
    await pool.query(`UPDATE timer SET due_at = $1 WHERE kind = 'window ends'`, [at])
    await pool.query(`SELECT pg_notify('tenure_due', 'timer')`)
    return at
  }
}

/**
 * In simulated time one grant a removal, so that each window ends by itself. On the wall one grant a person, of all groups: 500
 * windows that end, and 10,000 removals; what is measured is the budget, and not how fast two cores end windows.
 */
async function openGrants(
  open: (set: number, people: number, groups: readonly { provider: string; id: string }[]) => Promise<void>,
  isOneEach: boolean,
): Promise<void> {
  const groups = Array.from({ length: GROUPS }, (_, place) => ({ provider: 'okta', id: benchGroup(place) }))
  if (!isOneEach) return open(0, ENDING / GROUPS, groups)
  for (const [set, group] of groups.entries()) await open(set, ENDING / GROUPS, [group])
}

type Member = readonly [groupId: string, userId: string]

function everybody(): readonly Member[] {
  return Array.from({ length: ENDING }, (_, place): Member => [
    benchGroup(Math.floor(place / (ENDING / GROUPS))),
    benchUser(place),
  ])
}

function standInWith(members: readonly Member[], windowMs: number = MINUTE_MS): OktaStandIn {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const organisation = benchOrganisation(ENDING, GROUPS, publicKey)
  return createOktaStandIn({ ...organisation, members }, { windowMs, tokenLifeMs: 1_000 * HOUR_MS })
}

/** Sends as fast as it is answered, and after a refusal again a second later: no reads, and no record of anything. */
function naiveLoop(standIn: OktaStandIn, start: Instant, windowMs: number = MINUTE_MS) {
  const token = standIn.hands.issueToken(BENCH_SCOPES, start)
  const waiting = [...everybody()]
  let now = start
  let refused = 0
  while (waiting.length > 0) {
    // One round trip for as many as are in flight: a hundredth of a second. Then whoever was refused waits.
    const batch = waiting.splice(0, IN_FLIGHT)
    let wasRefused = false
    for (const [groupId, userId] of batch) {
      const url = `https://bench.okta.example/api/v1/groups/${groupId}/users/${userId}`
      const headers = { authorization: `Bearer ${token}` }
      const { status } = standIn.answer({ method: 'DELETE', url, headers, body: '' }, now)
      if (status === 204) continue
      refused += 1
      wasRefused = true
      waiting.push([groupId, userId])
    }
    now += wasRefused ? windowMs / 60 : windowMs / 6_000
  }
  return { refused, windows: rounded((now - start) / windowMs) }
}

function tell(
  how: 'simulated' | 'wall',
  windowMs: number,
  began: Instant,
  done: Instant,
  calls: readonly LoggedCall[],
  naive: ReturnType<typeof naiveLoop>,
): void {
  const writes = calls.filter(({ method, status }) => method === 'DELETE' && status === 204)
  const windowOf = ({ at }: { readonly at: Instant }): number => Math.floor((at - began) / windowMs)
  const inWindow = (wanted: number, of: readonly LoggedCall[]): number =>
    of.filter((each) => windowOf(each) === wanted).length
  const reads = calls.filter(({ method, bucket }) => method === 'GET' && bucket === 'other')
  const lastWrite = Math.max(...writes.map(({ at }) => at))
  const windows = (done - began) / windowMs
  report(
    'storm',
    [BOUND / windows],
    {
      how,
      ending: ENDING,
      windowMs,
      bound: BOUND,
      /** Until the last removal was read back, against the bound: at most 1.05 is asked. */
      windows: rounded(windows),
      ofBound: rounded(windows / BOUND),
      windowsOfWrites: rounded((lastWrite - began) / windowMs),
      readsInAll: reads.length,
      readsBeforeTheLastWrites:
        inWindow(0, reads) + reads.filter((each) => windowOf(each) < windowOf({ at: lastWrite })).length,
      refusedBecauseOfUs: calls.filter(({ refused }) => refused !== null).length,
      naive,
    },
    cpus().length,
  )
}
