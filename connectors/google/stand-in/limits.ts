import { MINUTE_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { throttled } from './answers.ts'
import { isIdentity } from './path.ts'
import type { Path } from './path.ts'

/** Queries a minute of one user of one project. https://developers.google.com/workspace/admin/directory/v1/limits */
export interface GoogleLimits {
  readonly directory: number
  readonly reports: number
  readonly filteredReports: number
}

export const USUAL_LIMITS: GoogleLimits = { directory: 2_400, reports: 2_400, filteredReports: 250 }

export type Bucket = keyof GoogleLimits

export interface Limiter {
  /** Not null: too much; this is the answer. It does not tell when to come again. */
  take(path: Path, now: Instant): HttpAnswer | null
  /** Another part of the project uses so much. */
  spend(bucket: Bucket, amount: number, now: Instant): void
}

export function createLimiter(limits: GoogleLimits | null): Limiter {
  const windows = new Map<Bucket, { endsAt: Instant; used: number }>()

  function windowOf(bucket: Bucket, now: Instant): { endsAt: Instant; used: number } {
    const current = windows.get(bucket)
    if (current !== undefined && now < current.endsAt) return current
    const fresh = { endsAt: now + MINUTE_MS, used: 0 }
    windows.set(bucket, fresh)
    return fresh
  }

  return {
    take({ kind, query }, now) {
      if (limits === null || kind === 'token' || isIdentity(kind)) return null
      const bucket = kind !== 'activities' ? 'directory' : query.has('eventName') ? 'filteredReports' : 'reports'
      const window = windowOf(bucket, now)
      if (window.used >= limits[bucket]) return throttled('userRateLimitExceeded')
      window.used += 1
      return null
    },
    spend: (bucket, amount, now) => void (windowOf(bucket, now).used += amount),
  }
}
