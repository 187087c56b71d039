import { cpus } from 'node:os'
import { syncDirectory } from '#engine/directory/sync-directory.ts'
import { readMembers } from '#engine/directory/read-members.ts'
import { wantMembers } from '#engine/directory/want-members.ts'
import type { Store } from '#engine/store/store.ts'
import { engineUnderLoad } from './engine-under-load.ts'
import { note, report, rounded } from './figures.ts'

/*
 * 100,000 people, 5,000 groups, 1,000,000 memberships, from the Okta stand-in in another process. Measured is the time that a
 * full sync spends in the store (what is known already, what is new, writing it), and beside it the least that PostgreSQL
 * needs for the same rows: COPY into a table without an index, FULL JOIN with what is known, and the result written to
 * tables with the same indexes. Then a sync in which nothing changed: how many calls it makes.
 */

const PEOPLE = Number(process.env['BENCH_PEOPLE'] ?? 100_000)
const GROUPS = Number(process.env['BENCH_GROUPS'] ?? 5_000)
process.env['BENCH_MEMBERS'] ??= '200'
const MOST_RSS_EVERY_MS = 200

const engine = await engineUnderLoad({ users: PEOPLE, groups: GROUPS, inFlight: 20 })
const { pool, server } = engine
let inStoreMs = 0
const store = timed(engine.ports.store)
const ports = { ...engine.ports, store }
let mostRss = 0
const watch = setInterval(() => (mostRss = Math.max(mostRss, process.memoryUsage().rss)), MOST_RSS_EVERY_MS)

const began = performance.now()
await syncAll()
const fullMs = performance.now() - began
const fullStoreMs = inStoreMs
const full = await server.counts()
const standing = await store.syncStanding('okta')
note(
  `full: ${JSON.stringify(standing)}, ${full.reads} calls, ${rounded(fullMs / 1_000)} s, ${rounded(fullStoreMs / 1_000)} s of it in the store`,
)

inStoreMs = 0
const before = (await server.counts()).reads
await syncAll()
const quietCalls = (await server.counts()).reads - before
clearInterval(watch)
const rawMs = await raw()
report(
  'sync',
  [rawMs / fullStoreMs],
  {
    people: standing.people,
    groups: standing.groups,
    memberships: standing.memberships,
    fullSeconds: rounded(fullMs / 1_000),
    storeSeconds: rounded(fullStoreMs / 1_000),
    rawSeconds: rounded(rawMs / 1_000),
    timesRaw: rounded(fullStoreMs / rawMs),
    callsOfFull: full.reads,
    callsOfQuiet: quietCalls,
    quietShareOfOneListPerGroup: rounded(quietCalls / GROUPS),
    mostRssMiB: Math.round(mostRss / 2 ** 20),
  },
  cpus().length,
)
await engine.close()

async function syncAll(): Promise<void> {
  const synced = await syncDirectory(ports, 'okta')
  if (synced.kind !== 'synced') throw new Error(synced.said)
  const wanted = await wantMembers(ports, 'okta')
  if (wanted.kind !== 'wanted') throw new Error(wanted.said)
  for (;;) {
    const read = await readMembers(ports, 'okta')
    if (read.kind === 'unreadable') throw new Error(read.said)
    if (read.kind === 'done') return
  }
}

function timed(real: Store): Store {
  return new Proxy(real, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver)
      if (typeof method !== 'function') return method
      return async (...args: readonly unknown[]): Promise<unknown> => {
        const start = performance.now()
        try {
          return (await Reflect.apply(method, target, args)) as unknown
        } finally {
          inStoreMs += performance.now() - start
        }
      }
    },
  })
}

/** The file is the server's own: its time to write it is not counted. */
async function raw(): Promise<number> {
  const file = `/tmp/tenure-bench-${process.pid}`
  await pool.query(`COPY directory_person TO '${file}.person'`)
  await pool.query(`COPY directory_member TO '${file}.member'`)
  for (const table of ['person', 'member']) {
    await pool.query(`CREATE TABLE raw_${table} (LIKE directory_${table})`)
    await pool.query(`CREATE TABLE known_${table} (LIKE directory_${table} INCLUDING ALL)`)
  }
  const start = performance.now()
  const keys = { person: 'provider, account', member: 'provider, group_id, account' }
  for (const [table, key] of Object.entries(keys)) {
    await pool.query(`COPY raw_${table} FROM '${file}.${table}'`)
    await pool.query(
      `INSERT INTO known_${table} SELECT r.* FROM raw_${table} r FULL JOIN known_${table} k USING (${key}) WHERE k.provider IS NULL`,
    )
  }
  return performance.now() - start
}
