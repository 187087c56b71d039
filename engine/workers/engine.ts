import type { Instant } from '#core/instant.ts'
import type { WorkPorts } from '../ports.ts'
import type { Queue } from '../store/store.ts'
import type { Job } from './workers.ts'

/** Wakes up at least this often, should a notification be lost with its connection. */
const LONGEST_SLEEP_MS = 5_000
/** After the first fault in a row; then twice as long each time, so that a database that is away is not knocked at by every lane each second. */
const AFTER_A_FAULT_MS = 1_000
const LONGEST_AFTER_A_FAULT_MS = 8_000
/** Without a reason of its own, every abort would build an error with its stack. */
const WOKEN = 'woken'

export interface Running {
  /** Stops taking work, and resolves when what was taken is finished. */
  stop(): Promise<void>
}

/** Works whatever is due, and sleeps until the next piece is. Any number of these may run on one database. */
export async function runEngine(
  ports: WorkPorts,
  jobs: readonly Job[],
  { longestSleepMs = LONGEST_SLEEP_MS }: { readonly longestSleepMs?: number } = {},
): Promise<Running> {
  const over = new AbortController()
  const beds = jobs.map((job) => ({ job, sleepers: new Set<AbortController>() }))
  const wake = (queue: Queue | null): void => {
    for (const { job, sleepers } of beds) if (queue === null || job.queue === queue) wakeOne(sleepers)
  }
  const unlisten = await ports.store.onDue(wake)
  const unlistenBudgets = ports.budgets.onEased(() => wake('membership'))
  const lanes = beds.flatMap(({ job, sleepers }) =>
    Array.from({ length: job.lanes }, () => lane(ports, job, longestSleepMs, over.signal, sleepers)),
  )
  return {
    stop: async () => {
      over.abort(WOKEN)
      for (const { sleepers } of beds) for (const sleeper of sleepers) sleeper.abort(WOKEN)
      await Promise.all(lanes)
      unlistenBudgets()
      await unlisten()
    },
  }
}

/**
 * Of the lanes of one job that sleep, one is woken, and looks. Whoever has taken something wakes the next before it works on
 * it: so as long as a lane is idle, one that sleeps knows what comes due next, and a notification costs one look.
 */
function wakeOne(sleepers: ReadonlySet<AbortController>): void {
  for (const sleeper of sleepers) {
    if (sleeper.signal.aborted) continue
    return sleeper.abort(WOKEN)
  }
}

async function lane(
  ports: WorkPorts,
  job: Job,
  longestSleepMs: number,
  over: AbortSignal,
  sleepers: Set<AbortController>,
): Promise<void> {
  let faults = 0
  const wakeNext = (): void => wakeOne(sleepers)
  let woken = new AbortController()
  while (!over.aborted) {
    if (woken.signal.aborted) woken = new AbortController()
    // Listening begins before looking, so that work which becomes due in between is not slept through.
    sleepers.add(woken)
    try {
      const waitMs = await untilDue(ports, job, longestSleepMs)
      if (waitMs > 0) {
        faults = 0
        await ports.clock.sleep(waitMs, woken.signal)
        continue
      }
      sleepers.delete(woken)
      const taken = await job.step(wakeNext)
      faults = 0
      if (taken === 0 && !over.aborted) await ports.clock.sleep(job.restMs, over)
    } catch (fault) {
      faults += 1
      if (isPowerOfTwo(faults))
        ports.log('error', `${job.name} stumbled and goes on${inARow(faults)}: ${String(fault)}`)
      const restMs = Math.min(AFTER_A_FAULT_MS * 2 ** (faults - 1), LONGEST_AFTER_A_FAULT_MS)
      if (!over.aborted) await ports.clock.sleep(restMs, over)
    } finally {
      sleepers.delete(woken)
    }
  }
}

/** The first, second, fourth, eighth … fault in a row is told: enough to see that it lasts, and too little to bury the rest. */
function isPowerOfTwo(count: number): boolean {
  return (count & (count - 1)) === 0
}

function inARow(faults: number): string {
  return faults === 1 ? '' : ` (${faults} times in a row)`
}

/** How long nothing will be due, as far as is known now; 0 when something is. */
async function untilDue(ports: WorkPorts, job: Job, longestSleepMs: number): Promise<number> {
  if (job.queue === null) return 0
  const due = await dueOf(ports, job)
  return due === null ? longestSleepMs : Math.min(due - ports.clock.now(), longestSleepMs)
}

function dueOf(ports: WorkPorts, job: Job): Promise<Instant | null> {
  if (job.queue === null) return Promise.resolve(null)
  return job.nextDue?.() ?? ports.store.nextDue(job.queue, job.of)
}

/**
 * When one of these jobs may next find something to do: what is due may have to wait for its provider's budget. For a clock
 * that jumps from one such moment to the next.
 */
export async function nextMoment(ports: WorkPorts, jobs: readonly Job[]): Promise<Instant | null> {
  const due = await ports.store.nextDue()
  if (due === null || due > ports.clock.now()) return due
  const moments = await Promise.all(jobs.map((job) => dueOf(ports, job)))
  return moments.reduce((a, b) => (a === null || b === null ? (a ?? b) : Math.min(a, b)), null)
}

/** Works until nothing is due at this instant: for a clock that stands still while a story or a test looks. */
export async function settle(jobs: readonly Job[]): Promise<void> {
  for (;;) {
    let taken = 0
    for (const job of jobs) taken += await job.step()
    if (taken === 0) return
  }
}
