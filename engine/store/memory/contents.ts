import type { PersonLink, StoredEvent } from '../store.ts'
import type { BudgetRow, InboxRow, MembershipRow, OutboxRow, StreamRow, Tables, TimerRow } from './tables.ts'
import type { CheckpointRow } from './event-log.ts'

/**
 * What is in the twin, to be looked at and never to be written: beyond the port, and so nothing that the product could use.
 * All of it is alive (it shows what is true at the moment of the look) and costs nothing to ask for; rows never change,
 * another takes their place.
 */
export interface Contents {
  /** All events of all streams in the order of their position. */
  readonly events: readonly StoredEvent[]
  /** How many of these events are leaves of the log: always the first ones. */
  readonly sealedCount: number
  readonly checkpoints: readonly CheckpointRow[]
  /** Where each stream stands that is no membership, by its name. */
  readonly streams: ReadonlyMap<string, StreamRow>
  /** Where each membership stands, with its place in the line of work, by its name. */
  readonly memberships: ReadonlyMap<string, MembershipRow>
  readonly timers: ReadonlyMap<string, TimerRow>
  readonly inbox: ReadonlyMap<string, InboxRow>
  readonly outbox: ReadonlyMap<string, OutboxRow>
  readonly links: ReadonlyMap<string, PersonLink>
  readonly budgets: ReadonlyMap<string, BudgetRow>
}

export function contentsOf(tables: Tables): Contents {
  const { log, streams, memberships, timers, inbox, outbox, links, budgets } = tables
  return {
    events: log.events,
    get sealedCount() {
      return log.sealedCount
    },
    checkpoints: log.checkpoints,
    streams: streams.rows,
    memberships: memberships.table.rows,
    timers: timers.table.rows,
    inbox: inbox.table.rows,
    outbox: outbox.table.rows,
    links: links.rows,
    budgets,
  }
}
