import { DAY_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { ALL_SCOPES, smallSeed, SUPPORT, userId } from '../organisation-for-tests.ts'
import { createOktaStandIn } from './state.ts'
import type { OktaStandIn, OktaStandInOptions } from './state.ts'

export const ORIGIN = 'https://acme.okta.com'
export const START: Instant = 20_000 * DAY_MS + 12_345

/** A client with a token, and the stand-in that it calls. */
export interface Caller extends OktaStandIn {
  call(method: HttpRequest['method'], path: string, now?: Instant): HttpAnswer
  /** The same, as a request to be handed to the stand-in by hand. */
  requestOf(method: HttpRequest['method'], path: string): HttpRequest
  ids(answer: HttpAnswer): string[]
  code(answer: HttpAnswer): unknown
  member(user: number, group?: string): string
}

export function setUp(options: OktaStandInOptions = {}, scopes: readonly string[] = ALL_SCOPES): Caller {
  const standIn = createOktaStandIn(smallSeed(), options)
  const authorization = `Bearer ${standIn.hands.issueToken(scopes, START)}`
  const requestOf = (method: HttpRequest['method'], path: string): HttpRequest => ({
    method,
    url: path.startsWith('http') ? path : ORIGIN + path,
    headers: { authorization },
    body: '',
  })
  return {
    ...standIn,
    call: (method, path, now = START) => standIn.answer(requestOf(method, path), now),
    requestOf,
    ids: (answer) => (JSON.parse(answer.body) as { id: string }[]).map(({ id }) => id),
    code: (answer) => (JSON.parse(answer.body) as { errorCode: string }).errorCode,
    member: (user, group = SUPPORT) => `/api/v1/groups/${group}/users/${userId(user)}`,
  }
}

export const nextOf = (answer: HttpAnswer): string | undefined =>
  /<([^>]+)>; rel="next"/.exec(answer.headers['link'] ?? '')?.[1]
