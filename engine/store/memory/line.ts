import type { Instant } from '#core/instant.ts'

/** What waits in a line has a moment, and a place among those of the same moment. */
interface Waiting {
  readonly seq: number
}

/**
 * Rows in the order of a moment, then of their birth: a binary heap. A row that was replaced meanwhile stays in the heap
 * until it comes up, or until such rows are the most of it; `isCurrent` tells which ones are true still.
 */
export class Line<Row extends Waiting> {
  private heap: Row[] = []
  private sweepAt = 64
  private readonly at: (row: Row) => Instant
  private readonly isCurrent: (row: Row) => boolean

  constructor(at: (row: Row) => Instant, isCurrent: (row: Row) => boolean) {
    this.at = at
    this.isCurrent = isCurrent
  }

  first(): Row | undefined {
    for (let row = this.heap[0]; row !== undefined; row = this.heap[0]) {
      if (this.isCurrent(row)) return row
      this.dropFirst()
    }
    return undefined
  }

  dropFirst(): void {
    const last = this.heap.pop()
    if (last === undefined || this.heap.length === 0) return
    this.sink(last)
  }

  add(row: Row): void {
    if (this.heap.length >= this.sweepAt) this.sweep()
    const { heap } = this
    let place = heap.length
    heap.push(row)
    while (place > 0) {
      const parent = (place - 1) >> 1
      const above = heap[parent] as Row
      if (!this.isBefore(row, above)) break
      heap[place] = above
      place = parent
    }
    heap[place] = row
  }

  isBefore(a: Row, b: Row): boolean {
    const between = this.at(a) - this.at(b)
    return between === 0 ? a.seq < b.seq : between < 0
  }

  /** Puts a row where the first was, and lets it sink to its place. */
  private sink(row: Row): void {
    const { heap } = this
    const half = heap.length >> 1
    let place = 0
    while (place < half) {
      let child = 2 * place + 1
      const right = child + 1
      if (right < heap.length && this.isBefore(heap[right] as Row, heap[child] as Row)) child = right
      const below = heap[child] as Row
      if (!this.isBefore(below, row)) break
      heap[place] = below
      place = child
    }
    heap[place] = row
  }

  /** Rows in sorted order are a heap as well. */
  private sweep(): void {
    this.heap = this.heap.filter(this.isCurrent).sort((a, b) => (this.isBefore(a, b) ? -1 : 1))
    this.sweepAt = 2 * this.heap.length + 64
  }
}
