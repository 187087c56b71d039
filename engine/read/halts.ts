import type { Pool } from 'pg'
import { ALL, type HaltState } from '#core/halt/halt.ts'
import type { Instant } from '#core/instant.ts'
import type { Actor } from '#core/trigger/actor.ts'
import type { HaltLine, HaltReads, WaitingLine } from './halt-view.ts'

/** What people ask about the emergency stop. Who ordered it and why stands in the newest record of its stream, not in the state. */
export function haltReads(pool: Pool): HaltReads {
  return {
    orders: () => orders(pool),
    waiting: (now) => waiting(pool, now),
    providers: () => providers(pool),
  }
}

interface OrderRow {
  readonly scope: string
  readonly state: HaltState
  readonly by: Actor
  readonly reason: string | null
}

async function orders(pool: Pool): Promise<readonly HaltLine[]> {
  const { rows } = await pool.query<OrderRow>(
    `SELECT split_part(s.name, '/', 2) AS scope, s.state, e.by, p.fields ->> 'reason' AS reason
     FROM stream_state s JOIN event e ON e.stream = s.name AND e.version = s.version
       LEFT JOIN personal p ON p.stream = e.stream AND p.version = e.version
     WHERE s.kind = 'halt' ORDER BY s.name`,
  )
  const lines = rows.flatMap(({ scope, state: { halted }, by, reason }): HaltLine[] => {
    if (halted === null) return []
    const { exceptRemovals, since } = halted
    const provider = scope === ALL ? null : scope
    return [{ provider, exceptRemovals, since: Date.parse(since), orderedBy: nameOf(by), reason }]
  })
  return lines.toSorted((a, b) => Number(b.provider === null) - Number(a.provider === null))
}

function nameOf(by: Actor): string {
  if (by.kind === 'operator') return by.name
  return by.kind === 'person' ? by.id : 'Tenure'
}

/**
 * A change is on its way while its intent has no answer and somebody holds it; one that is sent once more looks like one
 * that is being read, so this counts both.
 */
async function waiting(pool: Pool, now: Instant): Promise<readonly WaitingLine[]> {
  const { rows } = await pool.query<WaitingLine>(
    `SELECT provider,
       count(*) FILTER (WHERE work = 'write' AND state ->> 'desired' <> 'removed')::int AS additions,
       count(*) FILTER (WHERE work = 'write' AND state ->> 'desired' = 'removed')::int AS removals,
       count(*) FILTER (WHERE work = 'read' AND lease_until > $1 AND state -> 'change' <> 'null'
         AND coalesce(state -> 'change' -> 'answered' ->> 'kind', 'unavailable') = 'unavailable')::int AS "onTheirWay"
     FROM membership WHERE due_at IS NOT NULL GROUP BY provider ORDER BY provider`,
    [now],
  )
  return rows
}

async function providers(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ provider: string }>(
    'SELECT DISTINCT provider FROM directory_group ORDER BY provider',
  )
  return rows.map((row) => row.provider)
}
