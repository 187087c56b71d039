import { SECOND_MS } from '#core/instant.ts'
import type { Budget, Limits } from '#connectors/kit/budget.ts'
import type { Message, Paid } from '#connectors/kit/http.ts'

export type EntraBucket = 'token' | 'write' | 'read' | 'reports' | 'batch'

/**
 * What Entra counts together, for one app in one tenant. No answer tells how much is left, so the numbers of the vendor's
 * table stand here: https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits.
 */
const WRITES = { name: 'write', windowMs: 150 * SECOND_MS, limit: 3_000 } as const

/**
 * Reads are paid in resource units: 3,500 in ten seconds for the smallest tenants, 8,000 for those of more than 500 users.
 * What we read costs one or two units a call, because each of our reads selects what it wants.
 */
const READS = { name: 'read', windowMs: 10 * SECOND_MS, limit: 1_750 } as const

/** Sign-ins and audit logs: five calls in ten seconds. */
const REPORTS = { name: 'reports', windowMs: 10 * SECOND_MS, limit: 5 } as const

export function limitsOf(callsAtOnce: number): Limits {
  const uncounted = (name: EntraBucket) => ({ name, windowMs: 10 * SECOND_MS, limit: null })
  return {
    // The envelope of a batch is not counted; each request in it is (`batch.ts`).
    buckets: [WRITES, READS, REPORTS, uncounted('token'), uncounted('batch')],
    change: 'write',
    read: 'read',
    callsAtOnce,
  }
}

export function paidCalls(budget: Budget, base: string): Paid {
  return {
    budget,
    bucketOf: ({ method, url }) => bucketOf(method, url.slice(base.length)),
    callOf: ({ method }) => (method === 'GET' ? 'read' : 'change'),
    isAboutCallsAtOnce: () => false,
  }
}

/** The request for a token changes nothing, and comes before everything. */
export function paidTokens(budget: Budget): Paid {
  return { budget, bucketOf: () => 'token', callOf: () => 'read', isAboutCallsAtOnce: () => false }
}

function bucketOf(method: Message['method'], path: string): EntraBucket {
  if (path === '/$batch') return 'batch'
  if (method !== 'GET') return 'write'
  return path.startsWith('/auditLogs/') ? 'reports' : 'read'
}
