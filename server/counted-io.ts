import type { Fetch, Io } from '#connectors/kit/io.ts'
import { createBudgets, type Budgets } from '#engine/budget/budgets.ts'
import { randomIds } from '#engine/ids.ts'
import type { Ids, Log } from '#engine/ports.ts'
import type { Clock } from '#engine/store/clock.ts'
import type { Store } from '#engine/store/store.ts'
import { WORK_SETTINGS } from '#engine/workers/workers.ts'

/** What connectors touch of the outside, and the budgets that count it: both belong to one process, and `compose` gets the latter. */
export interface CountedIo {
  readonly io: Io
  readonly budgets: Budgets
}

export function countedIo(parts: {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly store: Pick<Store, 'budget' | 'saveBudget'>
  readonly log: Log
  readonly ids?: Ids
  readonly leaseMs?: number
}): CountedIo {
  const { fetch, clock, store, log, ids = randomIds, leaseMs = WORK_SETTINGS.leaseMs } = parts
  const budgets = createBudgets({ store, clock, ids, log, leaseMs })
  const io: Io = {
    fetch,
    now: clock.now,
    sleep: (ms) => clock.sleep(ms),
    newId: () => ids.next('io'),
    budget: budgets.of,
  }
  return { io, budgets }
}
