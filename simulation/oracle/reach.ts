import { SECOND_MS, type Instant } from '#core/instant.ts'
import type { Run } from '../world/simulate.ts'
import { hindranceOf, LASTING, LONGEST_WAIT_MS, MANY_FAILURES, PROBE_MS, RATE_WINDOW_MS } from './hindrance.ts'
import { merged, uncovered, type Interval } from './interval.ts'
import { rateWindowsOf, type RateWindow } from './rate.ts'

/*
 * "While the provider was reachable", and everything else that the product needs to do its work: when did something stand
 * in its way that it can do nothing about?
 *
 * Told by those who watched from outside: each fault that really befell something, with how long it holds the design up
 * (hindrance.ts); what lasts, from its beginning to its end; the processes, when none of them ran; the directory's own
 * rate windows, when they were used up; an order to stand still.
 *
 * Waits grow with each failure in a row, up to half a minute or a minute: they double with each look at a membership, and between two
 * failed changes lies a read, so the next wait is at most three times as long as all before it together. So trouble that
 * went on for a while stands in the way for three times as long after it ended, up to that bound: much where much went
 * wrong, and nothing in the calm. Whatever is left is *clear time*, and promises are held against that.
 */
export interface Reach {
  /** The instant until which so much clear time has passed since `from`. */
  after(from: Instant, clearMs: number): Instant
  clearMs(from: Instant, until: Instant): number
  readonly hindered: readonly Interval[]
}

export interface Reaches {
  /** To end or begin access: the database, a process, the directory. */
  readonly access: Reach
  /** The same, not excusing that a rate window was used up by calls of our own. */
  readonly accessButRate: Reach
  /** To hear of something, or to tell it: the desk as well. */
  readonly desk: Reach
  readonly windows: readonly RateWindow[] | null
}

interface Trouble extends Interval {
  /** It stands in the way for so long after its end, however short it was. */
  readonly thenMs: number
}

export function reachesOf(run: Run): Reaches {
  const windows = rateWindowsOf(run)
  const own = [...lasting(run), ...withoutProcess(run), ...whileHalted(run)]
  const { access, desk } = befallen(run)
  const rate = (windows ?? []).flatMap(({ usedUpAt, until, spent }) =>
    usedUpAt === null ? [] : [{ from: usedUpAt, until, thenMs: 2 * SECOND_MS, spent }],
  )
  const byOthers = rate.filter((each) => each.spent > 0)
  return {
    access: reachOver([...own, ...access, ...rate], LONGEST_WAIT_MS.access),
    accessButRate: reachOver([...own, ...access, ...byOthers], LONGEST_WAIT_MS.access),
    desk: reachOver([...own, ...access, ...rate, ...desk], LONGEST_WAIT_MS.desk),
    windows,
  }
}

/** A share of the vendor's limit that lets a handful of calls go in a window, or some dozen. */
const SCARCE = 0.1

function befallen({ history, schedule }: Run): { readonly access: Trouble[]; readonly desk: Trouble[] } {
  const access: Trouble[] = []
  const desk: Trouble[] = []
  // Where few calls are allowed, the one that failed may have been the last of its window.
  const leastMs = (schedule.okta.limitShare ?? 1) <= SCARCE ? RATE_WINDOW_MS : 0
  const good = goodAnswers(history)
  let bad = 0
  let heard = 0
  let lastAt = -Infinity
  for (const { kind, at, ofChange } of history.fired) {
    const { of, lastsMs, thenMs } = hindranceOf(kind, ofChange)
    if (lastsMs === 0) continue
    // However far apart: with no good answer in between, the provider is asked only now and then.
    while ((good[heard] ?? Infinity) <= at) heard += 1
    bad = (good[heard - 1] ?? -Infinity) > lastAt ? 1 : bad + 1
    lastAt = at
    const longest = bad >= MANY_FAILURES ? Math.max(thenMs, PROBE_MS) : thenMs
    if (of === 'desk') desk.push({ from: at, until: at + lastsMs, thenMs: longest })
    else access.push({ from: at, until: at + lastsMs, thenMs: Math.max(longest, leastMs) })
  }
  // Whoever took a webhook died before it was kept: then the poll tells, as if it had been lost on its way.
  for (const { at, kind, verdict } of history.webhooks) {
    const isUnheard = kind === 'genuine' && (verdict === 'no answer' || verdict === 'failed')
    if (isUnheard) desk.push({ from: at, until: at + 1, thenMs: hindranceOf('webhook lost', false).thenMs })
  }
  return { access, desk }
}

function goodAnswers(history: Run['history']): readonly Instant[] {
  const answered = history.calls.flatMap(({ vendor, clean, status, answeredAt }) =>
    vendor === 'okta' && clean && answeredAt !== null && status !== null && status < 400 ? [answeredAt] : [],
  )
  return answered.sort((a, b) => a - b)
}

function lasting({ schedule, start }: Run): readonly Trouble[] {
  return schedule.faults.flatMap(({ kind, at, until }) => {
    const thenMs = LASTING.get(kind)
    return thenMs === undefined ? [] : [{ from: start + at, until: start + until, thenMs }]
  })
}

/** A process that was just started has to look first. */
const STARTING_MS = SECOND_MS

const PAUSES = new Set(['paused', 'clock stands still in a pause'])

/** From each death to the next birth, as long as nobody else is there who is not paused. */
function withoutProcess({ history, schedule, start }: Run): readonly Trouble[] {
  const ends = new Map<string, Instant>()
  for (const { at, replica, what } of history.replicas) if (what === 'killed') ends.set(replica, at)
  const pauses = schedule.faults.filter((each) => PAUSES.has(each.kind))
  const awake = history.replicas.flatMap(({ at, replica, what }): readonly Interval[] => {
    if (what !== 'started') return []
    const life = { from: at + STARTING_MS, until: ends.get(replica) ?? Infinity }
    const asleep = history.replicas.flatMap((each) => {
      if (each.replica !== replica || each.what !== 'paused') return []
      const planned = pauses.filter((one) => start + one.at === each.at).map((one) => start + one.until)
      const until = Math.max(each.until ?? -Infinity, ...planned)
      return [{ from: each.at, until }]
    })
    return asleep.length === 0 ? [life] : uncovered(life, asleep)
  })
  return uncovered({ from: start, until: Infinity }, awake).map((each) => ({ ...each, thenMs: SECOND_MS }))
}

const IN_FORCE = new Set(['in force', 'not halted'])

function whileHalted({ history }: Run): readonly Trouble[] {
  const found: Trouble[] = []
  let since: Instant | null = null
  for (const { at, deed, result } of history.deeds) {
    if (deed.do === 'halt' && !deed.exceptRemovals) since ??= at
    // An order that was not committed lifts nothing.
    if (deed.do !== 'resume' || since === null || !IN_FORCE.has(result)) continue
    found.push({ from: since, until: at, thenMs: SECOND_MS })
    since = null
  }
  if (since !== null) found.push({ from: since, until: Infinity, thenMs: 0 })
  return found
}

function reachOver(troubles: readonly Trouble[], longestWaitMs: number): Reach {
  const hindered = withoutSlivers(merged(grown(troubles, longestWaitMs)))
  return {
    hindered,
    after(from, clearMs) {
      let at = from
      let left = clearMs
      for (const each of hindered) {
        if (each.until <= at) continue
        if (each.from - at >= left) break
        left -= Math.max(0, each.from - at)
        at = each.until
      }
      return at + left
    },
    clearMs(from, until) {
      let clear = Math.max(0, until - from)
      for (const each of hindered) {
        if (each.from >= until) break
        clear -= Math.max(0, Math.min(until, each.until) - Math.max(from, each.from))
      }
      return clear
    },
  }
}

/**
 * What takes several steps is begun anew after each interruption, and what was begun is held by its lease: a moment between two
 * interruptions is of no use.
 */
const SLIVER_MS = 6 * SECOND_MS

function withoutSlivers(hindered: readonly Interval[]): readonly Interval[] {
  const joined: { from: Instant; until: Instant }[] = []
  for (const each of hindered) {
    const last = joined.at(-1)
    if (last !== undefined && each.from - last.until < SLIVER_MS) last.until = Math.max(last.until, each.until)
    else joined.push({ ...each })
  }
  return joined
}

/** How much longer than all waits before it the next one may be. */
const GROWTH = 3
/** After the wait there are several calls before the one that fails again. */
const AN_ATTEMPT_MS = 2 * SECOND_MS

/** Troubles that meet are one, and stand in the way for longer than they last. */
function grown(troubles: readonly Trouble[], longestWaitMs: number): readonly Interval[] {
  const found: { from: Instant; until: Instant; last: Instant; count: number }[] = []
  for (const { from, until, thenMs } of troubles.toSorted((a, b) => a.from - b.from)) {
    let run = found.at(-1)
    if (run === undefined || from > run.until) {
      run = { from, until: from, last: from, count: 0 }
      found.push(run)
    }
    run.count += 1
    run.last = Math.max(run.last, until)
    const waitMs = Math.min(longestWaitMs, GROWTH * (run.last - run.from)) + AN_ATTEMPT_MS
    const thenLongest = run.count >= MANY_FAILURES ? Math.max(waitMs, PROBE_MS) : waitMs
    run.until = Math.max(run.until, until + thenMs, run.last + thenLongest)
  }
  return found
}
