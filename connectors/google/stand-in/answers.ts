import { createHash } from 'node:crypto'
import { SECOND_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { CUSTOMER } from './seed.ts'
import type { SeedGroup, SeedUser } from './seed.ts'

/** Google's forms. https://developers.google.com/workspace/admin/directory/reference/rest/v1 */

export function json(status: number, value: unknown, headers: HttpAnswer['headers'] = {}): HttpAnswer {
  const type = { 'content-type': 'application/json; charset=UTF-8' }
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(value) }
}

export const noContent: HttpAnswer = { status: 204, headers: {}, body: '' }

let dated = { second: Number.NaN, text: '' }

/** RFC 9110 section 5.6.7: whole seconds, so what was written last is often written again. */
export function httpDate(at: Instant): string {
  const second = Math.floor(at / SECOND_MS)
  if (dated.second !== second) dated = { second, text: new Date(at).toUTCString() }
  return dated.text
}

export function errorBody(code: number, reason: string, message: string): Record<string, unknown> {
  return { error: { code, message, errors: [{ message, domain: 'global', reason }] } }
}

/** An error of the Directory and of Reports. */
export function error(
  status: number,
  reason: string,
  message: string,
  headers: HttpAnswer['headers'] = {},
): HttpAnswer {
  return json(status, errorBody(status, reason, message), headers)
}

/** An error of Cloud Identity: google.rpc.Status. */
export function rpcError(status: number, name: string, message: string): HttpAnswer {
  return json(status, { error: { code: status, message, status: name } })
}

export function notFound(key: 'memberKey' | 'groupKey' | 'userKey'): HttpAnswer {
  return error(404, 'notFound', `Resource Not Found: ${key}`)
}

export function invalid(what: string): HttpAnswer {
  return error(400, 'invalid', `Invalid Input: ${what}`)
}

export function forbidden(): HttpAnswer {
  return error(403, 'forbidden', 'Not Authorized to access this resource/api')
}

export function outOfScope(): HttpAnswer {
  return error(
    403,
    'insufficientPermissions',
    'Insufficient Permission: Request had insufficient authentication scopes.',
  )
}

/** Too many calls, in the words of "you may not". */
export function throttled(reason: string, headers: HttpAnswer['headers'] = {}): HttpAnswer {
  return error(403, reason, 'Quota exceeded for quota metric', headers)
}

export function tokenError(status: number, name: string, description: string): HttpAnswer {
  return json(status, { error: name, error_description: description })
}

type Body = Record<string, unknown>

export function etagOf(value: unknown): string {
  return `"${createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)}"`
}

/** What is not set is left out, as Google does. */
export function userBody(user: SeedUser): Body {
  const work = { title: user.title, department: user.department, primary: true }
  const body = {
    kind: 'admin#directory#user',
    id: user.id,
    primaryEmail: user.primaryEmail,
    name: { fullName: user.fullName, givenName: user.fullName.split(' ')[0], familyName: user.fullName.split(' ')[1] },
    isAdmin: user.isAdmin === true,
    isDelegatedAdmin: user.isDelegatedAdmin === true,
    suspended: user.suspended === true || user.suspendedByGoogle === true,
    ...(user.suspendedByGoogle ? { suspensionReason: 'ABUSE' } : user.suspended ? { suspensionReason: 'ADMIN' } : {}),
    archived: user.archived === true,
    isMailboxSetup: user.isMailboxSetup !== false,
    isGuestUser: user.isGuestUser === true,
    customerId: CUSTOMER,
    orgUnitPath: '/',
    creationTime: '2024-01-01T00:00:00.000Z',
    ...(user.title || user.department ? { organizations: [work] } : {}),
    ...(user.manager ? { relations: [{ value: user.manager, type: 'manager' }] } : {}),
    ...(user.employeeNumber ? { externalIds: [{ value: user.employeeNumber, type: 'organization' }] } : {}),
  }
  return { ...body, etag: etagOf(body) }
}

export function groupBody({ id, email, name, description }: SeedGroup, directMembers: number): Body {
  const body = {
    kind: 'admin#directory#group',
    id,
    email,
    name,
    description: description ?? '',
    directMembersCount: String(directMembers),
    adminCreated: true,
  }
  return { ...body, etag: etagOf(body) }
}

export function memberBody(row: {
  readonly id?: string
  readonly email: string
  readonly type: string
  readonly status?: string
}): Body {
  const { id, email, type, status = 'ACTIVE' } = row
  const body = { kind: 'admin#directory#member', ...(id ? { id } : {}), email, role: 'MEMBER', type, status }
  return { ...body, etag: etagOf(body) }
}
