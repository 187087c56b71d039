import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Pool } from 'pg'
import type { Delivery } from '#connectors/kit/stand-in.ts'
import type { ServedStandIn } from '#connectors/kit/serve-stand-in.ts'
import { serveOktaStandIn } from '#connectors/okta/stand-in/http.ts'
import { createOktaStandIn, type OktaStandIn } from '#connectors/okta/stand-in/state.ts'
import { randomIds } from '#engine/ids.ts'
import type { Ports } from '#engine/ports.ts'
import { databaseClock, sleepOnWall, type DatabaseClock } from '#engine/store/clock.ts'
import { openPool, postgresStore } from '#engine/store/postgres/postgres-store.ts'
import { createTestDatabase, type TestDatabase } from '#engine/store/test-database.ts'
import { endGrants, openGrants, type TestGrant } from './workload.ts'
import type { ReplicaOrders } from './replica.ts'

/*
 * The plug is pulled between the provider call and the commit. Two replicas work one database and one Okta. The Okta of
 * each carries changes out and keeps its answers back; when several are kept back, the replica that waits for them is
 * killed with signal 9, and the other must find out what happened.
 */

const KILLS = 20
const LEASE_MS = 600
const PEOPLE_A_ROUND = 4
const GROUPS = ['00gCrash0000000000a1', '00gCrash0000000000a2'] as const

let database: TestDatabase
let pool: Pool
let clock: DatabaseClock
let ports: Ports
let standIn: OktaStandIn
const doors: { served: ServedStandIn; replica: Replica | null; keptBack: number }[] = []
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
/** While armed, the answers to writes are kept back. */
let armed = false

interface Replica {
  readonly child: ChildProcess
}

before(async () => {
  database = await createTestDatabase()
  pool = openPool(database.connectionConfig)
  clock = await databaseClock(pool)
  ports = { store: postgresStore(pool), clock, ids: randomIds, provider: () => undefined, log: () => undefined }
  const users = Array.from({ length: KILLS * PEOPLE_A_ROUND }, (_, place) => ({
    id: `00uCrash${String(place).padStart(12, '0')}`,
    status: 'ACTIVE' as const,
    profile: {
      login: `p${place}@halden.example`,
      email: `p${place}@halden.example`,
      firstName: 'P',
      lastName: String(place),
    },
    emailVerified: true,
  }))
  const groups = GROUPS.map((id) => ({ id, type: 'OKTA_GROUP' as const, name: id, description: '' }))
  const client = {
    clientId: 'replica',
    publicJwk: keys.publicKey.export({ format: 'jwk' }),
    scopes: ['okta.users.read', 'okta.groups.read', 'okta.groups.manage'],
  }
  standIn = createOktaStandIn({ users, groups, members: [], rules: [], client }, { rateLimits: null })
  for (const place of [0, 1]) {
    const served = await serveOktaStandIn(standIn, {
      now: clock.now,
      deliver: (request) => keepBack(place, request.method),
    })
    doors.push({ served, replica: null, keptBack: 0 })
  }
  await Promise.all(doors.map((_, place) => startReplica(place)))
})

after(async () => {
  for (const { replica } of doors) replica?.child.kill('SIGKILL')
  await Promise.all(doors.map(({ served }) => served.close()))
  clock.stop()
  await pool.end()
  await database.drop()
})

function keepBack(place: number, method: string): Delivery {
  const door = doors[place]
  if (!armed || !door || (method !== 'PUT' && method !== 'DELETE')) return 'deliver'
  door.keptBack += 1
  // Longer than any round; the socket dies with the replica.
  return { afterMs: 60_000 }
}

async function startReplica(place: number): Promise<void> {
  const door = doors[place]
  if (!door) return
  const privateKey = keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const okta = {
    domain: door.served.url,
    clientId: 'replica',
    privateKey,
    keyId: '',
    apiToken: '',
    accessToken: '',
    concurrency: '',
    accounts: '',
    log: '',
  }
  const orders: ReplicaOrders = { databaseUrl: database.url, okta, leaseMs: LEASE_MS }
  const child = spawn(process.execPath, [fileURLToPath(new URL('./replica.ts', import.meta.url))], {
    env: { ...process.env, REPLICA_ORDERS: JSON.stringify(orders) },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  door.replica = { child }
  door.keptBack = 0
}

function roundOf(round: number): readonly TestGrant[] {
  return Array.from({ length: PEOPLE_A_ROUND }, (_, place) => {
    const number = round * PEOPLE_A_ROUND + place
    const name = `${String(round).padStart(3, '0')}${place}`
    return {
      grantId: `grt_crash${name}`,
      personId: `per_crash${name}`,
      account: `00uCrash${String(number).padStart(12, '0')}`,
      groups: GROUPS.map((id) => ({ provider: 'okta', id })),
    }
  })
}

/** Kills whichever replica waits for several answers, and starts another in its place; the survivor does not wait for that one. */
async function killInFlight(): Promise<{ readonly inFlight: number; readonly replaced: Promise<void> }> {
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 5) {
    const place = doors.findIndex(({ keptBack }) => keptBack >= 3)
    const door = doors[place]
    if (door?.replica) {
      const inFlight = door.keptBack
      door.replica.child.kill('SIGKILL')
      armed = false
      return { inFlight, replaced: startReplica(place) }
    }
    await sleepOnWall(5)
  }
  throw new Error('no replica ever waited for several answers')
}

/** All that is left to do at most is a last look, minutes later, whether a call that died with its replica came after all. */
const OPEN = `due_at IS NOT NULL
  AND NOT (work = 'read' AND state -> 'change' = 'null' AND jsonb_array_length(coalesce(state -> 'late', '[]')) > 0)`

async function settled(): Promise<void> {
  for (let waitedMs = 0; waitedMs < 30_000; waitedMs += 20) {
    const { rows } = await pool.query<{ open: number }>(`SELECT count(*)::int AS open FROM membership WHERE ${OPEN}`)
    if (rows[0]?.open === 0) return
    await sleepOnWall(20)
  }
  const { rows } = await pool.query(
    `SELECT name, work, due_at, lease_until, fence, attempts, note, state FROM membership WHERE ${OPEN} LIMIT 3`,
  )
  throw new Error(`not settled: ${JSON.stringify(rows)}`)
}

test(`kill -9 between the provider call and the commit, ${KILLS} times: every membership right, every change exactly one record [I23, I27, R114, F5]`, async () => {
  for (let kill = 0; kill < KILLS; kill += 1) {
    // Even rounds are cut while adding, odd ones while removing what the round before has added.
    const grants = roundOf(Math.floor(kill / 2))
    armed = true
    await (kill % 2 === 0 ? openGrants(ports, grants) : endGrants(ports, grants))
    const { inFlight, replaced } = await killInFlight()
    assert.ok(inFlight >= 3, `${inFlight} changes were in flight`)
    await settled()
    await replaced
    for (const { groups, account } of grants) {
      for (const group of groups)
        assert.equal(
          standIn.truth.isMember(group.id, account),
          kill % 2 === 0,
          `${account} in ${group.id} after kill ${kill}`,
        )
    }
  }

  const { rows: records } = await pool.query<{ stream: string; do: string; effect: string; account: string }>(
    `SELECT p.stream, p.data ->> 'do' AS do, p.data ->> 'effect' AS effect, i.data ->> 'account' AS account
     FROM event p JOIN event i ON i.stream = p.stream AND i.type = 'ChangeIntended' AND i.data ->> 'changeId' = p.data ->> 'changeId'
     WHERE p.type = 'ChangeProven'`,
  )
  const recorded = records
    .filter((each) => each.effect !== 'already so')
    .map((each) => `${each.stream.split('/')[2]} ${each.account} ${each.do}`)
  const happened = standIn.truth.changeLog.map((each) => `${each.group} ${each.user} ${each.op}`)
  assert.deepEqual(recorded.toSorted(), happened.toSorted())
  assert.equal(happened.length, KILLS * PEOPLE_A_ROUND * GROUPS.length)
  const found = records.filter((each) => each.effect === 'found by read-back').length
  assert.ok(found >= KILLS * 3, `${found} changes were found by read-back, because their answers died with a replica`)

  const { rows: open } = await pool.query(
    `SELECT i.stream FROM event i WHERE i.type = 'ChangeIntended' AND NOT EXISTS (
       SELECT FROM event p WHERE p.stream = i.stream AND p.type IN ('ChangeProven', 'ChangeAbandoned') AND p.data ->> 'changeId' = i.data ->> 'changeId')`,
  )
  assert.deepEqual(open, [])
})
