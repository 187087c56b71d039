import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pool } from 'pg'
import { serveJira } from '#connectors/jira/stand-in/http.ts'
import type { Capabilities } from '#connectors/kit/connector.ts'
import type { Fetch, Io } from '#connectors/kit/io.ts'
import { serveStandIn } from '#connectors/kit/serve-stand-in.ts'
import { connectors } from '#connectors/index.ts'
import { HOUR_MS } from '#core/instant.ts'
import { installationFact, setInstallationFact } from '#engine/store/installation.ts'
import type { Clock } from '#engine/store/clock.ts'
import { generateCompany, SANDBOX_SEED, type Company } from './company/company.ts'
import { openJournal } from './journal.ts'
import { peopleAtJira, type PeopleAtJira } from './people-at-jira.ts'
import { createStandIns, newSecrets, type SandboxSecrets, type StandIns } from './stand-ins.ts'

/** The sandbox company, served on loopback: what the server connects to when no real connection is configured. */
export interface RunningSandbox {
  readonly company: Company
  readonly jiraUrl: string
  readonly oktaUrl: string
  connect(io: Io): { readonly okta: Capabilities; readonly jira: Capabilities }
  /** What people of the company do in Jira, over HTTP like everybody else. */
  people(send: Fetch): PeopleAtJira
  /** Resolves when no webhook is on its way any more. */
  webhooksSettled(): Promise<void>
  /** Tells the stand-in of Jira where our webhook door is. */
  sendWebhooksTo(url: string): void
  close(): Promise<void>
}

export async function runSandbox(options: {
  readonly folder: string
  readonly clock: Clock
  readonly jiraPort: number
}): Promise<RunningSandbox> {
  const { clock } = options
  await mkdir(options.folder, { recursive: true, mode: 0o700 })
  const company = generateCompany(SANDBOX_SEED)
  const secrets = await keptSecrets(join(options.folder, 'credentials.json'))
  const standIns = createStandIns(company, { siteUrl: 'http://127.0.0.1', secrets, okta: { rateLimits: null } })
  const journal = openJournal(join(options.folder, 'journal.jsonl'), {
    okta: (request, now) => standIns.okta.answer(request, now),
    jira: (request, now) => standIns.jira.answer(request, now),
  })
  // What was posted before the plug was pulled is not posted again: the poll closes that gap, as it does with Jira itself.
  standIns.jira.takeDeliveries()
  const oktaServed = await serveStandIn(
    journal.recording('okta', (request, now) => standIns.okta.answer(request, now)),
    { now: clock.now },
  )
  const jiraServed = await serveJira(recorded(standIns, journal), { now: clock.now, port: options.jiraPort })
  return {
    company,
    jiraUrl: jiraServed.url,
    oktaUrl: oktaServed.url,
    connect: (io) => ({
      okta: connectors.okta.connect(standIns.oktaConfig(oktaServed.url), io),
      jira: connectors.jira.connect(standIns.jiraConfig(jiraServed.url), io),
    }),
    people: (send) => peopleAtJira(standIns.jira, company, jiraServed.url, send),
    webhooksSettled: () => jiraServed.settled(),
    sendWebhooksTo: (url) => standIns.jira.sendWebhooksTo({ url, secret: standIns.webhookSecret }),
    close: async () => {
      await jiraServed.close()
      await oktaServed.close()
    },
  }
}

function recorded(standIns: StandIns, journal: ReturnType<typeof openJournal>): StandIns['jira'] {
  return { ...standIns.jira, answer: journal.recording('jira', (request, now) => standIns.jira.answer(request, now)) }
}

/** The stand-ins' keys and passwords live as long as the sandbox does, because what they signed is in its journal. */
async function keptSecrets(path: string): Promise<SandboxSecrets> {
  const kept = await readFile(path, 'utf8').catch(() => null)
  if (kept !== null) return JSON.parse(kept) as SandboxSecrets
  const secrets = newSecrets()
  await writeFile(path, JSON.stringify(secrets), { mode: 0o600 })
  return secrets
}

/** The sandbox's clock: database time, plus what the visitor has moved it on; it never goes back, not even over a restart. */
export async function sandboxClock(
  pool: Pool,
  database: Clock,
): Promise<Clock & { advance(hours: number): Promise<void> }> {
  let aheadMs = Number((await installationFact(pool, 'sandbox clock ahead ms')) ?? '0')
  return {
    now: () => database.now() + aheadMs,
    sleep: (ms, signal) => database.sleep(ms, signal),
    async advance(hours) {
      const next = aheadMs + hours * HOUR_MS
      await setInstallationFact(pool, 'sandbox clock ahead ms', String(next))
      aheadMs = next
      await pool.query(`SELECT pg_notify('tenure_due', '')`)
    },
  }
}
