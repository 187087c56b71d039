import { z } from 'zod'
import type { Reading } from '#connectors/kit/connector.ts'
import type { Exchange } from '#connectors/kit/http.ts'
import type { OktaClient } from './client.ts'
import { saidBy, unread } from './outcome.ts'
import type { OktaError } from './shapes.ts'

/**
 * Okta hides what an app has no admin role for: a list is empty, a group is "not found". Before we believe that
 * something does not exist, we make sure that we see anything of its kind. An organisation without a single user or
 * group does not exist.
 */
export type Sight = (what: 'users' | 'groups') => Promise<Exchange<boolean, OktaError>>

const anything = z.array(z.unknown())

export function createSight(client: OktaClient): Sight {
  return async (what) => {
    const answer = await client.read(`/${what}?limit=1`, anything)
    return answer.kind === 'answered' ? { ...answer, value: answer.value.length > 0 } : answer
  }
}

export const BLIND = 'Okta shows nothing at all: the app has its scopes, but no admin role that sees any'

type Unanswered = Exclude<Exchange<unknown, OktaError>, { kind: 'answered' }>

/**
 * What a refused list comes to: `absent` only when others of the kind are seen, and when the thing itself, which is
 * asked for by its own address, is not.
 */
export async function absentIfSeeing(
  answer: Unanswered,
  sight: Sight,
  what: 'users' | 'groups',
  itself: () => Promise<Exchange<unknown, OktaError>>,
): Promise<Reading<never>> {
  const reading = unread(answer)
  if (reading.kind !== 'absent') return reading
  const found = await itself()
  if (found.kind === 'answered') return { kind: 'unreadable', retryAfterMs: null, said: CONTRADICTION }
  const missing = unread(found)
  return missing.kind === 'absent' ? ((await whyBlind(sight, what)) ?? reading) : missing
}

/** Okta answers 404 now and then where it should not: an answer that another answer denies is none. */
export const CONTRADICTION = 'Okta says "not found" of what it finds when it is asked in another way'

/** Null when something of the kind is seen. */
export async function whyBlind(sight: Sight, what: 'users' | 'groups'): Promise<Reading<never> | null> {
  const seen = await sight(what)
  if (seen.kind === 'unavailable') return { kind: 'unreadable', retryAfterMs: seen.retryAfterMs, said: seen.said }
  if (seen.kind === 'refused') return { kind: 'unreadable', retryAfterMs: null, said: saidBy(seen) }
  return seen.value ? null : { kind: 'unreadable', retryAfterMs: null, said: BLIND }
}
