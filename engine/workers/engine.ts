import type { Ports } from '../ports.ts'
import type { Queue } from '../store/store.ts'
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
  const sleepers = new Set<Sleeper>()
  const wake = (queue: Queue | null): void => {
    for (const sleeper of sleepers) if (queue === null || sleeper.queue === queue) sleeper.wake()
  }
  const unlisten = await ports.store.onDue(wake)
  const lanes = jobs.flatMap((job) => Array.from({ length: job.lanes }, () => lane(ports, job, over.signal, sleepers)))
  return {
    stop: async () => {
      over.abort()
      wake(null)
      await Promise.all(lanes)
      await unlisten()
    },
  }
}

interface Sleeper {
  readonly queue: Queue | null
  wake(): void
}

async function lane(ports: Ports, job: Job, over: AbortSignal, sleepers: Set<Sleeper>): Promise<void> {
  while (!over.aborted) {
    const woken = new AbortController()
    const sleeper: Sleeper = { queue: job.queue, wake: () => woken.abort() }
    // Listening begins before looking, so that work which becomes due in between is not slept through.
    sleepers.add(sleeper)
    try {
      const taken = await job.step()
      if (taken === 0 && !over.aborted) {
        await ports.clock.sleep(job.restMs, over)
        await sleepUntilDue(ports, job, woken.signal)
      }
    } catch (fault) {
      ports.log('error', `${job.name} stumbled and goes on: ${String(fault)}`)
      if (!over.aborted) await ports.clock.sleep(AFTER_A_FAULT_MS, over)
    } finally {
      sleepers.delete(sleeper)
    }
  }
}

async function sleepUntilDue(ports: Ports, job: Job, woken: AbortSignal): Promise<void> {
  if (woken.aborted || job.queue === null) return
  const due = await ports.store.nextDue(job.queue, job.work && { work: job.work })
  const waitMs = due === null ? LONGEST_SLEEP_MS : due - ports.clock.now()
  if (waitMs > 0) await ports.clock.sleep(Math.min(waitMs, LONGEST_SLEEP_MS), woken)
}

/** Works until nothing is due at this instant: for a clock that stands still while a story or a test looks. */
export async function settle(jobs: readonly Job[]): Promise<void> {
  for (;;) {
    let taken = 0
    for (const job of jobs) taken += await job.step()
    if (taken === 0) return
  }
}
