import type { Instant } from '#core/instant.ts'
import type { Clock } from '#engine/store/clock.ts'
import type { Heap } from '../heap.ts'

/**
 * One process of the product, as the outside sees it: it hears of nothing while it is paused, and of nothing ever again
 * once it was killed. What it had sent is on its way all the same.
 */
export interface Replica {
  readonly name: string
  readonly clock: Clock
  alive(): boolean
  paused(): boolean
  /** Hands something to the process: at once, when it goes on, or never. */
  deliver(run: () => void): void
  kill(): void
  pauseUntil(when: Instant): void
  /** From now on its clock is off by so much; it never runs backwards. */
  setClockOff(ms: number): void
}

export function createReplica(name: string, heap: Heap): Replica {
  let alive = true
  let pausedUntil: Instant | null = null
  let missed: (() => void)[] = []
  let offMs = 0
  let shown = 0

  function deliver(run: () => void): void {
    if (!alive) return
    if (pausedUntil !== null) missed.push(run)
    else run()
  }

  function goOn(): void {
    if (pausedUntil === null || heap.now() < pausedUntil) return
    pausedUntil = null
    const waiting = missed
    missed = []
    for (const run of waiting) heap.at(heap.now(), () => deliver(run))
  }

  const clock: Clock = {
    now: () => (shown = Math.max(shown, heap.now() + offMs)),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const wakeUp = (): void => {
          entry.cancel()
          signal?.removeEventListener('abort', wakeUp)
          resolve()
        }
        const entry = heap.at(heap.now() + Math.max(0, ms), () => deliver(wakeUp))
        signal?.addEventListener('abort', wakeUp)
      }),
  }

  return {
    name,
    clock,
    alive: () => alive,
    paused: () => pausedUntil !== null,
    deliver,
    setClockOff: (ms) => void (offMs = ms),
    kill() {
      alive = false
      missed = []
    },
    pauseUntil(when) {
      pausedUntil = Math.max(pausedUntil ?? 0, when)
      heap.at(when, goOn)
    },
  }
}
