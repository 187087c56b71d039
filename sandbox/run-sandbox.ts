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
import { adminPage } from './admin-page/admin-page.ts'
import { adminDirectories } from './admin-page/directories.ts'
import { generateCompany, SANDBOX_SEED, type Company } from './company/company.ts'
import { openJournal } from './journal.ts'
import { peopleAtJira, type PeopleAtJira } from './people-at-jira.ts'
import { createOtherDirectories } from './other-directories.ts'
import { newRsaKeys } from './seeds/rsa-keys.ts'
import { createStandIns, newSecrets, type StandIns } from './stand-ins.ts'

/** The sandbox company, served on loopback: what the server connects to when no real connection is configured. */
export interface RunningSandbox {
  readonly company: Company
  readonly jiraUrl: string
  /** Where a visitor is the administrator of the directories. */
  readonly directoriesUrl: string
  connect(io: Io): Readonly<Record<'okta' | 'entra' | 'google' | 'jira', Capabilities>>
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
  readonly directoriesPort: number
}): Promise<RunningSandbox> {
  const { clock } = options
  await mkdir(options.folder, { recursive: true, mode: 0o700 })
  const company = generateCompany(SANDBOX_SEED)
  const secrets = await kept(join(options.folder, 'credentials.json'), newSecrets)
  const keys = await kept(join(options.folder, 'directory-keys.json'), () => ({
    entra: newRsaKeys(),
    google: newRsaKeys(),
  }))
  const standIns = createStandIns(company, { siteUrl: 'http://127.0.0.1', secrets, okta: { rateLimits: null } })
  const others = createOtherDirectories(company, keys)
  const answers = {
    okta: standIns.okta.answer,
    entra: others.entra.answer,
    google: others.google.answer,
    jira: standIns.jira.answer,
    directories: adminPage(company, adminDirectories(company, standIns, others)),
  }
  const journal = openJournal(join(options.folder, 'journal.jsonl'), answers)
  // What was posted before the plug was pulled is not posted again: the poll closes that gap, as it does with Jira itself.
  standIns.jira.takeDeliveries()
  const serve = (name: keyof typeof answers, port = 0) =>
    serveStandIn(journal.recording(name, answers[name]), { now: clock.now, port })
  const [okta, entra, google] = await Promise.all([serve('okta'), serve('entra'), serve('google')])
  const directories = await serve('directories', options.directoriesPort)
  const jiraServed = await serveJira(recorded(standIns, journal), { now: clock.now, port: options.jiraPort })
  return {
    company,
    jiraUrl: jiraServed.url,
    directoriesUrl: directories.url,
    connect: (io) => ({
      okta: connectors.okta.connect(standIns.oktaConfig(okta.url), io),
      entra: connectors.entra.connect(others.entraConfig(entra.url), io),
      google: connectors.google.connect(others.googleConfig(google.url), io),
      jira: connectors.jira.connect(standIns.jiraConfig(jiraServed.url), io),
    }),
    people: (send) => peopleAtJira(standIns.jira, company, jiraServed.url, send),
    webhooksSettled: () => jiraServed.settled(),
    sendWebhooksTo: (url) => standIns.jira.sendWebhooksTo({ url, secret: standIns.webhookSecret }),
    close: async () => {
      for (const each of [jiraServed, directories, okta, entra, google]) await each.close()
    },
  }
}

function recorded(standIns: StandIns, journal: ReturnType<typeof openJournal>): StandIns['jira'] {
  return { ...standIns.jira, answer: journal.recording('jira', (request, now) => standIns.jira.answer(request, now)) }
}

/** The stand-ins' keys and passwords live as long as the sandbox does, because what they signed is in its journal. */
async function kept<Secrets>(path: string, make: () => Secrets): Promise<Secrets> {
  const before = await readFile(path, 'utf8').catch(() => null)
  if (before !== null) return JSON.parse(before) as Secrets
  const secrets = make()
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
