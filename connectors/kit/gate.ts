/** At most so many at once; the others wait in the order they came. */
export interface Gate {
  /** Null when there is a place at once, which costs no turn of the event loop; else a promise of the place. */
  enter(): Promise<void> | null
  leave(): void
  /** From now on there are so many places. Nobody who is inside has to leave. */
  resize(places: number): void
}

export function createGate(places: number): Gate {
  let free = places
  let all = places
  let waiting: (() => void)[] = []
  let next = 0

  function handOver(): void {
    const first = waiting[next]
    if (first === undefined) return
    free -= 1
    next += 1
    // The handed-over places are dropped now and then, so that a queue that is never empty does not grow for ever.
    if (next === waiting.length || next >= 1024) {
      waiting = waiting.slice(next)
      next = 0
    }
    first()
  }

  return {
    enter() {
      if (free > 0) {
        free -= 1
        return null
      }
      return new Promise<void>((resolve) => waiting.push(resolve))
    },
    leave() {
      free += 1
      if (free > 0) handOver()
    },
    resize(wanted) {
      free += wanted - all
      all = wanted
      while (free > 0 && next < waiting.length) handOver()
    },
  }
}
