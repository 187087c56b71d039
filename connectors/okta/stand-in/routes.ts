import type { Instant } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { error, groupBody, json, noContent, notFound, ruleBody, userBody } from './answers.ts'
import type { Company } from './company.ts'
import { page } from './paging.ts'
import type { Entry } from './paging.ts'
import type { Rules } from './rules.ts'
import type { SeedGroup, SeedUser } from './seed.ts'
import type { Grant } from './token.ts'

/** One call below `/api/v1`, its token already known to be good. */
export interface Call {
  readonly method: string
  readonly origin: string
  readonly path: string
  /** The path's parts after `/api/v1/`, decoded. */
  readonly parts: readonly string[]
  readonly query: URLSearchParams
  readonly grant: Grant
  readonly requestId: string
  readonly now: Instant
  /** Lists of memberships show what was true then. */
  readonly asOf: Instant
}

export interface RouteOptions {
  readonly groupRulesEndpoint: boolean
  /** The longest page, whatever is asked for. */
  readonly longestPage: number
  /** Without a role an app with scopes sees empty lists, and may change nothing. */
  readonly hasAdminRole: () => boolean
}

export function createRoutes(company: Company, rules: Rules, options: RouteOptions): (call: Call) => HttpAnswer {
  // A page of a thousand people is asked for often, and the people hardly ever change.
  const userText = new WeakMap<SeedUser, { readonly origin: string; readonly text: string }>()

  function textOf(user: SeedUser, origin: string): string {
    const known = userText.get(user)
    if (known?.origin === origin) return known.text
    const text = JSON.stringify(userBody(origin, user))
    userText.set(user, { origin, text })
    return text
  }

  function groupOf(group: SeedGroup, origin: string): Record<string, unknown> {
    return groupBody(origin, group, company.lastMembershipChange(group.id))
  }

  function* everybody(origin: string): Iterable<Entry> {
    let number = 0
    for (const user of company.users.values()) {
      number += 1
      if (user.status !== 'DEPROVISIONED') yield { number, body: textOf(user, origin) }
    }
  }

  function* everyGroup(origin: string, query: URLSearchParams): Iterable<Entry> {
    const wanted = /^type eq "(\w+)"$/.exec(query.get('filter') ?? '')?.[1]
    let number = 0
    for (const group of company.groups.values()) {
      number += 1
      if (wanted === undefined || group.type === wanted) yield { number, body: JSON.stringify(groupOf(group, origin)) }
    }
  }

  function* membersOf(groupId: string, { origin, asOf }: Call): Iterable<Entry> {
    for (const [userId, number] of company.membersOf(groupId, asOf)) {
      const user = company.users.get(userId)
      if (user !== undefined && user.status !== 'DEPROVISIONED') yield { number, body: textOf(user, origin) }
    }
  }

  function* everyRule(): Iterable<Entry> {
    let number = 0
    for (const rule of rules.all.values()) yield { number: (number += 1), body: JSON.stringify(ruleBody(rule)) }
  }

  function list(call: Call, defaultLimit: number, maxLimit: number, entries: () => Iterable<Entry>): HttpAnswer {
    // Searching is not imitated, and a search that finds everything would be a lie.
    const filter = call.query.get('filter')
    const filtered = filter !== null && !(call.parts[0] === 'groups' && /^type eq "\w+"$/.test(filter))
    if (filtered || call.query.has('search') || call.query.has('q')) return error(400, 'E0000031')
    const shown = options.hasAdminRole() ? entries() : []
    const longest = Math.min(maxLimit, options.longestPage)
    return page(call.origin, call.path, call.query, { defaultLimit, maxLimit: longest }, shown)
  }

  function write(call: Call, groupId: string, userId: string): HttpAnswer {
    const group = company.groups.get(groupId)
    const user = company.users.get(userId)
    if (group === undefined) return notFound(groupId, 'UserGroup')
    if (user === undefined) return notFound(userId, 'User')
    if (!options.hasAdminRole()) return error(403, 'E0000006')
    if (group.type !== 'OKTA_GROUP') return error(501, 'E0000060')
    if (user.status === 'DEPROVISIONED') return error(400, 'E0000038')
    const doing = { by: { kind: 'client' as const, id: call.grant.clientId }, requestId: call.requestId }
    if (call.method === 'PUT') company.add(groupId, userId, call.now, doing)
    else if (company.remove(groupId, userId, call.now, doing)) rules.exclude(groupId, userId)
    return noContent
  }

  return (call) => {
    const { method, parts, grant, origin } = call
    const [kind, id, what, otherId, more] = parts
    const may = (scope: string, wider?: string): boolean =>
      grant.scopes.has(scope) || (wider !== undefined && grant.scopes.has(wider))
    const seesUsers = may('okta.users.read', 'okta.users.manage')
    const seesGroups = may('okta.groups.read', 'okta.groups.manage')

    if (kind === 'groups' && what === 'users' && id !== undefined && otherId !== undefined && more === undefined) {
      if (method !== 'PUT' && method !== 'DELETE') return error(405, 'E0000022')
      return may('okta.groups.manage') ? write(call, id, otherId) : error(403, 'E0000006')
    }
    if (
      kind === 'groups' &&
      what === 'users' &&
      more === 'group-rules' &&
      options.groupRulesEndpoint &&
      parts.length === 5
    ) {
      if (!seesGroups) return error(403, 'E0000006')
      if (!company.groups.has(id!)) return notFound(id!, 'UserGroup')
      if (!company.isMember(id!, otherId!)) return notFound(otherId!, 'User')
      return json(200, rules.managing(id!, otherId!).map(ruleBody))
    }
    if (method !== 'GET') return error(405, 'E0000022')

    if (kind === 'users') {
      if (!seesUsers) return error(403, 'E0000006')
      if (id === undefined) return list(call, 200, 200, () => everybody(origin))
      const user = company.users.get(id)
      if (user === undefined) return notFound(id, 'User')
      if (what === undefined) return json(200, userBody(origin, user))
      if (what === 'groups' && otherId === undefined) {
        const held = options.hasAdminRole() ? company.groupsOf(id, call.asOf) : []
        const bodies = held.map((group) => groupOf(group, origin))
        return json(200, bodies)
      }
    }
    if (kind === 'groups') {
      if (!seesGroups) return error(403, 'E0000006')
      if (id === undefined) return list(call, 10_000, 10_000, () => everyGroup(origin, call.query))
      if (id === 'rules' && what === undefined) return list(call, 50, 200, everyRule)
      const group = company.groups.get(id)
      if (group === undefined) return notFound(id, 'UserGroup')
      if (what === undefined && !options.hasAdminRole()) return notFound(id, 'UserGroup')
      if (what === undefined) return json(200, groupOf(group, origin))
      if (what === 'users' && otherId === undefined) return list(call, 1_000, 1_000, () => membersOf(id, call))
    }
    return error(405, 'E0000022')
  }
}
