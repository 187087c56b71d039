import type { Instant } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import {
  badRequest,
  denied,
  error,
  GROUP_DEFAULTS,
  groupBody,
  json,
  notFound,
  selected,
  USER_DEFAULTS,
  userBody,
} from './answers.ts'
import type { Company } from './company.ts'
import type { Path } from './path.ts'
import { page } from './paging.ts'
import type { Pim } from './pim.ts'
import type { Grant } from './token.ts'
import type { createDelta } from './delta.ts'
import type { createReports } from './reports.ts'
import type { createWrites } from './writes.ts'

/** One call below `/v1.0`, its token already known to be good. */
export interface Call extends Path {
  readonly method: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly grant: Grant
  readonly requestId: string
  readonly now: Instant
  /** What reads show is what was true then. Asked once for each, because each may come from another copy. */
  readonly asOf: () => Instant
}

export interface Rooms {
  readonly company: Company
  readonly pim: Pim
  readonly delta: ReturnType<typeof createDelta>
  readonly reports: ReturnType<typeof createReports>
  readonly writes: ReturnType<typeof createWrites>
  readonly longestPage: number
}

const DIRECTORY = ['Directory.Read.All', 'Directory.ReadWrite.All']
const READ_USERS = ['User.Read.All', 'User.ReadWrite.All', ...DIRECTORY]
const READ_GROUPS = [
  'GroupMember.Read.All',
  'GroupMember.ReadWrite.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  ...DIRECTORY,
]
const ASSIGN = ['PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup']

/** Any of these application permissions lets one read it. Writes have their own (`writes.ts`). */
const READABLE_WITH: Partial<Record<Path['kind'], readonly string[]>> = {
  users: READ_USERS,
  user: READ_USERS,
  'user delta': READ_USERS,
  manager: READ_USERS,
  holdings: READ_GROUPS,
  groups: READ_GROUPS,
  group: READ_GROUPS,
  'group delta': READ_GROUPS,
  members: READ_GROUPS,
  assignments: [...ASSIGN, 'PrivilegedAssignmentSchedule.Read.AzureADGroup'],
  audits: ['AuditLog.Read.All'],
  'sign-ins': ['AuditLog.Read.All'],
}

export function createRoutes({ company, pim, delta, reports, writes, longestPage }: Rooms): (call: Call) => HttpAnswer {
  function read(call: Call): HttpAnswer {
    const { kind, ids, query, origin, path } = call
    const [id = ''] = ids
    const select = query.get('$select')
    const asOf = call.asOf()
    const address = `${origin}${path}`
    const listed = (context: string) => ({
      address,
      context: `${origin}/v1.0/$metadata#${context}`,
      query,
      defaultTop: 100,
      mostTop: Math.min(999, longestPage),
    })
    switch (kind) {
      case 'users':
        return page(listed('users'), company.users(asOf), (user) =>
          selected(userBody(user), select, USER_DEFAULTS, false),
        )
      case 'groups':
        return page(listed('groups'), company.groups(asOf), (group) =>
          selected(groupBody(group), select, GROUP_DEFAULTS, false),
        )
      case 'user delta':
      case 'group delta':
        return delta(kind === 'user delta' ? 'users' : 'groups', address, query, call.now, asOf)
      case 'user':
      case 'manager': {
        const user = company.user(id, asOf)
        if (user === null) return notFound(id)
        const manager = user.manager ? company.user(user.manager, asOf) : null
        if (kind === 'manager') {
          if (manager === null) return notFound('manager')
          const body = selected(userBody(manager), select, USER_DEFAULTS, false)
          return entity(origin, 'directoryObjects', { '@odata.type': '#microsoft.graph.user', ...body })
        }
        const expanded =
          query.get('$expand')?.startsWith('manager') && manager
            ? { manager: { '@odata.type': '#microsoft.graph.user', id: manager.id } }
            : {}
        return entity(origin, 'users', { ...selected(userBody(user), select, USER_DEFAULTS, false), ...expanded })
      }
      case 'group': {
        const group = company.group(id, asOf)
        return group === null
          ? notFound(id)
          : entity(origin, 'groups', selected(groupBody(group), select, GROUP_DEFAULTS, false))
      }
      case 'holdings': {
        const user = company.user(id, asOf)
        if (user === null) return notFound(id)
        const groups = company.groupsOf(id, asOf).map((group) => ({
          id: group.id,
          body: {
            '@odata.type': '#microsoft.graph.group',
            ...selected(groupBody(group), select, GROUP_DEFAULTS, false),
          },
        }))
        const role = { id: 'f0000000-0000-4000-8000-000000000001' }
        const roles =
          user.isAdministrator === true
            ? [{ ...role, body: { '@odata.type': '#microsoft.graph.directoryRole', ...role } }]
            : []
        return page(listed('directoryObjects'), [...groups, ...roles], ({ body }) => body)
      }
      case 'members': {
        const group = company.group(id, asOf)
        if (group === null) return notFound(id)
        const people = company.membersOf(id, asOf).map((userId) => ({ id: userId, type: 'user' }))
        return page(listed('directoryObjects'), [...people, ...(group.others ?? [])], ({ id, type }) => ({
          '@odata.type': `#microsoft.graph.${type}`,
          id,
        }))
      }
      case 'assignments':
        return pim.instances(
          query.get('$filter') ?? '',
          listed('identityGovernance/privilegedAccess/group/assignmentScheduleInstances').context,
          asOf,
        )
      case 'audits':
      case 'sign-ins':
        return reports(kind, address, query, call.now)
      default:
        return error(405, 'Request_BadRequest', 'Specified HTTP method is not allowed for the request target.')
    }
  }

  return (call) => {
    const { kind, method, grant } = call
    if (kind === 'other') return badRequest(`Resource not found for the segment of ${call.path}.`)
    if (method !== 'GET') return writes(call)
    const needed = READABLE_WITH[kind]
    if (needed !== undefined && !needed.some((role) => grant.roles.has(role))) return denied()
    return read(call)
  }
}

function entity(origin: string, set: string, body: object): HttpAnswer {
  return json(200, { '@odata.context': `${origin}/v1.0/$metadata#${set}/$entity`, ...body })
}
