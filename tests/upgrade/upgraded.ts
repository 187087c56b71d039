import { readFile } from 'node:fs/promises'
import type { Pool } from 'pg'
import type { Instant } from '#core/instant.ts'
import { parseSigningKey } from '#engine/evidence/signed-note.ts'
import { randomIds } from '#engine/ids.ts'
import { migrate } from '#engine/store/migrate.ts'
import { openPool } from '#engine/store/postgres/postgres-store.ts'
import { createTestDatabase } from '#engine/store/test-database.ts'
import { WORK_SETTINGS } from '#engine/workers/workers.ts'
import { html } from '../life/wire.ts'
import { loadFixture, migrationFile, readFixture, schemaVersions, type Fixture } from './fixture.ts'
import { openOutside } from './outside.ts'
import { startProduct, type Product } from './product.ts'

/** A database as an earlier release left it, before anybody upgraded it. */
export interface LeftBehind {
  readonly fixture: Fixture
  readonly pool: Pool
  close(): Promise<void>
}

export async function leftBehind(version: string): Promise<LeftBehind> {
  const fixture = await readFixture(version)
  const upTo = (await schemaVersions()).filter((each) => each <= version).map(migrationFile)
  const database = await createTestDatabase({
    schema: (await Promise.all(upTo.map((path) => readFile(path, 'utf8')))).join('\0'),
    migrate: (pool) => migrate(pool, `${version}.sql`),
  })
  const pool = openPool(database.connectionConfig)
  await loadFixture(pool, fixture)
  return {
    fixture,
    pool,
    async close() {
      await pool.end()
      await database.drop()
    },
  }
}

/** What waits in the tables, in the columns that every schema has had. */
export interface Waiting {
  readonly queue: string
  readonly id: string
  readonly due_at: Instant
  readonly lease_until: Instant | null
}

export async function waitingIn(pool: Pool): Promise<readonly Waiting[]> {
  const of = (queue: string, id: string): string =>
    `SELECT '${queue}' AS queue, ${id} AS id, due_at, lease_until FROM ${queue} WHERE due_at IS NOT NULL`
  const queues = [of('timer', 'id'), of('inbox', 'id'), of('outbox', 'id::text'), of('membership', 'name')]
  const { rows } = await pool.query<Waiting>(`${queues.join(' UNION ALL ')} ORDER BY queue, id`)
  return rows
}

/** The release of today, started on what is in the database, in the world that the fixture tells of. */
export interface Today extends Product {
  /**
   * Writes to Okta that changed nothing there, although the answer to the one before had been recorded. (What was never
   * answered may be sent again: nobody knows whether it was done, and done twice it is done.)
   */
  readonly inVain: readonly string[]
}

export async function startToday({ fixture, pool }: LeftBehind): Promise<Today> {
  const now = Date.parse(fixture.at)
  const standIns = openOutside(fixture.outside, now)
  const product = await startProduct({
    pool,
    company: fixture.outside.company,
    standIns,
    signingKey: parseSigningKey(fixture.signingKey),
    ids: randomIds,
    work: WORK_SETTINGS,
    now,
  })
  const unanswered = await changesWithoutAnswer(pool)
  const inVain: string[] = []
  product.wires.okta.bend((request, go) => {
    const { method, url } = request
    if (method === 'GET') return go()
    if (method === 'PUT' && fixture.unreachable.some((account) => url.endsWith(account))) return html(403)
    const before = standIns.okta.truth.changeLog.length
    const answer = go()
    const changed = standIns.okta.truth.changeLog.length > before
    if (!changed && !unanswered.some((path) => url.endsWith(path))) inVain.push(`${method} ${url}`)
    return answer
  })
  return { ...product, inVain }
}

async function changesWithoutAnswer(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ path: string }>(
    `SELECT '/groups/' || group_id || '/users/' || (state #>> '{change,account}') AS path FROM membership
     WHERE state #> '{change,answered}' = 'null' OR state #>> '{change,answered,kind}' = 'unavailable'`,
  )
  return rows.map((row) => row.path)
}
