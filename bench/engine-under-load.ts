import type { Pool } from 'pg'
import { connectors } from '#connectors/index.ts'
import type { Limits } from '#connectors/kit/budget.ts'
import type { Io } from '#connectors/kit/io.ts'
import { createUndiciFetch } from '#connectors/kit/undici-fetch.ts'
import { newSigningKey } from '#engine/evidence/signed-note.ts'
import type { Log } from '#engine/ports.ts'
import { databaseClock, type Clock } from '#engine/store/clock.ts'
import { openPool, postgresStore } from '#engine/store/postgres/postgres-store.ts'
import { createTestDatabase } from '#engine/store/test-database.ts'
import { compose, type Composed } from '#server/compose.ts'
import { countedIo } from '#server/counted-io.ts'
import { note } from './figures.ts'
import { startOktaServer, type OktaServer } from './okta-server.ts'

/** The engine as the server composes it, on a database of its own, with the Okta stand-in in another process. */
export interface EngineUnderLoad extends Composed {
  readonly server: OktaServer
  readonly pool: Pool
  readonly clock: Clock
  close(): Promise<void>
}

export async function engineUnderLoad(of: {
  readonly users: number
  readonly groups: number
  readonly inFlight: number
  /** Unless given, Okta sets no limits. */
  readonly limits?: { readonly windowMs: number }
}): Promise<EngineUnderLoad> {
  const server = await startOktaServer(of.users, of.groups, of.limits?.windowMs)
  const database = await createTestDatabase()
  const pool = openPool({ ...database.connectionConfig, max: 16, statement_timeout: 0, query_timeout: 0 })
  const clock = await databaseClock(pool)
  const network = createUndiciFetch({ connections: of.inFlight })
  const store = postgresStore(pool)
  const log: Log = (level, message) => void (level === 'error' && note(message))
  const counted = countedIo({ fetch: network.fetch, clock, store, log })
  const { budgets } = counted
  const io: Io = {
    ...counted.io,
    budget: (provider, limits) => budgets.of(provider, scaled(limits, of.limits?.windowMs)),
  }
  const config = {
    domain: server.url,
    clientId: '',
    privateKey: '',
    keyId: '',
    apiToken: '',
    accessToken: server.accessToken,
    concurrency: String(of.inFlight),
    accounts: '',
    log: '',
  }
  const composed = compose({
    store,
    clock,
    budgets,
    connections: { okta: connectors.okta.connect(config, io) },
    sealEveryMs: 1_000,
    signingKey: newSigningKey('tenure.bench/log'),
    log,
  })
  return {
    ...composed,
    server,
    pool,
    clock,
    async close() {
      clock.stop()
      await network.close()
      await pool.end()
      await database.drop()
      server.stop()
    },
  }
}

function scaled(limits: Limits, windowMs: number | undefined): Limits {
  if (windowMs === undefined) return limits
  return { ...limits, buckets: limits.buckets.map((each) => ({ ...each, windowMs })) }
}
