import { spawn, type ChildProcess } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Delivery } from '#connectors/kit/stand-in.ts'
import type { ServedStandIn } from '#connectors/kit/serve-stand-in.ts'
import { serveOktaStandIn } from '#connectors/okta/stand-in/http.ts'
import { createOktaStandIn } from '#connectors/okta/stand-in/state.ts'
import type { Instant } from '#core/instant.ts'
import { randomIds } from '#engine/ids.ts'
import type { Ports } from '#engine/ports.ts'
import { databaseClock, sleepOnWall } from '#engine/store/clock.ts'
import { openPool, postgresStore } from '#engine/store/postgres/postgres-store.ts'
import { createTestDatabase } from '#engine/store/test-database.ts'
import { WORK_SETTINGS } from '#engine/workers/workers.ts'
import { medianOf, note, report } from './figures.ts'
import { benchGroup, benchUser } from './okta-server.ts'
import { openBenchGrants } from './open-grants.ts'

/*
 * kill -9 of a replica in the middle of its calls, and how long it takes until the other one has completed the first
 * piece of what the dead one held. The lease is the product's own. Beside it, killed in the same moment: a bare table of
 * claims with the same lease, renewed as often, whose survivor looks every 50 ms and has nothing to do but to say "done".
 */

const KILLS = Number(process.env['BENCH_KILLS'] ?? 10)
const LEASE_MS = WORK_SETTINGS.leaseMs
const GROUPS = [0, 1].map((place) => ({ provider: 'okta', id: benchGroup(place) }))
const PEOPLE = 20
const IN_FLIGHT_AT_LEAST = 5
/** Longer than a round: a process that waits for this answer dies first. */
const NEVER_MS = 600_000

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const standIn = createOktaStandIn(
  {
    users: Array.from({ length: (KILLS + 1) * PEOPLE }, (_, place) => {
      const login = `p${place}@halden.example`
      const profile = { login, email: login, firstName: 'P', lastName: String(place) }
      return { id: benchUser(place), status: 'ACTIVE' as const, profile, emailVerified: true }
    }),
    groups: GROUPS.map(({ id }) => ({ id, type: 'OKTA_GROUP' as const, name: id, description: '' })),
    members: [],
    rules: [],
    client: {
      clientId: 'replica',
      publicJwk: keys.publicKey.export({ format: 'jwk' }),
      scopes: ['okta.users.read', 'okta.groups.read', 'okta.groups.manage'],
    },
  },
  { rateLimits: null },
)

/** A replica in a process of its own, and its way to Okta. While `silent`, Okta does what it is asked and never answers. */
interface Replica {
  readonly child: ChildProcess
  readonly way: { silent: boolean; unanswered: number }
}

const database = await createTestDatabase()
const pool = openPool(database.connectionConfig)
const clock = await databaseClock(pool)
const ports: Ports = {
  store: postgresStore(pool),
  clock,
  ids: randomIds,
  provider: () => undefined,
  log: () => undefined,
}
const served = new Set<ServedStandIn>()
const running = new Set<ChildProcess>()

const first: number[] = []
const all: number[] = []
const bare: number[] = []
let held = 0
try {
  await pool.query('CREATE TABLE bare_claim (id bigint PRIMARY KEY, lease_until bigint, owner text, done_at bigint)')
  let replica = await startReplica()
  // What a provider allows is learnt from its first answers, and shared from then on.
  await openBenchGrants(ports, { set: KILLS, people: PEOPLE, groups: GROUPS })
  await until(() => isSo('NOT EXISTS (SELECT FROM membership WHERE due_at IS NOT NULL)'))
  for (let kill = 0; kill < KILLS; kill += 1) {
    const { survivor, ...measured } = await killInTheMiddle(replica, kill)
    replica = survivor
    first.push(measured.first)
    all.push(measured.all)
    bare.push(measured.bare)
    held += measured.held
    note(
      `kill ${kill + 1}: ${measured.held} changes held, the first completed after ${measured.first} ms, all after ${measured.all} ms; bare ${measured.bare} ms`,
    )
  }
  const { lost, doubled } = await lostAndDoubled()
  if (lost + doubled > 0) throw new Error(`${lost} changes were lost and ${doubled} were doubled`)
  report(
    'takeover',
    first.map((ms, kill) => (bare[kill] ?? 0) / ms),
    {
      kills: KILLS,
      leaseMs: LEASE_MS,
      heldWhenKilled: held,
      firstCompletedMs: { median: medianOf(first), most: Math.max(...first) },
      allCompletedMs: { median: medianOf(all), most: Math.max(...all) },
      bareFirstMs: { median: medianOf(bare), most: Math.max(...bare) },
      lost,
      doubled,
    },
    cpus().length,
  )
} finally {
  for (const child of running) child.kill('SIGKILL')
  await Promise.all([...served].map((each) => each.close()))
  clock.stop()
  await pool.end()
  await database.drop()
}

interface Measured {
  readonly survivor: Replica
  readonly held: number
  readonly first: number
  readonly all: number
  readonly bare: number
}

/** The victim gets work while it is alone; the other replica joins, finds all of it taken, and the victim dies. */
async function killInTheMiddle(victim: Replica, number: number): Promise<Measured> {
  victim.way.silent = true
  await openBenchGrants(ports, { set: number, people: PEOPLE, groups: GROUPS })
  await until(async () => victim.way.unanswered >= IN_FLIGHT_AT_LEAST)
  const survivor = await startReplica()
  await until(
    async () => !(await isSo('EXISTS (SELECT FROM membership WHERE due_at IS NOT NULL AND lease_until IS NULL)')),
  )
  // What the survivor found free it has done by now; what is left is the victim's.
  await sleepOnWall(1_000)
  const { rows: stuck } = await pool.query<{ name: string }>(
    'SELECT name FROM membership WHERE lease_until IS NOT NULL',
  )
  await pool.query('INSERT INTO bare_claim (id) SELECT generate_series(1, $1::int)', [stuck.length])
  const bareVictim = await startBare('victim')
  const bareSurvivor = await startBare('survivor')
  // Leases are renewed three times in their life: kills fall on all parts of a third.
  await sleepOnWall(((number + 0.5) / KILLS) * (LEASE_MS / 3))

  const killedAt = clock.now()
  for (const child of [victim.child, bareVictim]) kill(child)
  await until(() => isSo('NOT EXISTS (SELECT FROM membership WHERE due_at IS NOT NULL)'))
  await until(() => isSo('NOT EXISTS (SELECT FROM bare_claim WHERE done_at IS NULL)'))
  kill(bareSurvivor)
  const { rows } = await pool.query<{ at: Instant }>(
    `SELECT max(at) AS at FROM event JOIN unnest($1::text[]) AS held(name) ON stream = held.name
     WHERE type = 'ChangeProven' GROUP BY stream ORDER BY at`,
    [stuck.map((each) => each.name)],
  )
  const { rows: done } = await pool.query<{ at: Instant }>('SELECT min(done_at) AS at FROM bare_claim')
  await pool.query('DELETE FROM bare_claim')
  const took = (at: Instant | undefined): number => (at ?? Infinity) - killedAt
  return { survivor, held: stuck.length, first: took(rows[0]?.at), all: took(rows.at(-1)?.at), bare: took(done[0]?.at) }
}

async function startReplica(): Promise<Replica> {
  const way = { silent: false, unanswered: 0 }
  const deliver = ({ method }: { readonly method: string }): Delivery => {
    if (!way.silent || (method !== 'PUT' && method !== 'DELETE')) return 'deliver'
    way.unanswered += 1
    return { afterMs: NEVER_MS }
  }
  const door = await serveOktaStandIn(standIn, { now: clock.now, deliver })
  served.add(door)
  const privateKey = keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const okta = {
    domain: door.url,
    clientId: 'replica',
    privateKey,
    keyId: '',
    apiToken: '',
    accessToken: '',
    concurrency: '',
    accounts: '',
    log: '',
  }
  const orders = { databaseUrl: database.url, okta, leaseMs: LEASE_MS }
  return { way, child: await start('../tests/crash/replica.ts', [], { REPLICA_ORDERS: JSON.stringify(orders) }) }
}

function startBare(role: 'victim' | 'survivor'): Promise<ChildProcess> {
  return start('./bare-claimer.ts', [database.url, String(LEASE_MS), role], {})
}

/** A process that says when it runs. */
async function start(
  script: string,
  parameters: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...parameters], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  running.add(child)
  await once(child.stdout, 'data')
  return child
}

function kill(child: ChildProcess): void {
  child.kill('SIGKILL')
  running.delete(child)
}

async function isSo(question: string): Promise<boolean> {
  const { rows } = await pool.query<{ yes: boolean }>(`SELECT ${question} AS yes`)
  return rows[0]?.yes === true
}

async function until(come: () => Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 20) {
    if (await come()) return
    await sleepOnWall(20)
  }
  throw new Error(`waited in vain for ${String(come)}`)
}

/** Against what Okta says that happened: each add once, and one record for each. */
async function lostAndDoubled(): Promise<{ readonly lost: number; readonly doubled: number }> {
  const meant = (KILLS + 1) * PEOPLE * GROUPS.length
  const happened = standIn.truth.changeLog
  const distinct = new Set(happened.map((each) => `${each.op} ${each.group} ${each.user}`)).size
  const { rows } = await pool.query<{ proofs: number; streams: number }>(
    `SELECT count(*)::int AS proofs, count(DISTINCT stream)::int AS streams FROM event WHERE type = 'ChangeProven'`,
  )
  const { proofs, streams } = rows[0] ?? { proofs: 0, streams: 0 }
  return { lost: meant - distinct + (meant - streams), doubled: happened.length - distinct + (proofs - streams) }
}
