import { SECOND_MS } from '#core/instant.ts'
import type { JsonObject } from '#core/event.ts'
import { HABITS, type Habit } from '#connectors/okta/stand-in/habits.ts'
import type { HttpRequest } from '#connectors/kit/io.ts'
import type { WebhookDelivery } from '#connectors/jira/stand-in/webhooks.ts'
import type { Commit, DirectorySeen } from '#engine/store/store.ts'
import { randomOf } from '#sandbox/company/random.ts'
import { kindOf, pauseMsOf, type Hold } from '../faults/kinds.ts'
import type { Heap } from '../heap.ts'
import type { Fault, Schedule } from '../schedule/schedule.ts'
import type { DatabaseFate } from './database.ts'
import type { History, LifeState } from './history.ts'
import type { CallFate } from './network.ts'
import type { PostFate } from './post.ts'
import type { Replica } from './replica.ts'
import type { Site } from './site.ts'

const PAUSED_UNDER_WAY = 'paused while a change is under way'

const HABIT_NAMES: ReadonlySet<string> = new Set(HABITS)

/** Decides, by the schedule's chance, what befalls what; and keeps note of every fault that really did. */
export interface Trouble {
  begin(): void
  readonly database: {
    latencyMs(): number
    fateOf(replica: Replica, what: string): DatabaseFate
    isAway(): boolean
    notificationMs(replica: Replica): number | null
  }
  readonly network: {
    fateOf(replica: Replica, vendor: 'okta' | 'jira', request: Pick<HttpRequest, 'method'>): CallFate
  }
  readonly post: (delivery: WebhookDelivery) => PostFate
  /** How long it takes until a process that died is started again. */
  restartMs(): number
  sawChange(replica: Replica, what: string, args: readonly unknown[], answer: unknown): void
  fired(fault: Pick<Fault, 'number' | 'kind'>): void
}

export function createTrouble(schedule: Schedule, heap: Heap, site: Site, history: History): Trouble {
  const random = randomOf(schedule.seed, 'trouble')
  const start = heap.now()
  let began: number | null = null
  const byHold = new Map<Hold, Fault[]>()
  for (const fault of schedule.faults) {
    const { hold } = kindOf(fault)
    byHold.set(hold, [...(byHold.get(hold) ?? []), fault])
  }
  const states = new Map<string, LifeState>()

  function active(hold: Hold): readonly Fault[] {
    if (began === null) return []
    const at = heap.now() - start
    return (byHold.get(hold) ?? []).filter((fault) => fault.at <= at && at < fault.until)
  }

  /** The first active fault of this hold that befalls what happens now. */
  function drawn(hold: Hold, fits: (fault: Fault) => boolean = () => true): Fault | null {
    for (const fault of active(hold)) if (fits(fault) && (fault.share >= 1 || random.chance(fault.share))) return fault
    return null
  }

  function befalls(hold: Hold, fits?: (fault: Fault) => boolean): Fault | null {
    const fault = drawn(hold, fits)
    if (fault) fired(fault)
    return fault
  }

  function fired(fault: Pick<Fault, 'number' | 'kind'>, ofChange = false): void {
    const present = new Set(states.values())
    history.fired.push({
      number: fault.number,
      kind: fault.kind,
      at: heap.now(),
      ofChange,
      states: present.size === 0 ? ['none'] : [...present],
    })
  }

  function callFate(replica: Replica, vendor: 'okta' | 'jira', { method }: Pick<HttpRequest, 'method'>): CallFate {
    const thereMs = 5 + random.below(40)
    const backMs = 5 + random.below(40)
    const plain = { thereMs, backMs }
    const fault = drawn(
      vendor === 'okta' ? 'okta call' : 'jira call',
      ({ kind }) => kind !== PAUSED_UNDER_WAY || method === 'PUT' || method === 'DELETE',
    )
    if (fault === null) return plain
    if (!HABIT_NAMES.has(fault.kind)) fired(fault)
    switch (fault.kind) {
      case 'request lost':
      case 'desk: request lost':
      case 'desk away':
        return { ...plain, lost: 'before' }
      case 'answer lost':
      case 'desk: answer lost':
        return { ...plain, lost: 'after' }
      case 'slow':
      case 'desk: slow':
        return random.chance(0.5)
          ? { thereMs: random.below(29 * SECOND_MS), backMs }
          : { thereMs, backMs: random.below(60 * SECOND_MS) }
      case 'effect long after':
        return { thereMs: (31 + random.below(90)) * SECOND_MS, backMs }
      case PAUSED_UNDER_WAY: {
        const until = heap.now() + pauseMsOf(fault)
        history.replicas.push({ at: heap.now(), replica: replica.name, what: 'paused', until })
        replica.pauseUntil(until)
        return plain
      }
      default:
        return {
          ...plain,
          bend: (bent) => site.okta.hands.misbehave(fault.kind as Habit, { when: (one) => one === bent }),
          bent() {
            const did = site.okta.truth.calls.at(-1)?.habit === fault.kind
            if (did) fired(fault, method === 'PUT' || method === 'DELETE')
            return did
          },
        }
    }
  }

  return {
    begin: () => void (began = heap.now()),
    database: {
      latencyMs: () => 1 + random.below(3),
      isAway: () => befalls('database', (fault) => fault.kind === 'database away') !== null,
      fateOf(_replica, what) {
        const fault = befalls('database', (each) => fits(each, what))
        switch (fault?.kind) {
          case 'serialisation failure':
            return 'conflict'
          case 'disk full':
          case 'connection lost before':
            return 'lost before'
          case 'connection lost after COMMIT':
            return 'lost after'
          case 'killed at a commit':
            return random.chance(0.5) ? 'killed before' : 'killed after'
          default:
            return 'carried out'
        }
      },
      notificationMs: () => 1 + random.below(3),
    },
    network: { fateOf: callFate },
    post() {
      const plain: PostFate = { lost: false, copies: 1, afterMs: 20 + random.below(400), forgery: null }
      const fault = befalls('webhook')
      switch (fault?.kind) {
        case 'webhook lost':
          return { ...plain, lost: true }
        case 'webhook doubled':
          return { ...plain, copies: 2 + random.below(3) }
        case 'webhooks out of order':
          return { ...plain, afterMs: random.below(20 * SECOND_MS) }
        case 'webhook hours late':
          return { ...plain, afterMs: random.below(3 * 3_600 * SECOND_MS) }
        case 'forged webhook':
          return { ...plain, forgery: 'forged' }
        case 'replayed webhook':
          return { ...plain, forgery: 'replayed' }
        case 'webhook of another site':
          return { ...plain, forgery: 'of another site' }
        default:
          return plain
      }
    },
    restartMs: () => 500 + random.below(3 * 60 * SECOND_MS),
    sawChange(replica, what, args, answer) {
      if (what === 'saveDirectory') {
        history.syncs.push({ at: heap.now(), readAt: (args[1] as DirectorySeen).at })
        return
      }
      if (what !== 'commit' || answer !== 'committed') return
      const { appends } = args[0] as Commit
      for (const { stream, state } of appends) {
        const life = lifeOf(stream, state)
        if (life !== null) states.set(stream.slice(stream.indexOf('_')), life)
      }
      history.commits.push({
        at: heap.now(),
        replica: replica.name,
        streams: appends.map((each) => ({
          stream: each.stream,
          types: each.events.map((one) => one.type),
          state: each.state,
        })),
      })
    },
    fired,
  }
}

function fits({ kind }: Fault, what: string): boolean {
  if (kind === 'database away') return false
  return what === 'commit' || (kind !== 'serialisation failure' && kind !== 'disk full')
}

/** Requests and their grants share the letters of their ids, so that one life is one entry. */
function lifeOf(stream: string, state: JsonObject): LifeState | null {
  const { status } = state as { status?: string }
  if (stream.startsWith('request/')) return status === 'waiting' ? 'waiting' : status === 'approved' ? null : 'over'
  if (!stream.startsWith('grant/')) return null
  return status === 'opening' || status === 'live' || status === 'ending' ? status : 'over'
}
