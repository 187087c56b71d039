import { SECOND_MS } from '#core/instant.ts'
import type { BadAnswer } from '#connectors/kit/bad-days.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { denied, error, errorBody, httpDate, json, noContent, notFound, tooMany } from './answers.ts'

const LOGIN_PAGE = '<!DOCTYPE html><html><head><title>Sign in to your account</title></head><body></body></html>'
/** Of what stands before Entra, which speaks no JSON. */
const GATEWAY_PAGE = '<html><head><title>502 Bad Gateway</title></head><body>upstream</body></html>'

export function gateway(status: 502 | 504): HttpAnswer {
  return { status, headers: { 'content-type': 'text/html' }, body: GATEWAY_PAGE }
}

/** Answers that come instead of the work: what was asked was not done. */
export const BAD_ANSWERS = {
  '500': { instead: () => error(500, 'InternalServerError', 'An unexpected error occurred.') },
  '502': { instead: () => gateway(502) },
  '503': { instead: () => error(503, 'ServiceUnavailable', 'Service temporarily unavailable.') },
  '503 with Retry-After': { instead: () => error(503, 'ServiceUnavailable', 'Later.', { 'retry-after': '30' }) },
  '504': { instead: () => gateway(504) },
  '429': { instead: () => tooMany({ 'retry-after': '30' }) },
  '429 for a moment': { instead: () => tooMany({ 'retry-after': '1' }) },
  '429 with a date in Retry-After': { instead: (_, now) => tooMany({ 'retry-after': httpDate(now + 30 * SECOND_MS) }) },
  '429 without headers': { instead: () => tooMany({}) },
  '401': { instead: () => error(401, 'InvalidAuthenticationToken', 'Access token has expired or is not yet valid.') },
  '403': { instead: denied },
  '404': { instead: () => notFound('00000000-0000-0000-0000-000000000000') },
  '409': { instead: () => error(409, 'Directory_ConcurrencyViolation', 'Another change is under way.') },
  '410 without a word': {
    instead: () => ({
      status: 410,
      headers: { location: 'https://graph.microsoft.com/v1.0/users/delta?$deltatoken=' },
      body: '',
    }),
  },
  '400 syncStateNotFound': { instead: () => error(400, 'syncStateNotFound', 'The sync state was not found.') },
  'HTML login page': { instead: () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: LOGIN_PAGE }) },
  'redirect to a login page': {
    instead: () => ({ status: 302, headers: { location: 'https://login.example.net/' }, body: '' }),
  },
  'error in a 200': { instead: () => json(200, errorBody('generalException', 'An unexpected error occurred.')) },
  '204 without effect': { instead: () => noContent },
  'nothing in a 200': { instead: () => ({ status: 200, headers: {}, body: '' }) },
  'error that repeats the request': {
    instead: ({ headers, body }) => error(400, 'Request_BadRequest', `${headers['authorization'] ?? ''} ${body}`),
  },
} as const satisfies Readonly<Record<string, BadAnswer>>
