import { URGENCY } from '#core/identity-action/urgency.ts'
import type { Instant } from '#core/instant.ts'
import { SPENDING, type Allowance, type Spending } from '../budget/allowance.ts'
import { claimWrites, nextWriteDue } from '../halt/claim-writes.ts'
import type { HaltWatch } from '../halt/halt-watch.ts'
import type { WorkPorts } from '../ports.ts'
import { readMemberships } from '../reconcile/read-memberships.ts'
import { putOff, writeMemberships } from '../reconcile/write-memberships.ts'
import type { Directories } from '../store/store.ts'
import type { Job, WorkSettings } from './workers.ts'

/*
 * Memberships are worked provider by provider, so that none waits for another's vendor: jobs that write and jobs that read
 * for each directory that is connected, and two for memberships of those that are not.
 *
 * A batch asks the provider's budget first, and claims no more than it can pay. What cannot be paid now stays due.
 */
export function membershipJobs(ports: WorkPorts, halts: HaltWatch, settings: WorkSettings): readonly Job[] {
  const connected = ports.providers()
  return [
    ...connected.flatMap((provider) => {
      const pace = { manyWrites: false }
      return [writesTo(ports, halts, settings, provider, pace), readsOf(ports, settings, provider, pace)]
    }),
    jobOfNobody(ports, settings, { noneOf: connected }, 'write'),
    jobOfNobody(ports, settings, { noneOf: connected }, 'read'),
  ]
}

/** For how long reads may wait while many writes are on their way. */
const READ_PATIENCE_MS = 5_000
/** So many calls are asked for until it is seen that there is more to do. */
const FIRST_CALLS = 20
/** What a change costs is seen in a batch of so many; a smaller one may have paid for what all of them need. */
const TELLING = 10
/** Reads share lists, so few calls go a long way. */
const READ_CALLS = 100

function writesTo(
  ports: WorkPorts,
  halts: HaltWatch,
  settings: WorkSettings,
  provider: string,
  pace: { manyWrites: boolean },
): Job {
  const of = { provider }
  const nextDue = (): Promise<Instant | null> => nextWriteDue(ports, halts, of)
  const batches = batchesOf(
    ports,
    ports.budgets.allowance(provider, { call: 'change', urgency: URGENCY.grant }),
    nextDue,
  )
  let callsEach = 1
  return {
    name: `writes to ${provider}`,
    of: { work: 'write', of },
    nextDue: batches.nextDue,
    lanes: 4,
    queue: 'membership',
    restMs: 2,
    step: (hasTaken) =>
      batches.take(settings.batch * callsEach, async (spending, dueSinceMs) => {
        const most = Math.min(settings.batch, Math.max(1, Math.floor(spending.calls / callsEach)))
        const limit = spending.isProbe ? 1 : most
        const claimed = await claimWrites(ports, halts, { ...claimOptions(ports, settings, limit), of, dueSinceMs })
        pace.manyWrites = claimed.length === settings.batch
        if (claimed.length > 0) hasTaken?.()
        const membership = ports.provider(provider)?.membership
        if (claimed.length > 0 && membership) {
          const of = { provider, membership }
          await writeMemberships(ports, halts, of, claimed, settings.leaseMs, spending, claimed.length === limit)
          // A group that a rule feeds costs a call more a removal.
          if (claimed.length >= TELLING) callsEach = Math.max(1, Math.round(spending.paid() / claimed.length))
        }
        return { taken: claimed.length, hasMore: claimed.length === limit }
      }),
  }
}

function readsOf(
  ports: WorkPorts,
  settings: WorkSettings,
  provider: string,
  pace: { readonly manyWrites: boolean },
): Job {
  const of = { provider }
  // The more changes to a group are together, the fewer lists it takes: reads take more at once than writes, and while many
  // writes are on their way they wait for more company.
  const patienceMs = (): number => (pace.manyWrites ? READ_PATIENCE_MS : 0)
  const nextDue = async (): Promise<Instant | null> => {
    const due = await ports.store.nextDue('membership', { work: 'read', of })
    return due === null ? null : due + patienceMs()
  }
  const allowance = ports.budgets.allowance(provider, { call: 'read', urgency: URGENCY['read-back'] })
  const batches = batchesOf(ports, allowance, nextDue)
  return {
    name: `reads of ${provider}`,
    of: { work: 'read', of },
    nextDue: batches.nextDue,
    lanes: 1,
    queue: 'membership',
    restMs: 50,
    step: () =>
      batches.take(READ_CALLS, async (spending, probeDueSinceMs) => {
        const dueSinceMs = spending.isProbe ? probeDueSinceMs : patienceMs()
        const limit = spending.isProbe ? 1 : settings.batch * 10
        const claimed = await ports.store.claimMemberships('read', {
          ...claimOptions(ports, settings, limit),
          of,
          dueSinceMs,
        })
        if (claimed.length > 0) await readMemberships(ports, claimed, settings.leaseMs, spending)
        return { taken: claimed.length, hasMore: claimed.length === limit }
      }),
  }
}

function jobOfNobody(ports: WorkPorts, settings: WorkSettings, of: Directories, work: 'write' | 'read'): Job {
  return {
    name: `${work}s of what is not connected`,
    of: { work, of },
    lanes: 1,
    queue: 'membership',
    restMs: work === 'write' ? 2 : 50,
    async step() {
      const options = { ...claimOptions(ports, settings, settings.batch), of }
      const claimed = await ports.store.claimMemberships(work, options)
      if (claimed.length === 0) return 0
      if (work === 'write') await putOff(ports, claimed, 'its directory is not connected')
      else await readMemberships(ports, claimed, settings.leaseMs, SPENDING)
      return claimed.length
    },
  }
}

function claimOptions(ports: WorkPorts, { leaseMs }: WorkSettings, limit: number) {
  return { limit, leaseMs, now: ports.clock.now() }
}

/** What a batch came to: how much it took, and whether that was all that it might take. */
interface Batch {
  readonly taken: number
  readonly hasMore: boolean
}

interface Batches {
  nextDue(): Promise<Instant | null>
  take(calls: number, work: (spending: Spending, dueSinceMs: number) => Promise<Batch>): Promise<number>
}

/** One lane after the other asks the budget, and all of a job remember what it said. */
function batchesOf(ports: WorkPorts, allowance: Allowance, due: () => Promise<Instant | null>): Batches {
  const { clock } = ports
  let waitUntil: Instant = 0
  let thereIsMore = false
  ports.budgets.onEased(() => (waitUntil = 0))
  return {
    async nextDue() {
      const at = await due()
      // Should it have been impossible to tell so when the last batch was done, others would stand back for a whole window.
      if (at === null || at > clock.now()) await allowance.nothingDue()
      if (at === null || waitUntil <= Math.max(at, clock.now())) return at
      // Whoever was woken before its time looks whether others have made room.
      if (await allowance.hasMoved()) waitUntil = 0
      return Math.max(at, waitUntil)
    },
    async take(calls, work) {
      let oldest: Instant | null = null
      if (allowance.isTight() && !thereIsMore) {
        oldest = await due()
        if (oldest === null || oldest > clock.now()) {
          await allowance.nothingDue()
          return 0
        }
      }
      const opened = await allowance.open(thereIsMore ? calls : Math.min(calls, FIRST_CALLS))
      if (opened.kind === 'wait') {
        // Asked in the belief that there is more: those who stand back for it must not, if there is not.
        if (thereIsMore) {
          thereIsMore = false
          oldest = await due()
          if (oldest === null || oldest > clock.now()) await allowance.nothingDue()
        }
        waitUntil = opened.until
        return 0
      }
      waitUntil = 0
      let hasMore = false
      try {
        // What has waited longest finds out how the provider is: so each piece of work has its turn, should one of them be
        // what makes it ill.
        if (opened.isProbe) oldest ??= await due()
        const dueSinceMs = opened.isProbe ? Math.max(0, clock.now() - (oldest ?? clock.now())) : 0
        const batch = await work(opened, dueSinceMs)
        hasMore = thereIsMore = batch.hasMore
        return batch.taken
      } finally {
        await opened.close(hasMore)
        // Another lane may have been told meanwhile that a probe is under way; if it was given back unused, one may go at once.
        if (opened.isProbe) waitUntil = 0
      }
    },
  }
}
