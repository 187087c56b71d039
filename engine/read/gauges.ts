import type { Pool } from 'pg'
import { MINUTE_MS, type Instant } from '#core/instant.ts'
import type { Queue } from '../store/store.ts'
import type { DueWork, Gauges } from './alarm-reads.ts'
import { countOverdue } from './overdue.ts'

/** To count all windows means to look at every grant, so the number is kept for so long. */
const WINDOWS_KEPT_MS = MINUTE_MS

export function gaugesReader(pool: Pool, overdueAfterMs: number): (now: Instant) => Promise<Gauges> {
  let windows: { readonly count: number; readonly at: Instant } | null = null

  async function liveWindows(now: Instant): Promise<number> {
    if (windows !== null && now - windows.at < WINDOWS_KEPT_MS) return windows.count
    const { rows } = await pool.query<{ count: number }>(
      `SELECT count(*) AS count FROM stream_state WHERE kind = 'grant' AND state ->> 'status' = 'live'`,
    )
    windows = { count: rows[0]?.count ?? 0, at: now }
    return windows.count
  }

  return async (now) => {
    const [overdueRemovals, live, due, log] = await Promise.all([
      countOverdue(pool, { now, overdueAfterMs }),
      liveWindows(now),
      Promise.all(QUEUES.map((queue) => dueWork(pool, queue, now))),
      pool.query<{ sealed: number; unsealed: number }>(
        `SELECT coalesce((SELECT max(size) FROM checkpoint), 0) AS sealed, (SELECT count(*) FROM unsealed)
           + (SELECT coalesce(sum(cardinality(positions)), 0) FROM unsealed_run)::bigint AS unsealed`,
      ),
    ])
    const { sealed = 0, unsealed = 0 } = log.rows[0] ?? {}
    return { overdueRemovals, liveWindows: live, due, sealedRecords: sealed, unsealedRecords: unsealed }
  }
}

const QUEUES: readonly Queue[] = ['timer', 'inbox', 'outbox', 'membership']

/** Both partial indexes of the queue, each from its beginning: what is free, and what is leased. */
async function dueWork(pool: Pool, queue: Queue, now: Instant): Promise<DueWork> {
  const { rows } = await pool.query<{ count: number; oldest: number | null }>(
    `SELECT sum(count)::bigint AS count, min(oldest) AS oldest FROM (
       SELECT count(*) AS count, min(due_at) AS oldest FROM ${queue} WHERE due_at <= $1 AND lease_until IS NULL
       UNION ALL
       SELECT count(*), min(due_at) FROM ${queue} WHERE due_at <= $1 AND lease_until IS NOT NULL) AS parts`,
    [now],
  )
  const { count = 0, oldest = null } = rows[0] ?? {}
  return { queue, count, oldestAgeMs: oldest === null ? 0 : Math.max(0, now - oldest) }
}
