import type { Fetch, HttpAnswer } from '#connectors/kit/io.ts'

/**
 * Google says "too many calls" in the words of "you may not": 403, told apart only by a reason in its body. A 403 that is
 * meant so is handed on as the 429 that it should have been, before anybody takes it for an answer about access. What Reports
 * says with a 503 (https://developers.google.com/workspace/admin/reports/v1/limits) says by itself that it passes.
 */
export function throttlingToldApart(fetch: Fetch): Fetch {
  return async (request) => {
    const answer = await fetch(request)
    const reason = answer.status === 403 ? reasonIn(answer.body) : null
    if (reason === null) return answer
    return { ...answer, status: 429, headers: { ...answer.headers, [REASON]: reason } }
  }
}

/** Of our own making. Should Google ever send it, it would say no more than that a 429 is about calls at once. */
const REASON = 'x-tenure-throttled'

/** `quotaExceeded` is about calls at once. The rest is about calls in a time. */
const THROTTLED = ['userRateLimitExceeded', 'rateLimitExceeded', 'quotaExceeded', 'RATE_LIMIT_EXCEEDED'] as const

export function isAboutCallsAtOnce(headers: HttpAnswer['headers']): boolean {
  return headers[REASON] === 'quotaExceeded'
}

/** Google's errors are short. A long one is none of these. */
const LONGEST_ERROR = 64 * 1024

function reasonIn(body: string): string | null {
  if (body.length > LONGEST_ERROR || !THROTTLED.some((reason) => body.includes(reason))) return null
  try {
    const { error } = JSON.parse(body) as {
      error?: { errors?: { reason?: unknown }[]; details?: { reason?: unknown }[] }
    }
    const told = [error?.errors?.[0]?.reason, error?.details?.[0]?.reason]
    return THROTTLED.find((reason) => told.includes(reason)) ?? null
  } catch {
    return null
  }
}
