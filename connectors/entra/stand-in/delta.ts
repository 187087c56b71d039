import { DAY_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { badRequest, error, GROUP_DEFAULTS, groupBody, json, selected, USER_DEFAULTS, userBody } from './answers.ts'
import type { Company, Trace } from './company.ts'
import type { SeedGroup, SeedUser } from './seed.ts'
import { queryText, tokenOf, valueOf } from './paging.ts'

/**
 * `users/delta` and `groups/delta`: everything, page by page, and then what changed since. What was asked for in the first request
 * is kept in the tokens, which live for seven days. Rows are of the moment in which they are read; the members of a group are
 * spread over as many pages as they fill, each with the group on it again.
 */
export interface DeltaRules {
  readonly longestPage: number
  /** How many of the changes before are told again. */
  readonly replays: () => number
  /** How often everything that was handed out was forgotten. */
  readonly epoch: () => number
}

interface Token {
  readonly select: string | null
  /** How many traces there were when the list began, or when the cursor was given out. */
  readonly traces: number
  readonly at: Instant
  readonly epoch: number
  /** Of a page: how many rows were shown before, and of what: of everything as it was then, or of what changed since. */
  readonly shown?: number
  readonly asOf?: Instant
  readonly since?: number
}

type Body = Record<string, unknown>

const TOKEN_LIFE_MS = 7 * DAY_MS

export function createDelta(company: Company, rules: DeltaRules) {
  function answer(
    what: 'users' | 'groups',
    address: string,
    query: URLSearchParams,
    now: Instant,
    asOf: Instant,
  ): HttpAnswer {
    for (const name of ['$top', '$orderby', '$expand', '$search']) {
      if (query.has(name)) return badRequest(`The query parameter ${name} is not supported with delta.`)
    }
    const seenTraces = company.traces.findLastIndex((trace) => trace.at <= asOf) + 1
    const word = query.get('$skiptoken') ?? query.get('$deltatoken')
    if (word === 'latest') {
      const link = deltaLink(address, {
        select: query.get('$select'),
        traces: seenTraces,
        at: now,
        epoch: rules.epoch(),
      })
      return json(200, { '@odata.context': contextOf(address, what), '@odata.deltaLink': link, value: [] })
    }
    const token: Token | undefined =
      word === null
        ? { select: query.get('$select'), traces: seenTraces, at: now, epoch: rules.epoch(), shown: 0, asOf }
        : (valueOf(address, word) as Token | undefined)
    if (token === undefined) return error(400, 'syncStateNotFound', 'The sync state was not found.')
    if (now - token.at >= TOKEN_LIFE_MS || token.epoch !== rules.epoch()) {
      const location = `${address}?$deltatoken=`
      return error(410, 'syncStateNotFound', 'The sync state generation is not found; restart.', { location })
    }
    const since = Math.max(0, token.traces - rules.replays())
    const page: Token = token.shown === undefined ? { ...token, since, traces: seenTraces, at: now, shown: 0 } : token
    const { select, traces, epoch, shown: before = 0 } = page
    const rows = page.since === undefined ? everything(what, select, page.asOf ?? asOf) : changes(what, page, asOf)
    const shown = rows.slice(before, before + rules.longestPage).map((row) => row())
    const hasMore = rows.length > before + shown.length
    const link = hasMore
      ? { '@odata.nextLink': `${address}?$skiptoken=${tokenOf(address, { ...page, shown: before + shown.length })}` }
      : { '@odata.deltaLink': deltaLink(address, { select, traces, at: now, epoch }) }
    return json(200, { '@odata.context': contextOf(address, what), ...link, value: shown })
  }

  function everything(what: 'users' | 'groups', select: string | null, asOf: Instant): readonly (() => Body)[] {
    if (what === 'users') return company.users(asOf).map((user) => () => userRow(user, select, true))
    return company.groups(asOf).flatMap((group) => {
      if (!wantsMembers(select)) return [() => groupRow(group, select)]
      return withMembers(groupRow(group, select), company.membersOf(group.id, asOf).map(memberRow)).map(
        (row) => () => row,
      )
    })
  }

  function changes(
    what: 'users' | 'groups',
    { since = 0, traces, select }: Token,
    asOf: Instant,
  ): readonly (() => Body)[] {
    const kinds: readonly Trace['what'][] = what === 'users' ? ['user', 'manager'] : ['group', 'members']
    const between = company.traces.slice(since, traces).filter((trace) => kinds.includes(trace.what))
    return [...Map.groupBy(between, ({ id }) => id)].flatMap(([id, of]) => {
      if (what === 'users') {
        const user = company.user(id, asOf)
        if (user === null) return [() => ({ id, '@removed': { reason: 'changed' } })]
        return [
          () =>
            userRow(
              user,
              select,
              of.some((trace) => trace.what === 'manager'),
            ),
        ]
      }
      const group = company.group(id, asOf)
      if (group === null) return [() => ({ id, '@removed': { reason: 'deleted' } })]
      if (!wantsMembers(select))
        return of.some((trace) => trace.what === 'group') ? [() => groupRow(group, select)] : []
      const members = new Set(company.membersOf(id, asOf))
      const users = [...new Set(of.flatMap(({ user }) => user ?? []))]
      const told = users.map((user) =>
        members.has(user) ? memberRow(user) : { ...memberRow(user), '@removed': { reason: 'deleted' } },
      )
      return withMembers(groupRow(group, select), told).map((row) => () => row)
    })
  }

  function withMembers(row: Body, members: readonly Body[]): readonly Body[] {
    const rows: Body[] = []
    for (let from = 0; from < members.length; from += rules.longestPage) {
      rows.push({ ...row, 'members@delta': members.slice(from, from + rules.longestPage) })
    }
    return rows.length === 0 ? [row] : rows
  }

  function userRow(user: SeedUser, select: string | null, withManager: boolean): Body {
    const row = selected(userBody(user), select, USER_DEFAULTS, true)
    const { manager } = user
    if (!withManager || select?.split(',').includes('manager') !== true) return row
    if (manager !== null && manager !== undefined) return { ...row, 'manager@delta': [memberRow(manager)] }
    return company.traces.some(({ what, id }) => what === 'manager' && id === user.id)
      ? { ...row, 'manager@delta': [] }
      : row
  }

  function groupRow(group: SeedGroup, select: string | null): Body {
    return selected(groupBody(group), select, GROUP_DEFAULTS, true)
  }

  return answer
}

function deltaLink(address: string, token: Token): string {
  return `${address}?${queryText(new URLSearchParams({ $deltatoken: tokenOf(address, token) }))}`
}

function contextOf(address: string, what: string): string {
  return `${new URL(address).origin}/v1.0/$metadata#${what}`
}

function wantsMembers(select: string | null): boolean {
  return select?.split(',').includes('members') === true
}

function memberRow(id: string): Body {
  return { '@odata.type': '#microsoft.graph.user', id }
}
