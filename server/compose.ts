import type { Capabilities } from '#connectors/kit/connector.ts'
import type { Desk } from '#connectors/kit/desk.ts'
import { URGENCY } from '#core/identity-action/urgency.ts'
import { MINUTE_MS, type Instant } from '#core/instant.ts'
import { createBudgets, type Budgets } from '#engine/budget/budgets.ts'
import { readMembers } from '#engine/directory/read-members.ts'
import { syncDirectory } from '#engine/directory/sync-directory.ts'
import { wantMembers } from '#engine/directory/want-members.ts'
import { sequencerJob } from '#engine/evidence/sequencer.ts'
import { takeTurn } from '#engine/handle/turn.ts'
import type { SigningKey } from '#engine/evidence/signed-note.ts'
import { randomIds } from '#engine/ids.ts'
import { findingOfMessages, grantOfOverdueMessages } from '#engine/outbox/announcement.ts'
import type { Ids, Log, WorkPorts } from '#engine/ports.ts'
import type { Clock } from '#engine/store/clock.ts'
import type { Store, Timer } from '#engine/store/store.ts'
import { jobsOf, WORK_SETTINGS, type Handlers, type Job, type WorkSettings } from '#engine/workers/workers.ts'
import { LOOK_AGAIN_MS, lookAtTicket } from '#surfaces/jira/look-at-ticket.ts'
import { POLL_EVERY_MS, pollTickets } from '#surfaces/jira/poll-tickets.ts'
import { tellFinding } from '#surfaces/jira/tell-finding.ts'
import { tellOverdue } from '#surfaces/jira/tell-overdue.ts'
import { tellTicket } from '#surfaces/jira/tell-ticket.ts'

/** Connected vendors by their name, e.g. `okta`, `jira`. */
export type Connections = Readonly<Record<string, Capabilities>>

export interface Parts {
  readonly store: Store
  readonly clock: Clock
  readonly connections: Connections
  /** Those that the connections were handed. Without them nobody counts how often a provider is called. */
  readonly budgets?: Budgets
  readonly signingKey: SigningKey
  readonly log: Log
  /** Random unless the simulation draws them. */
  readonly ids?: Ids
  readonly work?: WorkSettings
  /** How often records are sealed; 0, for a clock that stands still, seals whatever there is. */
  readonly sealEveryMs: number
  /** How long a removal may be unproven before people are called; the core's own bound unless set. */
  readonly overdueAfterMs?: number
  /** How often each directory is read as a whole; every ten minutes unless set. */
  readonly syncEveryMs?: number
  /** How often tickets that moved are looked for, should a webhook be lost; every five minutes unless set. */
  readonly pollEveryMs?: number
  /** How often a ticket that waits for an answer is looked at; every three minutes unless set. */
  readonly lookEveryMs?: number
}

export interface Composed {
  readonly ports: WorkPorts
  readonly jobs: readonly Job[]
}

const SYNC_EVERY_MS = 10 * MINUTE_MS

/** The engine with everything around it: who works what comes in, goes out and comes due. */
export function compose(parts: Parts): Composed {
  const { store, clock, connections, log, ids = randomIds, work = WORK_SETTINGS } = parts
  const ports: WorkPorts = {
    store,
    clock,
    log,
    ids,
    provider: (name) => connections[name],
    providers: () => Object.keys(connections).filter((name) => connections[name]?.membership),
    budgets: parts.budgets ?? createBudgets({ store, clock, ids, log, leaseMs: work.leaseMs }),
    ...(parts.overdueAfterMs === undefined ? {} : { overdueAfterMs: parts.overdueAfterMs }),
  }
  const desk = connections['jira']?.desk
  const handlers = desk ? handlersFor(ports, desk, parts) : noDesk
  return {
    ports,
    jobs: [...jobsOf(ports, handlers, work), sequencerJob(ports, parts.signingKey, parts.sealEveryMs)],
  }
}

function handlersFor(
  ports: WorkPorts,
  desk: Desk,
  { syncEveryMs = SYNC_EVERY_MS, pollEveryMs = POLL_EVERY_MS, lookEveryMs = LOOK_AGAIN_MS }: Parts,
): Handlers {
  return {
    inbox: (item) => lookAtTicket(ports, desk, item.about, lookEveryMs),
    outbox: (message) => {
      const leadId = findingOfMessages(message.about)
      if (leadId !== null) return tellFinding(ports, desk, leadId, message)
      const overdueGrant = grantOfOverdueMessages(message.about)
      return overdueGrant === null ? tellTicket(ports, desk, message) : tellOverdue(ports, desk, overdueGrant, message)
    },
    timer: async (timer) => {
      switch (timer.kind) {
        case 'look at ticket':
          return lookAtTicket(ports, desk, timer.about, lookEveryMs)
        case 'poll tickets':
          return pollTickets(ports, desk, timer, pollEveryMs)
        case 'sync directory': {
          const sync = async () => {
            const synced = await syncDirectory(ports, timer.about)
            return synced.kind === 'synced' ? wantMembers(ports, timer.about) : synced
          }
          const result = await ports.budgets.pays(timer.about, URGENCY.sync, sync)
          if (result.kind === 'unreadable') return { kind: 'try again', why: result.said, afterMs: result.retryAfterMs }
          await takeTurn(ports, { kind: 'engine' }, (turn) => turn.setTimer(membersTimer(timer.about, turn.now)))
          return { kind: 'again at', dueAt: ports.clock.now() + syncEveryMs }
        }
        case 'read members': {
          const result = await ports.budgets.pays(timer.about, URGENCY.sync, () => readMembers(ports, timer.about))
          if (result.kind === 'unreadable') return { kind: 'try again', why: result.said, afterMs: result.retryAfterMs }
          return result.kind === 'done' ? { kind: 'done' } : { kind: 'again at', dueAt: ports.clock.now() }
        }
        default:
          throw new Error(`nobody works the timer "${timer.kind}"`)
      }
    },
  }
}

/** What was begun goes on; whoever wants more meanwhile adds to it. */
function membersTimer(provider: string, dueAt: Instant): Timer {
  return { id: `members:${provider}`, kind: 'read members', about: provider, dueAt, unlessSet: true }
}

const noDesk: Handlers = {
  inbox: async () => ({ kind: 'try again', why: 'no ticket system is connected', afterMs: MINUTE_MS }),
  outbox: async () => ({ kind: 'try again', why: 'no ticket system is connected', afterMs: MINUTE_MS }),
  timer: async () => ({ kind: 'try again', why: 'no ticket system is connected', afterMs: MINUTE_MS }),
}
