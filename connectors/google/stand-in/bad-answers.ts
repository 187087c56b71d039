import type { BadAnswer } from '#connectors/kit/bad-days.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { error, errorBody, forbidden, json, noContent, notFound, rpcError, throttled } from './answers.ts'
import { isIdentity, pathOf } from './path.ts'

const LOGIN_PAGE = '<!DOCTYPE html><html><head><title>Sign in - Google Accounts</title></head><body></body></html>'

export function gateway(status: 502 | 504): HttpAnswer {
  const body = `<!DOCTYPE html><html lang=en><title>Error ${status}</title><p>That’s an error.</html>`
  return { status, headers: { 'content-type': 'text/html; charset=UTF-8' }, body }
}

/** In the words of the service that was asked. */
function either(request: HttpRequest, directory: HttpAnswer, identity: HttpAnswer): HttpAnswer {
  return isIdentity(pathOf(request.url).kind) ? identity : directory
}

const TOO_MANY = error(429, 'rateLimitExceeded', 'Quota exceeded.')

/** Answers that come instead of the work: what was asked was not done. */
export const BAD_ANSWERS = {
  '500': { instead: () => error(500, 'internalError', 'Internal error encountered.') },
  '502': { instead: () => gateway(502) },
  '503': { instead: () => error(503, 'backendError', 'Service unavailable. Please try again') },
  '504': { instead: () => gateway(504) },
  '403 userRateLimitExceeded': { instead: () => throttled('userRateLimitExceeded') },
  '403 quotaExceeded': { instead: () => throttled('quotaExceeded') },
  '403 with Retry-After': { instead: () => throttled('rateLimitExceeded', { 'retry-after': '30' }) },
  '429': { instead: () => ({ ...TOO_MANY, headers: { ...TOO_MANY.headers, 'retry-after': '30' } }) },
  '429 for a moment': { instead: () => ({ ...TOO_MANY, headers: { ...TOO_MANY.headers, 'retry-after': '1' } }) },
  '429 without headers': { instead: () => TOO_MANY },
  '401': {
    instead: (request) =>
      either(
        request,
        error(401, 'authError', 'Invalid Credentials'),
        rpcError(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'),
      ),
  },
  '403': {
    instead: (request) =>
      either(request, forbidden(), rpcError(403, 'PERMISSION_DENIED', 'Error(2014): Permission denied.')),
  },
  '403 in words that nobody knows': { instead: () => error(403, 'brandNew', 'Something new.') },
  '404': { instead: () => notFound('groupKey') },
  '409 conflict': { instead: () => error(409, 'conflict', 'Conflict.') },
  '409 in words that nobody knows': { instead: () => error(409, 'brandNew', 'Something new.') },
  '412 conditionNotMet': { instead: () => error(412, 'conditionNotMet', 'Cyclic memberships not allowed') },
  'HTML login page': { instead: () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: LOGIN_PAGE }) },
  'redirect to a login page': {
    instead: () => ({ status: 302, headers: { location: 'https://accounts.example.net/' }, body: '' }),
  },
  'error in a 200': { instead: () => json(200, errorBody(500, 'backendError', 'Backend Error')) },
  '204 without effect': { instead: () => noContent },
  'nothing in a 200': { instead: () => ({ status: 200, headers: {}, body: '' }) },
  'error that repeats the request': {
    instead: ({ headers, body }) => error(400, 'badRequest', `${headers['authorization'] ?? ''} ${body}`),
  },
} as const satisfies Readonly<Record<string, BadAnswer>>
