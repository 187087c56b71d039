import { MINUTE_MS, type Instant } from '#core/instant.ts'
import type { Run } from '../world/simulate.ts'
import { hindranceOf } from './hindrance.ts'
import { SILENCE_MS } from '../world/network.ts'

/**
 * When the last fault has ended: the storm is over, and so is what it left behind. A call that was lost is given up on, one
 * that was held back has arrived, the rate window that others ate of has ended, and so has the one of which a bad day told.
 */
export function calmSince(run: Run): Instant {
  const stormEnd = run.start + run.schedule.stormMs
  let calm = stormEnd
  for (const { sentAt, arrivedAt, answeredAt, clean } of run.history.calls) {
    if (sentAt > stormEnd || (clean && answeredAt !== null)) continue
    calm = Math.max(calm, arrivedAt ?? 0, answeredAt ?? Math.min(sentAt + SILENCE_MS, arrivedAt ?? Infinity))
  }
  for (const { at, status, habit } of run.okta.truth.calls) {
    if (habit !== null && status === 429 && at <= stormEnd) calm = Math.max(calm, at + hindranceOf(habit, false).thenMs)
  }
  for (const { kind, at, ofChange } of run.history.fired) {
    const { of, lastsMs, thenMs } = hindranceOf(kind, ofChange)
    if (of === 'access' && lastsMs > 0 && at <= stormEnd) calm = Math.max(calm, at + lastsMs + thenMs)
  }
  for (const { at } of run.okta.truth.spent) if (at <= stormEnd) calm = Math.max(calm, at + MINUTE_MS)
  return calm
}
