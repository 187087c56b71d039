import { cpus } from 'node:os'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Pool as HttpPool } from 'undici'
import type { WorkPorts } from '#engine/ports.ts'
import { sleepOnWall } from '#engine/store/clock.ts'
import { runEngine } from '#engine/workers/engine.ts'
import { engineUnderLoad } from './engine-under-load.ts'
import { openBenchGrants } from './open-grants.ts'
import { medianOf, note, report, rounded } from './figures.ts'
import { benchGroup, benchUser, type OktaServer } from './okta-server.ts'

/*
 * 10,000 governed changes (intent, call, outcome, read-back, evidence; PostgreSQL with fsync on) against a bare undici loop
 * that makes the same writes and no reads, and against Okta's own SDK, in the same run, with the same number in flight.
 */

const CHANGES = Number(process.env['BENCH_CHANGES'] ?? 10_000)
const GROUPS = 20
const PEOPLE = CHANGES / GROUPS
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5)
const IN_FLIGHT = 20

// Each round has groups of its own for the governed changes, so that the lists that prove them do not grow from round to round.
const load = await engineUnderLoad({ users: PEOPLE * ROUNDS * 3, groups: GROUPS * (ROUNDS + 1), inFlight: IN_FLIGHT })
const { server, pool, ports, jobs } = load
// Nobody reads tickets here; only what happens to memberships is measured.
const working = jobs.filter((job) => job.queue === 'membership' || job.name === 'sequencer')

const bare: number[] = []
const governed: number[] = []
const sdk: number[] = []
let readsForChanges = 0
try {
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await timeBare(server, round * 3))
    const before = await server.counts()
    governed.push(await timeGoverned(ports, round * 3 + 1))
    const after = await server.counts()
    if (after.changes - before.changes !== CHANGES)
      throw new Error(`${after.changes - before.changes} changes happened, ${CHANGES} were meant`)
    readsForChanges += after.reads - before.reads
    const bySdk = timeSdk(server, round * 3 + 2)
    if (bySdk !== null) sdk.push(bySdk)
    note(
      `round ${round + 1}: bare ${perSecond(bare.at(-1))}/s, governed ${perSecond(governed.at(-1))}/s${bySdk === null ? '' : `, Okta's SDK ${perSecond(bySdk)}/s`}`,
    )
  }
  const { rows } = await pool.query<{ events: number; sealed: number; proven: number }>(
    `SELECT (SELECT count(*)::int FROM event) AS events, (SELECT coalesce(max(size), 0)::int FROM checkpoint) AS sealed,
       (SELECT count(*)::int FROM event WHERE type = 'ChangeProven' AND data ->> 'effect' = 'changed') AS proven`,
  )
  if (rows[0]?.proven !== CHANGES * ROUNDS)
    throw new Error(`${rows[0]?.proven} changes are proven, ${CHANGES * ROUNDS} were meant`)
  const ratios = governed.map((ms, place) => (bare[place] ?? 0) / ms)
  report(
    'governed',
    ratios,
    {
      changes: CHANGES,
      inFlight: IN_FLIGHT,
      barePerSecond: perSecond(medianOf(bare)),
      governedPerSecond: perSecond(medianOf(governed)),
      againstSdk:
        sdk.length > 0
          ? rounded(medianOf(governed.map((ms, place) => (sdk[place] ?? 0) / ms)))
          : 'not measured: run npm run judges once, which installs the SDK',
      changesPerRead: rounded((CHANGES * ROUNDS) / readsForChanges),
      events: rows[0]?.events,
      sealed: rows[0]?.sealed,
    },
    cpus().length,
  )
} finally {
  await load.close()
}

function perSecond(ms: number | undefined): number {
  return Math.round((CHANGES / (ms ?? 1)) * 1_000)
}

function pairsOf(set: number): readonly (readonly [user: string, group: string])[] {
  return Array.from(
    { length: CHANGES },
    (_, place) => [benchUser(set * PEOPLE + Math.floor(place / GROUPS)), benchGroup(place % GROUPS)] as const,
  )
}

async function timeBare({ url, accessToken }: OktaServer, set: number): Promise<number> {
  const http = new HttpPool(url, { connections: IN_FLIGHT })
  const pairs = pairsOf(set)
  let next = 0
  const loop = async (): Promise<void> => {
    for (;;) {
      const pair = pairs[next]
      next += 1
      if (!pair) return
      const path = `/api/v1/groups/${pair[1]}/users/${pair[0]}`
      const { statusCode, body } = await http.request({
        path,
        method: 'PUT',
        headers: { authorization: `Bearer ${accessToken}` },
      })
      await body.dump()
      if (statusCode !== 204) throw new Error(`the stand-in answered ${statusCode}`)
    }
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: IN_FLIGHT }, loop))
  const took = performance.now() - began
  await http.close()
  return took
}

async function timeGoverned(on: WorkPorts, set: number): Promise<number> {
  const firstGroup = GROUPS * (1 + Math.floor(set / 3))
  const groups = Array.from({ length: GROUPS }, (_, place) => ({
    provider: 'okta',
    id: benchGroup(firstGroup + place),
  }))
  await openBenchGrants(on, { set, people: PEOPLE, groups })
  await pool.query('ANALYZE membership, event, stream_state')
  const began = performance.now()
  const engine = await runEngine(on, working)
  do await sleepOnWall(50)
  while ((await on.store.nextDue('membership')) !== null)
  const took = performance.now() - began
  await engine.stop()
  return took
}

/** Okta's own SDK is a judge and lives with the judges: a process of theirs makes the same writes. */
function timeSdk({ url, privateJwk }: OktaServer, set: number): number | null {
  const script = fileURLToPath(new URL('../judges/okta/sdk-loop.ts', import.meta.url))
  const sdkFolder = fileURLToPath(new URL('../judges/node_modules/@okta/okta-sdk-nodejs', import.meta.url))
  if (!existsSync(sdkFolder)) return null
  const orders = JSON.stringify({ url, privateJwk, inFlight: IN_FLIGHT, pairs: pairsOf(set) })
  const { stdout, status } = spawnSync(process.execPath, [script], { input: orders, encoding: 'utf8', maxBuffer: 1e7 })
  if (status !== 0) throw new Error("the loop of Okta's SDK failed")
  return (JSON.parse(stdout) as { ms: number }).ms
}
