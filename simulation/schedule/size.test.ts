import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR_MS } from '#core/instant.ts'
import { memoryStore } from '#engine/store/memory/memory-store.ts'
import { simulate } from '../world/simulate.ts'
import { drawSchedule } from './draw-schedule.ts'

test('a schedule is at least three hours long, and at least a hundred calls to vendors', async () => {
  for (let seed = 9_001; seed <= 9_016; seed += 1) {
    const schedule = drawSchedule(seed)
    assert.ok(schedule.endMs >= 3 * HOUR_MS, `seed ${seed} ends after ${schedule.endMs / HOUR_MS} h`)
    const { history } = await simulate(schedule, memoryStore())
    assert.ok(history.calls.length >= 100, `seed ${seed} makes ${history.calls.length} calls`)
  }
})

test('none of a thousand schedules is shorter', () => {
  for (let seed = 1; seed <= 1_000; seed += 1) assert.ok(drawSchedule(seed).endMs >= 3 * HOUR_MS, `seed ${seed}`)
})
