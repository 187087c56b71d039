import type { Outcome, Rejection } from '#core/identity-action/outcome.ts'
import type { Instant } from '#core/instant.ts'
import type { Reading } from '#connectors/kit/connector.ts'
import type { Refused, Unavailable } from '#connectors/kit/http.ts'
import { plainText } from '#connectors/kit/plain-text.ts'
import type { JiraExchange } from './client.ts'
import type { JiraError } from './shapes.ts'

/** Jira's answers in our five words. It has no table of error codes: the status decides, its words are kept. */

export function changed(at: Instant, receipt: string): Outcome {
  return { kind: 'changed', at, receipt }
}

export function unchanged(at: Instant, receipt: string): Outcome {
  return { kind: 'unchanged', at, receipt }
}

export function rejected(because: Rejection, said: string): Outcome {
  return { kind: 'rejected', because, said: plainText(said, 300) }
}

/** What came of a call that was not answered as hoped. A conflict says that somebody else is at it: look again. */
export function outcomeOf(answer: Refused<JiraError> | Unavailable): Outcome {
  if (answer.kind === 'unavailable')
    return { kind: 'unavailable', retryAfterMs: answer.retryAfterMs, said: answer.said }
  if (answer.status === 409) return { kind: 'unavailable', retryAfterMs: null, said: saidBy(answer) }
  return rejected(answer.status === 403 ? 'not allowed' : 'not understood', saidBy(answer))
}

/** The outcome of a write that could not even be begun, because what it depends on could not be read. */
export function outcomeOfReading(reading: Exclude<Reading<unknown>, { kind: 'read' }>): Outcome {
  if (reading.kind === 'absent') return rejected('not understood', reading.said)
  return { kind: 'unavailable', retryAfterMs: reading.retryAfterMs, said: reading.said }
}

/** Jira answers 404 both to what does not exist and to what we may not see. */
export function unread(
  answer: Exclude<JiraExchange<unknown>, { kind: 'answered' }>,
): Exclude<Reading<never>, { kind: 'read' }> {
  if (answer.kind === 'unavailable') return unreadable(answer.said, answer.retryAfterMs)
  if (answer.status === 404) return { kind: 'absent', startedAt: answer.startedAt, said: saidBy(answer) }
  return unreadable(saidBy(answer))
}

export function unreadable(
  said: string,
  retryAfterMs: number | null = null,
): Exclude<Reading<never>, { kind: 'read' | 'absent' }> {
  return { kind: 'unreadable', retryAfterMs, said: plainText(said, 300) }
}

function saidBy({ status, refusal }: Refused<JiraError>): string {
  if ('errorMessages' in refusal) {
    const fields = Object.entries(refusal.errors ?? {}).map(([field, because]) => `${field}: ${String(because)}`)
    return plainText(`${status} ${[...refusal.errorMessages, ...fields].join(' ')}`, 300)
  }
  return plainText(`${status} ${'errorMessage' in refusal ? refusal.errorMessage : refusal.message}`, 300)
}
