import type { Instant } from '#core/instant.ts'
import type { JsonObject } from '#core/event.ts'
import type { Deed } from '../schedule/schedule.ts'

/** Everything that was seen to happen in a run, told by those who watched from outside. The checks read this, and nothing of ours. */
export interface History {
  readonly calls: Call[]
  readonly commits: Committed[]
  readonly deeds: Done[]
  readonly replicas: ReplicaEvent[]
  readonly webhooks: Posted[]
  /** Each time when a whole reading of the directory was kept. */
  readonly syncs: Synced[]
  readonly log: Logged[]
  readonly notices: string[]
  /** Faults that really befell something: number, and in which states of a life. */
  readonly fired: Fired[]
}

/** One HTTP exchange of the product with a vendor. */
export interface Call {
  readonly vendor: 'okta' | 'jira'
  readonly replica: string
  readonly method: string
  readonly path: string
  readonly sentAt: Instant
  /** When the vendor acted on it; null: it never arrived. */
  arrivedAt: Instant | null
  /** When the product had the answer; null: never. */
  answeredAt: Instant | null
  status: number | null
  /** Whether an answer of the vendor's own, unspoilt, reached us. */
  clean: boolean
}

export interface Committed {
  readonly at: Instant
  readonly replica: string
  readonly streams: readonly {
    readonly stream: string
    readonly types: readonly string[]
    readonly state: JsonObject
  }[]
}

export interface Done {
  readonly at: Instant
  readonly deed: Deed
  /** What came of it, e.g. the key of the ticket, or the status of the answer. */
  result: string
}

export interface ReplicaEvent {
  readonly at: Instant
  readonly replica: string
  readonly what: 'started' | 'killed' | 'paused' | 'went on' | 'stopped'
  /** Of a pause that no plan tells: until when. */
  readonly until?: Instant
}

export interface Posted {
  readonly at: Instant
  readonly kind: 'genuine' | 'forged' | 'replayed' | 'of another site'
  /** The signed bytes, as text. */
  readonly body: string
  verdict: string
}

export interface Synced {
  readonly at: Instant
  /** When the reading began, by the clock of the process that read. */
  readonly readAt: Instant
}

export interface Logged {
  readonly at: Instant
  readonly level: 'info' | 'warning' | 'error'
  readonly message: string
  readonly facts?: Readonly<Record<string, string | number>>
  readonly replica: string
}

export interface Fired {
  readonly number: number
  readonly kind: string
  readonly at: Instant
  /** Whether it befell a call that changes a membership. */
  readonly ofChange: boolean
  readonly states: readonly LifeState[]
}

/** Where a request and its grant stand, seen as one life. */
export type LifeState = 'waiting' | 'opening' | 'live' | 'ending' | 'over' | 'none'

export function newHistory(): History {
  return { calls: [], commits: [], deeds: [], replicas: [], webhooks: [], syncs: [], log: [], notices: [], fired: [] }
}
