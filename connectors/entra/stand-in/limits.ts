import { SECOND_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import { tooMany } from './answers.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import type { Path } from './path.ts'

/** What one app may do in one tenant. https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits */
export interface EntraLimits {
  /** Resource units in ten seconds. */
  readonly units: number
  readonly writes: number
  readonly writeWindowMs: number
  /** Calls of audit logs and sign-ins in ten seconds. */
  readonly reports: number
}

/** By the size of the tenant: small, medium, large. */
export function limitsFor(users: number): EntraLimits {
  const units = users < 50 ? 3_500 : users <= 500 ? 5_000 : 8_000
  return { units, writes: 3_000, writeWindowMs: 150 * SECOND_MS, reports: 5 }
}

export type Bucket = 'units' | 'writes' | 'reports'

export interface Limiter {
  /** Not null: too much; this is the answer. */
  take(request: HttpRequest, path: Path, now: Instant): HttpAnswer | null
  /** Another part of the app uses so much. */
  spend(bucket: Bucket, amount: number, now: Instant): void
}

/** Each window begins with its first call. Only what is refused is told, and when to come again. */
export function createLimiter(limits: EntraLimits | null): Limiter {
  const windows = new Map<Bucket, { endsAt: Instant; used: number }>()

  function windowOf(bucket: Bucket, now: Instant): { endsAt: Instant; used: number } {
    const current = windows.get(bucket)
    if (current !== undefined && now < current.endsAt) return current
    const lengthMs = bucket === 'writes' ? (limits?.writeWindowMs ?? 0) : 10 * SECOND_MS
    const fresh = { endsAt: now + lengthMs, used: 0 }
    windows.set(bucket, fresh)
    return fresh
  }

  return {
    take({ method }, path, now) {
      if (limits === null) return null
      for (const [bucket, amount, limit, scope] of [
        ['units', unitsOf(method, path), limits.units, 'ResourceUnitLimitExceeded'],
        ['writes', method === 'GET' ? 0 : 1, limits.writes, 'WriteLimitExceeded'],
        ['reports', isReport(path) ? 1 : 0, limits.reports, 'ReportLimitExceeded'],
      ] as const) {
        if (amount === 0) continue
        const window = windowOf(bucket, now)
        if (window.used + amount > limit) {
          return tooMany({
            'retry-after': String(Math.max(1, Math.ceil((window.endsAt - now) / SECOND_MS))),
            'x-ms-throttle-scope': 'Tenant_Application/ReadWrite/stand-in/stand-in',
            'x-ms-throttle-information': scope,
          })
        }
        window.used += amount
      }
      return null
    },
    spend: (bucket, amount, now) => void (windowOf(bucket, now).used += amount),
  }
}

function isReport({ kind }: Path): boolean {
  return kind === 'audits' || kind === 'sign-ins'
}

function unitsOf(method: HttpRequest['method'], { kind, query }: Path): number {
  if (method !== 'GET' || isReport({ kind } as Path)) return 1
  const base = kind === 'members' ? 3 : kind === 'users' || kind === 'holdings' ? 2 : 1
  const top = Number(query.get('$top') ?? 100)
  return Math.max(1, base - (query.has('$select') ? 1 : 0) + (query.has('$expand') ? 1 : 0) - (top < 20 ? 1 : 0))
}
