import type { Outcome, Rejection } from '#core/identity-action/outcome.ts'
import type { Instant } from '#core/instant.ts'
import type { Reading } from '#connectors/kit/connector.ts'
import type { Exchange, Refused, Unavailable } from '#connectors/kit/http.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { plainText } from '#connectors/kit/plain-text.ts'
import type { OktaError } from './shapes.ts'

/**
 * Okta's answers in our five words. The vendor's table: https://developer.okta.com/docs/reference/error-codes/
 *
 * E0000007 and E0000008 (not found) do not say whether the person or the group is missing; `membership.ts` asks.
 */

/** No for good: nothing changes until a person does something. */
const REJECTION_OF: Readonly<Record<string, Rejection>> = {
  E0000006: 'not allowed', // no permission: the scope or the admin role is missing
  E0000015: 'not allowed', // no permission to the feature
  E0000060: 'group is managed by the vendor', // unsupported operation
}

/** Okta asks to come again: internal error, busy, rate limit, a conflict with a change that is under way. */
const COME_AGAIN: ReadonlySet<string> = new Set([
  'E0000009',
  'E0000010',
  'E0000047',
  'E0000112',
  'E0000181',
  'E0000249',
  'E0000268',
])

export function isNotFound(answer: Refused<OktaError>): boolean {
  return answer.refusal.errorCode === 'E0000007' || answer.refusal.errorCode === 'E0000008'
}

export function outcomeOfRefusal(answer: Refused<OktaError>): Outcome {
  const { errorCode } = answer.refusal
  if (COME_AGAIN.has(errorCode)) return { kind: 'unavailable', retryAfterMs: null, said: saidBy(answer) }
  const because = Object.hasOwn(REJECTION_OF, errorCode) ? REJECTION_OF[errorCode] : undefined
  return { kind: 'rejected', because: because ?? 'not understood', said: saidBy(answer) }
}

/** 204 to both newly added and member already: whether anything changed is known only to who read before. */
export function changed(headers: HttpAnswer['headers'], at: Instant): Outcome {
  return done('changed', headers, at)
}

export function done(
  kind: 'changed' | 'unchanged' | 'accepted',
  headers: HttpAnswer['headers'],
  at: Instant,
): Extract<Outcome, { kind: typeof kind }> {
  const vendorAt = Date.parse(headers['date'] ?? '')
  const told = Number.isNaN(vendorAt) ? {} : { vendorAt }
  return { kind, at, receipt: plainText(headers['x-okta-request-id'] ?? '', 200), ...told }
}

export function rejected(because: Rejection, said: string): Outcome {
  return { kind: 'rejected', because, said: plainText(said, 300) }
}

export function outcomeOfTrouble(trouble: Unavailable): Outcome {
  return { kind: 'unavailable', retryAfterMs: trouble.retryAfterMs, said: trouble.said }
}

/** A read that was not answered. Only a well-formed "not found" says that something is absent. */
export function unread(answer: Exclude<Exchange<unknown, OktaError>, { kind: 'answered' }>): Reading<never> {
  if (answer.kind === 'unavailable') {
    return { kind: 'unreadable', retryAfterMs: answer.retryAfterMs, said: answer.said }
  }
  if (isNotFound(answer)) return { kind: 'absent', startedAt: answer.startedAt, said: saidBy(answer) }
  return { kind: 'unreadable', retryAfterMs: null, said: saidBy(answer) }
}

/** Okta's own words, with the id that its support asks for. */
export function saidBy(answer: Refused<OktaError>): string {
  const { errorCode, errorSummary, errorId } = answer.refusal
  const id = errorId === null || errorId === undefined ? '' : ` (errorId ${errorId})`
  return plainText(`${answer.status} ${errorCode} ${errorSummary ?? ''}${id}`, 300)
}
