import { MINUTE_MS } from '#core/instant.ts'
import type { Budget, Limits } from '#connectors/kit/budget.ts'
import type { Message, Paid } from '#connectors/kit/http.ts'
import { isAboutCallsAtOnce } from './throttled.ts'

type GoogleBucket = 'token' | 'directory' | 'identity' | 'reports' | 'filtered reports'

/**
 * What Google counts together: by the minute, for each project and each user, who here is always the one administrator whom
 * we act for. Its answers never tell how much is left, so its own published defaults are written down
 * (https://developers.google.com/workspace/admin/directory/v1/limits, …/reports/v1/limits). Of Cloud Identity and of tokens no
 * number was found: those answers alone tell, by refusing.
 */
const QUERIES_A_MINUTE: Readonly<Record<GoogleBucket, number | null>> = {
  token: null,
  directory: 2_400,
  identity: null,
  reports: 2_400,
  'filtered reports': 250,
}

export function limitsOf(callsAtOnce: number): Limits {
  const buckets = Object.entries(QUERIES_A_MINUTE).map(([name, limit]) => ({ name, windowMs: MINUTE_MS, limit }))
  return { buckets, change: 'directory', read: 'directory', callsAtOnce }
}

export function paidCalls(budget: Budget): Paid {
  return {
    budget,
    bucketOf: ({ url }) => bucketOf(url),
    callOf: ({ method }) => (method === 'GET' ? 'read' : 'change'),
    isAboutCallsAtOnce,
  }
}

/** The request for a token changes nothing, and comes before everything. */
export function paidTokens(budget: Budget): Paid {
  return { budget, bucketOf: () => 'token', callOf: () => 'read', isAboutCallsAtOnce }
}

function bucketOf(url: Message['url']): GoogleBucket {
  if (url.includes('/admin/directory/v1/')) return 'directory'
  if (!url.includes('/admin/reports/v1/')) return 'identity'
  return url.includes('eventName=') ? 'filtered reports' : 'reports'
}
