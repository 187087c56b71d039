import type { Instant } from '#core/instant.ts'

export interface Interval {
  readonly from: Instant
  readonly until: Instant
}

/** The same instants, in order and without overlap. */
export function merged(intervals: readonly Interval[]): readonly Interval[] {
  const found: { from: Instant; until: Instant }[] = []
  for (const { from, until } of intervals.toSorted((a, b) => a.from - b.from)) {
    const last = found.at(-1)
    if (last !== undefined && from <= last.until) last.until = Math.max(last.until, until)
    else if (until > from) found.push({ from, until })
  }
  return found
}

/** What of this span none of the intervals covers. */
export function uncovered({ from, until }: Interval, intervals: readonly Interval[]): readonly Interval[] {
  const left: Interval[] = []
  let at = from
  for (const each of merged(intervals)) {
    if (each.until <= at) continue
    if (each.from >= until) break
    if (each.from > at) left.push({ from: at, until: each.from })
    at = each.until
  }
  if (at < until) left.push({ from: at, until })
  return left
}
