import { DAY_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { rolesFor, smallSeed, SUPPORT, userId } from '../tenant-for-tests.ts'
import type { EntraSeed } from './seed.ts'
import { createEntraStandIn } from './state.ts'
import type { EntraStandIn, EntraStandInOptions } from './state.ts'

export const ORIGIN = 'https://graph.microsoft.com'
export const START: Instant = 20_000 * DAY_MS + 12_345

export interface Told {
  readonly status: number
  readonly headers: HttpAnswer['headers']
  readonly body: Readonly<Record<string, unknown>> & { readonly value?: readonly Readonly<Record<string, unknown>>[] }
}

/** A client with a token, and the stand-in that it calls. Paths are below `/v1.0`, or whole addresses. */
export interface Caller extends EntraStandIn {
  call(method: HttpRequest['method'], path: string, body?: unknown, now?: Instant): Told
  add(user: number, group?: string, now?: Instant): Told
  remove(user: number, group?: string, now?: Instant): Told
  code(told: Told): unknown
}

export function setUp(
  options: EntraStandInOptions & { readonly seed?: EntraSeed } = {},
  roles: readonly string[] = rolesFor(true),
): Caller {
  const standIn = createEntraStandIn(options.seed ?? smallSeed(), options)
  const authorization = `Bearer ${standIn.hands.issueToken(roles, START)}`

  function call(method: HttpRequest['method'], path: string, body?: unknown, now = START): Told {
    const url = path.startsWith('http') ? path : `${ORIGIN}/v1.0${path}`
    const request = { method, url, headers: { authorization }, body: body === undefined ? '' : JSON.stringify(body) }
    const answer = standIn.answer(request, now)
    return { ...answer, body: answer.body === '' ? {} : (JSON.parse(answer.body) as Told['body']) }
  }

  return {
    ...standIn,
    call,
    add: (user, group = SUPPORT, now = START) =>
      call('POST', `/groups/${group}/members/$ref`, { '@odata.id': addressOf(user) }, now),
    remove: (user, group = SUPPORT, now = START) =>
      call('DELETE', `/groups/${group}/members/${userId(user)}/$ref`, undefined, now),
    code: ({ body }) => (body['error'] as { code?: unknown } | undefined)?.code,
  }
}

export function addressOf(user: number): string {
  return `${ORIGIN}/v1.0/directoryObjects/${userId(user)}`
}

export const nextOf = ({ body }: Told): string | undefined => body['@odata.nextLink'] as string | undefined
export const deltaOf = ({ body }: Told): string | undefined => body['@odata.deltaLink'] as string | undefined
export const idsIn = ({ body }: Told): readonly unknown[] => (body.value ?? []).map(({ id }) => id)
