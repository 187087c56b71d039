import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import type { Pool } from 'pg'
import type { Fetch } from '#connectors/kit/io.ts'
import { NetworkFault } from '#connectors/kit/io.ts'
import { createUndiciFetch } from '#connectors/kit/undici-fetch.ts'
import { MINUTE_MS, SECOND_MS, type Instant } from '#core/instant.ts'
import { STANDS_STILL_AFTER_MS, takePulse, whyStill } from '#engine/heartbeat/pulse.ts'
import { randomIds } from '#engine/ids.ts'
import type { Ports } from '#engine/ports.ts'
import { sleepOnWall } from '#engine/store/clock.ts'
import { openPool, postgresStore } from '#engine/store/postgres/postgres-store.ts'
import { createTestDatabase, type TestDatabase } from '#engine/store/test-database.ts'
import { heartbeat } from '#server/heartbeat.ts'

/* Somebody else's alarm notices our silence: so we are silent when the work stops, and only then. */

let database: TestDatabase
let pool: Pool
before(async () => {
  database = await createTestDatabase()
  pool = openPool(database.connectionConfig)
})
after(async () => {
  await pool.end()
  await database.drop()
})

const NOW: Instant = Date.parse('2026-03-04T09:00:00.000Z')
const SECRET = 'https://alarms.example/ping/5up3r-s3cret'

let clock: { at: Instant }
let log: string[]
let called: string[]
let ports: Ports
beforeEach(() => {
  clock = { at: NOW }
  log = []
  called = []
  ports = {
    store: postgresStore(pool),
    clock: { now: () => clock.at, sleep: sleepOnWall },
    ids: randomIds,
    provider: () => undefined,
    log: (level, message) => void log.push(`${level}: ${message}`),
  }
})
afterEach(async () => {
  await pool.query('TRUNCATE timer, unsealed, unsealed_run')
})

const heard: Fetch = async (request) => {
  called.push(`${request.method} ${request.url}`)
  return { status: 200, headers: {}, body: 'OK' }
}

/** A timer of this kind that has been due for so long. */
async function due(kind: string, forMs: number, leased = false): Promise<void> {
  await pool.query('INSERT INTO timer (id, kind, about, due_at, lease_until) VALUES ($1, $1, $1, $2, $3)', [
    kind,
    NOW - forMs,
    leased ? NOW + MINUTE_MS : null,
  ])
}

test('while the work is done the address is called, and when that was is known', async () => {
  const heart = heartbeat(ports, pool, SECRET, heard)
  assert.equal(heart.lastAt(), null)
  assert.equal(await heart.job.step(), 0)
  assert.deepEqual(called, [`GET ${SECRET}`])
  assert.equal(heart.lastAt(), NOW)
  assert.deepEqual([heart.job.restMs, heart.job.queue, log], [MINUTE_MS, null, []])
})

test('work that is just due, and work that is no end of access, is no reason for silence', async () => {
  await due('window ends', STANDS_STILL_AFTER_MS - 1)
  await due('poll tickets', 60 * MINUTE_MS)
  await heartbeat(ports, pool, SECRET, heard).job.step()
  assert.equal(called.length, 1)
})

for (const [kind, leased] of [
  ['window ends', false],
  ['complete by', false],
  ['window ends', true],
] as const) {
  test(`"${kind}" has been due for minutes${leased ? ' in the hands of somebody who does not finish' : ''}: silence, said once, until it is worked [R055]`, async () => {
    await due(kind, STANDS_STILL_AFTER_MS + 1_000, leased)
    const heart = heartbeat(ports, pool, SECRET, heard)
    await heart.job.step()
    await heart.job.step()
    assert.deepEqual(called, [])
    assert.deepEqual(log, [
      'error: the heartbeat is silent: an end of access has been due for 121 s and nobody has worked it',
    ])
    await pool.query('TRUNCATE timer')
    await heart.job.step()
    assert.equal(called.length, 1)
    assert.equal(log.at(-1), 'info: the heart beats again')
  })
}

test('records that nobody seals are a reason for silence', async () => {
  await pool.query(
    `WITH added AS (INSERT INTO event (stream, version, type, at, by, data, nonce)
       VALUES ('request/req_1', 1, 'RequestSubmitted', $1, '{}', '{}', '') RETURNING position)
     INSERT INTO unsealed SELECT position FROM added`,
    [NOW - STANDS_STILL_AFTER_MS - 1_000],
  )
  const pulse = await takePulse(pool, NOW)
  assert.deepEqual(pulse, { oldestEndMs: 0, oldestUnsealedMs: STANDS_STILL_AFTER_MS + 1_000 })
  assert.equal(whyStill(pulse), 'a record has waited for 121 s to be sealed')
  await heartbeat(ports, pool, SECRET, heard).job.step()
  assert.deepEqual(called, [])
})

test('a database that does not answer is a reason for silence, and no fault', async () => {
  const closed = openPool(database.connectionConfig)
  await closed.end()
  await heartbeat(ports, closed, SECRET, heard).job.step()
  assert.deepEqual([called, log], [[], ['error: the heartbeat is silent: the database does not answer']])
})

test('nobody hears it: said now and then, never with the address', async () => {
  const faults: readonly Fetch[] = [
    async () => {
      throw new NetworkFault(`GET: getaddrinfo ENOTFOUND ${SECRET}`)
    },
    async () => {
      throw new Error(SECRET)
    },
    async () => ({ status: 302, headers: { location: SECRET }, body: SECRET }),
    async () => ({ status: 500, headers: {}, body: SECRET }),
  ]
  for (const fetch of faults) {
    const heart = heartbeat(ports, pool, SECRET, fetch)
    for (let minutes = 0; minutes < 6; minutes += 1) await heart.job.step()
    assert.equal(heart.lastAt(), null)
  }
  assert.deepEqual(log, [
    'warning: the heartbeat was not heard: its address gave no answer',
    'warning: the heartbeat was not heard: its address gave no answer',
    'warning: the heartbeat was not heard: its address gave no answer',
    'warning: the heartbeat was not heard: its address gave no answer',
    'warning: the heartbeat was not heard: its address answered 302',
    'warning: the heartbeat was not heard: its address answered 302',
    'warning: the heartbeat was not heard: its address answered 500',
    'warning: the heartbeat was not heard: its address answered 500',
  ])
})

test('an answer that does not come is waited for ten seconds, no longer', async () => {
  const waits: number[] = []
  ports = { ...ports, clock: { now: () => NOW, sleep: async (ms) => void waits.push(ms) } }
  await heartbeat(ports, pool, SECRET, () => new Promise(() => undefined)).job.step()
  assert.deepEqual(waits, [10 * SECOND_MS])
  assert.deepEqual(log, ['warning: the heartbeat was not heard: its address gave no answer in time'])
})

test('over a real connection a redirect is not followed', async (t) => {
  const seen: string[] = []
  const server = createServer((request: IncomingMessage, answer: ServerResponse) => {
    seen.push(`${request.method} ${request.url}`)
    answer.writeHead(request.url === '/ping' ? 200 : 302, { location: '/elsewhere' }).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const network = createUndiciFetch({ connections: 1 })
  t.after(async () => {
    await network.close()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const heart = heartbeat(ports, pool, `${origin}/ping`, network.fetch)
  await heart.job.step()
  assert.equal(heart.lastAt(), NOW)
  await heartbeat(ports, pool, `${origin}/moved`, network.fetch).job.step()
  assert.deepEqual(seen, ['GET /ping', 'GET /moved'])
  assert.deepEqual(log, ['warning: the heartbeat was not heard: its address answered 302'])
})
