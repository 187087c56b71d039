import type { Capabilities } from '#connectors/kit/connector.ts'
import type { Desk } from '#connectors/kit/desk.ts'
import { MINUTE_MS } from '#core/instant.ts'
import { syncDirectory } from '#engine/directory/sync-directory.ts'
import { sequencerJob } from '#engine/evidence/sequencer.ts'
import type { SigningKey } from '#engine/evidence/signed-note.ts'
import { randomIds } from '#engine/ids.ts'
import type { Ids, Log, Ports } from '#engine/ports.ts'
import type { Clock } from '#engine/store/clock.ts'
import type { Store } from '#engine/store/store.ts'
import { jobsOf, WORK_SETTINGS, type Handlers, type Job, type WorkSettings } from '#engine/workers/workers.ts'
import { lookAtTicket } from '#surfaces/jira/look-at-ticket.ts'
import { pollTickets } from '#surfaces/jira/poll-tickets.ts'
import { tellTicket } from '#surfaces/jira/tell-ticket.ts'

/** Connected vendors by their name, e.g. `okta`, `jira`. */
export type Connections = Readonly<Record<string, Capabilities>>

export interface Parts {
  readonly store: Store
  readonly clock: Clock
  readonly connections: Connections
  readonly signingKey: SigningKey
  readonly log: Log
  /** Random unless the simulation draws them. */
  readonly ids?: Ids
  readonly work?: WorkSettings
  /** How often records are sealed; 0, for a clock that stands still, seals whatever there is. */
  readonly sealEveryMs: number
}

export interface Composed {
  readonly ports: Ports
  readonly jobs: readonly Job[]
}

const SYNC_EVERY_MS = 10 * MINUTE_MS

/** The engine with everything around it: who works what comes in, goes out and comes due. */
export function compose(parts: Parts): Composed {
  const { store, clock, connections, log } = parts
  const ports: Ports = { store, clock, log, ids: parts.ids ?? randomIds, provider: (name) => connections[name] }
  const desk = connections['jira']?.desk
  const handlers = desk ? handlersFor(ports, desk) : noDesk
  return {
    ports,
    jobs: [
      ...jobsOf(ports, handlers, parts.work ?? WORK_SETTINGS),
      sequencerJob(ports, parts.signingKey, parts.sealEveryMs),
    ],
  }
}

function handlersFor(ports: Ports, desk: Desk): Handlers {
  return {
    inbox: (item) => lookAtTicket(ports, desk, item.about),
    outbox: (message) => tellTicket(ports, desk, message),
    timer: async (timer) => {
      switch (timer.kind) {
        case 'look at ticket':
          return lookAtTicket(ports, desk, timer.about)
        case 'poll tickets':
          return pollTickets(ports, desk, timer)
        case 'sync directory': {
          const result = await syncDirectory(ports, timer.about)
          if (result.kind === 'unreadable') return { kind: 'try again', why: result.said, afterMs: result.retryAfterMs }
          return { kind: 'again at', dueAt: ports.clock.now() + SYNC_EVERY_MS }
        }
        default:
          throw new Error(`nobody works the timer "${timer.kind}"`)
      }
    },
  }
}

const noDesk: Handlers = {
  inbox: async () => ({ kind: 'try again', why: 'no ticket system is connected', afterMs: MINUTE_MS }),
  outbox: async () => ({ kind: 'try again', why: 'no ticket system is connected', afterMs: MINUTE_MS }),
  timer: async () => ({ kind: 'try again', why: 'no ticket system is connected', afterMs: MINUTE_MS }),
}
