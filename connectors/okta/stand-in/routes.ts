import type { Instant } from '#core/instant.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import type { Accounts } from './accounts.ts'
import { error, groupBody, json, jsonText, noContent, notFound, ruleBody, userBody } from './answers.ts'
import type { Company } from './company.ts'
import { page } from './paging.ts'
import type { Entry } from './paging.ts'
import type { Path } from './path.ts'
import type { Rules } from './rules.ts'
import type { SeedGroup, SeedUser } from './seed.ts'
import type { SystemLog } from './system-log.ts'
import type { Grant } from './token.ts'

/** One call below `/api/v1`, its token already known to be good. */
export interface Call extends Path {
  readonly method: string
  readonly grant: Grant
  readonly requestId: string
  readonly now: Instant
  /** Lists of memberships show what was true then. Asked once for each list, because each may come from another copy. */
  readonly asOf: () => Instant
  readonly headers: HttpRequest['headers']
}

export interface RouteOptions {
  readonly groupRulesEndpoint: boolean
  /** The longest page, whatever is asked for. */
  readonly longestPage: number
  /** Without a role an app with scopes sees empty lists, and may change nothing. */
  readonly hasAdminRole: () => boolean
  /** How often all cursors were forgotten. */
  readonly cursorEpoch: () => number
  readonly accounts: Accounts
  readonly log: SystemLog
  /** How late the log is. */
  readonly logLagMs: () => number
}

/** The two filters that are imitated. */
const BY_TYPE = /^type eq "(\w+)"$/
const BY_CHANGE = /^lastMembershipUpdated gt "(\d{4}-\d\d-\d\dT[\d:.]+Z)"$/

export function createRoutes(company: Company, rules: Rules, options: RouteOptions): (call: Call) => HttpAnswer {
  // Pages of a thousand people are asked for often, and people and groups hardly ever change.
  const userText = new WeakMap<SeedUser, { readonly origin: string; readonly text: string }>()
  const groupText = new WeakMap<
    SeedGroup,
    { readonly origin: string; readonly changedAt: Instant | null; readonly text: string }
  >()

  function textOfUser(user: SeedUser, origin: string): string {
    const known = userText.get(user)
    if (known?.origin === origin) return known.text
    const text = JSON.stringify(userBody(origin, user))
    userText.set(user, { origin, text })
    return text
  }

  function textOfGroup(group: SeedGroup, origin: string): string {
    const changedAt = company.lastMembershipChange(group.id)
    const known = groupText.get(group)
    if (known?.origin === origin && known.changedAt === changedAt) return known.text
    const text = JSON.stringify(groupBody(origin, group, changedAt))
    groupText.set(group, { origin, changedAt, text })
    return text
  }

  function* everybody(origin: string): Iterable<Entry> {
    for (const user of company.users.values()) {
      const number = company.numberOf(user.id)
      if (user.status !== 'DEPROVISIONED') yield { number, body: textOfUser(user, origin) }
    }
  }

  function* everyGroup({ origin, query }: Call): Iterable<Entry> {
    const filter = query.get('filter') ?? ''
    const wanted = BY_TYPE.exec(filter)?.[1]
    const since = Date.parse(BY_CHANGE.exec(filter)?.[1] ?? '')
    for (const group of company.groups.values()) {
      const number = company.numberOf(group.id)
      const changedAt = company.lastMembershipChange(group.id) ?? Number.NEGATIVE_INFINITY
      const isWanted = (wanted ?? group.type) === group.type && (Number.isNaN(since) || changedAt > since)
      if (isWanted) yield { number, body: textOfGroup(group, origin) }
    }
  }

  function* membersOf(groupId: string, { origin, asOf }: Call): Iterable<Entry> {
    for (const [userId, number] of company.membersOf(groupId, asOf())) {
      const user = company.users.get(userId)
      if (user !== undefined && user.status !== 'DEPROVISIONED') yield { number, body: textOfUser(user, origin) }
    }
  }

  function* everyRule(): Iterable<Entry> {
    let number = 0
    for (const rule of rules.all.values()) yield { number: (number += 1), body: JSON.stringify(ruleBody(rule)) }
  }

  function list(call: Call, defaultLimit: number, maxLimit: number, entries: () => Iterable<Entry>): HttpAnswer {
    // Searching is not imitated, and a search that finds everything would be a lie.
    const filter = call.query.get('filter')
    const filtered = filter !== null && !(call.kind === 'groups' && (BY_TYPE.test(filter) || BY_CHANGE.test(filter)))
    if (filtered || call.query.has('search') || call.query.has('q')) return error(400, 'E0000031')
    const shown = options.hasAdminRole() ? entries() : []
    const longest = Math.min(maxLimit, options.longestPage)
    return page(
      call.origin,
      call.path,
      call.query,
      { defaultLimit, maxLimit: longest, epoch: options.cursorEpoch() },
      shown,
    )
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
    else rules.removeByHand(groupId, userId, call.now, doing)
    return noContent
  }

  function ofUser(call: Call, userId: string): HttpAnswer {
    const user = company.users.get(userId)
    if (user === undefined) return notFound(userId, 'User')
    if (call.kind === 'user') return jsonText(200, textOfUser(user, call.origin))
    const held = options.hasAdminRole() ? company.groupsOf(userId, call.asOf()) : []
    return jsonText(200, `[${held.map((group) => textOfGroup(group, call.origin)).join(',')}]`)
  }

  function ofGroup(call: Call, groupId: string): HttpAnswer {
    const group = company.groups.get(groupId)
    if (group === undefined) return notFound(groupId, 'UserGroup')
    if (call.kind === 'members') return list(call, 1_000, 1_000, () => membersOf(groupId, call))
    return options.hasAdminRole() ? jsonText(200, textOfGroup(group, call.origin)) : notFound(groupId, 'UserGroup')
  }

  function ofAccount(call: Call, userId: string, what: string): HttpAnswer {
    if (call.method !== (call.kind === 'sessions' ? 'DELETE' : 'POST')) return error(405, 'E0000022')
    if (!call.grant.scopes.has('okta.users.manage') || !options.hasAdminRole()) return error(403, 'E0000006')
    if (call.kind === 'sessions') return options.accounts.endSessions(userId, call.query)
    const isAsync = call.headers['prefer'] === 'respond-async'
    return options.accounts.lifecycle(userId, what, call.grant.clientId, isAsync, call.now)
  }

  function theLog({ origin, path, query, now }: Call): HttpAnswer {
    const epoch = options.cursorEpoch()
    return options.log.answer({ origin, path, query, now, lagMs: options.logLagMs(), epoch })
  }

  function rulesOf(groupId: string, userId: string): HttpAnswer {
    if (!company.groups.has(groupId)) return notFound(groupId, 'UserGroup')
    if (!company.isMember(groupId, userId)) return notFound(userId, 'User')
    return json(200, rules.managing(groupId, userId).map(ruleBody))
  }

  return (call) => {
    const { method, parts, grant, kind } = call
    const [, id = '', , otherId = ''] = parts
    if (kind === 'membership') {
      if (method !== 'PUT' && method !== 'DELETE') return error(405, 'E0000022')
      return grant.scopes.has('okta.groups.manage') ? write(call, id, otherId) : error(403, 'E0000006')
    }
    if (kind === 'lifecycle' || kind === 'sessions') return ofAccount(call, id, otherId)
    if (method !== 'GET' || kind === 'other') return error(405, 'E0000022')
    if (kind === 'logs') return grant.scopes.has('okta.logs.read') ? theLog(call) : error(403, 'E0000006')
    if (kind === 'member rules' && !options.groupRulesEndpoint) return error(405, 'E0000022')
    const what = kind === 'users' || kind === 'user' || kind === 'holdings' ? 'users' : 'groups'
    if (!grant.scopes.has(`okta.${what}.read`) && !grant.scopes.has(`okta.${what}.manage`)) {
      return error(403, 'E0000006')
    }
    switch (kind) {
      case 'users':
        return list(call, 200, 200, () => everybody(call.origin))
      case 'groups':
        return list(call, 10_000, 10_000, () => everyGroup(call))
      case 'rules':
        return list(call, 50, 200, everyRule)
      case 'member rules':
        return rulesOf(id, otherId)
      case 'user':
      case 'holdings':
        return ofUser(call, id)
      case 'group':
      case 'members':
        return ofGroup(call, id)
      case 'token':
        return error(405, 'E0000022')
    }
  }
}
