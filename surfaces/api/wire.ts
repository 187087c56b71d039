import type { Instant } from '#core/instant.ts'
import type { HaltLine } from '#engine/read/halt-view.ts'
import type { OverdueRemoval } from '#engine/read/overdue-view.ts'
import type { RequestLine, RequestState, RequestView } from '#engine/read/request-view.ts'
import type { ErrorCode } from './errors.ts'

/** What goes over the wire between this server and the console. Instants are milliseconds of Tenure's one clock. */

export interface HealthAnswer {
  readonly status: 'ok'
  readonly database: 'starting' | 'ready'
  readonly console: 'building' | 'ready' | 'failed'
}

export interface PersonChoice {
  readonly personId: string
  readonly name: string
  readonly title: string
  readonly department: string
}

export interface SessionAnswer {
  readonly now: Instant
  /** Where people ask for access, or null when nobody told us. */
  readonly askUrl: string | null
  /** The person that the sandbox's visitor chose to be. Outside the sandbox always null until sign-in exists. */
  readonly person: PersonChoice | null
  /** Null: this is a real company, and nothing may be played with. */
  readonly sandbox: { readonly companyName: string; readonly persons: readonly PersonChoice[] } | null
}

export type StateFilter = RequestState | 'open'
export type Concern = 'asked' | 'waiting'

export interface RequestsAnswer {
  readonly now: Instant
  readonly requests: readonly RequestLine[]
  /** Pass it as `before` to see older ones; null when there are none. */
  readonly next: string | null
  /** How many requests were looked at to find these. */
  readonly searched: number
}

export interface RequestAnswer {
  readonly now: Instant
  readonly request: RequestView
}

export interface HaltsAnswer {
  readonly now: Instant
  /** Every order that is in force; empty while nothing is halted. */
  readonly halts: readonly HaltLine[]
}

/** A removal that is overdue, with the last word of the provider in our words; `said` is its own, hostile. */
export interface OverdueLine extends Omit<OverdueRemoval, 'groups'> {
  readonly groups: readonly {
    readonly name: string
    readonly lastWord: string
    readonly said: string | null
    readonly attempts: number
  }[]
}

export interface OverdueAnswer {
  readonly now: Instant
  /** The longest first; empty while all is well. */
  readonly overdue: readonly OverdueLine[]
  /** How many there are, when these are not all. */
  readonly count: number
}

export interface NowAnswer {
  readonly now: Instant
}

export interface ErrorAnswer {
  readonly error: { readonly code: ErrorCode; readonly words: string; readonly how: string | null }
}
