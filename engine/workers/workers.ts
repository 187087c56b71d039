import type { Instant } from '#core/instant.ts'
import type { Ports, WorkPorts } from '../ports.ts'
import { grantTimeCame } from '../handle/end-grant.ts'
import { takeTurn } from '../handle/turn.ts'
import { watchHalts } from '../halt/halt-watch.ts'
import { whileHeld } from '../claim/while-held.ts'
import { lookWhetherOverdue } from '../overdue/look-whether-overdue.ts'
import { retryDelayMs } from '#core/identity-action/patience.ts'
import type { Claimed, Queue, TimerKind, TimerPart, TimersOf, WorkOf } from '../store/store.ts'
import { membershipJobs } from './membership-jobs.ts'

/** How work is taken: how much at once, and for how long it is ours before somebody else may take it over. */
export interface WorkSettings {
  readonly batch: number
  readonly leaseMs: number
}

export const WORK_SETTINGS: WorkSettings = { batch: 200, leaseMs: 5_000 }

/** What one piece of work came to: done, to be done again at a time, or to be tried again after a growing wait. */
export type Worked =
  | { readonly kind: 'done' }
  | { readonly kind: 'again at'; readonly dueAt: Instant }
  | { readonly kind: 'try again'; readonly why: string; readonly afterMs: number | null }

/** What the surfaces and the composition root bring: how inbox items, messages and the timers that are not the engine's own are worked. */
export interface Handlers {
  readonly inbox: (item: Claimed) => Promise<Worked>
  readonly outbox: (item: Claimed) => Promise<Worked>
  readonly timer: (timer: Claimed & { readonly kind: TimerKind }) => Promise<Worked>
}

/**
 * One kind of work that a worker looks for. A step answers how many pieces it took: 0 means that nothing is due; and it says
 * so when it has taken them, before it works on them, for somebody else to look what there is besides.
 */
export interface Job {
  readonly name: string
  /** How many of it run side by side in one process: while one waits for a vendor, another writes to the database. */
  readonly lanes: number
  /** Whose work it takes: it is woken when that becomes due. Null: it looks by itself now and then. */
  readonly queue: Queue | null
  /** Which part of the queue. */
  readonly of?: WorkOf | TimersOf
  /** When its work is next due, where the queue alone cannot tell. */
  nextDue?(): Promise<Instant | null>
  /** Rests at least so long after it found nothing, also when woken. */
  readonly restMs: number
  step(hasTaken?: () => void): Promise<number>
}

export function jobsOf(ports: WorkPorts, handlers: Handlers, settings: WorkSettings): readonly Job[] {
  return [
    {
      name: 'ends',
      lanes: 2,
      queue: 'timer',
      of: { part: 'ends' },
      restMs: 2,
      step: (hasTaken) =>
        workQueue(ports, 'timer', settings, (claim) => endAccess(ports, claim), { part: 'ends', hasTaken }),
    },
    {
      name: 'timers',
      lanes: 1,
      queue: 'timer',
      of: { part: 'others' },
      restMs: 2,
      step: (hasTaken) =>
        workQueue(ports, 'timer', settings, (claim) => ringTimer(ports, handlers, claim), { part: 'others', hasTaken }),
    },
    {
      name: 'syncs',
      lanes: 4,
      queue: 'timer',
      of: { part: 'syncs' },
      restMs: 2,
      // One at a time in each lane: the sync of one directory waits for no other's.
      step: (hasTaken) =>
        workQueue(ports, 'timer', { ...settings, batch: 1 }, (claim) => ringTimer(ports, handlers, claim), {
          part: 'syncs',
          hasTaken,
        }),
    },
    {
      name: 'inbox',
      lanes: 2,
      queue: 'inbox',
      restMs: 2,
      step: (hasTaken) => workQueue(ports, 'inbox', settings, handlers.inbox, { hasTaken }),
    },
    ...membershipJobs(ports, watchHalts(ports), settings),
    {
      name: 'outbox',
      lanes: 2,
      queue: 'outbox',
      restMs: 2,
      step: (hasTaken) => workQueue(ports, 'outbox', settings, handlers.outbox, { hasTaken }),
    },
  ]
}

async function workQueue(
  ports: Ports,
  queue: Exclude<Queue, 'membership'>,
  settings: WorkSettings,
  work: (claim: Claimed) => Promise<Worked>,
  { part, hasTaken }: { readonly part?: TimerPart; readonly hasTaken: (() => void) | undefined },
): Promise<number> {
  const limit = Math.min(settings.batch, 20)
  const claimed = await ports.store.claim(queue, {
    limit,
    leaseMs: settings.leaseMs,
    now: ports.clock.now(),
    ...(part === undefined ? {} : { part }),
  })
  if (claimed.length === 0) return 0
  hasTaken?.()
  await whileHeld(ports, queue, claimed, settings.leaseMs, () =>
    Promise.all(claimed.map((claim) => workOne(ports, queue, claim, work, part === 'ends' ? END_WAITS_MS : Infinity))),
  )
  return claimed.length
}

/** The 5th, 10th, 20th, 40th … attempt: somebody must hear of what never gives up, and not every time. */
export function isWorthSaying(attempts: number): boolean {
  return attempts >= 5 && attempts % 5 === 0 && Number.isInteger(Math.log2(attempts / 5))
}

/** The end of a window needs nobody but the database: once that is well again, nobody keeps access for the sake of a patient wait. */
const END_WAITS_MS = 5_000

async function workOne(
  ports: Ports,
  queue: Exclude<Queue, 'membership'>,
  claim: Claimed,
  work: (claim: Claimed) => Promise<Worked>,
  longestWaitMs: number,
): Promise<void> {
  const worked = await work(claim).catch((fault: unknown): Worked => {
    // A fault is a bug or a broken database: the work stays due, and the operator is told.
    ports.log('error', `${queue} ${claim.id} (${claim.kind}) failed: ${String(fault)}`, { attempts: claim.attempts })
    return { kind: 'try again', why: String(fault).slice(0, 500), afterMs: null }
  })
  const { id, fence } = claim
  if (worked.kind === 'try again' && isWorthSaying(claim.attempts)) {
    ports.log('warning', `${queue} ${id} (${claim.kind}) about ${claim.about} goes on failing: ${worked.why}`, {
      attempts: claim.attempts,
    })
  }
  await takeTurn(ports, { kind: 'engine' }, (turn) => {
    if (worked.kind === 'done') return turn.settle({ queue, id, fence, dueAt: null, progress: true })
    if (worked.kind === 'again at') return turn.settle({ queue, id, fence, dueAt: worked.dueAt, progress: true })
    const dueAt = turn.now + Math.max(worked.afterMs ?? 0, Math.min(retryDelayMs(claim.attempts), longestWaitMs))
    return turn.settle({ queue, id, fence, dueAt, progress: false, note: worked.why })
  })
}

/** A window ends, or the time for completing a grant is over. Needs nobody but the database. */
async function endAccess(ports: Ports, claim: Claimed): Promise<Worked> {
  const kind = claim.kind as 'window ends' | 'complete by'
  await takeTurn(ports, { kind: 'timer' }, (turn) => grantTimeCame(turn, claim.about, kind))
  return { kind: 'done' }
}

/** An overdue removal is the engine's own business; every other timer belongs to whoever set it. */
function ringTimer(ports: Ports, handlers: Handlers, claim: Claimed): Promise<Worked> {
  const kind = claim.kind as TimerKind
  return kind === 'removal overdue' ? lookWhetherOverdue(ports, claim.about) : handlers.timer({ ...claim, kind })
}
