import { MINUTE_MS } from '#core/instant.ts'
import type { Budget, Limits } from '#connectors/kit/budget.ts'
import type { Message, Paid } from '#connectors/kit/http.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'

/** https://developer.okta.com/docs/reference/rl-global-mgmt/: windows of a minute that begin with their first call. */
const WINDOW_MS = MINUTE_MS

type OktaBucket = 'token' | 'users' | 'groups' | 'group' | 'other'

/**
 * What Okta counts together. How much of a bucket is ours (half of it, unless an administrator says otherwise), what is
 * left and when the window ends stands in every answer, so no number of Okta's is written here.
 */
export function limitsOf(callsAtOnce: number): Limits {
  const bucket = (name: OktaBucket) => ({ name, windowMs: WINDOW_MS, limit: null })
  return {
    buckets: [bucket('token'), bucket('users'), bucket('groups'), bucket('group'), bucket('other')],
    change: 'other',
    read: 'other',
    callsAtOnce,
  }
}

/** Calls of the API. Only putting a member in and taking one out changes anything. */
export function paidCalls(budget: Budget, origin: string): Paid {
  const base = `${origin}/api/v1/`.length
  return {
    budget,
    bucketOf: ({ url }) => bucketOf(url, base),
    callOf: ({ method }) => (method === 'GET' ? 'read' : 'change'),
    isAboutCallsAtOnce,
  }
}

/** The request for a token changes nothing, and comes before everything. */
export function paidTokens(budget: Budget): Paid {
  return { budget, bucketOf: () => 'token', callOf: () => 'read', isAboutCallsAtOnce }
}

/** `/users` and `/groups` as lists and one group by its id have buckets of their own. */
function bucketOf(url: Message['url'], base: number): OktaBucket {
  const question = url.indexOf('?', base)
  const [first, second, third] = url.slice(base, question === -1 ? undefined : question).split('/', 3)
  if (second === undefined) return first === 'users' || first === 'groups' ? first : 'other'
  return first === 'groups' && second !== 'rules' && third === undefined ? 'group' : 'other'
}

/**
 * A 429 about calls at once shows a limit of 0, and its reset is a guess.
 * https://developer.okta.com/docs/reference/rl-best-practices/
 */
export function isAboutCallsAtOnce(headers: HttpAnswer['headers']): boolean {
  return headers['x-rate-limit-limit'] === '0'
}
