import type { CallOf, Told } from '#connectors/kit/budget.ts'
import type { Trouble } from '#connectors/kit/http.ts'
import type { Instant } from '#core/instant.ts'
import type { BreakerNews, Seen } from './breaker.ts'

interface SeenHere {
  bad: number
  lastAt: Instant
  goodSentAt: Instant | null
}

/** How the provider has answered this process since the shared row was told. Written at each answer, so it makes nothing new. */
export class HealthNews implements BreakerNews {
  readonly read: SeenHere = { bad: 0, lastAt: 0, goodSentAt: null }
  readonly change: SeenHere = { bad: 0, lastAt: 0, goodSentAt: null }
  askedMs = 0
  /** What an operator is told of a provider that is ill. */
  trouble: Trouble | null = null

  note(of: CallOf, { health, trouble, retryAfterMs, sentAt }: Told): void {
    const seen = this[of]
    if (health === 'well') {
      seen.bad = 0
      seen.goodSentAt = sentAt
    } else if (health === 'ill') {
      seen.bad += 1
      seen.lastAt = Math.max(seen.lastAt, sentAt)
      this.askedMs = retryAfterMs ?? 0
      this.trouble = trouble
    }
  }

  /** The others know this much. What came meanwhile stays news. */
  forget(told: { readonly read: Seen; readonly change: Seen }): void {
    forget(this.read, told.read)
    forget(this.change, told.change)
  }
}

function forget(seen: SeenHere, told: Seen): void {
  if (seen.goodSentAt !== told.goodSentAt) return
  seen.bad = Math.max(0, seen.bad - told.bad)
  seen.goodSentAt = null
}
