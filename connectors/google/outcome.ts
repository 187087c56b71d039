import type { Outcome, Rejection } from '#core/identity-action/outcome.ts'
import type { Instant } from '#core/instant.ts'
import type { Reading } from '#connectors/kit/connector.ts'
import type { Exchange, Refused, Unavailable } from '#connectors/kit/http.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { plainText } from '#connectors/kit/plain-text.ts'
import type { GoogleError } from './shapes.ts'

export type Refusal = Refused<GoogleError>
export type Unanswered = Exclude<Exchange<unknown, GoogleError>, { kind: 'answered' }>

/**
 * Google's answers in our five words. The same status means several things, and only the reason beside it tells which:
 * https://developers.google.com/workspace/admin/directory/v1/guides/troubleshoot-error-codes. The Directory puts it into
 * `errors[0].reason`, Cloud Identity into `status`. Which of two keys was not found stands in the message alone.
 */
export function reasonOf({ refusal }: Refusal): string {
  return refusal.error.errors?.[0]?.reason ?? refusal.error.status ?? ''
}

function messageOf({ refusal }: Refusal): string {
  return refusal.error.errors?.[0]?.message ?? refusal.error.message ?? ''
}

export function isNotFound(answer: Refusal): boolean {
  return answer.status === 404
}

/** Which key of the address Google means, where it says so: `Resource Not Found: memberKey`, `Invalid Input: groupKey`. */
export function keyMeant(answer: Refusal): 'member' | 'group' | null {
  const message = messageOf(answer)
  if (/memberKey|userKey/.test(message)) return 'member'
  return /groupKey/.test(message) ? 'group' : null
}

/** A 404, or a 400 about one of the two keys: somebody or something of that name is not there. */
export function saysThatSomebodyIsMissing(answer: Refusal): boolean {
  return isNotFound(answer) || (answer.status === 400 && keyMeant(answer) !== null)
}

/** A page token that is too old, or of another list. */
export function isForgotten(answer: Unanswered): answer is Refusal {
  if (answer.kind !== 'refused') return false
  if (answer.status === 410) return true
  return answer.status === 400 && (reasonOf(answer) === 'invalid' || /page ?token/i.test(saidBy(answer)))
}

/** `duplicate`: a member already, in whatever role. Cloud Identity calls it ALREADY_EXISTS. */
export function isDuplicate(answer: Refusal): boolean {
  return answer.status === 409 && (reasonOf(answer) === 'duplicate' || reasonOf(answer) === 'ALREADY_EXISTS')
}

/** `conflict`: taken, and not done yet. */
export function isUnderWay(answer: Refusal): boolean {
  return answer.status === 409 && (reasonOf(answer) === 'conflict' || reasonOf(answer) === 'ABORTED')
}

/** No for good: nothing changes until a person does something. */
const REJECTION_OF: Readonly<Record<string, Rejection>> = {
  forbidden: 'not allowed', // the administrator lacks the privilege
  insufficientPermissions: 'not allowed', // the token lacks the scope
  notAuthorized: 'not allowed',
  accessNotConfigured: 'not allowed', // the API is not switched on in the project
  domainCannotUseApis: 'not allowed',
  PERMISSION_DENIED: 'not allowed',
  adminCannotUnsuspend: 'not allowed', // Google itself suspended the account
}

/** Google asks to come again. Beside a 4xx these are rare, and mean the same. */
const COME_AGAIN: ReadonlySet<string> = new Set([
  'backendError',
  'badGateway',
  'gatewayTimeout',
  'internalError',
  'transientError',
  'systemError',
  'serviceNotAvailable',
  'UNAVAILABLE',
  'INTERNAL',
  'DEADLINE_EXCEEDED',
  'ABORTED',
])

export function outcomeOfRefusal(answer: Refusal): Outcome {
  const reason = reasonOf(answer)
  // A 409 of an unknown reason may be one that is under way: a read must come before a second write.
  if (COME_AGAIN.has(reason) || answer.status === 409) return notNow(saidBy(answer))
  const because = Object.hasOwn(REJECTION_OF, reason) ? REJECTION_OF[reason] : undefined
  return rejected(because ?? (answer.status === 403 ? 'not allowed' : 'not understood'), saidBy(answer))
}

export function done(
  kind: 'changed' | 'unchanged' | 'accepted',
  headers: HttpAnswer['headers'],
  at: Instant,
  receipt: string,
): Outcome {
  const vendorAt = Date.parse(headers['date'] ?? '')
  const told = Number.isNaN(vendorAt) ? {} : { vendorAt }
  return { kind, at, receipt: plainText(receipt, 200), ...told }
}

export function rejected(because: Rejection, said: string): Outcome {
  return { kind: 'rejected', because, said: plainText(said, 300) }
}

export function notNow(said: string, retryAfterMs: number | null = null): Outcome {
  return { kind: 'unavailable', retryAfterMs, said: plainText(said, 300) }
}

export function outcomeOfTrouble(trouble: Unavailable): Outcome {
  return { kind: 'unavailable', retryAfterMs: trouble.retryAfterMs, said: trouble.said }
}

export function outcomeOf(answer: Unanswered): Outcome {
  return answer.kind === 'unavailable' ? outcomeOfTrouble(answer) : outcomeOfRefusal(answer)
}

export function unreadable(said: string, retryAfterMs: number | null = null): Reading<never> {
  return { kind: 'unreadable', retryAfterMs, said: plainText(said, 300) }
}

/** A read that was not answered. A "not found" is not believed here: whoever may believe it asks for `isNotFound` first. */
export function unread(answer: Unanswered): Reading<never> {
  return answer.kind === 'unavailable' ? unreadable(answer.said, answer.retryAfterMs) : unreadable(saidBy(answer))
}

/** Google's own words. */
export function saidBy(answer: Refusal): string {
  return plainText(`${answer.status} ${reasonOf(answer)} ${messageOf(answer)}`, 300)
}
