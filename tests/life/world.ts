import type { Pool } from 'pg'
import { HOUR_MS, type Instant } from '#core/instant.ts'
import { newSigningKey, type SigningKey } from '#engine/evidence/signed-note.ts'
import { createBudgets } from '#engine/budget/budgets.ts'
import { randomIds } from '#engine/ids.ts'
import type { Log } from '#engine/ports.ts'
import { openPool, postgresStore } from '#engine/store/postgres/postgres-store.ts'
import { createTestDatabase } from '#engine/store/test-database.ts'
import { nextMoment } from '#engine/workers/engine.ts'
import { WORK_SETTINGS, type WorkSettings } from '#engine/workers/workers.ts'
import type { OktaStandInOptions } from '#connectors/okta/stand-in/state.ts'
import type { JiraConfig } from '#connectors/jira/config.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { Capabilities } from '#connectors/kit/connector.ts'
import type { Webhooks } from '#connectors/kit/webhooks.ts'
import type { WebhookDelivery } from '#connectors/jira/stand-in/webhooks.ts'
import { generateCompany, SANDBOX_SEED, type Company } from '#sandbox/company/company.ts'
import { peopleAtJira, type PeopleAtJira } from '#sandbox/people-at-jira.ts'
import { populate } from '#sandbox/populate.ts'
import { connectInProcess, createStandIns, JIRA_SITE, type StandIns } from '#sandbox/stand-ins.ts'
import { storyClock, type StoryClock } from '#sandbox/story-clock.ts'
import { compose, type Composed } from '#server/compose.ts'
import { acceptWebhook } from '#surfaces/jira/accept-webhook.ts'
import { wireTo, type Wire } from './wire.ts'

/** The whole product on a real database, with the company's stand-ins in the same process and a clock that the test moves. */
export interface World extends Composed {
  readonly company: Company
  readonly standIns: StandIns
  readonly people: PeopleAtJira
  readonly clock: StoryClock
  readonly pool: Pool
  readonly signingKey: SigningKey
  /** The ways from Tenure to its vendors, which a test may bend. */
  readonly wires: { readonly okta: Wire; readonly jira: Wire }
  /** What becomes of webhooks on their way to us. */
  onTheWay: (posted: readonly WebhookDelivery[]) => readonly WebhookDelivery[]
  readonly webhooks: Webhooks
  /** Delivers webhooks and works everything that is due, until nothing is left at this instant. */
  settle(): Promise<void>
  /** Moves the clock to each thing that comes due on the way, and works it. */
  pass(ms: number): Promise<void>
  /** Warnings and faults that an operator would have read. */
  readonly log: readonly string[]
  close(): Promise<void>
}

/** A Wednesday morning. */
export const START: Instant = Date.parse('2026-03-04T09:00:00.000Z')

export async function openWorld(
  options: {
    readonly okta?: OktaStandInOptions
    readonly work?: WorkSettings
    readonly silentWebhooks?: true
    /** What is configured otherwise than in the sandbox. */
    readonly jira?: Partial<JiraConfig>
    /** What is connected in the place of the sandbox's directory. */
    readonly directory?: (okta: Capabilities, clock: StoryClock) => Capabilities
    /** What is connected beside it. */
    readonly beside?: (io: Omit<Io, 'fetch'>) => Readonly<Record<string, Capabilities>>
  } = {},
): Promise<World> {
  const database = await createTestDatabase()
  const pool = openPool(database.connectionConfig)
  const clock = storyClock(START)
  const company = generateCompany(SANDBOX_SEED)
  const standIns = createStandIns(company, { siteUrl: JIRA_SITE, ...(options.okta ? { okta: options.okta } : {}) })
  const wires = { okta: wireTo(standIns.okta.answer), jira: wireTo(standIns.jira.answer) }
  const reached: StandIns = {
    ...standIns,
    okta: { ...standIns.okta, answer: wires.okta.answer },
    jira: { ...standIns.jira, answer: wires.jira.answer },
    jiraConfig: (siteUrl) => ({ ...standIns.jiraConfig(siteUrl), ...options.jira }),
  }
  const store = postgresStore(pool)
  const log: string[] = []
  // What never gives up says so now and then, and so does the end of a provider's health: no news in a story about an outage.
  const say: Log = (level, message) =>
    void (level === 'info' || /goes on failing|stays due/.test(message) || log.push(message))
  const { leaseMs } = options.work ?? WORK_SETTINGS
  const budgets = createBudgets({ store, clock, ids: randomIds, log: say, leaseMs })
  const io = {
    now: clock.now,
    sleep: (ms: number) => clock.sleep(ms),
    newId: () => randomIds.next('io'),
    budget: budgets.of,
  }
  const connections = connectInProcess(reached, io)
  const { webhooks } = connections.jira
  if (!webhooks) throw new Error('the sandbox sets a secret for webhooks')
  const signingKey = newSigningKey('tenure.test/log')
  const { directory } = options
  const composed = compose({
    store,
    clock,
    connections: {
      ...connections,
      ...(directory ? { okta: directory(connections.okta, clock) } : {}),
      ...options.beside?.(io),
    },
    budgets,
    sealEveryMs: 0,
    signingKey,
    log: say,
    ...(options.work ? { work: options.work } : {}),
  })
  await populate(composed.ports, company)
  if (!options.silentWebhooks)
    standIns.jira.sendWebhooksTo({ url: 'http://127.0.0.1/webhooks/jira', secret: standIns.webhookSecret })

  const world: World = {
    ...composed,
    company,
    standIns,
    clock,
    pool,
    signingKey,
    wires: { okta: wires.okta.wire, jira: wires.jira.wire },
    onTheWay: (posted) => posted,
    webhooks,
    log,
    people: peopleAtJira(standIns.jira, company, JIRA_SITE, async (request) =>
      standIns.jira.answer(request, clock.now()),
    ),
    async settle() {
      await workUntilQuiet(world)
      await seal(world)
    },
    async pass(ms) {
      const until = clock.now() + ms
      for (;;) {
        await workUntilQuiet(world)
        const due = await nextMoment(composed.ports, composed.jobs)
        if (due === null || due > until) break
        clock.moveTo(Math.max(due, clock.now() + 1))
      }
      clock.moveTo(until)
      await world.settle()
    },
    async close() {
      await pool.end()
      await database.drop()
    },
  }
  return world
}

const SEQUENCER = 'sequencer'

/** Webhooks, and whatever is due at this instant, and what follows from that. Asks first: a quiet world costs one question. */
async function workUntilQuiet(world: World): Promise<void> {
  do {
    await deliverWebhooks(world)
    while (await somethingIsDue(world)) {
      let taken = 0
      for (const job of world.jobs) if (job.name !== SEQUENCER) taken += await job.step()
      if (taken === 0) break
    }
  } while (await deliverWebhooks(world))
}

async function somethingIsDue({ ports }: World): Promise<boolean> {
  const due = await ports.store.nextDue()
  return due !== null && due <= ports.clock.now()
}

async function seal({ jobs }: World): Promise<void> {
  for (const job of jobs) if (job.name === SEQUENCER) await job.step()
}

async function deliverWebhooks({ ports, standIns, webhooks, onTheWay }: World): Promise<boolean> {
  const posted = onTheWay(standIns.jira.takeDeliveries())
  for (const { headers, body } of posted) await acceptWebhook(ports, webhooks, { headers, rawBody: Buffer.from(body) })
  return posted.length > 0
}

/** The account that Tenure acts as in the sandbox's Jira. */
export const TENURE_ACCOUNT = '712020:00000000-0000-4000-8000-00007e9a9ce5'

/** Loses the webhooks about what Tenure itself did: nothing may depend on them, and a long story is told faster. */
export function fromPeopleOnly(posted: readonly WebhookDelivery[]): readonly WebhookDelivery[] {
  return posted.filter(({ body }) => {
    const { user, comment } = JSON.parse(body) as Record<
      'user' | 'comment',
      { accountId?: string; author?: { accountId: string } } | undefined
    >
    return (user?.accountId ?? comment?.author?.accountId) !== TENURE_ACCOUNT
  })
}

export const hours = (count: number): number => count * HOUR_MS
