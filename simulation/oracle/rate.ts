import { MINUTE_MS, type Instant } from '#core/instant.ts'
import { BAD_ANSWERS } from '#connectors/okta/stand-in/bad-answers.ts'
import type { LoggedCall } from '#connectors/okta/stand-in/call-log.ts'
import { WORKFORCE_LIMITS, type Bucket } from '#connectors/okta/stand-in/rate-limit.ts'
import { clocksOf } from './clocks.ts'
import { SILENCE_MS } from '../world/network.ts'
import type { Run } from '../world/simulate.ts'

/** One window of a bucket of Okta's, as its own call log tells: it begins with its first call and lasts a minute. */
export interface RateWindow {
  readonly bucket: Bucket
  readonly limit: number
  readonly from: Instant
  readonly until: Instant
  /** Calls of ours that were counted, and that were refused because nothing was left. */
  used: number
  refused: number
  /** Calls of others. */
  spent: number
  /** Whether any answer in it could tell us what is left: bad answers do not. */
  isTold: boolean
  /** Whether a refusal of a bad day's making told of another limit and another end, in it or directly before. */
  isMisled: boolean
  /** When nothing was left any more. */
  usedUpAt: Instant | null
}

/** Calls that Okta counted: not those that a bad day answered instead, nor those of an outage. */
function isCounted({ status, habit }: LoggedCall): boolean {
  // Whoever shows no good token is turned away before anything is counted, whatever becomes of that answer.
  if (habit !== null) return !Object.hasOwn(BAD_ANSWERS, habit) && status !== 401
  return status !== 503 && status !== 401
}

/** Null: the organisation of this run sets no limits. */
export function rateWindowsOf(run: Run): readonly RateWindow[] | null {
  const { schedule, okta, history } = run
  const offAt = clocksOf(run)
  const { limitShare } = schedule.okta
  if (limitShare === null) return null
  const windows: RateWindow[] = []
  const current = new Map<Bucket, RateWindow>()
  const windowAt = (bucket: Bucket, at: Instant): RateWindow => {
    const known = current.get(bucket)
    if (known !== undefined && at < known.until) return known
    const limit = Math.floor(WORKFORCE_LIMITS.buckets[bucket] * limitShare)
    const fresh = {
      bucket,
      limit,
      from: at,
      until: at + MINUTE_MS,
      used: 0,
      refused: 0,
      spent: 0,
      isTold: false,
      isMisled: false,
      usedUpAt: null,
    }
    current.set(bucket, fresh)
    windows.push(fresh)
    return fresh
  }
  // Of a call that arrives after we gave it up nobody can tell us in which window it is counted: it is as another's.
  const late = new Set(
    history.calls.flatMap(({ vendor, sentAt, arrivedAt }) =>
      vendor === 'okta' && arrivedAt !== null && arrivedAt - sentAt > SILENCE_MS ? [arrivedAt] : [],
    ),
  )
  const { calls, spent } = okta.truth
  let next = 0
  const others = (until: Instant): void => {
    for (let each = spent[next]; each !== undefined && each.at <= until; each = spent[next]) {
      next += 1
      const window = windowAt(each.bucket, each.at)
      window.spent += each.calls
      noteUsedUp(window, each.at)
    }
  }
  for (const call of calls) {
    if (!isCounted(call)) continue
    others(call.at)
    const window = windowAt(call.bucket, call.at)
    if (late.has(call.at)) window.spent += call.refused === 'rate' ? 0 : 1
    // By a clock that is before its time, or for one that was behind when it began, the window is over already.
    else if (call.refused === 'rate') {
      const earlyMs = offAt(call.at).beforeMs - offAt(window.from).behindMs
      window.refused += call.at < window.until - earlyMs ? 1 : 0
    } else window.used += 1
    if (call.habit === null) window.isTold = true
    noteUsedUp(window, call.at)
  }
  others(Infinity)
  for (const { at, bucket, status, habit } of calls) {
    if (habit === null || status !== 429) continue
    for (const each of windows)
      if (each.bucket === bucket && each.from - MINUTE_MS <= at && at < each.until) each.isMisled = true
  }
  return windows
}

function noteUsedUp(window: RateWindow, at: Instant): void {
  if (window.usedUpAt === null && window.used + window.spent >= window.limit) window.usedUpAt = at
}
