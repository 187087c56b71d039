import type { Instant } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { error, forbidden, groupBody, invalid, json, memberBody, notFound, outOfScope, userBody } from './answers.ts'
import { may } from './call.ts'
import type { Call, Privilege, Weather } from './call.ts'
import type { Company } from './company.ts'
import { page } from './paging.ts'
import type { SeedGroup } from './seed.ts'

const READ_USERS = ['admin.directory.user.readonly', 'admin.directory.user']
const READ_GROUPS = ['admin.directory.group.readonly', 'admin.directory.group']
const READ_MEMBERS = [...READ_GROUPS, 'admin.directory.group.member.readonly', 'admin.directory.group.member']

/** Reads of the Directory: users, groups and members. */
export function createReads(company: Company, weather: Weather, longestPage: number): (call: Call) => HttpAnswer {
  function refusal(call: Call, privilege: Privilege, scopes: readonly string[]): HttpAnswer | null {
    if (!may(call, ...scopes)) return outOfScope()
    return weather.privilegesTaken.has(privilege) ? forbidden() : null
  }

  function listed(call: Call, kind: string, rows: string, most: number, usual: number) {
    const { path, query, now } = call
    const list = `${path} ${query.get('userKey') ?? ''}`
    const epoch = weather.epoch
    return { kind, rows, list, query, size: 'maxResults', most, usual, longestPage, now, epoch } as const
  }

  function users(call: Call): HttpAnswer {
    const { query } = call
    if (query.get('customer') !== 'my_customer' && !query.has('domain')) return error(400, 'badRequest', 'Bad Request')
    const asOf = call.asOf()
    return page(
      listed(call, 'admin#directory#users', 'users', 500, 100),
      company.users(asOf),
      ({ primaryEmail }) => primaryEmail,
      userBody,
    )
  }

  function groups(call: Call): HttpAnswer {
    const { query } = call
    const [userKey, customer] = [query.get('userKey'), query.get('customer')]
    if ((userKey === null) === (customer === null && !query.has('domain'))) {
      return error(400, 'badRequest', 'Bad Request')
    }
    const asOf = call.asOf()
    const user = userKey === null ? null : company.userBy(userKey, asOf)
    if (userKey !== null && user === null) return notFound('userKey')
    const rows = user === null ? company.groups(asOf) : company.groupsOf(user.id, asOf)
    return page(
      listed(call, 'admin#directory#groups', 'groups', 200, 200),
      rows.filter(({ kind }) => kind !== 'external'),
      ({ id }) => id,
      (group) => bodyOfGroup(group, asOf),
    )
  }

  function bodyOfGroup(group: SeedGroup, asOf: Instant): unknown {
    return groupBody(group, company.membersOf(group.id, asOf).length + (group.others?.length ?? 0))
  }

  function members(call: Call, group: SeedGroup, asOf: Instant): HttpAnswer {
    const people = company.membersOf(group.id, asOf).flatMap((id) => {
      const user = company.user(id, asOf)
      const status = user?.suspended === true ? 'SUSPENDED' : 'ACTIVE'
      return user === null ? [] : { id, email: user.primaryEmail, type: 'USER', status }
    })
    const others = (group.others ?? []).map((other) => {
      if (other.type === 'CUSTOMER') return { id: 'C01acme77', email: 'everybody', type: 'CUSTOMER' }
      if (other.type === 'USER') return other
      return { id: other.id, email: company.group(other.id, asOf)?.email ?? '', type: 'GROUP' }
    })
    return page(
      listed(call, 'admin#directory#members', 'members', 200, 200),
      [...people, ...others],
      ({ id, email }) => id ?? email,
      memberBody,
    )
  }

  /** Also of who is a member through another group. */
  function hasMember(group: SeedGroup, userId: string, asOf: Instant, seen: ReadonlySet<string> = new Set()): boolean {
    if (seen.has(group.id)) return false
    if (company.membersOf(group.id, asOf).includes(userId)) return true
    return (group.others ?? []).some((other) => {
      if (other.type === 'CUSTOMER') return true
      const within = other.type === 'GROUP' ? company.group(other.id, asOf) : null
      return within !== null && hasMember(within, userId, asOf, new Set([...seen, group.id]))
    })
  }

  return (call) => {
    const { kind, keys } = call
    const [first = '', second = ''] = keys
    if (kind === 'users' || kind === 'user') {
      const refused = refusal(call, 'read users', READ_USERS)
      if (refused !== null) return refused
      if (kind === 'users') return users(call)
      const user = company.userBy(first, call.asOf())
      return user === null ? notFound('userKey') : json(200, userBody(user))
    }
    const refused = refusal(
      call,
      'read groups',
      kind === 'members' || kind === 'has member' ? READ_MEMBERS : READ_GROUPS,
    )
    if (refused !== null) return refused
    if (kind === 'groups') return groups(call)
    const asOf = call.asOf()
    const group = company.groupBy(first, asOf)
    if (group === null) return notFound('groupKey')
    if (kind === 'group') return json(200, bodyOfGroup(group, asOf))
    if (kind === 'members') return members(call, group, asOf)
    const user = company.userBy(second, asOf)
    if (user === null) return invalid('memberKey')
    if (kind === 'has member') return json(200, { isMember: hasMember(group, user.id, asOf) })
    const isMember = company.membersOf(group.id, asOf).includes(user.id)
    if (!isMember) return notFound('memberKey')
    return json(200, memberBody({ id: user.id, email: user.primaryEmail, type: 'USER' }))
  }
}
