import type { JsonObject } from '#core/event.ts'
import type { Catalog } from '#core/catalog/catalog.ts'
import type { Instant } from '#core/instant.ts'
import type { GroupRef, PersonId } from '#core/identity-action/membership-key.ts'
import type { Urgency } from '#core/identity-action/urgency.ts'
import type { PersonLink, TimerKind, TimerPart } from '../store.ts'
import { DirectoryTables } from './directory-tables.ts'
import { EventLog } from './event-log.ts'
import { KeyIndex } from './key-index.ts'
import { MembershipLines } from './membership-lines.ts'
import { OutboxKeys } from './outbox-keys.ts'
import { Line } from './line.ts'
import { Table } from './table.ts'
import { Transaction } from './transaction.ts'
import { WorkQueue, type WorkRow } from './work-queue.ts'

export interface StreamRow {
  readonly id: string
  readonly version: number
  readonly state: JsonObject
  readonly keys: readonly string[]
  readonly createdAt: Instant
}

export interface MembershipRow extends WorkRow {
  readonly group: GroupRef
  readonly personId: PersonId
  readonly version: number
  readonly state: JsonObject
  readonly work: 'write' | 'read' | null
  readonly urgency: Urgency
}

export interface TimerRow extends WorkRow {
  readonly kind: TimerKind
  readonly about: string
}

export interface InboxRow extends WorkRow {
  readonly source: string
  readonly about: string
  readonly receivedAt: Instant
}

export interface OutboxRow extends WorkRow {
  readonly key: string
  readonly stream: string
  readonly version: number
}

export interface LinkRow extends PersonLink {
  readonly id: string
}

export interface BudgetRow {
  readonly version: number
  readonly state: JsonObject
}

export interface CatalogRow {
  readonly id: string
  readonly version: number
  readonly catalog: Catalog
  readonly at: Instant
}

/** Ends of access, and syncs, wait apart from all other timers. */
function partOf(kind: TimerKind): TimerPart {
  if (kind === 'window ends' || kind === 'complete by') return 'ends'
  return kind === 'sync directory' || kind === 'read members' ? 'syncs' : 'others'
}

/** The tables of engine/store/migrations, as far as the store port knows them. */
export type Tables = ReturnType<typeof emptyTables>

export function emptyTables() {
  const transaction = new Transaction()
  const streamsByKey = new KeyIndex<StreamRow>(({ keys }) => keys)
  const linksByPerson = new KeyIndex<LinkRow>(({ personId }) => [personId])

  // A line asks its queue whether a row is current, and the queue is made with its lines: hence the late look.
  const lineOf = <Row extends WorkRow>(queue: () => WorkQueue<Row>): Line<Row> =>
    new Line<Row>(
      (row) => row.dueAt ?? 0,
      (row) => queue().isCurrent(row),
    )
  const timerLines = {
    ends: lineOf<TimerRow>(() => timers),
    syncs: lineOf<TimerRow>(() => timers),
    others: lineOf<TimerRow>(() => timers),
  }
  const inboxLine = lineOf<InboxRow>(() => inbox)
  const outboxLine = lineOf<OutboxRow>(() => outbox)
  const membershipLines = new MembershipLines(() => lineOf<MembershipRow>(() => memberships))

  const timers: WorkQueue<TimerRow> = new WorkQueue(transaction, ({ kind }) => timerLines[partOf(kind)])
  const inbox: WorkQueue<InboxRow> = new WorkQueue(transaction, () => inboxLine)
  const outbox: WorkQueue<OutboxRow> = new WorkQueue(transaction, () => outboxLine, new OutboxKeys())
  const memberships: WorkQueue<MembershipRow> = new WorkQueue(transaction, (row) => membershipLines.lineOf(row))

  return {
    transaction,
    streams: new Table<StreamRow>(transaction, streamsByKey.changed),
    streamsByKey,
    log: new EventLog(transaction),
    timers,
    inbox,
    outbox,
    memberships,
    lines: { timers: timerLines, inbox: [inboxLine], outbox: [outboxLine], memberships: membershipLines },
    directory: new DirectoryTables(),
    links: new Table<LinkRow>(transaction, linksByPerson.changed),
    linksByPerson,
    catalogs: new Table<CatalogRow>(transaction, () => undefined),
    budgets: new Map<string, BudgetRow>(),
    /**
     * Numbers given so far. As with PostgreSQL's identity columns, what a transaction drew and gave back is not drawn again.
     */
    drawn: { outbox: 0, timers: 0, inbox: 0, memberships: 0 },
  }
}
