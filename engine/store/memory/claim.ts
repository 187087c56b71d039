import type { Instant } from '#core/instant.ts'
import type {
  ClaimMembershipOptions,
  ClaimOptions,
  Claimed,
  ClaimedMembership,
  Held,
  Queue,
  TimerPart,
  TimersOf,
  WorkOf,
} from '../store.ts'
import type { Line } from './line.ts'
import type { Tables, TimerRow } from './tables.ts'
import type { ClaimedRow, WorkQueue, WorkRow } from './work-queue.ts'

export function claim(
  tables: Tables,
  queue: Exclude<Queue, 'membership'>,
  { limit, part, leaseMs, now }: ClaimOptions,
): readonly Claimed[] {
  const { timers, inbox, outbox, lines } = tables
  const until = now + leaseMs
  switch (queue) {
    case 'timer': {
      const rows = timers.claim(timerLines(tables, part), limit, now, until)
      timers.giveUpLeases(now)
      return rows.map((row) => ({ ...claimedOf(row), about: row.about, kind: row.kind }))
    }
    case 'inbox': {
      const rows = inbox.claim(lines.inbox, limit, now, until)
      inbox.giveUpLeases(now)
      return rows.map((row) => ({ ...claimedOf(row), about: row.about, kind: row.source }))
    }
    case 'outbox': {
      const rows = outbox.claim(lines.outbox, limit, now, until)
      outbox.giveUpLeases(now)
      return rows.map((row) => ({ ...claimedOf(row), about: row.key, kind: `${row.stream}@${row.version}` }))
    }
  }
}

function timerLines({ lines: { timers } }: Tables, part: TimerPart | undefined): readonly Line<TimerRow>[] {
  return part === undefined ? [timers.ends, timers.syncs, timers.others] : [timers[part]]
}

export function claimMemberships(
  { memberships, lines }: Tables,
  work: 'write' | 'read',
  { limit, leaseMs, now, dueSinceMs = 0, ...only }: ClaimMembershipOptions,
): readonly ClaimedMembership[] {
  const claimed: ClaimedMembership[] = []
  memberships.bringLinesUpToDate()
  for (const ofUrgency of lines.memberships.byUrgency({ ...only, work })) {
    if (claimed.length >= limit) break
    for (const row of memberships.claim(ofUrgency, limit - claimed.length, now - dueSinceMs, now + leaseMs)) {
      const { group, personId, version, state } = row
      claimed.push({ ...claimedOf(row), group, personId, version, state })
    }
  }
  memberships.giveUpLeases(now)
  return claimed
}

function claimedOf(row: ClaimedRow<WorkRow>): Pick<Claimed, 'id' | 'fence' | 'leaseUntil' | 'dueAt' | 'attempts'> {
  return { id: row.id, fence: row.fence, leaseUntil: row.leaseUntil, dueAt: row.dueAt, attempts: row.attempts }
}

export function renew(tables: Tables, queue: Queue, held: readonly Held[], until: Instant): ReadonlySet<string> {
  return queueOf(tables, queue).renew(held, until)
}

export function queueOf(tables: Tables, queue: Queue): Pick<WorkQueue<WorkRow>, 'renew'> {
  switch (queue) {
    case 'timer':
      return tables.timers
    case 'inbox':
      return tables.inbox
    case 'outbox':
      return tables.outbox
    case 'membership':
      return tables.memberships
  }
}

export function nextDue(tables: Tables, queue?: Queue, of?: WorkOf | TimersOf): Instant | null {
  const { timers, inbox, outbox, memberships, lines } = tables
  if (of && 'part' in of) return timers.nextDue(timerLines(tables, of.part))
  if (of) {
    memberships.bringLinesUpToDate()
    return memberships.nextDue(lines.memberships.together(of))
  }
  switch (queue) {
    case 'timer':
      return timers.nextDue(timerLines(tables, undefined))
    case 'inbox':
      return inbox.nextDue(lines.inbox)
    case 'outbox':
      return outbox.nextDue(lines.outbox)
    case 'membership':
      memberships.bringLinesUpToDate()
      return memberships.nextDue(lines.memberships.all())
    case undefined: {
      const all = (['timer', 'inbox', 'outbox', 'membership'] as const).map((each) => nextDue(tables, each))
      return all.reduce((a, b) => (a === null || b === null ? (a ?? b) : Math.min(a, b)))
    }
  }
}
