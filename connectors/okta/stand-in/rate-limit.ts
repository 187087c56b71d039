import { MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'

/** Calls a window for the whole organisation, by bucket. https://developer.okta.com/docs/reference/rl-global-mgmt/ */
export interface RateLimits {
  /** How much of a bucket one app may use: half, unless an administrator says otherwise. */
  readonly share: number
  readonly buckets: Readonly<Record<Bucket, number>>
}

export type Bucket = 'token' | 'users' | 'groups' | 'group' | 'other'

export const WORKFORCE_LIMITS: RateLimits = {
  share: 0.5,
  buckets: { token: 1_200, users: 600, groups: 500, group: 1_000, other: 1_200 },
}

/** Okta's windows last a minute. A bench on the wall clock may scale them. */
export const WINDOW_MS = MINUTE_MS

export type Headers = Readonly<Record<string, string>>

/** A window begins with its first call, so it is not aligned with any clock. */
export interface RateLimiter {
  /** Counts one call. `allowed` is false when nothing was left; the headers are sent either way. */
  take(bucket: Bucket, now: Instant): { readonly allowed: boolean; readonly headers: Headers }
  /** Another client of the organisation uses so many calls. */
  spend(bucket: Bucket, calls: number, now: Instant): void
}

export function createRateLimiter(limits: RateLimits | null, windowMs: number): RateLimiter {
  const windows = new Map<Bucket, { endsAt: Instant; used: number }>()

  function windowOf(bucket: Bucket, now: Instant): { endsAt: Instant; used: number } {
    const current = windows.get(bucket)
    if (current !== undefined && now < current.endsAt) return current
    const fresh = { endsAt: now + windowMs, used: 0 }
    windows.set(bucket, fresh)
    return fresh
  }

  return {
    take(bucket, now) {
      if (limits === null) return { allowed: true, headers: {} }
      const limit = Math.floor(limits.buckets[bucket] * limits.share)
      const window = windowOf(bucket, now)
      const allowed = window.used < limit
      if (allowed) window.used += 1
      return {
        allowed,
        headers: {
          'x-rate-limit-limit': String(limit),
          'x-rate-limit-remaining': String(Math.max(0, limit - window.used)),
          // Whole seconds: a window that ends within one is told to end with it.
          'x-rate-limit-reset': String(Math.ceil(window.endsAt / SECOND_MS)),
        },
      }
    },
    spend(bucket, calls, now) {
      windowOf(bucket, now).used += calls
    },
  }
}
