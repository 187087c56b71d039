import type { Instant } from '#core/instant.ts'

/** The one heap of the simulation: what happens next, in the order of simulated time; chance decides between equals. */
export interface Heap {
  now(): Instant
  /** `run` is called at that instant, or now if the instant is over. */
  at(when: Instant, run: Happening): Scheduled
  /** Takes what comes next, moves time to it, and returns it; null when nothing is left until `until`. */
  next(until: Instant): Happening | null
  /** Nothing happens before that. */
  passTo(when: Instant): void
  readonly taken: number
}

/** Answers `STILL` when it woke nobody: then nothing has to be waited for before the next event. */
export type Happening = () => unknown
export const STILL = Symbol('still')

export interface Scheduled {
  cancel(): void
}

interface Entry {
  readonly when: Instant
  readonly tie: number
  readonly place: number
  run: Happening | null
}

export function createHeap(start: Instant, tieOf: () => number): Heap {
  const entries: Entry[] = []
  let now = start
  let placed = 0
  let taken = 0

  function before(a: Entry, b: Entry): boolean {
    return a.when !== b.when ? a.when < b.when : a.tie !== b.tie ? a.tie < b.tie : a.place < b.place
  }

  function push(entry: Entry): void {
    let place = entries.length
    entries.push(entry)
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = entries[above] as Entry
      if (!before(entry, parent)) break
      entries[place] = parent
      place = above
    }
    entries[place] = entry
  }

  function pop(): Entry | undefined {
    const first = entries[0]
    const last = entries.pop()
    if (first === undefined || last === undefined || entries.length === 0) return first
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= entries.length) break
      if (child + 1 < entries.length && before(entries[child + 1] as Entry, entries[child] as Entry)) child += 1
      const below = entries[child] as Entry
      if (!before(below, last)) break
      entries[place] = below
      place = child
    }
    entries[place] = last
    return first
  }

  return {
    now: () => now,
    at(when, run) {
      const entry: Entry = { when: Math.max(Math.ceil(when), now), tie: tieOf(), place: (placed += 1), run }
      push(entry)
      return { cancel: () => void (entry.run = null) }
    },
    next(until) {
      for (;;) {
        const first = entries[0]
        if (first === undefined || first.when > until) return null
        pop()
        const { run } = first
        if (run === null) continue
        now = first.when
        taken += 1
        return run
      }
    },
    passTo: (when) => void (now = Math.max(now, when)),
    get taken() {
      return taken
    },
  }
}

/** Resolves when every promise that could go on has gone on: ticks come after all microtasks (Node's own order). */
export function quiet(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}
