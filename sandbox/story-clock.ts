import type { Instant } from '#core/instant.ts'
import { sleepOnWall, type Clock } from '#engine/store/clock.ts'

/**
 * A clock that stands still until somebody moves it on. Whoever sleeps on it without a signal waits for nothing else, so
 * the sleep moves the clock; a sleep that can be cut short (a heartbeat beside other work) takes time of the wall instead.
 */
export interface StoryClock extends Clock {
  moveTo(instant: Instant): void
}

export function storyClock(start: Instant): StoryClock {
  let now = start
  const moveTo = (instant: Instant): void => {
    now = Math.max(now, instant)
  }
  return {
    now: () => now,
    moveTo,
    sleep: (ms, signal) => {
      if (signal) return sleepOnWall(ms, signal)
      moveTo(now + ms)
      return Promise.resolve()
    },
  }
}
