import type { Outcome, Rejection } from '#core/identity-action/outcome.ts'
import type { Instant } from '#core/instant.ts'
import { withoutSecrets } from '#connectors/kit/answer-text.ts'
import type { Reading } from '#connectors/kit/connector.ts'
import type { Exchange, Refused, Unavailable } from '#connectors/kit/http.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { plainText } from '#connectors/kit/plain-text.ts'
import type { GraphError } from './shapes.ts'

/**
 * Entra's answers in our five words. Its codes are few and its messages many, so some are told apart by their words. The
 * vendor's tables: https://learn.microsoft.com/graph/errors and
 * https://learn.microsoft.com/graph/resolve-auth-errors.
 */
export type GraphRefusal = Refused<GraphError>

export function isNotFound({ status }: GraphRefusal): boolean {
  return status === 404
}

/** 400 to an add of somebody who is there. The code, `Request_BadRequest`, is that of many other mistakes. */
export function saysAlreadyThere({ status, refusal }: GraphRefusal): boolean {
  return status === 400 && /already exist/i.test(refusal.error.message ?? '')
}

/** 400, for some seconds, to what names a group or a person who were made just now, and for ever to one who never was. */
export function saysMissingOrFresh({ status, refusal }: GraphRefusal): boolean {
  return status === 400 && /(do|does) not exist/i.test(refusal.error.message ?? '')
}

/** Said of groups whose kind we should have seen before: somebody changed it meanwhile. */
const NOT_OURS = /on-premises mastered|mail-enabled security group|distribution list|dynamic|restricted management/i

/** Entra asks to come again. */
const COME_AGAIN =
  /^(?:TooManyRequests|ServiceUnavailable|Directory_ConcurrencyViolation|Directory_ExpiredPageToken|PendingRoleAssignmentRequest|generalException|timeout)$/i

export function outcomeOfRefusal(answer: GraphRefusal): Outcome {
  const { status, refusal } = answer
  if (status === 409 || status === 412 || status === 423 || COME_AGAIN.test(refusal.error.code)) {
    return { kind: 'unavailable', retryAfterMs: null, said: saidBy(answer) }
  }
  return { kind: 'rejected', because: rejectionOf(answer), said: saidBy(answer) }
}

function rejectionOf({ status, refusal }: GraphRefusal): Rejection {
  if (NOT_OURS.test(refusal.error.message ?? '')) return 'group is managed by the vendor'
  return status === 403 ? 'not allowed' : 'not understood'
}

export function done(kind: 'changed' | 'unchanged' | 'accepted', headers: HttpAnswer['headers'], at: Instant): Outcome {
  const vendorAt = Date.parse(headers['date'] ?? '')
  const told = kind === 'unchanged' || Number.isNaN(vendorAt) ? {} : { vendorAt }
  return { kind, at, receipt: plainText(headers['request-id'] ?? '', 200), ...told }
}

export function rejected(because: Rejection, said: string): Outcome {
  return { kind: 'rejected', because, said: plainText(said, 300) }
}

export function outcomeOfTrouble(trouble: Unavailable): Outcome {
  return { kind: 'unavailable', retryAfterMs: trouble.retryAfterMs, said: trouble.said }
}

export function unknown(said: string): Outcome {
  return { kind: 'unavailable', retryAfterMs: null, said }
}

/** Entra says 204 to what it did. An answer of another kind is somebody's in between, who did nothing. */
export function notEntras(status: number): Outcome {
  return unknown(`${status} without a body, where Entra answers 204`)
}

type Unanswered = Exclude<Exchange<unknown, GraphError>, { kind: 'answered' }>

/** A read that was not answered. Only a well-formed "not found" says that something is absent. */
export function unread(answer: Unanswered): Reading<never> {
  if (answer.kind === 'unavailable') {
    return { kind: 'unreadable', retryAfterMs: answer.retryAfterMs, said: answer.said }
  }
  if (isNotFound(answer)) return { kind: 'absent', startedAt: answer.startedAt, said: saidBy(answer) }
  return { kind: 'unreadable', retryAfterMs: null, said: saidBy(answer) }
}

/** Entra's copies differ for a while: what one of them does not know and another does is not absent. */
export const CONTRADICTION = 'Entra says "not found" of what it finds when it is asked in another way'

/** `absent` only when the thing itself, asked for by its own address, is not found either. */
export async function absentIfNotFound(
  answer: Unanswered,
  itself: () => Promise<Exchange<unknown, GraphError>>,
): Promise<Reading<never>> {
  const reading = unread(answer)
  if (reading.kind !== 'absent') return reading
  const found = await itself()
  if (found.kind === 'answered') return { kind: 'unreadable', retryAfterMs: null, said: CONTRADICTION }
  return unread(found)
}

/** Entra's own words, with the id that its support asks for. */
export function saidBy({ status, headers, refusal }: GraphRefusal): string {
  const { code, message, innerError } = refusal.error
  const id = headers['request-id'] ?? innerError?.['request-id'] ?? ''
  const words = withoutSecrets(`${status} ${code} ${message ?? ''}`, [])
  return plainText(`${plainText(words, 240)}${id === '' ? '' : ` (request-id ${id})`}`, 300)
}
