import type { Ports } from '../ports.ts'
import type { Job } from './workers.ts'

/** Wakes up at least this often, should a notification be lost with its connection. */
const LONGEST_SLEEP_MS = 5_000
const AFTER_A_FAULT_MS = 1_000

export interface Running {
  /** Stops taking work, and resolves when what was taken is finished. */
  stop(): Promise<void>
}

/** Works whatever is due, and sleeps until the next piece is. Any number of these may run on one database. */
export async function runEngine(ports: Ports, jobs: readonly Job[]): Promise<Running> {
  const over = new AbortController()
  const sleepers = new Set<() => void>()
  const wakeAll = (): void => {
    for (const wake of sleepers) wake()
  }
  const unlisten = await ports.store.onDue(wakeAll)
  const lanes = jobs.flatMap((job) => Array.from({ length: job.lanes }, () => lane(ports, job, over.signal, sleepers)))
  return {
    stop: async () => {
      over.abort()
      wakeAll()
      await Promise.all(lanes)
      await unlisten()
    },
  }
}

async function lane(ports: Ports, job: Job, over: AbortSignal, sleepers: Set<() => void>): Promise<void> {
  while (!over.aborted) {
    const woken = new AbortController()
    const wake = (): void => woken.abort()
    // Listening begins before looking, so that work which becomes due in between is not slept through.
    sleepers.add(wake)
    try {
      const taken = await job.step()
      if (taken === 0 && !over.aborted) await sleepUntilDue(ports, woken.signal)
    } catch (fault) {
      ports.log('error', `${job.name} stumbled and goes on: ${String(fault)}`)
      if (!over.aborted) await ports.clock.sleep(AFTER_A_FAULT_MS, over)
    } finally {
      sleepers.delete(wake)
    }
  }
}

async function sleepUntilDue(ports: Ports, woken: AbortSignal): Promise<void> {
  const due = await ports.store.nextDue()
  const waitMs = due === null ? LONGEST_SLEEP_MS : due - ports.clock.now()
  await ports.clock.sleep(Math.max(5, Math.min(waitMs, LONGEST_SLEEP_MS)), woken)
}

/** Works until nothing is due at this instant: for a clock that stands still while a story or a test looks. */
export async function settle(jobs: readonly Job[]): Promise<void> {
  for (;;) {
    let taken = 0
    for (const job of jobs) taken += await job.step()
    if (taken === 0) return
  }
}
