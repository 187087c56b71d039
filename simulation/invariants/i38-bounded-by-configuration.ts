import type { Contents } from '#engine/store/memory/contents.ts'
import type { Invariant, Violation } from './invariant.ts'
import { mostAtOnce } from './under-way.ts'

/** Calls of one process that may be under way: OKTA_CONCURRENCY where nobody sets it, and what the client for Jira allows itself. */
const SOCKETS = { okta: 10, jira: 8 } as const
/** Reads of memberships are taken ten batches at a time, and there are at most ten lanes of one job. */
const BATCHES_AT_ONCE = 100

/** Of memory nothing can be told in here; of what a process holds open, and of the work that it holds, all. */
export const boundedByConfiguration: Invariant = {
  id: 'I38',
  says: 'Open calls and work in hand are bounded by configuration, however much is waiting.',
  check({ run, product }) {
    const replicas = [...new Set(run.history.replicas.map((each) => each.replica))]
    const open = replicas.flatMap((replica) =>
      (['okta', 'jira'] as const).flatMap((vendor): readonly Violation[] => {
        const { calls, at } = mostAtOnce(run, vendor, { replica })
        return calls > SOCKETS[vendor] ? [{ at, what: `${replica} had ${calls} calls to ${vendor} under way` }] : []
      }),
    )
    const end = run.start + run.schedule.endMs
    const inHand = leased(product, end)
    const batch = Math.max(...run.schedule.replicas.map((each) => each.batch))
    const most = (run.schedule.replicas.length + 1) * BATCHES_AT_ONCE * batch
    return inHand > most
      ? [...open, { at: end, what: `${inHand} pieces of work are in hand, of at most ${most}` }]
      : open
  },
}

function leased({ memberships, timers, inbox, outbox }: Contents, at: number): number {
  let count = 0
  for (const rows of [memberships, timers, inbox, outbox])
    for (const { leaseUntil } of rows.values()) if (leaseUntil !== null && leaseUntil > at) count += 1
  return count
}
