import { SECOND_MS, type Instant } from '#core/instant.ts'
import type { CallOf } from '#connectors/kit/budget.ts'

/*
 * Whether a provider is well, as all replicas know it together.
 *
 *   well           calls go as the budget lets them.
 *   changes down   it answers reads, and several changes in a row found it ill: only reads go.
 *   all down       several reads in a row found it ill: nothing goes.
 *
 * While it is down, what is due stays due and is not claimed, so no attempt is counted and no wait grows. Every 30 s one
 * piece of due work goes as a probe, one in all replicas together, and is the only call until an answer is good. The first
 * good answer ends it: a read lets reads go, and a change at once as the next probe; a change lets everything go.
 *
 * A rate limit is no illness, and neither is a refusal: whoever refuses is well.
 */
export interface BreakerState {
  /** Bad answers in a row. */
  readonly badReads: number
  readonly badChanges: number
  readonly down: Down | null
  /** While it is down: when the next probe may go. */
  readonly probeAt: Instant
}

export interface Down {
  readonly of: 'all' | 'changes'
  readonly since: Instant
}

export const WELL: BreakerState = { badReads: 0, badChanges: 0, down: null, probeAt: 0 }

export const PROBE_EVERY_MS: number = 30 * SECOND_MS
/** One bad answer, and two repetitions of a read, may be a hiccup. */
export const BAD_IN_A_ROW = 5

/** What a replica has seen since it last told the others: the bad answers after the last good one, and when that came. */
export interface Seen {
  readonly bad: number
  readonly goodAt: Instant | null
}

export interface BreakerNews {
  readonly read: Seen
  readonly change: Seen
  /** How long the vendor asked to wait when it was last ill. */
  readonly askedMs: number
}

export function withNews(before: BreakerState, news: BreakerNews, now: Instant): BreakerState {
  const { read, change } = news
  // An answer from before it went down says nothing of now.
  const since = before.down?.since ?? 0
  const goodChange = change.goodAt !== null && change.goodAt >= since
  const goodRead = goodChange || (read.goodAt !== null && read.goodAt >= since)
  const badReads = (goodRead ? 0 : before.badReads) + read.bad
  const badChanges = (goodChange ? 0 : before.badChanges) + change.bad
  const of: Down['of'] | null =
    badReads >= BAD_IN_A_ROW ? 'all' : badChanges >= BAD_IN_A_ROW ? 'changes' : null
  const counts = { badReads: Math.min(badReads, BAD_IN_A_ROW), badChanges: Math.min(badChanges, BAD_IN_A_ROW) }
  if (of === null) {
    const same = before.down === null && counts.badReads === before.badReads && counts.badChanges === before.badChanges
    return same ? before : { ...WELL, ...counts }
  }
  const isBetter = before.down?.of === 'all' && of === 'changes'
  const nextProbe = now + Math.max(PROBE_EVERY_MS, news.askedMs)
  const isWorse = before.down === null || (before.down.of === 'changes' && of === 'all')
  const probeAt = isBetter ? now : isWorse || read.bad + change.bad > 0 ? Math.max(before.probeAt, nextProbe) : before.probeAt
  const down = before.down?.of === of ? before.down : { of, since: before.down?.since ?? now }
  return { ...counts, down, probeAt }
}

/** Whether such a call has to wait for the provider to be well. */
export function isHeld(state: BreakerState, of: CallOf): boolean {
  return state.down !== null && (state.down.of === 'all' || of === 'change')
}
