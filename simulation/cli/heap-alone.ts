import { createHeap, quiet } from '../heap.ts'

const EVENTS = 200_000

/**
 * How many schedules of so many events a CPU-second would hold if nobody stood behind the events: what the machine was worth
 * just now, for whoever compares the figure with another machine's.
 */
export async function heapAlone(eventsEach: number): Promise<number> {
  const before = process.cpuUsage()
  let ties = 0
  const heap = createHeap(0, () => (ties = (ties * 48_271 + 1) % 65_537))
  for (let each = 0; each < EVENTS; each += 1) heap.at(each % 977, () => undefined)
  for (let happen = heap.next(Infinity); happen !== null; happen = heap.next(Infinity)) {
    happen()
    await quiet()
  }
  const { user, system } = process.cpuUsage(before)
  return EVENTS / eventsEach / ((user + system) / 1_000_000)
}
