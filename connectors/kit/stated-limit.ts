import { SECOND_MS } from '#core/instant.ts'
import type { StatedLimit } from './budget.ts'
import type { HttpAnswer } from './io.ts'
import { momentOf, retryAfterMs } from './stated-wait.ts'

export const NOTHING_STATED: StatedLimit = { limit: null, remaining: null, resetsInMs: null, retryAfterMs: null }

/**
 * `X-Rate-Limit-Limit`, `-Remaining` and `-Reset` (the second since 1970 at which the window ends), and `Retry-After`.
 *
 * The reset is compared with the answer's own `Date` and never with a clock of ours. It is handed on as it is, also when it
 * lies in the past: whoever counts has a bound of its own.
 */
export function statedLimit(headers: HttpAnswer['headers']): StatedLimit {
  const limit = countOf(headers['x-rate-limit-limit'])
  const asked = headers['retry-after']
  if (limit === null && asked === undefined) return NOTHING_STATED
  const answeredAt = momentOf(headers['date'])
  const reset = headers['x-rate-limit-reset']
  const knowsReset = reset !== undefined && /^\d{1,15}$/.test(reset) && answeredAt !== null
  return {
    limit,
    remaining: limit === null ? null : countOf(headers['x-rate-limit-remaining']),
    resetsInMs: knowsReset ? Number(reset) * SECOND_MS - answeredAt : null,
    retryAfterMs: retryAfterMs(asked, answeredAt),
  }
}

function countOf(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : null
}
