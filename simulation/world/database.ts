import type { Commit, Queue, Store } from '#engine/store/store.ts'
import { queuesMadeDue } from '#engine/store/queues-made-due.ts'
import type { Heap } from '../heap.ts'
import type { Replica } from './replica.ts'

/*
 * The database as the replicas reach it. Whatever changes it is one event on the heap: it arrives, is carried out as a
 * whole, and the answer goes back. Whatever only looks is carried out at once, one look after the other, so that
 * PostgreSQL, which takes its time, and the twin in memory, which takes none, tell the same story.
 */

const LOOKS = [
  'load',
  'find',
  'membershipsOf',
  'nextDue',
  'catalogInForce',
  'people',
  'peopleByAddresses',
  'peopleOfAccounts',
  'managers',
  'groups',
  'groupsToRead',
  'membersOf',
  'syncStanding',
  'groupsNamed',
  'linksOf',
  'linksOfAccounts',
  'eventAt',
  'newestCheckpoint',
  'sealed',
  'budget',
] as const satisfies readonly (keyof Store)[]

const CHANGES = [
  'commit',
  'claim',
  'claimMemberships',
  'renew',
  'receive',
  'saveDirectory',
  'wantMembers',
  'saveMembers',
  'putOffMembers',
  'seal',
  'erase',
  'saveBudget',
] as const satisfies readonly (keyof Store)[]

type Change = (typeof CHANGES)[number]
type Operation = (...args: readonly unknown[]) => Promise<unknown>

/** What becomes of one operation that would change something. */
export type DatabaseFate = 'carried out' | 'conflict' | 'lost before' | 'lost after' | 'killed before' | 'killed after'

export interface Database {
  storeFor(replica: Replica): Store
  /** Whoever sleeps there looks when to wake up next, as in production everybody does every five seconds. */
  nudge(replica: Replica): void
  hasLooks(): boolean
  hasArrived(): boolean
  /** Carries out looks that are waiting, until none is left. */
  serveLooks(quiet: () => Promise<void>): Promise<void>
  /** Carries out the changes that arrived in this event. */
  serveArrived(quiet: () => Promise<void>): Promise<void>
}

export interface DatabaseWatch {
  latencyMs(): number
  fateOf(replica: Replica, what: Change): DatabaseFate
  /** True while nothing reaches the database. */
  isAway(): boolean
  /** Something was carried out, and this was the answer. */
  changed(replica: Replica, what: Change, args: readonly unknown[], answer: unknown): void
  kill(replica: Replica): void
  /** How long a notification takes to this replica; null: it is lost. */
  notificationMs(replica: Replica): number | null
}

export class DatabaseAway extends Error {
  readonly code = 'ECONNRESET'
}

export function createDatabase(inner: Store, heap: Heap, watch: DatabaseWatch): Database {
  const looks: (() => Promise<void>)[] = []
  const arrived: (() => Promise<void>)[] = []
  const listeners = new Map<Replica, (queue: Queue | null) => void>()

  function wake(queues: Iterable<Queue>): void {
    const due = [...queues]
    if (due.length === 0) return
    for (const [replica, listener] of listeners) {
      // Its connection died with it.
      if (!replica.alive()) {
        listeners.delete(replica)
        continue
      }
      const afterMs = watch.notificationMs(replica)
      if (afterMs === null) continue
      heap.at(heap.now() + afterMs, () =>
        replica.deliver(() => {
          for (const queue of due) listener(queue)
        }),
      )
    }
  }

  function look(replica: Replica, what: (typeof LOOKS)[number]): Operation {
    const operation = (inner[what] as Operation).bind(inner)
    return (...args) =>
      new Promise((resolve, reject) => {
        looks.push(async () => {
          if (!replica.alive()) return
          if (watch.isAway()) return replica.deliver(() => reject(new DatabaseAway('the database is away')))
          const answer = await operation(...args)
          replica.deliver(() => resolve(answer))
        })
      })
  }

  function change(replica: Replica, what: Change): Operation {
    const operation = (inner[what] as Operation).bind(inner)
    return (...args) =>
      new Promise((resolve, reject) => {
        const carryOut = async (): Promise<void> => {
          const lost = (): void => replica.deliver(() => reject(new DatabaseAway('the connection broke')))
          if (watch.isAway()) return lost()
          const fate = replica.alive() ? watch.fateOf(replica, what) : 'carried out'
          if (fate === 'killed before') return watch.kill(replica)
          if (fate === 'lost before') return lost()
          if (fate === 'conflict') return replica.deliver(() => resolve('conflict'))
          const answer = await operation(...args)
          watch.changed(replica, what, args, answer)
          if (what === 'commit' && answer === 'committed') wake(queuesMadeDue(args[0] as Commit))
          if (what === 'receive' && answer === 'received') wake(['inbox'])
          if (fate === 'killed after') return watch.kill(replica)
          if (fate === 'lost after') return lost()
          replica.deliver(() => resolve(answer))
        }
        heap.at(heap.now() + watch.latencyMs(), () => void arrived.push(carryOut))
      })
  }

  async function serve(waiting: (() => Promise<void>)[], quiet: () => Promise<void>): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await next()
      await quiet()
    }
  }

  return {
    storeFor(replica) {
      const onDue: Store['onDue'] = async (wake) => {
        listeners.set(replica, wake)
        return async () => void listeners.delete(replica)
      }
      const store: Partial<Record<keyof Store, unknown>> = { onDue }
      for (const what of LOOKS) store[what] = look(replica, what)
      for (const what of CHANGES) store[what] = change(replica, what)
      return store as unknown as Store
    },
    nudge: (replica) => replica.deliver(() => listeners.get(replica)?.(null)),
    hasLooks: () => looks.length > 0,
    hasArrived: () => arrived.length > 0,
    serveLooks: (quiet) => serve(looks, quiet),
    serveArrived: (quiet) => serve(arrived, quiet),
  }
}
