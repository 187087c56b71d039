import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from '#engine/store/memory/memory-store.ts'
import { openPool, postgresStore } from '#engine/store/postgres/postgres-store.ts'
import { createTestDatabase } from '#engine/store/test-database.ts'
import { drawSchedule } from './schedule/draw-schedule.ts'
import type { Schedule } from './schedule/schedule.ts'
import { simulate } from './world/simulate.ts'

/*
 * The twin in memory is worth something only if PostgreSQL would have done the same. So the same schedules are run on
 * both, and the traces are compared, every line: each claim with its fences, each commit with its events.
 *
 * 25 schedules, or as many as DIFFERENTIAL_SCHEDULES says, from DIFFERENTIAL_SEED on.
 */
const COUNT = Number(process.env['DIFFERENTIAL_SCHEDULES'] ?? 25)
const FIRST = Number(process.env['DIFFERENTIAL_SEED'] ?? 1)

for (let seed = FIRST; seed < FIRST + COUNT; seed += 1) {
  test(`seed ${seed}: PostgreSQL and the twin in memory give the same trace [I12, I27]`, async () => {
    const schedule = drawSchedule(seed)
    const inMemory = await simulate(schedule, memoryStore(), true)
    const { trace, traceHash } = await onPostgres(schedule)
    const place = trace.findIndex((line, at) => line !== inMemory.trace[at])
    assert.equal(trace[place], inMemory.trace[place], `line ${place} of ${trace.length}`)
    assert.equal(traceHash, inMemory.traceHash)
  })
}

async function onPostgres(schedule: Schedule) {
  const database = await createTestDatabase()
  const pool = openPool(database.connectionConfig)
  try {
    return await simulate(schedule, postgresStore(pool), true)
  } finally {
    await pool.end()
    await database.drop()
  }
}
