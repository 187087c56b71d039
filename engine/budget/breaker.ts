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
  readonly read: Row
  readonly change: Row
  readonly down: Down | null
  /** While it is down: when the next probe may go. */
  readonly probeAt: Instant
}

/** Bad answers in a row, and when the call was sent that the last of them answered. */
export interface Row {
  readonly bad: number
  readonly lastAt: Instant
}

export interface Down {
  readonly of: 'all' | 'changes'
  readonly since: Instant
}

const NONE: Row = { bad: 0, lastAt: 0 }
export const WELL: BreakerState = { read: NONE, change: NONE, down: null, probeAt: 0 }

export const PROBE_EVERY_MS: number = 30 * SECOND_MS
/** A vendor that is ill and asks for longer is asked all the same: nobody tells us when it is well. */
const LONGEST_ASKED_MS: number = 60 * SECOND_MS
/** One bad answer, and two repetitions of a read, may be a hiccup. */
export const BAD_IN_A_ROW = 5

/** What a replica has seen since it last told the others: the bad answers after its last good one, and when the call was sent that this one answered. */
export interface Seen extends Row {
  readonly goodSentAt: Instant | null
}

export interface BreakerNews {
  readonly read: Seen
  readonly change: Seen
  /** How long the vendor asked to wait when it was last ill. */
  readonly askedMs: number
}

export function withNews(before: BreakerState, news: BreakerNews, now: Instant): BreakerState {
  // A good answer from before the last bad one, or from before it went down, says nothing of now.
  const isGood = (of: 'read' | 'change'): boolean =>
    news[of].goodSentAt !== null && news[of].goodSentAt >= Math.max(before[of].lastAt, before.down?.since ?? 0)
  const goodChange = isGood('change')
  const read = inARow(before.read, news.read, goodChange || isGood('read'))
  const change = inARow(before.change, news.change, goodChange)
  const of: Down['of'] | null = read.bad >= BAD_IN_A_ROW ? 'all' : change.bad >= BAD_IN_A_ROW ? 'changes' : null
  if (of === null) {
    if (before.down === null && read === before.read && change === before.change) return before
    return { read, change, down: null, probeAt: 0 }
  }
  const isBetter = before.down?.of === 'all' && of === 'changes'
  const isWorse = before.down === null || (before.down.of === 'changes' && of === 'all')
  const lastAt = Math.max(read.lastAt, change.lastAt)
  const later = Math.max(before.probeAt, lastAt + PROBE_EVERY_MS, now + Math.min(news.askedMs, LONGEST_ASKED_MS))
  const probeAt = isBetter ? now : isWorse || news.read.bad + news.change.bad > 0 ? later : before.probeAt
  const down = before.down?.of === of ? before.down : { of, since: before.down?.since ?? lastAt }
  return { read, change, down, probeAt }
}

function inARow(before: Row, seen: Seen, isGood: boolean): Row {
  const bad = Math.min(BAD_IN_A_ROW, (isGood ? 0 : before.bad) + seen.bad)
  const lastAt = Math.max(before.lastAt, seen.lastAt)
  return bad === before.bad && (bad === 0 || lastAt === before.lastAt) ? before : { bad, lastAt }
}

/** Whether such a call has to wait for the provider to be well. */
export function isHeld(state: BreakerState, of: CallOf): boolean {
  return state.down !== null && (state.down.of === 'all' || of === 'change')
}
