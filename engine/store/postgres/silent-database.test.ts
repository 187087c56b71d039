import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { sealingWith } from '../../evidence/sequencer.ts'
import { newSigningKey } from '../../evidence/signed-note.ts'
import { migrate } from '../migrate.ts'
import { createTestDatabase, type TestDatabase } from '../test-database.ts'
import { openPool, postgresStore } from './postgres-store.ts'

/* A database whose other end is gone without a word: the connection stands, and nothing ever comes back. */

let database: TestDatabase
let server: Server
const lines = new Set<{ silent: boolean; readonly ends: readonly Socket[] }>()

before(async () => {
  database = await createTestDatabase()
  const { host, port } = database.connectionConfig
  server = createServer((near) => {
    const far = connect(join(host, `.s.PGSQL.${port}`))
    const line = { silent: false, ends: [near, far] }
    lines.add(line)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (bytes) => void (line.silent || to.write(bytes)))
      from.on('error', () => undefined)
      from.on('close', () => to.destroy())
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})

after(async () => {
  for (const { ends } of lines) for (const end of ends) end.destroy()
  server.close()
  await database.drop()
})

function throughTheWire(more: Parameters<typeof openPool>[0]) {
  const { port } = server.address() as AddressInfo
  return openPool({ ...database.connectionConfig, host: '127.0.0.1', port, ...more })
}

test('nothing is waited for without an end, unless whoever opens the pool says so', async () => {
  const { options } = openPool(database.connectionConfig)
  assert.equal(options.keepAlive, true)
  assert.equal(options.connectionTimeoutMillis, 10_000)
  assert.equal(options.query_timeout, 60_000)
  const pool = openPool(database.connectionConfig)
  const { rows } = await pool.query<{ statement_timeout: string }>('SHOW statement_timeout')
  await pool.end()
  assert.equal(rows[0]?.statement_timeout, '1min')
  assert.equal(openPool({ query_timeout: 0 }).options.query_timeout, 0)
})

test('a connection that fell silent is given up, and the next try has another', { timeout: 20_000 }, async () => {
  const pool = throughTheWire({ max: 1, query_timeout: 200 })
  const store = postgresStore(pool)
  const tries = {
    seal: () => store.seal(1, sealingWith(newSigningKey('tenure.test/silent'), 1)),
    saveDirectory: () => store.saveDirectory('okta', { people: [], groups: [], at: 1 }),
    commit: () =>
      store.commit({ now: 1, appends: [], setTimers: [{ id: 't', kind: 'complete by', about: 'x', dueAt: 1 }] }),
    load: () => store.load(['catalog']),
  }
  for (const [what, go] of Object.entries(tries)) {
    await go()
    for (const line of lines) line.silent = true
    await assert.rejects(go(), /Query read timeout/, what)
    await assert.doesNotReject(go(), `${what} has another connection`)
  }
  await pool.end()
})

test('a migration waits for the one of another replica for as long as it takes', { timeout: 20_000 }, async () => {
  const pool = openPool({ ...database.connectionConfig, statement_timeout: 150, query_timeout: 150 })
  const other = await pool.connect()
  await other.query('SELECT pg_advisory_lock(7301977)')
  const migrated = migrate(pool).then(() => 'migrated')
  assert.equal(await Promise.race([migrated, new Promise((resolve) => setTimeout(resolve, 600, 'waits'))]), 'waits')
  await other.query('SELECT pg_advisory_unlock(7301977)')
  assert.equal(await migrated, 'migrated')
  const { rows } = await other.query<{ statement_timeout: string }>('SHOW statement_timeout')
  assert.equal(rows[0]?.statement_timeout, '150ms')
  other.release()
  assert.equal(pool.totalCount, 1, 'its patience is not left to others')
  await pool.end()
})
