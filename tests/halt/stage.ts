import { generateKeyPairSync } from 'node:crypto'
import type { Pool } from 'pg'
import { connectors } from '#connectors/index.ts'
import type { Capabilities } from '#connectors/kit/connector.ts'
import type { Fetch } from '#connectors/kit/io.ts'
import { createOktaStandIn, type OktaStandIn } from '#connectors/okta/stand-in/state.ts'
import { newSigningKey } from '#engine/evidence/signed-note.ts'
import { randomIds } from '#engine/ids.ts'
import type { Ports } from '#engine/ports.ts'
import { databaseClock, sleepOnWall } from '#engine/store/clock.ts'
import { openPool, postgresStore } from '#engine/store/postgres/postgres-store.ts'
import type { Store } from '#engine/store/store.ts'
import { createTestDatabase } from '#engine/store/test-database.ts'
import { runEngine } from '#engine/workers/engine.ts'
import { compose } from '#server/compose.ts'
import type { TestGrant } from '../crash/workload.ts'

/**
 * Replicas in one process on a real database and a real clock, and an Okta whose answers to writes the test may keep
 * back. What the stand-in's own log says is what happened; `started` is every write that left a replica.
 */
export interface Stage {
  readonly pool: Pool
  /** As somebody who only looks and orders: no engine runs on these. */
  readonly ports: Ports
  readonly okta: OktaStandIn
  /** Account and method of every write, in the order in which they were sent. */
  readonly started: readonly string[]
  /** How many writes wait for their answer. */
  waiting(): number
  /** From now on, answers to writes are kept back until `letGo`. */
  holdAnswers(): void
  /** From now on, each answer to a write takes so long. */
  slowDown(ms: number): void
  letGo(): void
  startReplica(options?: Different): Promise<void>
  close(): Promise<void>
}

/** What one replica has of its own. */
interface Different {
  readonly store?: (store: Store) => Store
  readonly connections?: Readonly<Record<string, Capabilities>>
  readonly batch?: number
}

export const GROUP = '00gHalt00000000000a1'
const PEOPLE = 120
/** So many calls of one replica are on their way at once; all others wait inside the connector. */
export const AT_ONCE = 8

export function grantOf(place: number, provider = 'okta'): TestGrant {
  const name = `halt${String(place).padStart(4, '0')}`
  const account = accountOf(place)
  return { grantId: `grt_${name}`, personId: `per_${name}`, account, groups: [{ provider, id: GROUP }] }
}

export function grants(from: number, count: number): readonly TestGrant[] {
  return Array.from({ length: count }, (_, place) => grantOf(from + place))
}

export function accountOf(place: number): string {
  return `00uHalt${String(place).padStart(13, '0')}`
}

export async function openStage(): Promise<Stage> {
  const database = await createTestDatabase()
  const pool = openPool(database.connectionConfig)
  const clock = await databaseClock(pool)
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const okta = standIn(keys.publicKey.export({ format: 'jwk' }))
  const privateKey = keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const config = {
    clientId: 'halt',
    privateKey,
    keyId: '',
    apiToken: '',
    accessToken: '',
    concurrency: String(AT_ONCE),
    accounts: '',
    log: '',
  }
  const started: string[] = []
  const running: { stop(): Promise<void> }[] = []
  let kept: (() => void)[] = []
  let holding = false
  let slowMs = 0

  const fetch: Fetch = async (request) => {
    if (request.method === 'PUT' || request.method === 'DELETE') {
      started.push(`${request.method} ${request.url.split('/').at(-1) ?? ''}`)
      if (slowMs > 0) await sleepOnWall(slowMs)
      if (holding) await new Promise<void>((resolve) => void kept.push(resolve))
    }
    return okta.answer(request, clock.now())
  }
  const letGo = (): void => {
    holding = false
    const answers = kept
    kept = []
    for (const answer of answers) answer()
  }
  const io = { fetch, now: clock.now, sleep: (ms: number) => clock.sleep(ms), newId: () => randomIds.next('io') }

  return {
    pool,
    okta,
    started,
    ports: { store: postgresStore(pool), clock, ids: randomIds, provider: () => undefined, log: () => undefined },
    waiting: () => kept.length,
    holdAnswers: () => void (holding = true),
    slowDown: (ms) => void (slowMs = ms),
    letGo,
    async startReplica({ store = (each) => each, connections = {}, batch = 200 }: Different = {}) {
      const { ports, jobs } = compose({
        store: store(postgresStore(pool)),
        clock,
        connections: {
          okta: connectors.okta.connect({ ...config, domain: 'https://halt.okta.example' }, io),
          ...connections,
        },
        sealEveryMs: 1_000,
        work: { batch, leaseMs: 5_000 },
        signingKey: newSigningKey('tenure.test/halt'),
        log: (level, message) => void (level === 'error' && process.stderr.write(`${message}\n`)),
      })
      // Nobody wakes up by himself: what goes on was woken by the order that lets it.
      running.push(await runEngine(ports, jobs, { longestSleepMs: 600_000 }))
    },
    async close() {
      letGo()
      await Promise.all(running.map((each) => each.stop()))
      clock.stop()
      await pool.end()
      await database.drop()
    },
  }
}

function standIn(publicJwk: ReturnType<ReturnType<typeof generateKeyPairSync>['publicKey']['export']>): OktaStandIn {
  const users = Array.from({ length: PEOPLE }, (_, place) => {
    const login = `p${place}@halden.example`
    const profile = { login, email: login, firstName: 'P', lastName: String(place) }
    return { id: accountOf(place), status: 'ACTIVE' as const, profile, emailVerified: true }
  })
  const groups = [{ id: GROUP, type: 'OKTA_GROUP' as const, name: 'halt', description: '' }]
  const scopes = ['okta.users.read', 'okta.groups.read', 'okta.groups.manage']
  const client = { clientId: 'halt', publicJwk: publicJwk as never, scopes }
  return createOktaStandIn({ users, groups, members: [], rules: [], client }, { rateLimits: null })
}

/** Waits for what must come. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 10) {
    if (await condition()) return
    await sleepOnWall(10)
  }
  throw new Error(`never came: ${what}`)
}
