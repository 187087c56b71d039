import type { Instant } from '#core/instant.ts'
import type { Budget, Limits } from './budget.ts'

/** One HTTP request, as plain values: what a connector sends and what a stand-in's state machine takes. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Absolute, e.g. `https://example.okta.com/api/v1/users?limit=200`. */
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** One HTTP answer. Names of headers in lower case; several values of one header are joined by `, `. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * The network, handed in. Resolves for every HTTP status; rejects with `NetworkFault` when no whole answer came
 * (refused, reset, timed out): nothing is then known about the effect.
 */
export type Fetch = (request: HttpRequest) => Promise<HttpAnswer>

export class NetworkFault extends Error {
  readonly code = 'NETWORK_FAULT'
}

/** All that a connector may touch of the outside world. */
export interface Io {
  readonly fetch: Fetch
  /** The one clock (the clock port of the engine). */
  readonly now: () => Instant
  /** Resolves after so many milliseconds of the same clock. */
  readonly sleep: (ms: number) => Promise<void>
  /** A random id for assertions (`jti`) and trace headers. */
  readonly newId: () => string
  /** The budget of a provider with these limits. Without one nothing is counted: for what speaks to nobody real. */
  readonly budget?: (provider: string, limits: Limits) => Budget
}
