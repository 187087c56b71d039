import type { Instant } from '#core/instant.ts'
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

export interface NowAnswer {
  readonly now: Instant
}

export interface ErrorAnswer {
  readonly error: { readonly code: ErrorCode; readonly words: string; readonly how: string | null }
}
