import type { Pool } from 'pg'
import { MINUTE_MS, SECOND_MS, type Instant } from '#core/instant.ts'

/*
 * The heartbeat tells an alarm of somebody else that we do our work; when it stops, that alarm rings. So it must stop when
 * the work stops, and not only when the process does: it is sent only while ends of access are worked when they are due,
 * the database answers, and records are sealed.
 */

export interface Pulse {
  /** How long the oldest due end of access waits for somebody to work it; 0 when none is due. */
  readonly oldestEndMs: number
  /** How long the oldest record waits to be sealed; 0 when all are. */
  readonly oldestUnsealedMs: number
}

/** An end of access that is due for longer, or a record that is not sealed for longer, means that nobody works. */
export const STANDS_STILL_AFTER_MS: number = 2 * MINUTE_MS

/** Fails when the database does not answer. */
export async function takePulse(pool: Pool, now: Instant): Promise<Pulse> {
  const ends = `kind IN ('window ends', 'complete by') AND due_at <= $1`
  const { rows } = await pool.query<{ end: number | null; unsealed: number | null }>(
    `SELECT least(
       (SELECT min(due_at) FROM timer WHERE ${ends} AND lease_until IS NULL),
       (SELECT min(due_at) FROM timer WHERE ${ends} AND lease_until IS NOT NULL)) AS end,
     (SELECT at FROM event WHERE position =
       least((SELECT min(position) FROM unsealed), (SELECT min(first_position) FROM unsealed_run))) AS unsealed`,
    [now],
  )
  const { end = null, unsealed = null } = rows[0] ?? {}
  return { oldestEndMs: ageOf(end, now), oldestUnsealedMs: ageOf(unsealed, now) }
}

function ageOf(at: Instant | null, now: Instant): number {
  return at === null ? 0 : Math.max(0, now - at)
}

/** Why the heart must not beat; null when all is well. */
export function whyStill({ oldestEndMs, oldestUnsealedMs }: Pulse): string | null {
  if (oldestEndMs > STANDS_STILL_AFTER_MS)
    return `an end of access has been due for ${Math.round(oldestEndMs / SECOND_MS)} s and nobody has worked it`
  if (oldestUnsealedMs > STANDS_STILL_AFTER_MS)
    return `a record has waited for ${Math.round(oldestUnsealedMs / SECOND_MS)} s to be sealed`
  return null
}
