import type { Instant } from '#core/instant.ts'
import { SECOND_MS } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import type { SeedGroup, SeedUser } from './seed.ts'

/** Entra's forms. https://learn.microsoft.com/graph/api/overview */

export function json(status: number, value: unknown, headers: HttpAnswer['headers'] = {}): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) }
}

export const noContent: HttpAnswer = { status: 204, headers: {}, body: '' }

let dated = { second: Number.NaN, text: '' }

/** RFC 9110 section 5.6.7: whole seconds, so what was written last is often written again. */
export function httpDate(at: Instant): string {
  const second = Math.floor(at / SECOND_MS)
  if (dated.second !== second) dated = { second, text: new Date(at).toUTCString() }
  return dated.text
}

export function errorBody(code: string, message: string): Record<string, unknown> {
  return { error: { code, message, innerError: { 'request-id': '00000000-0000-0000-0000-00000000e770' } } }
}

export function error(status: number, code: string, message: string, headers: HttpAnswer['headers'] = {}): HttpAnswer {
  return json(status, errorBody(code, message), headers)
}

export function badRequest(message: string): HttpAnswer {
  return error(400, 'Request_BadRequest', message)
}

export function denied(): HttpAnswer {
  return error(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')
}

export function notFound(id: string): HttpAnswer {
  const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`
  return error(404, 'Request_ResourceNotFound', message)
}

export function tooMany(headers: HttpAnswer['headers']): HttpAnswer {
  return error(429, 'TooManyRequests', 'Too many requests.', headers)
}

/** RFC 6749 section 5.2, with the number by which Entra's table knows it. */
export function tokenError(status: number, name: string, code: number, description: string): HttpAnswer {
  return json(status, { error: name, error_description: `AADSTS${code}: ${description}`, error_codes: [code] })
}

type Body = Record<string, unknown>

export function userBody(user: SeedUser): Body {
  return {
    id: user.id,
    userPrincipalName: user.userPrincipalName,
    displayName: user.displayName,
    mail: user.mail ?? null,
    jobTitle: user.jobTitle ?? null,
    department: user.department ?? null,
    employeeId: user.employeeId ?? null,
    userType: user.userType ?? 'Member',
    accountEnabled: user.accountEnabled ?? true,
    onPremisesSyncEnabled: user.isSynced === true ? true : null,
  }
}

export function groupBody({ id, displayName, description, kind, rule }: SeedGroup): Body {
  const types = kind === 'unified' || kind === 'hidden' ? ['Unified'] : kind === 'dynamic' ? ['DynamicMembership'] : []
  return {
    id,
    displayName,
    description: description ?? null,
    groupTypes: types,
    mailEnabled: kind === 'unified' || kind === 'hidden' || kind === 'mail-enabled',
    securityEnabled: kind !== 'unified' && kind !== 'hidden',
    onPremisesSyncEnabled: kind === 'synced' ? true : null,
    isAssignableToRole: kind === 'role-assignable' ? true : null,
    isManagementRestricted: kind === 'restricted' ? true : null,
    membershipRule: rule ? `(user.${rule.attribute} -eq "${rule.is}")` : null,
    membershipRuleProcessingState: rule ? 'On' : null,
    visibility: kind === 'hidden' ? 'HiddenMembership' : kind === 'unified' ? 'Private' : null,
  }
}

/** What is not selected does not come; what nobody ever set comes as null, and by `delta` not at all. */
export function selected(body: Body, select: string | null, defaults: readonly string[], byDelta: boolean): Body {
  const names = select === null ? defaults : select.split(',').map((name) => name.trim())
  const chosen = Object.entries(body).filter(
    ([name, value]) => name === 'id' || (names.includes(name) && !(byDelta && value === null)),
  )
  return Object.fromEntries(chosen)
}

export const USER_DEFAULTS = ['id', 'userPrincipalName', 'displayName', 'mail', 'jobTitle']
export const GROUP_DEFAULTS = [
  'id',
  'displayName',
  'description',
  'groupTypes',
  'mailEnabled',
  'securityEnabled',
  'onPremisesSyncEnabled',
  'isAssignableToRole',
  'membershipRule',
  'membershipRuleProcessingState',
  'visibility',
]
