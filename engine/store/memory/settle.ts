import { storableNote } from '../note.ts'
import type { Settlement } from '../store.ts'
import type { Table } from './table.ts'
import type { MembershipRow, Tables } from './tables.ts'
import type { WorkRow } from './work-queue.ts'

export type Failure = 'conflict' | 'lease lost'

/** Ends claims; each only while its fence is still the claimant's. */
export function settle(tables: Tables, settlements: readonly Settlement[]): Failure | null {
  if (settlements.length === 0) return null
  const of = (queue: Settlement['queue']) => settlements.filter((each) => each.queue === queue)
  return (
    settleQueue(tables.timers.table, of('timer'), 'leaves nothing behind') ??
    settleQueue(tables.inbox.table, of('inbox'), 'stays') ??
    settleQueue(tables.outbox.table, of('outbox'), 'leaves nothing behind') ??
    settleMemberships(tables.memberships.table, of('membership'))
  )
}

/** A timer that rang and a message that was said leave nothing behind; an inbox item stays, to know its double by. */
function settleQueue<Row extends WorkRow>(
  table: Table<Row>,
  own: readonly Settlement[],
  spent: 'leaves nothing behind' | 'stays',
): Failure | null {
  if (hasDoubles(own)) return 'lease lost'
  for (const settlement of own) {
    const row = table.get(settlement.id)
    if (row?.fence !== settlement.fence) return 'lease lost'
    if (settlement.dueAt === null && spent === 'leaves nothing behind') table.remove(row.id)
    else table.put({ ...row, ...afterClaim(row, settlement), dueAt: settlement.dueAt })
  }
  return null
}

/** Memberships that are settled without an event. */
function settleMemberships(table: Table<MembershipRow>, own: readonly Settlement[]): Failure | null {
  const stands = ({ id, version, fence }: Settlement): boolean => {
    const row = table.get(id)
    return row?.fence === fence && (version === undefined || row.version === version)
  }
  if (hasDoubles(own) || !own.every(stands)) return whyNot(table, own)
  for (const settlement of own) {
    const row = table.get(settlement.id)
    if (row) table.put({ ...row, ...settledMembership(row, settlement) })
  }
  return null
}

export function settledMembership(row: MembershipRow, settlement: Settlement): Partial<MembershipRow> {
  const { work, dueAt, urgency } = settlement
  return { ...afterClaim(row, settlement), work: work ?? null, dueAt, urgency: urgency ?? row.urgency }
}

function afterClaim(row: WorkRow, { keepLease, note, progress }: Settlement): Partial<WorkRow> {
  return {
    leaseUntil: keepLease ? row.leaseUntil : null,
    note: storableNote(note),
    attempts: progress ? 0 : row.attempts,
  }
}

/** A membership that could not be written has moved on, or was taken over: the fences tell. */
export function whyNot(
  table: Table<MembershipRow>,
  claimed: readonly { readonly id: string; readonly fence: number }[],
): Failure {
  return claimed.every(({ id, fence }) => table.get(id)?.fence === fence) ? 'conflict' : 'lease lost'
}

/** The same row twice in one statement is one row, and so the statement comes out short. */
export function hasDoubles(rows: readonly { readonly id: string }[]): boolean {
  return rows.length > 1 && new Set(rows.map((each) => each.id)).size < rows.length
}
