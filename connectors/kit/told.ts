import type { Instant } from '#core/instant.ts'
import { saysThatItIsIll, type Told } from './budget.ts'
import type { Exchange } from './http.ts'
import type { HttpAnswer } from './io.ts'
import { NOTHING_STATED, statedLimit } from './stated-limit.ts'

/** No whole answer came: nothing is told but that. */
export function toldBySilence(sentAt: Instant, at: Instant): Told {
  return { ...NOTHING_STATED, sentAt, at, health: 'ill', trouble: 'no answer', refused: null }
}

/** What a budget learns from one answer, and from what became of it. */
export function toldByAnswer(
  answer: HttpAnswer,
  result: Exchange<unknown, unknown>,
  sentAt: Instant,
  at: Instant,
  isAboutCallsAtOnce: boolean,
): Told {
  const trouble = result.kind === 'unavailable' ? result.because : null
  const refused = answer.status !== 429 ? null : isAboutCallsAtOnce ? 'calls at once' : 'rate limit'
  const health = trouble === null ? 'well' : saysThatItIsIll(trouble) ? 'ill' : null
  // What a refusal about calls at once says of a bucket is a guess.
  const stated = refused === 'calls at once' ? NOTHING_STATED : statedLimit(answer.headers)
  return { ...stated, sentAt, at, health, trouble, refused }
}
