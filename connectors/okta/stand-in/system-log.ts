import { createHash } from 'node:crypto'
import { isoOf } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { error } from './answers.ts'
import type { Company, MembershipChange } from './company.ts'

/** What happened to an account. `by` null: its own person. */
export interface AccountEvent {
  readonly at: Instant
  readonly eventType: string
  readonly user: string
  readonly by: string | null
  readonly succeeded?: boolean
}

/** What is asked of it. */
export interface LogQuery {
  readonly origin: string
  readonly path: string
  readonly query: URLSearchParams
  readonly now: Instant
  /** How far the log lies behind. */
  readonly lagMs: number
  readonly epoch: number
}

/** The System Log in polling mode: the oldest first, and after every page the place where the next begins. */
export interface SystemLog {
  note(event: AccountEvent): void
  answer(query: LogQuery): HttpAnswer
}

interface Place {
  readonly changes: number
  readonly accounts: number
}

const ONE_TYPE = /^eventType eq "([\w.]+)"$/

export function createSystemLog(company: Company): SystemLog {
  const accounts: AccountEvent[] = []

  function firstSince<Event extends { readonly at: Instant }>(events: readonly Event[], since: Instant): number {
    const found = events.findIndex(({ at }) => at >= since)
    return found === -1 ? events.length : found
  }

  function answer({ origin, path, query, now, lagMs, epoch }: LogQuery): HttpAnswer {
    if (query.has('until') || query.has('q')) return error(400, 'E0000031')
    const filter = query.get('filter')
    const wanted = filter === null ? null : filter.split(' or ').map((part) => ONE_TYPE.exec(part)?.[1])
    if (wanted?.includes(undefined)) return error(400, 'E0000031')
    const limit = Number(query.get('limit') ?? 100)
    if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) return error(400, 'E0000001', 'limit')
    const after = query.get('after')
    const since = Date.parse(query.get('since') ?? '')
    const from: Place | null =
      after === null
        ? { changes: firstSince(company.changeLog, since), accounts: firstSince(accounts, since) }
        : placeIn(after, epoch)
    if (from === null) return error(400, 'E0000001', 'after')
    const rows: unknown[] = []
    let { changes, accounts: next } = from
    while (rows.length < limit) {
      const change = company.changeLog[changes]
      const event = accounts[next]
      const isChange = change !== undefined && (event === undefined || change.at <= event.at)
      const at = isChange ? change.at : event?.at
      if (at === undefined || at > now - lagMs) break
      const told = isChange
        ? ofChange(change, (changes += 1))
        : event === undefined
          ? []
          : [ofAccount(event, (next += 1))]
      rows.push(...told.filter(({ eventType }) => wanted === null || wanted.includes(eventType)))
    }
    query.set('after', wordOf({ changes, accounts: next }, epoch))
    query.delete('since')
    const link = `<${origin}${path}?${query.toString()}>; rel="next"`
    return { status: 200, headers: { 'content-type': 'application/json', link }, body: JSON.stringify(rows) }
  }

  return {
    note: (event) => void accounts.push(event),
    answer: (query) => answer({ ...query, query: new URLSearchParams(query.query) }),
  }
}

interface Row {
  readonly eventType: string
  readonly [name: string]: unknown
}

function rowOf(uuid: string, at: Instant, eventType: string, actor: unknown, target: unknown, result = 'SUCCESS'): Row {
  return {
    uuid,
    published: isoOf(at),
    eventType,
    version: '0',
    severity: 'INFO',
    displayMessage: eventType,
    actor,
    target,
    outcome: { result },
  }
}

function ofChange({ at, by, group, user, op, heldByRule }: MembershipChange, number: number): readonly Row[] {
  const type = by.kind === 'admin' ? 'User' : by.kind === 'client' ? 'PublicClientApp' : 'SystemPrincipal'
  const actor = { id: by.id, type, alternateId: by.id, displayName: by.id }
  const target = [
    { id: user, type: 'User', alternateId: user, displayName: user },
    { id: group, type: 'UserGroup', alternateId: 'unknown', displayName: group },
  ]
  const row = rowOf(uuidOf('a', number), at, `group.user_membership.${op}`, actor, target)
  const isExcluded = op === 'remove' && heldByRule && (by.kind === 'client' || by.kind === 'admin')
  const exclusion = rowOf(uuidOf('b', number), at, 'group.user_membership.rule.add_exclusion', actor, target)
  return isExcluded ? [row, exclusion] : [row]
}

function ofAccount({ at, eventType, user, by, succeeded = true }: AccountEvent, number: number): Row {
  const person = { id: user, type: 'User', alternateId: user, displayName: user }
  const actor = by === null ? person : { id: by, type: 'User', alternateId: by, displayName: by }
  return rowOf(uuidOf('c', number), at, eventType, actor, [person], succeeded ? 'SUCCESS' : 'FAILURE')
}

function uuidOf(kind: string, number: number): string {
  return `${kind}0000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
}

function wordOf({ changes, accounts }: Place, epoch: number): string {
  return Buffer.from(`${changes}.${accounts}.${sealOf(changes, accounts, epoch)}`).toString('base64url')
}

function placeIn(word: string, epoch: number): Place | null {
  const [changes, accounts, seal] = Buffer.from(word, 'base64url').toString('utf8').split('.')
  const place = { changes: Number(changes), accounts: Number(accounts) }
  return seal === sealOf(place.changes, place.accounts, epoch) ? place : null
}

function sealOf(changes: number, accounts: number, epoch: number): string {
  return createHash('sha256')
    .update(`okta stand-in log ${changes} ${accounts} ${epoch}`)
    .digest('base64url')
    .slice(0, 12)
}
