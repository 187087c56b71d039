import { SECOND_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { error, errorBody, json } from './answers.ts'

/** What a vendor does on a bad day. `… after the effect`: the work was done, only the answer is bad. */
export type Habit =
  | '500'
  | '500 after the effect'
  | '503'
  | '429'
  | '429 for a moment'
  | '429 without headers'
  | '429 with a reset in the past'
  | '429 about calls at once'
  | '401'
  | '403'
  | '404'
  | 'HTML login page'
  | 'redirect to a login page'
  | 'half a JSON'
  | 'error in a 200'
  | 'error that repeats the request'
  | 'cursor that loops'
  | 'next page on another host'

export interface Misbehaviour {
  readonly habit: Habit
  /** How many requests it befalls. */
  times: number
  readonly when: (request: HttpRequest) => boolean
}

const LOGIN_PAGE = '<!DOCTYPE html><html><head><title>Sign In</title></head><body><form></form></body></html>'

/** The bad answer, when the request never reaches what would do the work; null for a habit that comes after it. */
export function insteadOfWork(habit: Habit, request: HttpRequest, now: Instant): HttpAnswer | null {
  switch (habit) {
    case '500':
      return error(500, 'E0000009')
    case '503':
      return error(503, 'E0000010')
    case '429':
      return limited({ 'x-rate-limit-limit': '600', 'x-rate-limit-remaining': '0', ...resetAt(now + 30 * SECOND_MS) })
    case '429 for a moment':
      return limited({ 'x-rate-limit-limit': '600', 'x-rate-limit-remaining': '0', ...resetAt(now + 1) })
    case '429 without headers':
      return limited({})
    case '429 with a reset in the past':
      return limited({ 'x-rate-limit-limit': '600', 'x-rate-limit-remaining': '0', ...resetAt(now - 90 * SECOND_MS) })
    case '429 about calls at once':
      return limited({ 'x-rate-limit-limit': '0', 'x-rate-limit-remaining': '0', ...resetAt(now + 60 * SECOND_MS) })
    case '401':
      return error(401, 'E0000011')
    case '403':
      return error(403, 'E0000006')
    case '404':
      return error(404, 'E0000007')
    case 'HTML login page':
      return { status: 200, headers: { 'content-type': 'text/html' }, body: LOGIN_PAGE }
    case 'redirect to a login page':
      return { status: 302, headers: { location: 'https://login.example.net/' }, body: '' }
    case 'error in a 200':
      return json(200, errorBody('E0000009'))
    case 'error that repeats the request':
      return json(400, {
        ...errorBody('E0000001'),
        errorSummary: `${request.headers['authorization'] ?? ''} ${request.body}`,
      })
    case '500 after the effect':
    case 'half a JSON':
    case 'cursor that loops':
    case 'next page on another host':
      return null
  }
}

/** The good answer, spoilt. */
export function spoilt(habit: Habit, answer: HttpAnswer, request: HttpRequest): HttpAnswer {
  switch (habit) {
    case '500 after the effect':
      return error(500, 'E0000009')
    case 'half a JSON':
      return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) }
    case 'cursor that loops':
      return withNext(answer, request.url)
    case 'next page on another host':
      return withNext(answer, 'https://collector.example.net/api/v1/users?after=1')
    default:
      return answer
  }
}

function limited(headers: Readonly<Record<string, string>>): HttpAnswer {
  const answer = error(429, 'E0000047')
  return { ...answer, headers: { ...answer.headers, ...headers } }
}

function resetAt(at: Instant): Readonly<Record<string, string>> {
  return { 'x-rate-limit-reset': String(Math.ceil(at / SECOND_MS)) }
}

function withNext(answer: HttpAnswer, target: string): HttpAnswer {
  return { ...answer, headers: { ...answer.headers, link: `<${target}>; rel="next"` } }
}
