import { SECOND_MS, type Instant } from '#core/instant.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'

/** Two of the vendor's three independent limits; the hourly points quota does not count API-token traffic. */
export interface Limits {
  /** Requests per second, by endpoint. */
  readonly burst: Readonly<Record<HttpRequest['method'], number>>
  /** Writes to one issue: so many within so long. */
  readonly perIssue: readonly { readonly writes: number; readonly withinMs: number }[]
}

export const vendorLimits: Limits = {
  burst: { GET: 100, POST: 100, PUT: 50, PATCH: 50, DELETE: 50 },
  perIssue: [
    { writes: 20, withinMs: 2 * SECOND_MS },
    { writes: 100, withinMs: 30 * SECOND_MS },
  ],
}

export interface LimitReached {
  readonly reason: 'jira-burst-based' | 'jira-per-issue-on-write'
  readonly retryAfterMs: number
}

/** Counts what was let through. A refused request costs nothing. */
export class LimitCounter {
  readonly #limits: Limits
  readonly #hits = new Map<string, Instant[]>()

  constructor(limits: Limits) {
    this.#limits = limits
  }

  take(
    endpoint: string,
    method: HttpRequest['method'],
    issueWritten: string | null,
    now: Instant,
  ): LimitReached | null {
    const windows: { key: string; hits: number; withinMs: number; reason: LimitReached['reason'] }[] = [
      {
        key: `${method} ${endpoint}`,
        hits: this.#limits.burst[method],
        withinMs: SECOND_MS,
        reason: 'jira-burst-based',
      },
    ]
    if (issueWritten !== null) {
      for (const { writes, withinMs } of this.#limits.perIssue) {
        const key = `write ${issueWritten} ${withinMs}`
        windows.push({ key, hits: writes, withinMs, reason: 'jira-per-issue-on-write' })
      }
    }
    for (const { key, hits, withinMs, reason } of windows) {
      const recent = this.#hits.get(key)
      if (recent === undefined) continue
      while (recent[0] !== undefined && recent[0] <= now - withinMs) recent.shift()
      const [oldest] = recent
      if (recent.length >= hits && oldest !== undefined) return { reason, retryAfterMs: oldest + withinMs - now }
    }
    for (const { key } of windows) {
      const recent = this.#hits.get(key)
      if (recent === undefined) this.#hits.set(key, [now])
      else recent.push(now)
    }
    return null
  }
}
