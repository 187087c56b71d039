import type { Pool } from 'pg'
import { isoOf, MINUTE_MS, type Instant } from '#core/instant.ts'
import { grantTimeCame } from '../handle/end-grant.ts'
import { takeTurn } from '../handle/turn.ts'
import type { Ports } from '../ports.ts'
import { lookWhetherOverdue } from './look-whether-overdue.ts'

/*
 * The third way to an end of access, after the timer and the provider's own end: now and then every grant is looked at for
 * itself. Whatever is past its end and has no timer that would work it (a row that was lost by a bug, by a hand, by an old
 * backup) is worked as if its timer had rung: the core decides, as always. So is a removal that waits for nothing.
 */

/** The timer goes first: only what has been due for so long can have been forgotten. */
const FORGOTTEN_AFTER_MS = MINUTE_MS

export interface Swept {
  readonly ends: number
  readonly removals: number
}

export async function sweepEnds(ports: Ports, pool: Pool): Promise<Swept> {
  const now = ports.clock.now()
  const forgotten = await forgottenEnds(pool, now)
  for (const each of forgotten) {
    // One that cannot be worked must not stand in the way of the others.
    await workForgotten(ports, each).catch((fault: unknown) =>
      ports.log('error', `the sweep could not work ${each.grantId}: ${String(fault)}`),
    )
  }
  const removals = await remindRemovals(pool, now)
  const ends = forgotten.filter((each) => each.status !== 'ending').length
  if (ends + removals > 0)
    ports.log('error', `the sweep found ends of access that nothing else would have worked`, { ends, removals })
  return { ends, removals }
}

async function workForgotten(ports: Ports, { grantId, status }: Forgotten): Promise<void> {
  if (status === 'ending') return void (await lookWhetherOverdue(ports, grantId))
  const kind = status === 'live' ? 'window ends' : 'complete by'
  await takeTurn(ports, { kind: 'timer' }, (turn) => grantTimeCame(turn, grantId, kind))
}

interface Forgotten {
  readonly grantId: string
  readonly status: 'opening' | 'live' | 'ending'
}

async function forgottenEnds(pool: Pool, now: Instant): Promise<readonly Forgotten[]> {
  const { rows } = await pool.query<Forgotten>(
    `SELECT substr(name, 7) AS "grantId", state ->> 'status' AS status
     FROM stream_state LEFT JOIN timer ON timer.id = substr(name, 7) ||
       CASE state ->> 'status' WHEN 'live' THEN ':window' WHEN 'opening' THEN ':complete' ELSE ':overdue' END
     WHERE stream_state.kind = 'grant' AND timer.due_at IS NULL AND CASE state ->> 'status'
       WHEN 'live' THEN state ->> 'endsAt' <= $1
       WHEN 'opening' THEN state #>> '{opened,completeBy}' <= $1
       WHEN 'ending' THEN state ->> 'endingSince' <= $1 AND state ->> 'overdue' IS NULL
       ELSE false END
     ORDER BY name`,
    [isoOf(now - FORGOTTEN_AFTER_MS)],
  )
  return rows
}

/** Reading is always safe: whoever finds the membership looks before it writes. */
async function remindRemovals(pool: Pool, now: Instant): Promise<number> {
  const { rowCount } = await pool.query(
    `UPDATE membership SET work = 'read', due_at = $1
     WHERE due_at IS NULL AND lease_until IS NULL AND state -> 'ending' <> '[]'::jsonb`,
    [now],
  )
  return rowCount ?? 0
}
