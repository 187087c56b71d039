import type { Instant } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import {
  error,
  etagOf,
  forbidden,
  invalid,
  json,
  memberBody,
  noContent,
  notFound,
  outOfScope,
  userBody,
} from './answers.ts'
import { bodyOf, may } from './call.ts'
import type { Call, Weather } from './call.ts'
import { NOW } from './company.ts'
import type { Company, Doing } from './company.ts'
import type { AccountChange } from './reports.ts'
import type { SeedGroup, SeedUser, Stranger } from './seed.ts'
import type { Sessions } from './sessions.ts'

const WRITE_MEMBERS = ['admin.directory.group', 'admin.directory.group.member']

export interface WriteRules {
  readonly weather: Weather
  /** So long after it was made a group is not known everywhere yet. */
  readonly freshForMs: number
  readonly strangers: readonly Stranger[]
  readonly sessions: Sessions
  addStranger(groupId: string, stranger: Partial<Stranger> & { readonly email: string }): void
  noteAccount(change: AccountChange): void
}

/** Writes of the Directory. */
export function createWrites(company: Company, rules: WriteRules): (call: Call) => HttpAnswer {
  const { weather, sessions } = rules

  function doing(call: Call): Doing {
    return { by: { kind: 'client', id: call.grant.subject }, requestId: call.requestId }
  }

  function groupFor(call: Call, key: string): SeedGroup | HttpAnswer {
    if (!may(call, ...WRITE_MEMBERS)) return outOfScope()
    if (weather.privilegesTaken.has('write groups')) return forbidden()
    const group = company.groupBy(key, NOW)
    if (group === null) return notFound('groupKey')
    const born = company.bornAt(group.id)
    if (born !== null && call.now - born < rules.freshForMs) return notFound('groupKey')
    if (group.kind === 'dynamic') return error(412, 'conditionNotMet', 'Members of a dynamic group cannot be changed.')
    return group.kind === 'locked' || group.kind === 'external' ? forbidden() : group
  }

  /** An address that nobody here has, and the number of somebody else's account, are added like anybody. */
  function addMember(call: Call, key: string): HttpAnswer {
    const group = groupFor(call, key)
    if ('status' in group) return group
    const { id, email } = bodyOf(call) ?? {}
    const name = id ?? email
    if (typeof name !== 'string' || name === '') return invalid('memberKey')
    const user = company.userBy(name, NOW)
    if (user === null) {
      const stranger = rules.strangers.find((each) => each.id === name || each.email === name)
      if (stranger === undefined && !name.includes('@')) return notFound('memberKey')
      const added = stranger ?? { email: name }
      rules.addStranger(group.id, added)
      return json(200, memberBody({ ...added, type: 'USER' }))
    }
    if (!company.add(group.id, user.id, call.now, doing(call))) {
      return error(409, 'duplicate', 'Member already exists.')
    }
    const body = memberBody({ id: user.id, email: user.primaryEmail, type: 'USER' })
    return json(200, body, { etag: String(body['etag']) })
  }

  function removeMember(call: Call, key: string, memberKey: string): HttpAnswer {
    const group = groupFor(call, key)
    if ('status' in group) return group
    const user = company.userBy(memberKey, NOW)
    if (user === null || !company.remove(group.id, user.id, call.now, doing(call))) return notFound('memberKey')
    return { ...noContent, headers: { etag: etagOf([group.id, user.id, call.now]) } }
  }

  function userFor(
    call: Call,
    key: string,
    scope: string,
    privilege: 'write users' | 'security',
  ): SeedUser | HttpAnswer {
    if (!may(call, scope)) return outOfScope()
    if (weather.privilegesTaken.has(privilege)) return forbidden()
    const user = company.userBy(key, NOW)
    if (user === null) return notFound('userKey')
    // Only a super administrator touches another.
    const isMatchFor = company.user(call.grant.subject, NOW)?.isAdmin === true
    return user.isAdmin === true && !isMatchFor ? forbidden() : user
  }

  function note(call: Call, activity: AccountChange['activity'], user: SeedUser, at: Instant): void {
    rules.noteAccount({ at, activity, user: user.id, email: user.primaryEmail, by: call.grant.subject })
  }

  /** PUT and PATCH do the same here: what is not in the body stays. */
  function updateUser(call: Call, key: string): HttpAnswer {
    const user = userFor(call, key, 'admin.directory.user', 'write users')
    if ('status' in user) return user
    const body = bodyOf(call)
    const suspended = body?.['suspended']
    if (body === null || Object.keys(body).length !== 1 || typeof suspended !== 'boolean') {
      return error(400, 'invalid', 'Only suspended is imitated.')
    }
    if (!suspended && user.suspendedByGoogle === true) {
      return error(412, 'adminCannotUnsuspend', 'Suspension that was not made by an administrator.')
    }
    if ((user.suspended ?? false) !== suspended) {
      company.putUser({ ...user, suspended }, call.now)
      if (suspended) sessions.endWeb(user.id)
      note(call, suspended ? 'SUSPEND_USER' : 'UNSUSPEND_USER', user, call.now)
    }
    return json(200, userBody(company.user(user.id, NOW) ?? user))
  }

  /** What is in the account is gone with it. Nothing of ours may ever come here. */
  function deleteUser(call: Call, key: string): HttpAnswer {
    const user = userFor(call, key, 'admin.directory.user', 'write users')
    if ('status' in user) return user
    company.deleteUser(user.id, call.now)
    note(call, 'DELETE_USER', user, call.now)
    return noContent
  }

  function security(call: Call, key: string, item: string): HttpAnswer {
    const user = userFor(call, key, 'admin.directory.user.security', 'security')
    if ('status' in user) return user
    const { kind, method } = call
    if (kind === 'sign out' && method === 'POST') {
      sessions.endWeb(user.id)
      return noContent
    }
    if (method === 'GET' && kind === 'tokens') return json(200, listOf('tokenList', sessions.tokens(user.id)))
    if (method === 'GET' && kind === 'asps') return json(200, listOf('aspList', sessions.asps(user.id)))
    if (method === 'DELETE' && (kind === 'one token' || kind === 'one asp')) {
      const wasThere = kind === 'one token' ? sessions.endToken(user.id, item) : sessions.endAsp(user.id, item)
      return wasThere ? noContent : error(404, 'notFound', 'Resource Not Found')
    }
    return error(405, 'httpMethodNotAllowed', 'HTTP method is not allowed')
  }

  return (call) => {
    const { kind, method, keys } = call
    const [first = '', second = ''] = keys
    if (kind === 'members' && method === 'POST') return addMember(call, first)
    if (kind === 'member' && method === 'DELETE') return removeMember(call, first, second)
    if (kind === 'user' && (method === 'PUT' || method === 'PATCH')) return updateUser(call, first)
    if (kind === 'user' && method === 'DELETE') return deleteUser(call, first)
    if (SECURITY.has(kind)) return security(call, first, second)
    return error(405, 'httpMethodNotAllowed', 'HTTP method is not allowed')
  }
}

export const SECURITY: ReadonlySet<Call['kind']> = new Set<Call['kind']>([
  'sign out',
  'tokens',
  'one token',
  'asps',
  'one asp',
])

function listOf(kind: string, items: readonly object[]): object {
  const body = items.length === 0 ? {} : { items }
  return { kind: `admin#directory#${kind}`, etag: etagOf(body), ...body }
}
