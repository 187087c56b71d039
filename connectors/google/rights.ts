import type { Rights, RightsFound } from '#connectors/kit/rights.ts'
import type { Reading } from '#connectors/kit/connector.ts'
import type { Unavailable } from '#connectors/kit/http.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { GoogleClient } from './client.ts'
import { unread } from './outcome.ts'
import { SCOPE, shortName, TOO_MANY } from './scopes.ts'
import type { Scope } from './scopes.ts'
import { activities, groups, user, users } from './shapes.ts'
import type { Tokens } from './token.ts'

const SUPER = 'the role of a super administrator'

/**
 * What the service account may do. Nobody at Google tells what was delegated, so each scope is asked for by itself: those that are
 * needed, and those that must not be there. A token that should not have been given is thrown away unused.
 *
 * A scope alone is not enough: the administrator who is acted for needs the privilege. Of those to read it is tried; those to write
 * show when they are used.
 */
export function createRights(
  io: Io,
  client: GoogleClient,
  tokens: Tokens,
  needed: readonly Scope[],
  subject: string,
): Rights {
  async function isDelegated(scope: string): Promise<boolean | Unavailable> {
    const answer = await tokens.ask([scope])
    if (answer.kind === 'token') return true
    return answer.kind === 'not delegated' ? false : answer.trouble
  }

  /** What the administrator may not read, though the scope is there. */
  async function privilegesMissing(held: readonly string[]): Promise<Reading<readonly string[]>> {
    const missing: string[] = []
    for (const { scope, path, shape, privilege } of TRIED) {
      if (!held.includes(scope)) continue
      const answer = await client.read<unknown>(scope, path, shape)
      if (answer.kind === 'refused' && answer.status === 403) missing.push(`${privilege}, in the role of ${subject}`)
      else if (answer.kind !== 'answered') return unread(answer)
    }
    return { kind: 'read', startedAt: 0, value: missing }
  }

  async function isSuper(held: readonly string[]): Promise<Reading<boolean>> {
    if (!held.includes(SCOPE.readUsers)) return { kind: 'read', startedAt: 0, value: false }
    const path = `/admin/directory/v1/users/${encodeURIComponent(subject)}`
    const answer = await client.read(SCOPE.readUsers, path, user)
    // Already told as a privilege that is missing.
    if (answer.kind === 'refused' && answer.status === 403) return { kind: 'read', startedAt: 0, value: false }
    return answer.kind === 'answered'
      ? { ...answer, kind: 'read', value: answer.value.isAdmin !== false }
      : unread(answer)
  }

  return {
    async check(): Promise<Reading<RightsFound>> {
      const startedAt = io.now()
      const held: string[] = []
      for (const scope of [...needed, ...Object.keys(TOO_MANY)]) {
        const isHeld = await isDelegated(scope)
        if (typeof isHeld !== 'boolean') return unread(isHeld)
        if (isHeld) held.push(scope)
      }
      const privileges = await privilegesMissing(held)
      if (privileges.kind !== 'read') return privileges
      const isTooMuch = await isSuper(held)
      if (isTooMuch.kind !== 'read') return isTooMuch
      const tooMany = held
        .filter((scope) => Object.hasOwn(TOO_MANY, scope))
        .map((right) => ({ right, why: `${TOO_MANY[right] ?? ''}: take ${shortName(right)} out of ${WHERE}` }))
      const value = {
        held: isTooMuch.value ? [...held, SUPER] : held,
        missing: [...needed.filter((scope) => !held.includes(scope)), ...privileges.value],
        tooMany: isTooMuch.value ? [...tooMany, { right: SUPER, why: superWhy(subject) }] : tooMany,
        warnings: [],
      }
      return { kind: 'read', startedAt, value }
    },
  }
}

const WHERE = 'the domain-wide delegation (Security > Access and data control > API controls)'

function superWhy(subject: string): string {
  return `with it, whoever holds the key could change every account of the company, administrators too: make ${subject} no super administrator, and give it a role of its own (Account > Admin roles)`
}

const TRIED = [
  {
    scope: SCOPE.readUsers,
    path: '/admin/directory/v1/users?customer=my_customer&maxResults=1',
    shape: users,
    privilege: 'the privilege Users > Read',
  },
  {
    scope: SCOPE.readGroups,
    path: '/admin/directory/v1/groups?customer=my_customer&maxResults=1',
    shape: groups,
    privilege: 'the privilege Groups',
  },
  {
    scope: SCOPE.audit,
    path: '/admin/reports/v1/activity/users/all/applications/admin?maxResults=1',
    shape: activities,
    privilege: 'the privilege Reports',
  },
] as const
