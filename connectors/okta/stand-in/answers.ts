import type { Instant } from '#core/instant.ts'
import { isoOf, MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import type { Rule } from './rules.ts'
import type { SeedGroup, SeedUser } from './seed.ts'

/** Okta's forms. https://developer.okta.com/docs/api/ */

export function json(status: number, value: unknown): HttpAnswer {
  return jsonText(status, JSON.stringify(value))
}

export function jsonText(status: number, body: string): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body }
}

export const noContent: HttpAnswer = { status: 204, headers: {}, body: '' }

let dated = { second: Number.NaN, text: '' }

/** RFC 9110 section 5.6.7: whole seconds, so what was written last is often written again. */
export function httpDate(at: Instant): string {
  const second = Math.floor(at / SECOND_MS)
  if (dated.second !== second) dated = { second, text: new Date(at).toUTCString() }
  return dated.text
}

const SUMMARY: Readonly<Record<string, string>> = {
  E0000001: 'Api validation failed',
  E0000006: 'You do not have permission to perform the requested action',
  E0000007: 'Not found: Resource not found',
  E0000009: 'Internal Server Error',
  E0000010: 'Service is in read only mode',
  E0000011: 'Invalid token provided',
  E0000022: 'The endpoint does not support the provided HTTP method',
  E0000031: 'Invalid search criteria.',
  E0000038: "This operation is not allowed in the user's current status.",
  E0000047: 'API call exceeded rate limit due to too many requests.',
  E0000060: 'Unsupported operation.',
}

export function errorBody(code: string, detail = ''): Record<string, unknown> {
  const errorSummary = `${SUMMARY[code] ?? code}${detail === '' ? '' : `: ${detail}`}`
  return { errorCode: code, errorSummary, errorLink: code, errorId: `oaeStandIn${code}`, errorCauses: [] }
}

export function error(status: number, code: string, detail = ''): HttpAnswer {
  return json(status, errorBody(code, detail))
}

/** Too many calls at once. The limit is shown as 0, and the reset is a guess: https://developer.okta.com/docs/reference/rl-best-practices/ */
export function tooManyAtOnce(now: Instant): HttpAnswer {
  return limited({
    'x-rate-limit-limit': '0',
    'x-rate-limit-remaining': '0',
    'x-rate-limit-reset': String(Math.ceil((now + MINUTE_MS) / SECOND_MS)),
  })
}

export function limited(headers: Readonly<Record<string, string>>): HttpAnswer {
  const answer = error(429, 'E0000047')
  return { ...answer, headers: { ...answer.headers, ...headers } }
}

export function notFound(id: string, type: 'User' | 'UserGroup'): HttpAnswer {
  return error(404, 'E0000007', `${id} (${type})`)
}

/** RFC 6749 section 5.2. */
export function tokenError(status: number, code: string, description: string): HttpAnswer {
  return json(status, { error: code, error_description: description })
}

const BORN = '2024-01-08T09:00:00.000Z'

export function userBody(origin: string, user: SeedUser): Record<string, unknown> {
  const email = user.profile['email'] ?? ''
  const began = user.status === 'STAGED' ? null : BORN
  return {
    id: user.id,
    status: user.status,
    created: BORN,
    activated: began,
    statusChanged: began,
    lastLogin: null,
    lastUpdated: BORN,
    passwordChanged: began,
    ...(user.transitioningToStatus ? { transitioningToStatus: user.transitioningToStatus } : {}),
    type: { id: 'otyStandIn0000000001' },
    profile: user.profile,
    credentials: {
      emails: [{ value: email, status: user.emailVerified ? 'VERIFIED' : 'UNVERIFIED', type: 'PRIMARY' }],
      provider: { type: 'OKTA', name: 'OKTA' },
    },
    _links: { self: { href: `${origin}/api/v1/users/${user.id}` } },
  }
}

export function groupBody(origin: string, group: SeedGroup, membersChangedAt: Instant | null): Record<string, unknown> {
  return {
    id: group.id,
    created: BORN,
    lastUpdated: BORN,
    lastMembershipUpdated: membersChangedAt === null ? BORN : isoOf(membersChangedAt),
    objectClass: ['okta:user_group'],
    type: group.type,
    profile: { name: group.name, description: group.description },
    _links: {
      users: { href: `${origin}/api/v1/groups/${group.id}/users` },
      apps: { href: `${origin}/api/v1/groups/${group.id}/apps` },
    },
  }
}

export function ruleBody(rule: Rule): Record<string, unknown> {
  return {
    id: rule.id,
    type: 'group_rule',
    name: rule.name,
    status: rule.status,
    created: BORN,
    lastUpdated: BORN,
    conditions: {
      people: { users: { exclude: [...rule.excludedUsers] }, groups: { exclude: [] } },
      expression: { value: rule.expression, type: 'urn:okta:expression:1.0' },
    },
    actions: { assignUserToGroups: { groupIds: rule.groupIds } },
  }
}
