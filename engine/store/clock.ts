import type { Pool } from 'pg'
import type { Instant } from '#core/instant.ts'

/**
 * The one clock. Everything that depends on time takes `now` from it, and it alone may ask what time it is: in production
 * the time of the database, which all replicas share; in the demo a clock that the story moves on.
 */
export interface Clock {
  now(): Instant
  /** Resolves after so many milliseconds of this clock, or when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

const SAMPLE_EVERY_MS = 30_000
/** A node whose own clock is further off than this should not be trusted with timers: its operator is told at the start. */
export const LARGEST_SKEW_MS = 2_000

export interface DatabaseClock extends Clock {
  /** How far this machine's clock is from the database's, in milliseconds. */
  readonly skewMs: number
  stop(): void
}

/** Database time, sampled now and then and carried on by the monotonic clock of the process in between. */
export async function databaseClock(pool: Pool): Promise<DatabaseClock> {
  let base = await sample(pool)
  const skewMs = base.at - Date.now()
  const timer = setInterval(() => {
    sample(pool).then(
      (next) => (base = forward(base, next)),
      () => undefined, // An outage of the database: the monotonic clock carries on.
    )
  }, SAMPLE_EVERY_MS)
  timer.unref()
  return {
    skewMs,
    now: () => Math.floor(base.at + (performance.now() - base.monotonic)),
    sleep: sleepOnWall,
    stop: () => clearInterval(timer),
  }
}

interface Sample {
  readonly at: number
  readonly monotonic: number
}

async function sample(pool: Pool): Promise<Sample> {
  const before = performance.now()
  const { rows } = await pool.query<{ at: string }>('SELECT (extract(epoch FROM clock_timestamp()) * 1000)::text AS at')
  const after = performance.now()
  return { at: Number(rows[0]?.at), monotonic: (before + after) / 2 }
}

/** Never backwards: an end that has come stays come. */
function forward(old: Sample, next: Sample): Sample {
  const byOld = old.at + (next.monotonic - old.monotonic)
  return next.at >= byOld ? next : { at: byOld, monotonic: next.monotonic }
}

export function sleepOnWall(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, Math.min(ms, 2_147_483_647))
    signal?.addEventListener('abort', done)
  })
}
