import { SECOND_MS, type Instant } from '#core/instant.ts'
import type { Run } from '../world/simulate.ts'

/** How far the clock of some process may be off at an instant: behind (negative), or before its time. */
export interface Off {
  readonly behindMs: number
  readonly beforeMs: number
}

/** A clock that stood still in a pause is set right half a minute later. */
const SET_RIGHT_MS = 31 * SECOND_MS

export function clocksOf({ schedule, start }: Run): (at: Instant) => Off {
  const offs = schedule.faults.flatMap(({ kind, at, until, size }) => {
    if (kind === 'clock off') return [{ from: start + at, until: start + until + SECOND_MS, byMs: size - SECOND_MS }]
    if (kind !== 'clock stands still in a pause') return []
    return [{ from: start + at, until: start + until + SET_RIGHT_MS, byMs: at - until }]
  })
  return (at) => {
    let [behindMs, beforeMs] = [0, 0]
    for (const { from, until, byMs } of offs) {
      if (at < from || at > until) continue
      behindMs = Math.min(behindMs, byMs)
      beforeMs = Math.max(beforeMs, byMs)
    }
    return { behindMs, beforeMs }
  }
}
