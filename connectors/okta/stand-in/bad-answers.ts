import { HOUR_MS, SECOND_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { BadAnswer } from '#connectors/kit/bad-days.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { error, errorBody, httpDate, json, limited, noContent, tooManyAtOnce } from './answers.ts'

const LOGIN_PAGE = '<!DOCTYPE html><html><head><title>Sign In</title></head><body><form></form></body></html>'
/** Of what stands before Okta, which speaks no JSON. */
const GATEWAY_PAGE = '<html><head><title>gateway</title></head><body>upstream</body></html>'

export function gateway(status: 502 | 504): HttpAnswer {
  return { status, headers: { 'content-type': 'text/html' }, body: GATEWAY_PAGE }
}

/** Answers that come instead of the work: what was asked was not done. */
export const BAD_ANSWERS = {
  '500': { instead: () => error(500, 'E0000009') },
  '502': { instead: () => gateway(502) },
  '503': { instead: () => error(503, 'E0000010') },
  '504': { instead: () => gateway(504) },
  '429': { instead: (_, now) => limited(usedUp(now + 30 * SECOND_MS)) },
  '429 for a moment': { instead: (_, now) => limited(usedUp(now + 1)) },
  '429 with Retry-After': { instead: () => limited({ 'retry-after': '30' }) },
  '429 with a date in Retry-After': { instead: (_, now) => limited({ 'retry-after': httpDate(now + 30 * SECOND_MS) }) },
  '429 without headers': { instead: () => limited({}) },
  '429 with a reset in the past': { instead: (_, now) => limited(usedUp(now - 90 * SECOND_MS)) },
  '429 with a reset hours ahead': { instead: (_, now) => limited(usedUp(now + 5 * HOUR_MS)) },
  '429 by a clock that is an hour ahead': {
    instead: (_, now) => limited({ ...usedUp(now + HOUR_MS + 30 * SECOND_MS), date: httpDate(now + HOUR_MS) }),
  },
  '429 about calls at once': { instead: (_, now) => tooManyAtOnce(now) },
  '401': { instead: () => error(401, 'E0000011') },
  '403': { instead: () => error(403, 'E0000006') },
  '404': { instead: () => error(404, 'E0000007') },
  'HTML login page': { instead: () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: LOGIN_PAGE }) },
  'redirect to a login page': {
    instead: () => ({ status: 302, headers: { location: 'https://login.example.net/' }, body: '' }),
  },
  'error in a 200': { instead: () => json(200, errorBody('E0000009')) },
  '204 without effect': { instead: () => noContent },
  'nothing in a 200': { instead: () => ({ status: 200, headers: {}, body: '' }) },
  'error that repeats the request': {
    instead: ({ headers, body }) =>
      json(400, { ...errorBody('E0000001'), errorSummary: `${headers['authorization'] ?? ''} ${body}` }),
  },
} as const satisfies Readonly<Record<string, BadAnswer>>

function usedUp(resetAt: Instant): Readonly<Record<string, string>> {
  return {
    'x-rate-limit-limit': '600',
    'x-rate-limit-remaining': '0',
    'x-rate-limit-reset': String(Math.ceil(resetAt / SECOND_MS)),
  }
}
