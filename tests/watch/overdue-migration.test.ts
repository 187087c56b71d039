import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import type { Pool } from 'pg'
import { MINUTE_MS } from '#core/instant.ts'
import { openPool } from '#engine/store/postgres/postgres-store.ts'
import { createTestDatabase, type TestDatabase } from '#engine/store/test-database.ts'

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

const ENDING_SINCE = '2026-03-04T09:00:00.123Z'

async function grant(id: string, state: object): Promise<void> {
  await pool.query(`INSERT INTO stream_state (name, kind, version, state, created_at) VALUES ($1, 'grant', 1, $2, 0)`, [
    `grant/${id}`,
    state,
  ])
}

test('a removal that was under way before the upgrade is looked at like any other [R055, R114]', async () => {
  await grant('grt_ending', { status: 'ending', endingSince: ENDING_SINCE })
  await grant('grt_live', { status: 'live', endingSince: null })
  await grant('grt_ended', { status: 'ended', endingSince: ENDING_SINCE })
  const sql = await readFile(new URL('../../engine/store/migrations/0010-overdue.sql', import.meta.url), 'utf8')
  for (let times = 0; times < 2; times += 1) await pool.query(sql)
  const { rows } = await pool.query('SELECT id, kind, about, due_at FROM timer')
  assert.deepEqual(rows, [
    {
      id: 'grt_ending:overdue',
      kind: 'removal overdue',
      about: 'grt_ending',
      due_at: Date.parse(ENDING_SINCE) + 15 * MINUTE_MS,
    },
  ])
})
