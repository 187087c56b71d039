import { HOUR_MS, MINUTE_MS, SECOND_MS, type Instant } from '#core/instant.ts'
import { COMPANY } from '../company.ts'
import { SILENCE_MS } from '../world/network.ts'
import { revocationsOf, type Agreement } from './agreements.ts'
import { covers, type OktaCalls, type Read } from './calls.ts'
import type { Off } from './clocks.ts'
import type { Interval } from './interval.ts'
import type { Presences } from './presence.ts'
import type { Reaches } from './reach.ts'
import type { Told, ToldLive } from './told.ts'

/*
 * What a window may be, given nothing but what the outside saw:
 *
 *   may begin to be given   when it was agreed.
 *   begins                  when the last group was read back: at a good read of ours that began after all groups were
 *                           there. Nobody outside sees which of several reads close together it was.
 *   ends                    exactly so many hours later. The ticket tells the minute in which it ends, and that must fit
 *                           such a read. Before it began: when it could not be completed within the bound of the catalog.
 *   or earlier              when somebody with the right to it revoked it on the ticket.
 *
 * Where only bounds are known, what a window *may* justify goes by the later one, and what it *must* hold by the earlier.
 */
export interface Window {
  readonly agreement: Agreement
  readonly told: Told
  /** By the directory's ids; those that a rule of the directory holds for the person are not the window's. */
  readonly groups: readonly string[]
  readonly from: Instant
  /** The latest instant to which it may justify anything. */
  readonly to: Instant
  /** Until then what it gave must be gone, unless something else justifies it: `to`, and the clear time that takes. */
  readonly goneBy: Instant
  /**
   * While it must hold what it gave: from when people were told that it is on its way, and surely since it is live. Null:
   * that it ever began cannot be told.
   */
  readonly held: { readonly from: Instant; readonly liveFrom: Instant; readonly until: Instant } | null
  readonly revokedAt: Instant | null
  /** The ticket tells an end that fits no read of ours. */
  readonly misfit: boolean
}

/** The end of an access is acted on within this (promise I1), where nothing stands in the way. */
export const ACTED_ON_MS: number = SECOND_MS
/** What never began may have an add on its way: that is read back first, and the read may wait 5 s for company. */
const UNDONE_MS = 8 * SECOND_MS
/** Of a revocation we hear by a webhook (the vendor takes up to half a second), and look at the ticket first. */
const HEARD_MS = 3 * SECOND_MS

export interface Seen {
  readonly calls: OktaCalls
  readonly presences: Presences
  readonly reaches: Reaches
  /** How far reads lay behind, at most, at this instant. */
  lagMs(at: Instant): number
  /** How far our own clocks were off. */
  offAt(at: Instant): Off
}

export function windowOf(agreement: Agreement, told: Told, seen: Seen): Window {
  const { agreedAt, holder, role, hours } = agreement
  const { createdAt } = agreement.ticket
  const groups = role.groups
    .map((each) => each.id)
    .filter((group) => !isTheRules(group, holder.oktaId, { from: createdAt, until: agreedAt }, seen))
  const app = COMPANY.catalog.apps.find((each) => each.id === role.appId)
  const live = told.live.find((each) => each.what === `${app?.name}, ${role.name}`)
  const begins = live === undefined || hours === null ? [] : beginsOf(agreement, groups, live.endsAt, hours, seen)
  const revokedAt = revocationsOf(agreement)[0] ?? null

  const lastEnd =
    live === undefined ? latestUntold(agreement, told, groups, seen) : lastEndOf(live.endsAt, begins, hours)
  const said = Math.min(told.overAt ?? Infinity, told.refusedAt ?? Infinity)
  const to = Math.max(agreedAt, Math.min(lastEnd - seen.offAt(lastEnd).behindMs, said))
  const ended = Math.min(
    seen.reaches.access.after(to, live === undefined ? UNDONE_MS : ACTED_ON_MS),
    revokedAt === null ? Infinity : seen.reaches.desk.after(revokedAt, HEARD_MS),
  )
  const lateAt = lateEffectOf(agreement, groups, to, seen)
  const goneBy = lateAt === null ? ended : Math.max(ended, seen.reaches.access.after(lateAt, UNDONE_MS))
  return {
    agreement,
    told,
    groups,
    from: agreedAt,
    to: Math.min(to, goneBy),
    goneBy,
    held: live === undefined ? null : heldOf(told.approvedAt, live, begins, hours, revokedAt, seen),
    revokedAt,
    misfit: live !== undefined && (hours === null ? live.endsAt !== null : begins.length === 0),
  }
}

/** Two and a half minutes after it was given up it can come no more; then it is looked whether it did (core/identity-action/patience.ts). */
const LATE_MS = SILENCE_MS + 150 * SECOND_MS

/** An add that had its effect after everybody had given it up and after the end: when somebody looks. Null: there is none. */
function lateEffectOf({ holder }: Agreement, groups: readonly string[], to: Instant, { calls }: Seen): Instant | null {
  const late = calls.writes.filter(
    ({ op, group, user, call: { sentAt, arrivedAt } }) =>
      op === 'add' &&
      user === holder.oktaId &&
      groups.includes(group) &&
      arrivedAt !== null &&
      arrivedAt - sentAt > SILENCE_MS &&
      sentAt <= to &&
      to < arrivedAt,
  )
  return late.length === 0 ? null : Math.max(...late.map((each) => each.call.sentAt)) + LATE_MS
}

function lastEndOf(told: Instant | null, begins: readonly Begin[], hours: number | null): Instant {
  if (hours === null) return Infinity
  if (begins.length > 0) return Math.max(...begins.map((each) => each.latest)) + hours * HOUR_MS
  return (told ?? -Infinity) + MINUTE_MS
}

function heldOf(
  approvedAt: Instant | null,
  live: ToldLive,
  begins: readonly Begin[],
  hours: number | null,
  revokedAt: Instant | null,
  seen: Seen,
): NonNullable<Window['held']> {
  const surelyBegun = begins.length > 0 ? Math.max(...begins.map((each) => each.latest)) : Infinity
  const liveFrom = Math.min(live.at, surelyBegun)
  const firstEnd =
    hours !== null && begins.length > 0
      ? Math.min(...begins.map((each) => each.earliest)) + hours * HOUR_MS
      : (live.endsAt ?? Infinity)
  const until = Math.min(firstEnd - seen.offAt(firstEnd).beforeMs, revokedAt ?? Infinity)
  return { from: Math.min(approvedAt ?? Infinity, liveFrom), liveFrom, until }
}

/** What a rule of the directory gave when it was asked for, or gives when it is agreed, is left to it. */
function isTheRules(group: string, user: string, { from, until }: Interval, { presences }: Seen): boolean {
  return presences.of(group, user).some((each) => each.ruledFrom <= until && from < each.until)
}

/** An instant at which it may have begun, as our clocks may have shown it. */
interface Begin {
  readonly earliest: Instant
  readonly latest: Instant
}

/** By the reads at which it may have begun, if it ends in the minute that the ticket tells. */
function beginsOf(
  agreement: Agreement,
  groups: readonly string[],
  endsAt: Instant | null,
  hours: number,
  seen: Seen,
): readonly Begin[] {
  if (endsAt === null) return []
  const user = agreement.holder.oktaId
  const first = endsAt - hours * HOUR_MS
  const last = first + MINUTE_MS - 1
  const readAll = Math.max(...groups.map((group) => firstReadBack(group, user, agreement.agreedAt, seen)))
  return seen.calls.reads.flatMap((read) => {
    const { sentAt } = read.call
    if (sentAt < readAll || !groups.some((group) => covers(read, group, user))) return []
    const { behindMs, beforeMs } = seen.offAt(sentAt)
    const earliest = Math.max(first, sentAt + behindMs)
    const latest = Math.min(last, sentAt + beforeMs)
    return earliest <= latest ? [{ earliest, latest }] : []
  })
}

/** When a read of ours first showed this membership to us. */
function firstReadBack(group: string, user: string, since: Instant, seen: Seen): Instant {
  const present = seen.presences.of(group, user)
  const shows = (read: Read): boolean => {
    const { sentAt, answeredAt } = read.call
    const from = sentAt - seen.lagMs(sentAt)
    return present.some((each) => each.from <= (answeredAt ?? sentAt) && each.until > from)
  }
  const read = seen.calls.reads.find((each) => each.call.sentAt >= since && covers(each, group, user) && shows(each))
  return read?.call.sentAt ?? Infinity
}

/** The ticket never told that it is live: it began within the bound for completing it, or never did. */
function latestUntold(agreement: Agreement, told: Told, groups: readonly string[], { calls }: Seen): Instant {
  const { hours, agreedAt, holder } = agreement
  const added = calls.writes.find(
    ({ op, group, user, call }) =>
      op === 'add' && user === holder.oktaId && groups.includes(group) && call.sentAt >= agreedAt,
  )
  const begun = Math.min(told.approvedAt ?? Infinity, added?.call.sentAt ?? Infinity)
  const { completeWithinHours } = COMPANY.catalog
  const boundMs = Math.min(completeWithinHours, hours ?? completeWithinHours) * HOUR_MS
  return hours === null ? Infinity : begun + boundMs + hours * HOUR_MS
}
