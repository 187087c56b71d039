import { connectors } from '#connectors/index.ts'
import type { OktaConfig } from '#connectors/okta/config.ts'
import { createUndiciFetch } from '#connectors/kit/undici-fetch.ts'
import { newSigningKey, parseSigningKey } from '#engine/evidence/signed-note.ts'
import type { Log } from '#engine/ports.ts'
import { databaseClock } from '#engine/store/clock.ts'
import { openPool, postgresStore } from '#engine/store/postgres/postgres-store.ts'
import { runEngine } from '#engine/workers/engine.ts'
import { compose } from '#server/compose.ts'
import { countedIo } from '#server/counted-io.ts'

/** One replica of the engine in a process of its own, to be killed. What it is told comes in one environment variable. */
export interface ReplicaOrders {
  readonly databaseUrl: string
  readonly okta: OktaConfig
  readonly leaseMs: number
  readonly signingKey?: string
}

const orders = JSON.parse(process.env['REPLICA_ORDERS'] ?? '{}') as ReplicaOrders
const pool = openPool({ connectionString: orders.databaseUrl })
const clock = await databaseClock(pool)
const { fetch } = createUndiciFetch()
const store = postgresStore(pool)
const log: Log = (level, message) => void (level === 'error' && process.stderr.write(`${message}\n`))
const { io, budgets } = countedIo({ fetch, clock, store, log, leaseMs: orders.leaseMs })
const { ports, jobs } = compose({
  store,
  clock,
  connections: { okta: connectors.okta.connect(orders.okta, io) },
  budgets,
  sealEveryMs: 1_000,
  signingKey: orders.signingKey ? parseSigningKey(orders.signingKey) : newSigningKey('tenure.test/replica'),
  log,
  work: { batch: 200, leaseMs: orders.leaseMs },
})
await runEngine(ports, jobs)
process.stdout.write('running\n')
// The parent ends us; should it die first, its end of the pipe closes and so do we.
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
