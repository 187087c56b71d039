import { isoOf } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { json, rpcError } from './answers.ts'
import { bodyOf, may } from './call.ts'
import type { Call, Weather } from './call.ts'
import { NOW } from './company.ts'
import type { Company } from './company.ts'
import { page } from './paging.ts'
import { CUSTOMER } from './seed.ts'
import type { GoogleSeed, SeedGroup, Stranger } from './seed.ts'

const LABELS: Readonly<Record<SeedGroup['kind'], string | null>> = {
  plain: null,
  security: 'cloudidentity.googleapis.com/groups.security',
  dynamic: 'cloudidentity.googleapis.com/groups.dynamic',
  locked: 'cloudidentity.googleapis.com/groups.locked',
  external: 'system/groups/external',
}
const FORUM = 'cloudidentity.googleapis.com/groups.discussion_forum'

/** Cloud Identity says the same of what is not there and of what one may not see. */
const denied = (name: string): HttpAnswer =>
  rpcError(403, 'PERMISSION_DENIED', `Error(2028): Permission denied for resource ${name} (or it may not exist).`)

interface Rules {
  readonly edition: GoogleSeed['edition']
  readonly weather: Weather
  readonly longestPage: number
  /** Somebody outside becomes a member. */
  addStranger(groupId: string, stranger: Partial<Stranger> & { readonly email: string }): void
}

/** Cloud Identity: labels of groups, and memberships that end. https://docs.cloud.google.com/identity/docs/reference/rest/v1/groups */
export function createIdentity(company: Company, rules: Rules): (call: Call) => HttpAnswer {
  const { weather, longestPage } = rules

  function groupResource({ id, email, name, kind }: SeedGroup): Record<string, unknown> {
    const label = LABELS[kind]
    return {
      name: `groups/${id}`,
      groupKey: { id: email },
      parent: `customers/${CUSTOMER}`,
      displayName: name,
      labels: kind === 'external' ? { [label ?? '']: '' } : { [FORUM]: '', ...(label ? { [label]: '' } : {}) },
    }
  }

  function rolesOf(groupId: string, userId: string, asOf: Instant): readonly unknown[] {
    const endsAt = company.endOf(groupId, userId, asOf)
    return [{ name: 'MEMBER', ...(endsAt === null ? {} : { expiryDetail: { expireTime: isoOf(endsAt) } }) }]
  }

  function membershipOf(groupId: string, userId: string, isFull: boolean, asOf: Instant): Record<string, unknown> {
    const name = `groups/${groupId}/memberships/${userId}`
    const email = company.user(userId, asOf)?.primaryEmail
    return {
      name,
      preferredMemberKey: { id: email },
      ...(isFull ? { type: 'USER' } : {}),
      roles: isFull ? rolesOf(groupId, userId, asOf) : [{ name: 'MEMBER' }],
    }
  }

  function listed({ path, query, now }: Call, rows: string) {
    const list = `${path} ${query.get('query') ?? ''}`
    const epoch = weather.epoch
    return {
      kind: null,
      rows,
      list,
      query,
      size: 'pageSize',
      most: 1_000,
      usual: 200,
      longestPage,
      now,
      epoch,
    } as const
  }

  function search(call: Call): HttpAnswer {
    const [, parent, label = ''] = SEARCH.exec(call.query.get('query') ?? '') ?? []
    if (parent !== `customers/${CUSTOMER}`)
      return rpcError(400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.')
    const found = company.groups(call.asOf()).filter((group) => label in (groupResource(group)['labels'] as object))
    return page(listed(call, 'groups'), found, ({ id }) => id, groupResource)
  }

  function directGroups(call: Call): HttpAnswer {
    const [, email = ''] = DIRECT.exec(call.query.get('query') ?? '') ?? []
    const asOf = call.asOf()
    const user = company.userBy(email, asOf)
    if (user === null) return rpcError(400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.')
    return page(
      listed(call, 'memberships'),
      company.groupsOf(user.id, asOf),
      ({ id }) => id,
      (group) => {
        const { name, groupKey, displayName, labels } = groupResource(group)
        const membership = `groups/${group.id}/memberships/${user.id}`
        return { group: name, groupKey, displayName, labels, membership, roles: rolesOf(group.id, user.id, asOf) }
      },
    )
  }

  function memberships(call: Call, group: SeedGroup, asOf: Instant): HttpAnswer {
    const isFull = call.query.get('view') === 'FULL'
    return page(
      listed(call, 'memberships'),
      company.membersOf(group.id, asOf).filter((id) => company.user(id, asOf) !== null),
      (id) => id,
      (id) => membershipOf(group.id, id, isFull, asOf),
    )
  }

  /** Why a member of the group cannot be given this end, or null. */
  function whyNoEnd(group: SeedGroup, endsAt: Instant | null, now: Instant): HttpAnswer | null {
    if (endsAt === null) return null
    if (rules.edition === 'starter' || group.takesNoEnd === true) {
      return rpcError(400, 'FAILED_PRECONDITION', 'Error(4015): Membership expiry is not available for this group.')
    }
    return endsAt > now ? null : rpcError(400, 'INVALID_ARGUMENT', 'Expiry time must be in the future.')
  }

  function whyNotOurs(group: SeedGroup): HttpAnswer | null {
    if (group.kind === 'plain' || group.kind === 'security') return null
    return group.kind === 'dynamic'
      ? rpcError(400, 'FAILED_PRECONDITION', 'Cannot modify memberships of a dynamic group.')
      : rpcError(403, 'PERMISSION_DENIED', 'Error(2014): Permission denied for membership resource.')
  }

  function create(call: Call, group: SeedGroup): HttpAnswer {
    const body = bodyOf(call)
    const email = (body?.['preferredMemberKey'] as { id?: unknown } | undefined)?.id
    const endsAt = endIn((body?.['roles'] as readonly unknown[] | undefined)?.[0])
    if (typeof email !== 'string' || endsAt === 'not understood') {
      return rpcError(400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.')
    }
    const refused = whyNotOurs(group) ?? whyNoEnd(group, endsAt, call.now)
    if (refused !== null) return refused
    const user = company.userBy(email, NOW)
    if (user === null) {
      rules.addStranger(group.id, { email })
      return json(200, { done: true, response: { name: `groups/${group.id}/memberships/0` } })
    }
    const doing = { by: { kind: 'client', id: call.grant.subject }, requestId: call.requestId } as const
    if (!company.add(group.id, user.id, call.now, doing, endsAt)) {
      const said = `Error(4003): Cannot create membership '${email}' in 'groups/${group.id}' because it already exists.`
      return rpcError(409, 'ALREADY_EXISTS', said)
    }
    const response = { '@type': TYPE, ...membershipOf(group.id, user.id, true, NOW) }
    return json(200, { name: `operations/${call.requestId}`, done: true, response })
  }

  function changeRoles(call: Call, group: SeedGroup, userId: string): HttpAnswer {
    const change = (bodyOf(call)?.['updateRolesParams'] as readonly Record<string, unknown>[] | undefined)?.[0]
    const endsAt = endIn(change?.['membershipRole'])
    const isAboutEnd = /^expiry_?detail\.expire_?time$/i.test(String(change?.['fieldMask']))
    if (!isAboutEnd || endsAt === 'not understood') {
      return rpcError(400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.')
    }
    if (!company.isMember(group.id, userId)) return rpcError(404, 'NOT_FOUND', 'Error(4005): Membership not found.')
    const refused = whyNotOurs(group) ?? whyNoEnd(group, endsAt, call.now)
    if (refused !== null) return refused
    company.setEnd(group.id, userId, endsAt, call.now)
    return json(200, { membership: membershipOf(group.id, userId, true, NOW) })
  }

  return (call) => {
    const { kind, method, keys, query } = call
    const isWrite = method !== 'GET'
    const scopes = isWrite ? ['cloud-identity.groups'] : ['cloud-identity.groups', 'cloud-identity.groups.readonly']
    if (!may(call, ...scopes)) {
      return rpcError(403, 'PERMISSION_DENIED', 'Request had insufficient authentication scopes.')
    }
    if (weather.privilegesTaken.has(isWrite ? 'write groups' : 'read groups')) return denied('groups')
    if (kind === 'group search') return search(call)
    if (kind === 'direct groups') return directGroups(call)
    const asOf = isWrite ? NOW : call.asOf()
    if (kind === 'group lookup') {
      const key = query.get('groupKey.id') ?? ''
      const found = company.groups(asOf).find(({ email }) => email === key)
      return found ? json(200, { name: `groups/${found.id}` }) : rpcError(404, 'NOT_FOUND', 'Error(2033): not found.')
    }
    const [id = '', userId = ''] = keys
    const group = company.group(id, asOf)
    if (group === null) return denied(`groups/${id}`)
    if (kind === 'identity group') return json(200, groupResource(group))
    if (kind === 'membership lookup') {
      const user = company.userBy(query.get('memberKey.id') ?? '', asOf)
      const isMember = user !== null && company.membersOf(id, asOf).includes(user.id)
      return isMember
        ? json(200, { name: `groups/${id}/memberships/${user.id}` })
        : rpcError(404, 'NOT_FOUND', 'Error(4005): Membership not found.')
    }
    if (kind === 'memberships') return isWrite ? create(call, group) : memberships(call, group, asOf)
    return changeRoles(call, group, userId)
  }
}

const TYPE = 'type.googleapis.com/google.apps.cloudidentity.groups.v1.Membership'
const SEARCH = /^parent == '([^']+)' && '([^']+)' in labels$/
const DIRECT = /^member_key_id == '([^']+)' && '[^']+' in labels$/

function endIn(role: unknown): Instant | null | 'not understood' {
  const { name, expiryDetail } = (role ?? {}) as { name?: unknown; expiryDetail?: { expireTime?: unknown } }
  if (name !== 'MEMBER') return 'not understood'
  const time = expiryDetail?.expireTime
  if (time === undefined) return null
  const end = typeof time === 'string' ? Date.parse(time) : Number.NaN
  return Number.isNaN(end) ? 'not understood' : end
}
