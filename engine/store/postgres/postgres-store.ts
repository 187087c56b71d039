import pg, { type Pool, type PoolClient, type PoolConfig } from 'pg'
import type { JsonObject } from '#core/event.ts'
import type { Catalog } from '#core/catalog/catalog.ts'
import { sleepOnWall } from '../clock.ts'
import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { InboxItem, Queue, Store, StoredMembership, StoredStream } from '../store.ts'
import { budget, saveBudget } from './budget.ts'
import { claim, claimMemberships, nextDue, renew } from './claim.ts'
import { commit } from './commit.ts'
import {
  groups,
  groupsNamed,
  linksOf,
  linksOfAccounts,
  managers,
  people,
  peopleByAddresses,
  peopleOfAccounts,
  saveDirectory,
} from './directory.ts'
import { erase, eventAt, newestCheckpoint, seal, sealed } from './log.ts'
import { groupsToRead, membersOf, putOffMembers, saveMembers, syncStanding, wantMembers } from './members.ts'

const INT8 = 20
/** Positions and instants are far below 2^53, so bigint columns read as numbers. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : (pg.types.getTypeParser(oid, format as 'text') as (value: string) => unknown),
} as PoolConfig['types']

/**
 * A connection whose other end is gone without a word answers nothing and reports nothing: whoever waits for it waits for
 * ever, and with it a whole lane of work. So nothing is waited for without an end. Work that may rightly take longer says so.
 */
const PATIENCE: PoolConfig = {
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  connectionTimeoutMillis: 10_000,
  // The server gives up a statement, the client gives up a server.
  statement_timeout: 60_000,
  query_timeout: 60_000,
}

export function openPool(config: PoolConfig): Pool {
  const pool = new pg.Pool({ max: 12, ...PATIENCE, ...config, types })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined)
  return pool
}

export function postgresStore(pool: Pool): Store {
  return {
    load: (names) => load(pool, names),
    membershipsOf: (group) => membershipsOf(pool, group),
    find: (key) => find(pool, key),
    commit: (value) => commit(pool, value),
    claim: (queue, options) => claim(pool, queue, options),
    claimMemberships: (work, options) => claimMemberships(pool, work, options),
    renew: (queue, held, until) => renew(pool, queue, held, until),
    nextDue: (queue, of) => nextDue(pool, queue, of),
    onDue: (wake) => onDue(pool, wake),
    receive: (item) => receive(pool, item),
    catalogInForce: () => catalogInForce(pool),
    saveDirectory: (provider, seen) => saveDirectory(pool, provider, seen),
    wantMembers: (provider, wanted) => wantMembers(pool, provider, wanted),
    groupsToRead: (provider, first, limit) => groupsToRead(pool, provider, first, limit),
    saveMembers: (provider, reads) => saveMembers(pool, provider, reads),
    putOffMembers: (provider, ids, at) => putOffMembers(pool, provider, ids, at),
    membersOf: (group) => membersOf(pool, group),
    syncStanding: (provider) => syncStanding(pool, provider),
    people: (ids) => people(pool, ids),
    peopleByAddresses: (addresses) => peopleByAddresses(pool, addresses),
    peopleOfAccounts: (provider, accounts) => peopleOfAccounts(pool, provider, accounts),
    managers: () => managers(pool),
    groups: (refs) => groups(pool, refs),
    groupsNamed: (provider, nameOrId) => groupsNamed(pool, provider, nameOrId),
    linksOf: (ids) => linksOf(pool, ids),
    linksOfAccounts: (system, accounts) => linksOfAccounts(pool, system, accounts),
    budget: (provider) => budget(pool, provider),
    saveBudget: (provider, expected, state) => saveBudget(pool, provider, expected, state),
    eventAt: (stream, version) => eventAt(pool, stream, version),
    seal: (limit, sealing) => seal(pool, limit, sealing),
    newestCheckpoint: () => newestCheckpoint(pool),
    sealed: (fromIndex, limit) => sealed(pool, fromIndex, limit),
    erase: (stream, version) => erase(pool, stream, version),
  }
}

async function load(pool: Pool, names: readonly string[]): Promise<ReadonlyMap<string, StoredStream>> {
  const { rows } = await pool.query<StoredStream & { name: string }>(
    // Each table is asked only for what it may hold: for hundreds of names it is read from end to end.
    `SELECT name, version, state FROM stream_state WHERE name = ANY($1)
     UNION ALL SELECT name, version, state FROM membership WHERE name = ANY($2)`,
    [names.filter((name) => !isMembership(name)), names.filter(isMembership)],
  )
  const found = new Map(rows.map(({ name, version, state }) => [name, { version, state }]))
  // In the order asked for, however the database found them.
  return new Map(
    names.flatMap((name) => {
      const stored = found.get(name)
      return stored ? [[name, stored] as const] : []
    }),
  )
}

function isMembership(name: string): boolean {
  return name.startsWith('membership/')
}

async function membershipsOf(pool: Pool, { provider, id }: GroupRef): Promise<readonly StoredMembership[]> {
  const { rows } = await pool.query<StoredMembership>(
    `SELECT person_id AS "personId", version, state FROM membership
     WHERE provider = $1 AND group_id = $2 AND state ->> 'desired' <> 'not ours' ORDER BY name COLLATE "C"`,
    [provider, id],
  )
  return rows
}

async function find(pool: Pool, key: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(
    'SELECT name FROM stream_state WHERE keys @> ARRAY[$1] ORDER BY created_at, name COLLATE "C"',
    [key],
  )
  return rows.map((row) => row.name)
}

async function receive(pool: Pool, item: InboxItem): Promise<'received' | 'already received'> {
  const { rowCount } = await pool.query(
    `WITH added AS (
       INSERT INTO inbox (id, source, about, received_at, due_at) VALUES ($1, $2, $3, $4, $4) ON CONFLICT (id) DO NOTHING RETURNING id)
     SELECT pg_notify('tenure_due', 'inbox') FROM added`,
    [item.id, item.source, item.about, item.receivedAt],
  )
  return rowCount === 1 ? 'received' : 'already received'
}

async function catalogInForce(pool: Pool): Promise<{ readonly version: number; readonly catalog: Catalog } | null> {
  const { rows } = await pool.query<{ version: number; catalog: JsonObject }>(
    'SELECT version, catalog FROM catalog_version ORDER BY version DESC LIMIT 1',
  )
  return rows[0] ? { version: rows[0].version, catalog: rows[0].catalog as unknown as Catalog } : null
}

const LISTEN_AGAIN_MS = 1_000

/** A connection of its own, that listens; when it breaks, another takes its place, for as long as it takes, and the wake-up meanwhile missed is made up for. */
async function onDue(pool: Pool, wake: (queue: Queue | null) => void): Promise<() => Promise<void>> {
  const over = new AbortController()
  let current: PoolClient | null = null

  const listen = async (): Promise<void> => {
    const client = await pool.connect()
    client.on('notification', ({ payload = '' }) => {
      if (payload === '') wake(null)
      else for (const queue of payload.split(' ')) wake(queue as Queue)
    })
    client.on('error', () => {
      client.release(true)
      if (current === client) current = null
      void listenAgain()
    })
    await client.query('LISTEN tenure_due').catch((cause: Error) => {
      client.release(true)
      throw cause
    })
    current = client
  }
  const listenAgain = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await sleepOnWall(LISTEN_AGAIN_MS, over.signal)
      if (over.signal.aborted) return
      try {
        await listen()
        return wake(null)
      } catch {
        // The database is away still; sleepers look by themselves meanwhile.
      }
    }
  }

  await listen()
  return async () => {
    over.abort()
    current?.removeAllListeners('notification')
    current?.removeAllListeners('error')
    current?.release(true)
  }
}
