import type { HttpAnswer } from '#connectors/kit/io.ts'
import { badRequest, denied, error, json, noContent, notFound } from './answers.ts'
import { NOW } from './company.ts'
import type { Company, Doing } from './company.ts'
import type { Pim } from './pim.ts'
import type { AccountChange } from './reports.ts'
import type { Call } from './routes.ts'

/** https://learn.microsoft.com/graph/api/group-post-members: the address of a member ends with `/$ref`, and what it names is not gone with the membership. */
const WRITE_MEMBERS = ['GroupMember.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All']
const WRITE_USERS = ['User.ReadWrite.All', 'Directory.ReadWrite.All']

export interface WriteRules {
  /** So long after it was made a group or a person is not known everywhere yet. */
  readonly freshForMs: number
  endSessions(userId: string): void
  noteAccount(change: AccountChange): void
}

export function createWrites(company: Company, pim: Pim, rules: WriteRules): (call: Call) => HttpAnswer {
  const may = ({ grant }: Call, roles: readonly string[]): boolean => roles.some((role) => grant.roles.has(role))

  function doing(call: Call): Doing {
    return { by: { kind: 'client', id: call.grant.clientId }, requestId: call.requestId }
  }

  /** Why the members of the group are not to be written, or null. */
  function refusal(call: Call, groupId: string): HttpAnswer | null {
    if (!may(call, WRITE_MEMBERS)) return denied()
    const group = company.group(groupId, NOW)
    if (group === null) return notFound(groupId)
    if (isFresh(call, groupId)) {
      return badRequest('The source resource object or one of the objects being referenced do not exist.')
    }
    if (group.kind === 'dynamic') return badRequest('Cannot update the members of a group with dynamic membership.')
    if (group.kind === 'synced') {
      return badRequest(
        'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
      )
    }
    if (group.kind === 'mail-enabled') {
      return badRequest('Cannot Update a mail-enabled security groups and or distribution list.')
    }
    if (group.kind === 'role-assignable' && !call.grant.roles.has('RoleManagement.ReadWrite.Directory')) return denied()
    if (group.kind === 'restricted') return denied()
    return null
  }

  function isFresh({ now }: Call, id: string): boolean {
    const born = company.bornAt(id)
    return born !== null && now - born < rules.freshForMs
  }

  /** All of them or none. */
  function add(call: Call, groupId: string, userIds: readonly string[]): HttpAnswer {
    const refused = refusal(call, groupId)
    if (refused !== null) return refused
    const missing = userIds.find((id) => company.user(id, NOW) === null)
    if (missing !== undefined) return notFound(missing)
    if (userIds.some((id) => company.isMember(groupId, id)) || new Set(userIds).size < userIds.length) {
      return badRequest(
        "One or more added object references already exist for the following modified properties: 'members'.",
      )
    }
    for (const id of userIds) company.add(groupId, id, call.now, doing(call))
    return noContent
  }

  function remove(call: Call, groupId: string, userId: string): HttpAnswer {
    const refused = refusal(call, groupId)
    if (refused !== null) return refused
    if (!company.isMember(groupId, userId)) return notFound(userId)
    pim.forget(groupId, userId, call.now)
    company.remove(groupId, userId, call.now, doing(call))
    return noContent
  }

  function patchGroup(call: Call, groupId: string): HttpAnswer {
    const body = bodyOf(call)
    const bind = body?.['members@odata.bind']
    if (body === null || !Array.isArray(bind) || Object.keys(body).length !== 1) {
      return may(call, ['Group.ReadWrite.All', 'Directory.ReadWrite.All']) ? badRequest('Invalid value.') : denied()
    }
    if (bind.length === 0 || bind.length > 20) return badRequest('Too many references in a single update.')
    const ids = bind.map((address) => idIn(address, call.origin))
    const known = ids.filter((id) => id !== null)
    return known.length < ids.length ? badRequest('Invalid URL format specified.') : add(call, groupId, known)
  }

  function patchUser(call: Call, userId: string): HttpAnswer {
    const body = bodyOf(call)
    const enabled = body?.['accountEnabled']
    const isOnlyThat = body !== null && Object.keys(body).length === 1 && typeof enabled === 'boolean'
    const needed = isOnlyThat ? ['User.EnableDisableAccount.All', ...WRITE_USERS] : WRITE_USERS
    if (!may(call, needed)) return denied()
    const user = company.user(userId, NOW)
    if (user === null) return notFound(userId)
    if (!isOnlyThat) return badRequest('Only accountEnabled is imitated.')
    if (user.isAdministrator === true) return denied()
    if (user.isSynced === true) {
      return badRequest('Unable to update the specified properties for on-premises mastered Directory Sync objects.')
    }
    if (user.accountEnabled !== enabled) {
      company.putUser({ ...user, accountEnabled: enabled }, call.now)
      const activity = enabled ? 'Enable account' : 'Disable account'
      rules.noteAccount({ at: call.now, activity, user: userId, by: { kind: 'client', id: call.grant.clientId } })
    }
    return noContent
  }

  /** What the caution of the documentation is about: this address is the person's, and not the membership's. */
  function deletePerson(call: Call, userId: string): HttpAnswer {
    if (!may(call, WRITE_USERS)) return denied()
    if (company.user(userId, NOW) === null) return notFound(userId)
    company.deleteUser(userId, call.now)
    rules.noteAccount({
      at: call.now,
      activity: 'Delete user',
      user: userId,
      by: { kind: 'client', id: call.grant.clientId },
    })
    return noContent
  }

  function endSessions(call: Call, userId: string): HttpAnswer {
    if (!may(call, ['User.RevokeSessions.All', ...WRITE_USERS])) return denied()
    const user = company.user(userId, NOW)
    if (user === null) return notFound(userId)
    if (user.isAdministrator === true) return denied()
    rules.endSessions(userId)
    return json(200, { '@odata.context': `${call.origin}/v1.0/$metadata#Edm.Boolean`, value: true })
  }

  return (call) => {
    const { kind, method, ids } = call
    const [first = '', second = ''] = ids
    if (kind === 'add member' && method === 'POST') {
      const id = idIn(bodyOf(call)?.['@odata.id'], call.origin)
      return id === null ? badRequest('Invalid URL format specified in @odata.id.') : add(call, first, [id])
    }
    if (kind === 'membership' && method === 'DELETE') return remove(call, first, second)
    if (kind === 'member itself' && method === 'DELETE') return deletePerson(call, second)
    if (kind === 'user' && method === 'DELETE') return deletePerson(call, first)
    if (kind === 'group' && method === 'PATCH') return patchGroup(call, first)
    if (kind === 'user' && method === 'PATCH') return patchUser(call, first)
    if (kind === 'sessions' && method === 'POST') return endSessions(call, first)
    if (kind === 'assignment requests' && method === 'POST') {
      if (!may(call, ['PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup'])) return denied()
      return pim.request(bodyOf(call), call.now, doing(call))
    }
    return error(405, 'Request_BadRequest', 'Specified HTTP method is not allowed for the request target.')
  }
}

function bodyOf({ body }: Call): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

function idIn(address: unknown, origin: string): string | null {
  if (typeof address !== 'string' || !address.startsWith(`${origin}/v1.0/`)) return null
  return /\/(?:directoryObjects|users)\/([0-9a-f-]{36})$/i.exec(address)?.[1] ?? null
}
