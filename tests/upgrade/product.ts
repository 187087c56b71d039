import type { Pool } from 'pg'
import { connectors } from '#connectors/index.ts'
import type { Fetch } from '#connectors/kit/io.ts'
import type { Instant } from '#core/instant.ts'
import type { SigningKey } from '#engine/evidence/signed-note.ts'
import { takeTurn } from '#engine/handle/turn.ts'
import type { Ids, Log } from '#engine/ports.ts'
import { postgresStore } from '#engine/store/postgres/postgres-store.ts'
import { nextMoment } from '#engine/workers/engine.ts'
import type { WorkSettings } from '#engine/workers/workers.ts'
import type { Company, CompanyFacts } from '#sandbox/company/company.ts'
import { peopleAtJira } from '#sandbox/people-at-jira.ts'
import { JIRA_SITE, type StandIns } from '#sandbox/stand-ins.ts'
import { storyClock, type StoryClock } from '#sandbox/story-clock.ts'
import { compose } from '#server/compose.ts'
import { countedIo } from '#server/counted-io.ts'
import { acceptWebhook } from '#surfaces/jira/accept-webhook.ts'
import { startPolling } from '#surfaces/jira/poll-tickets.ts'
import { wireTo } from '../life/wire.ts'
import { fromPeopleOnly, type World } from '../life/world.ts'

/**
 * The whole product on a database and stand-ins that may have a past, with the timers that a server sets at its start. A
 * worker of it can die in the middle of a call, as a process does that is killed: what it was about is never heard of again.
 */
export interface Product extends World {
  /** Delivers webhooks and works everything that is due, without sealing a record. */
  work(): Promise<void>
  /** Delivers webhooks into the inbox, and works nothing. */
  deliver(): Promise<boolean>
  /** Takes one step of each job that works this queue. */
  step(queue: 'inbox' | 'timer'): Promise<void>
}

/** Thrown by a bend of the wire to Okta: the worker that made this call dies with it. */
export const DEATH = new Error('the worker was killed')

export interface ProductParts {
  readonly pool: Pool
  readonly company: CompanyFacts
  readonly standIns: StandIns
  readonly signingKey: SigningKey
  readonly ids: Ids
  readonly work: WorkSettings
  readonly now: Instant
}

export async function startProduct(parts: ProductParts): Promise<Product> {
  const { pool, company, standIns, signingKey, ids } = parts
  const clock = patientClock(parts.now)
  const wires = { okta: wireTo(standIns.okta.answer), jira: wireTo(standIns.jira.answer) }
  let died: () => void = () => undefined
  const fetch: Fetch = async (request) => {
    try {
      return (request.url.startsWith(JIRA_SITE) ? wires.jira : wires.okta).answer(request, clock.now())
    } catch (thrown) {
      if (thrown !== DEATH) throw thrown
      died()
      return new Promise(() => undefined)
    }
  }
  const store = postgresStore(pool)
  const log: string[] = []
  const say: Log = (level, message) => void (level === 'error' && log.push(message))
  const { io, budgets } = countedIo({ fetch, clock, store, ids, log: say, leaseMs: parts.work.leaseMs })
  const connections = {
    okta: connectors.okta.connect(standIns.oktaConfig('fixture.okta.example'), io),
    jira: connectors.jira.connect(standIns.jiraConfig(JIRA_SITE), io),
  }
  const { webhooks } = connections.jira
  if (!webhooks) throw new Error('the fixture sets a secret for webhooks')
  const composed = compose({
    store,
    clock,
    connections,
    budgets,
    ids,
    sealEveryMs: 0,
    signingKey,
    log: say,
    work: parts.work,
  })
  const { ports, jobs } = composed
  standIns.jira.sendWebhooksTo({ url: 'http://127.0.0.1/webhooks/jira', secret: standIns.webhookSecret })
  await startTimers(composed.ports)

  const stepOf = async (job: (typeof jobs)[number]): Promise<number> => {
    const death = new Promise<number>((resolve) => (died = () => resolve(1)))
    return Promise.race([job.step(), death])
  }
  const isDue = async (): Promise<boolean> => ((await nextMoment(ports, jobs)) ?? Infinity) <= clock.now()
  const product: Product = {
    ...composed,
    // Only its well-known cases are missing, and no story of a fixture tells one.
    company: company as Company,
    standIns,
    clock,
    pool,
    signingKey,
    webhooks,
    log,
    wires: { okta: wires.okta.wire, jira: wires.jira.wire },
    onTheWay: fromPeopleOnly,
    people: peopleAtJira(standIns.jira, company, JIRA_SITE, async (request) =>
      standIns.jira.answer(request, clock.now()),
    ),
    async deliver() {
      const posted = product.onTheWay(standIns.jira.takeDeliveries())
      for (const { headers, body } of posted)
        await acceptWebhook(ports, webhooks, { headers, rawBody: Buffer.from(body) })
      return posted.length > 0
    },
    async work() {
      do {
        await product.deliver()
        while (await isDue()) {
          let taken = 0
          for (const job of jobs) if (job.name !== 'sequencer') taken += await stepOf(job)
          if (taken === 0) break
        }
      } while (await product.deliver())
    },
    async step(queue) {
      for (const job of jobs) if (job.queue === queue) await stepOf(job)
    },
    async settle() {
      await product.work()
      for (const job of jobs) if (job.name === 'sequencer') await job.step()
    },
    async pass(ms) {
      const until = clock.now() + ms
      for (;;) {
        await product.work()
        const due = await nextMoment(ports, jobs)
        if (due === null || due > until) break
        clock.moveTo(Math.max(due, clock.now() + 1))
      }
      clock.moveTo(until)
      await product.settle()
    },
    close: () => pool.end(),
  }
  return product
}

/** A story clock on which nothing takes time of the wall: no lease is renewed by a chance of the machine, and the dead keep no process alive. */
function patientClock(start: Instant): StoryClock {
  const clock = storyClock(start)
  return {
    ...clock,
    sleep: (ms, signal) =>
      signal === undefined
        ? clock.sleep(ms)
        : new Promise((resolve) => {
            if (signal.aborted) resolve()
            else signal.addEventListener('abort', () => resolve(), { once: true })
          }),
  }
}

/** As a server does at each start (server/run-server.ts). */
async function startTimers(ports: World['ports']): Promise<void> {
  const dueAt = ports.clock.now()
  await takeTurn(ports, { kind: 'engine' }, (turn) =>
    turn.setTimer({ id: 'sync:okta', kind: 'sync directory', about: 'okta', dueAt }),
  )
  await startPolling(ports)
}
