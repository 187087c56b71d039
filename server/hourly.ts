import { HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import type { Ports } from '#engine/ports.ts'
import { isWorthSaying, type Job } from '#engine/workers/workers.ts'

/**
 * Work that is done at the start and then every hour, on each replica. What fails is an alarm in the log and is tried again
 * a minute later; it stops nothing else.
 */
export function hourly(ports: Ports, name: string, work: () => Promise<unknown>): Job {
  let dueAt = 0
  let failures = 0
  return {
    name,
    lanes: 1,
    queue: null,
    restMs: MINUTE_MS,
    async step() {
      const now = ports.clock.now()
      if (now < dueAt) return 0
      try {
        await work()
        dueAt = now + HOUR_MS
        failures = 0
      } catch (fault) {
        failures += 1
        if (failures === 1 || isWorthSaying(failures))
          ports.log('error', `${name} failed, and is tried again in a minute: ${String(fault)}`, { failures })
      }
      return 0
    },
  }
}
