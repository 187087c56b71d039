import { createHash } from 'node:crypto'
import { MINUTE_MS, type Instant } from '#core/instant.ts'
import { connectors } from '#connectors/index.ts'
import type { JiraStandIn } from '#connectors/jira/stand-in/state.ts'
import type { OktaStandIn } from '#connectors/okta/stand-in/state.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { Webhooks } from '#connectors/kit/webhooks.ts'
import { ALL } from '#core/halt/halt.ts'
import type { Actor } from '#core/trigger/actor.ts'
import { haltAccess, resumeAccess } from '#engine/halt/halt-access.ts'
import { createBudgets } from '#engine/budget/budgets.ts'
import { takeTurn } from '#engine/handle/turn.ts'
import type { Log } from '#engine/ports.ts'
import type { Store } from '#engine/store/store.ts'
import { runEngine } from '#engine/workers/engine.ts'
import { randomOf } from '#sandbox/company/random.ts'
import { populate } from '#sandbox/populate.ts'
import { compose, type Composed } from '#server/compose.ts'
import { startPolling } from '#surfaces/jira/poll-tickets.ts'
import { COMPANY } from '../company.ts'
import { createHeap, quiet, STILL } from '../heap.ts'
import { DOUBLE_CLICK } from '../faults/kinds.ts'
import type { Deed, ReplicaPlan, Schedule } from '../schedule/schedule.ts'
import { createDatabase } from './database.ts'
import { createHands } from './hands.ts'
import { newHistory, type History } from './history.ts'
import { seededIds } from './ids.ts'
import { fetchOf } from './network.ts'
import { createPeople } from './people.ts'
import { createPost } from './post.ts'
import { createReplica, type Replica } from './replica.ts'
import { START } from './start.ts'
import { standInsFor, type Site } from './site.ts'
import { createTrouble } from './trouble.ts'

/** One run of one schedule, and all that was seen. */
export interface Run {
  readonly schedule: Schedule
  readonly history: History
  readonly okta: OktaStandIn
  readonly jira: JiraStandIn
  readonly start: Instant
  /** SHA-256 over everything that happened, in its order. */
  readonly traceHash: string
  readonly trace: readonly string[]
  readonly events: number
}

/** Runs the real product, several processes of it, on this store, from the first second to the end of the calm. */
export async function simulate(schedule: Schedule, store: Store, keepTrace = false): Promise<Run> {
  const ties = randomOf(schedule.seed, 'ties')
  const heap = createHeap(START, () => ties.below(1 << 20))
  const history = newHistory()
  const site: Site = standInsFor(schedule)
  const trouble = createTrouble(schedule, heap, site, history)
  const hash = createHash('sha256')
  const trace: string[] = []
  let lines: string[] = []
  const note = (line: string): void => {
    lines.push(`${heap.now() - START} ${line}`)
    if (keepTrace) trace.push(lines.at(-1) ?? '')
    if (lines.length < 512) return
    hash.update(lines.join('\n'))
    lines = []
  }

  const database = createDatabase(store, heap, {
    ...trouble.database,
    changed(replica, what, args, answer) {
      trouble.sawChange(replica, what, args, answer)
      note(`${replica.name} ${what} ${tellAnswer(what, args, answer)}`)
    },
    kill: (replica) => stop(replica, 'killed'),
  })
  const watch = {
    ...trouble.network,
    began(call: History['calls'][number]) {
      history.calls.push(call)
      note(`${call.replica} ${call.method} ${call.vendor}${call.path}`)
    },
    acted: () => post.collect(),
  }

  const running = new Map<Replica, Composed>()
  let started = 0

  function start(plan: ReplicaPlan): Replica {
    started += 1
    const name = `r${started}`
    const replica = createReplica(name, heap)
    const composed = composeReplica(replica, plan)
    running.set(replica, composed)
    history.replicas.push({ at: heap.now(), replica: name, what: 'started' })
    note(`${name} starts`)
    void startUp(composed, plan).catch((fault: unknown) =>
      history.notices.push(`${name} did not start: ${String(fault)}`),
    )
    return replica
  }

  async function startUp(composed: Composed, plan: ReplicaPlan): Promise<void> {
    const jobs = composed.jobs.map((job) => ({ ...job, lanes: Math.min(job.lanes, plan.lanes) }))
    await runEngine(composed.ports, jobs, { longestSleepMs: 10 * MINUTE_MS })
  }

  function stop(replica: Replica, what: 'killed'): void {
    if (!replica.alive()) return
    replica.kill()
    running.delete(replica)
    history.replicas.push({ at: heap.now(), replica: replica.name, what })
    note(`${replica.name} ${what}`)
    // A supervisor starts again what died.
    heap.at(heap.now() + trouble.restartMs(), hands.revive)
  }

  let webhooks: Webhooks | null = null

  function composeReplica(replica: Replica, plan: ReplicaPlan): Composed {
    const { clock } = replica
    const ids = seededIds(schedule.seed, replica.name)
    const store = database.storeFor(replica)
    const log: Log = (level, message, facts) => {
      history.log.push({ at: heap.now(), level, message, replica: replica.name, ...(facts ? { facts } : {}) })
      note(`${replica.name} says ${level} ${message}`)
    }
    const budgets = createBudgets({ store, clock, ids, log, leaseMs: plan.leaseMs })
    const io = (vendor: 'okta' | 'jira'): Io => ({
      fetch: fetchOf(replica, vendor, site[vendor].answer, heap, watch),
      now: clock.now,
      sleep: (ms) => clock.sleep(ms),
      newId: () => ids.next('io'),
      budget: budgets.of,
    })
    const jira = connectors.jira.connect(site.jiraConfig, io('jira'))
    webhooks ??= jira.webhooks ?? null
    return compose({
      store,
      clock,
      ids,
      budgets,
      log,
      connections: { okta: connectors.okta.connect(site.oktaConfig, io('okta')), jira },
      signingKey: site.signingKey,
      sealEveryMs: 20 * MINUTE_MS,
      syncEveryMs: schedule.syncEveryMs,
      pollEveryMs: 15 * MINUTE_MS,
      lookEveryMs: 25 * MINUTE_MS,
      work: { batch: plan.batch, leaseMs: plan.leaseMs },
    })
  }

  const alive = (): readonly Replica[] => [...running.keys()]
  const post = createPost(site, heap, trouble.post, history, schedule.echoes, () => {
    const replica = alive()[0]
    const composed = replica && running.get(replica)
    return replica && composed && webhooks ? { replica, ports: composed.ports, webhooks } : null
  })
  const people = createPeople(site.jira, site.okta, heap, () => post.collect())
  const hands = createHands(schedule, heap, site, trouble, history, { start, stop, alive, nudge: database.nudge })

  /** An operator at a terminal: a process of its own that ends with the command. */
  async function operates(deed: Extract<Deed, { readonly do: 'halt' | 'resume' }>): Promise<string> {
    started += 1
    const terminal = createReplica(`terminal${started}`, heap)
    const { ports } = composeReplica(terminal, { batch: 1, leaseMs: 5_000, lanes: 1 })
    const refusal =
      deed.do === 'halt'
        ? await haltAccess(ports, { scope: ALL, exceptRemovals: deed.exceptRemovals, reason: 'a drill' }, OPERATOR)
        : await resumeAccess(ports, ALL, 'the drill is over', OPERATOR)
    return refusal === null ? 'in force' : refusal.code
  }

  async function work(until: Instant): Promise<void> {
    await settle()
    for (let happen = heap.next(until); happen !== null; happen = heap.next(until)) {
      if (heap.taken > MOST_EVENTS) {
        history.notices.push(`still busy after ${MOST_EVENTS} events, at ${new Date(heap.now()).toISOString()}`)
        return
      }
      if (happen() !== STILL) await settle()
    }
    heap.passTo(until)
  }

  /** Until nobody can go on. A change that has arrived woke nobody yet, so there is nothing to wait for before it. */
  async function settle(): Promise<void> {
    if (!database.hasArrived()) {
      await quiet()
      if (database.hasLooks()) await database.serveLooks(quiet)
    }
    if (database.hasArrived()) await database.serveArrived(quiet)
    if (database.hasLooks()) await database.serveLooks(quiet)
  }

  // Before the first second: what an administrator has set up, without any trouble.
  const founder = createReplica('founder', heap)
  const founding = composeReplica(founder, { batch: 200, leaseMs: 5_000, lanes: 1 })
  const setUp = { over: false, fault: null as unknown }
  void setUpCompany(founding).then(
    () => void (setUp.over = true),
    (fault: unknown) => void (setUp.fault = fault),
  )
  for (let minutes = 0; !setUp.over; minutes += 1) {
    if (setUp.fault !== null || minutes > 60) throw new Error(`the company was not set up: ${String(setUp.fault)}`)
    await work(heap.now() + MINUTE_MS)
  }
  founder.kill()

  trouble.begin()
  for (const plan of schedule.replicas) start(plan)
  hands.plan()
  for (const deed of schedule.deeds) {
    heap.at(START + deed.at, () => {
      const done = { at: heap.now(), deed, result: 'under way' }
      history.deeds.push(done)
      note(`deed ${JSON.stringify(deed)}`)
      if (isDoubleClick(deed, schedule.deeds)) trouble.fired(DOUBLE_CLICK)
      const does = deed.do === 'halt' || deed.do === 'resume' ? operates(deed) : people.does(deed)
      does.then(
        (result) => void (done.result = result),
        (fault: unknown) => void (done.result = String(fault).slice(0, 200)),
      )
    })
  }
  await work(START + schedule.endMs)
  hash.update(lines.join('\n'))
  return {
    schedule,
    history,
    okta: site.okta,
    jira: site.jira,
    start: START,
    traceHash: hash.digest('hex'),
    trace,
    events: heap.taken,
  }
}

/** The busiest run of an engine that comes to rest has a tenth of it. */
const MOST_EVENTS = 1_000_000

const OPERATOR: Actor = { kind: 'operator', name: 'simulation' }

async function setUpCompany({ ports }: Composed): Promise<void> {
  // Where few calls are allowed, one window may not be enough to read everybody.
  for (let tries = 0; ; tries += 1) {
    try {
      await populate(ports, COMPANY)
      break
    } catch (fault) {
      if (tries > 20) throw fault
      await ports.clock.sleep(MINUTE_MS)
    }
  }
  await startPolling(ports, START + 5 * MINUTE_MS)
  await takeTurn(ports, { kind: 'engine' }, (turn) =>
    turn.setTimer({ id: 'sync:okta', kind: 'sync directory', about: 'okta', dueAt: START + 10 * MINUTE_MS }),
  )
}

function isDoubleClick(deed: Deed, deeds: readonly Deed[]): boolean {
  return (
    deed.do === 'answer' &&
    deeds.some(
      (each) => each !== deed && each.do === 'answer' && each.ask === deed.ask && Math.abs(each.at - deed.at) <= 1,
    )
  )
}

function tellAnswer(what: string, args: readonly unknown[], answer: unknown): string {
  if (what === 'commit') {
    const { appends } = args[0] as { appends: readonly { stream: string; events: readonly { type: string }[] }[] }
    return `${String(answer)} ${appends.map((each) => `${each.stream}:${each.events.map((one) => one.type).join('+')}`).join(' ')}`
  }
  if (Array.isArray(answer)) {
    return answer
      .map((each) => `${(each as { id: string; fence: number }).id}#${(each as { fence: number }).fence}`)
      .join(' ')
  }
  return answer instanceof Set ? [...answer].join(' ') : JSON.stringify(answer)
}
