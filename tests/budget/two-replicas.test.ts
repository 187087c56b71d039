import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Pool } from 'pg'
import { connectors } from '#connectors/index.ts'
import type { LoggedCall } from '#connectors/okta/stand-in/call-log.ts'
import { createOktaStandIn, type OktaStandIn } from '#connectors/okta/stand-in/state.ts'
import { MINUTE_MS, type Instant } from '#core/instant.ts'
import { newSigningKey } from '#engine/evidence/signed-note.ts'
import { openPool, postgresStore } from '#engine/store/postgres/postgres-store.ts'
import { createTestDatabase, type TestDatabase } from '#engine/store/test-database.ts'
import { nextMoment, settle } from '#engine/workers/engine.ts'
import { storyClock, type StoryClock } from '#sandbox/story-clock.ts'
import { compose, type Composed } from '#server/compose.ts'
import { countedIo } from '#server/counted-io.ts'
import { endGrants, openGrants, type TestGrant } from '../crash/workload.ts'

/*
 * Two replicas as the server composes them, on one PostgreSQL, at an Okta with a small limit. They work at the same time;
 * the clock stands still until both have nothing to do, and then moves to what comes next.
 */

const START: Instant = Date.parse('2026-03-04T09:00:00.000Z')
const GROUPS = [1, 2, 3, 4].map((place) => ({ provider: 'okta', id: `00gTeam000000000000${place}` }))
const PEOPLE = 140
const LIMIT = 40
const SCOPES = ['okta.users.read', 'okta.groups.read', 'okta.groups.manage']

let database: TestDatabase
let pool: Pool
let clock: StoryClock
let standIn: OktaStandIn
let replicas: readonly Composed[]

before(async () => {
  database = await createTestDatabase()
  pool = openPool(database.connectionConfig)
  clock = storyClock(START)
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const everywhere = { token: LIMIT, users: LIMIT, groups: LIMIT, group: LIMIT, other: 2 * LIMIT }
  standIn = createOktaStandIn(
    {
      users: Array.from({ length: PEOPLE }, (_, place) => ({
        id: userId(place),
        status: 'ACTIVE',
        profile: { login: `p${place}@halden.example`, email: `p${place}@halden.example` },
        emailVerified: true,
      })),
      groups: GROUPS.map(({ id }) => ({ id, type: 'OKTA_GROUP', name: id, description: '' })),
      members: [],
      rules: [],
      client: { clientId: 'replica', publicJwk: publicKey.export({ format: 'jwk' }), scopes: SCOPES },
    },
    { rateLimits: { share: 0.5, buckets: everywhere } },
  )
  replicas = [replica(), replica()]
})
after(async () => {
  await pool.end()
  await database.drop()
})

function userId(place: number): string {
  return `00uPerson${String(place).padStart(11, '0')}`
}

function replica(): Composed {
  const store = postgresStore(pool)
  const log = (level: string, message: string): void => assert.notEqual(level, 'error', message)
  const { io, budgets } = countedIo({
    // As over a network: whoever waits for an answer lets others go on.
    fetch: async (request) => {
      await new Promise((resolve) => setImmediate(resolve))
      return standIn.answer(request, clock.now())
    },
    clock,
    store,
    log,
  })
  const config = {
    domain: 'teams.okta.example',
    clientId: '',
    privateKey: '',
    keyId: '',
    apiToken: '',
    accessToken: standIn.hands.issueToken(SCOPES, START),
    concurrency: '',
    accounts: '',
    log: '',
  }
  return compose({
    store,
    clock,
    budgets,
    connections: { okta: connectors.okta.connect(config, io) },
    signingKey: newSigningKey('tenure.test/replicas'),
    sealEveryMs: 0,
    log,
  })
}

function grantOf(place: number): TestGrant {
  const group = GROUPS[place % GROUPS.length]
  assert.ok(group)
  return { grantId: `grt_${place}`, personId: `per_${place}`, account: userId(place), groups: [group] }
}

/** Both work until nothing is due any more, as far as their budget lets them, and time passes in between. */
async function workAll(): Promise<void> {
  const [one, other] = replicas
  assert.ok(one && other)
  while ((await one.ports.store.nextDue('membership')) !== null) {
    await Promise.all(replicas.map(({ jobs }) => settle(jobs)))
    const moments = await Promise.all(replicas.map(({ ports, jobs }) => nextMoment(ports, jobs)))
    const next = moments.filter((each) => each !== null).sort((a, b) => a - b)[0]
    if (next !== undefined) clock.moveTo(Math.max(next, clock.now() + 1))
  }
}

function callsSince(at: Instant): readonly LoggedCall[] {
  return standIn.truth.calls.filter((each) => each.at >= at)
}

test('two replicas end a hundred windows and begin twenty: ends first, then beginnings, then what proves them, and Okta refuses nothing [I35, I37, R037]', async () => {
  const [one] = replicas
  assert.ok(one)
  const live = Array.from({ length: 100 }, (_, place) => grantOf(place))
  await openGrants(one.ports, live)
  await workAll()
  for (const { account, groups } of live) assert.ok(standIn.truth.isMember(groups[0]?.id ?? '', account))

  clock.moveTo(clock.now() + 5 * MINUTE_MS)
  const began = clock.now()
  const fresh = Array.from({ length: 20 }, (_, place) => grantOf(100 + place))
  await openGrants(one.ports, fresh)
  await endGrants(one.ports, live)
  await workAll()
  for (const { account, groups } of live) assert.equal(standIn.truth.isMember(groups[0]?.id ?? '', account), false)
  for (const { account, groups } of fresh) assert.ok(standIn.truth.isMember(groups[0]?.id ?? '', account))

  const calls = callsSince(began)
  assert.deepEqual(
    calls.filter(({ status }) => status === 429),
    [],
  )
  const windowOf = ({ at }: LoggedCall): number => Math.floor((at - began) / MINUTE_MS)
  const counted = Object.values(
    Object.groupBy(
      calls.filter(({ bucket }) => bucket === 'other'),
      windowOf,
    ),
  )
  for (const each of counted) assert.ok((each?.length ?? 0) <= LIMIT)
  const windowsOf = (of: (call: LoggedCall) => boolean): readonly number[] => calls.filter(of).map(windowOf)
  const ends = windowsOf(({ method }) => method === 'DELETE')
  const beginnings = windowsOf(({ method }) => method === 'PUT')
  const proofs = windowsOf(({ kind }) => kind === 'members' || kind === 'holdings')
  assert.equal(ends.length, 100)
  assert.equal(beginnings.length, 20)
  assert.ok(Math.max(...ends) <= Math.min(...beginnings), 'a beginning went before an end')
  assert.ok(Math.max(...beginnings) <= Math.min(...proofs), 'a proof went before a change')
  // 120 changes, 40 calls a window, of which one or two a window tell which rules there are.
  assert.ok(Math.max(...beginnings) <= Math.ceil(120 / (LIMIT - 3)) - 1, `${Math.max(...beginnings)} windows`)
  assert.ok(Math.max(...proofs) <= Math.max(...beginnings) + 1, 'the proofs did not follow at once')
})
