import { join } from 'node:path'
import { buildConsoleWhenStale } from '../surfaces/console/build/when-stale.ts'
import { ConfigFault } from '#connectors/kit/config-fault.ts'
import { createUndiciFetch } from '#connectors/kit/undici-fetch.ts'
import type { Capabilities } from '#connectors/kit/connector.ts'
import type { Budgets } from '#engine/budget/budgets.ts'
import { takeTurn } from '#engine/handle/turn.ts'
import type { Log, Ports } from '#engine/ports.ts'
import type { AlarmReads } from '#engine/read/alarm-reads.ts'
import type { HaltReads } from '#engine/read/halt-view.ts'
import { haltReads } from '#engine/read/halts.ts'
import { requestReads } from '#engine/read/requests.ts'
import type { RequestReads } from '#engine/read/request-reads.ts'
import { databaseClock, LARGEST_SKEW_MS, type Clock } from '#engine/store/clock.ts'
import { postgresStore } from '#engine/store/postgres/postgres-store.ts'
import { runEngine } from '#engine/workers/engine.ts'
import { WORK_SETTINGS } from '#engine/workers/workers.ts'
import { buildApi } from '#surfaces/api/api.ts'
import { createEntry } from '#surfaces/api/entry.ts'
import { openLinkSocket } from '#surfaces/api/link-socket.ts'
import { listenOnLoopback } from '#surfaces/api/loopback.ts'
import type { Sandbox } from '#surfaces/api/sandbox.ts'
import { startPolling } from '#surfaces/jira/poll-tickets.ts'
import { buildWebhookDoor } from '#surfaces/jira/webhook-door.ts'
import { inWords } from '#surfaces/words/refusals.ts'
import { checkRights } from './check-rights.ts'
import { compose, type Connections } from './compose.ts'
import { connectAll } from './connect-all.ts'
import { countedIo, type CountedIo } from './counted-io.ts'
import { openWatch } from './watch.ts'
import { openDatabase } from './database.ts'
import { linkSocketPath } from './link-socket-path.ts'
import type { Settings } from './settings.ts'
import { signingKeyOf } from './signing-key.ts'

export interface RunningServer {
  readonly consoleLink: string
  /** Where people ask for access. */
  readonly askUrl: string | null
  /** Where the sandbox lets a visitor change groups around Tenure. */
  readonly directoriesUrl: string | null
  readonly webhookUrl: string | null
  readonly where: string
  readonly companyName: string | null
  stop(): Promise<void>
}

/** What has been opened, to be closed in the opposite order, also when the start itself fails half-way. */
class Opened {
  private readonly closers: (() => Promise<unknown> | void)[] = []

  add(close: () => Promise<unknown> | void): void {
    this.closers.push(close)
  }

  async closeAll(): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) await close()
  }
}

/** Everything, in the order in which it can answer: the console's server first, so that whoever waits sees that it starts. */
export async function runServer(settings: Settings, log: Log): Promise<RunningServer> {
  const opened = new Opened()
  try {
    return await start(settings, log, opened)
  } catch (cause) {
    await opened.closeAll().catch(() => undefined)
    throw cause
  }
}

async function start(settings: Settings, log: Log, opened: Opened): Promise<RunningServer> {
  const late: {
    reads: RequestReads | null
    halts: HaltReads | null
    alarms: AlarmReads | null
    ports: Ports | null
    sandbox: Sandbox | null
    clock: Clock | null
    askUrl: string | null
  } = {
    reads: null,
    halts: null,
    alarms: null,
    ports: null,
    sandbox: null,
    clock: null,
    askUrl: null,
  }
  const entry = createEntry({ wallNow: () => Date.now() })
  const inSandbox = settings.connections === null
  const api = buildApi({
    reads: () => late.reads,
    halts: () => late.halts,
    alarms: () => late.alarms,
    sandbox: inSandbox
      ? {
          companyName: 'Halden',
          persons: async () => (await late.sandbox?.persons()) ?? [],
          advance: async (hours) => late.sandbox?.advance(hours),
        }
      : null,
    console: buildConsoleWhenStale({ onFailure: (said) => log('error', `the console could not be built: ${said}`) }),
    entry,
    now: () => late.clock?.now() ?? Date.now(),
    askUrl: () => late.askUrl,
    onFault: (fault, where) => log('error', `${where}: ${String(fault)}`),
  })
  const { baseUrl } = await listenOnLoopback(api, { host: settings.host, port: settings.port })
  opened.add(() => api.close())

  const database = await openDatabase(settings, (fault) =>
    log('error', `the embedded database died and could not be started again: ${String(fault)}`),
  )
  opened.add(() => database.close())
  const { pool } = database
  const wall = await databaseClock(pool)
  opened.add(() => wall.stop())
  if (Math.abs(wall.skewMs) > LARGEST_SKEW_MS) {
    throw new ConfigFault(
      `this machine's clock and the database's are ${Math.round(Math.abs(wall.skewMs) / 1_000)} s apart: set the clock (NTP) and start again`,
    )
  }

  const network = createUndiciFetch()
  opened.add(() => network.close())
  const store = postgresStore(pool)
  const ioOf = (clock: Clock): CountedIo =>
    countedIo({ fetch: network.fetch, clock, store, log, leaseMs: settings.leaseMs })
  const mode = inSandbox
    ? await openSandboxMode(settings, pool, wall, ioOf, opened)
    : openCompanyMode(settings, wall, ioOf)
  late.clock = mode.clock
  late.askUrl = mode.askUrl

  const signingKey = await signingKeyOf(pool, join(settings.stateFolder, inSandbox ? 'sandbox' : 'evidence'))
  const { ports, jobs } = compose({
    store,
    clock: mode.clock,
    connections: mode.connections,
    budgets: mode.budgets,
    sealEveryMs: 1_000,
    signingKey,
    log,
    work: { ...WORK_SETTINGS, leaseMs: settings.leaseMs },
    overdueAfterMs: settings.overdueAfterMs,
  })
  if (!inSandbox) await checkRights(mode.connections, log)
  await mode.prepare(ports)
  await startTimers(ports, mode.connections)

  const webhooks = mode.connections['jira']?.webhooks
  let webhookUrl: string | null = null
  if (webhooks) {
    const door = buildWebhookDoor({
      webhooks,
      ports: () => late.ports,
      onFault: (fault) => log('error', `webhook door: ${String(fault)}`),
    })
    webhookUrl = `${await door.listen({ host: settings.webhookHost, port: settings.webhookPort })}/webhooks/jira`
    opened.add(() => door.close())
    mode.sendWebhooksTo(webhookUrl)
  }
  late.ports = ports
  late.sandbox = mode.sandbox
  late.halts = haltReads(pool)
  const reading = { issueUrl: (key: string) => `${mode.jiraUrl}/browse/${encodeURIComponent(key)}`, inWords }
  late.reads = requestReads(pool, reading)
  const watch = openWatch({ ports, pool, settings, reading, desk: mode.connections['jira']?.desk })
  opened.add(() => watch.close())
  late.alarms = watch.alarms
  const engine = await runEngine(ports, [...jobs, ...watch.jobs])
  opened.add(() => engine.stop())

  const socket = await openLinkSocket({
    path: await linkSocketPath(settings.stateFolder),
    createLink: () => entry.createLink(baseUrl),
  })
  opened.add(() => socket.close())
  return {
    consoleLink: entry.createLink(baseUrl),
    askUrl: mode.askUrl,
    directoriesUrl: mode.directoriesUrl,
    webhookUrl,
    where: database.where,
    companyName: mode.sandbox?.companyName ?? null,
    stop: () => opened.closeAll(),
  }
}

interface Mode {
  readonly clock: Clock
  readonly budgets: Budgets
  readonly connections: Connections
  readonly jiraUrl: string
  readonly askUrl: string | null
  readonly directoriesUrl: string | null
  readonly sandbox: Sandbox | null
  prepare(ports: Ports): Promise<void>
  sendWebhooksTo(url: string): void
}

/** The sandbox is imported only here, and only in this mode: a real company's server never loads a stand-in. */
async function openSandboxMode(
  settings: Settings,
  pool: Parameters<typeof postgresStore>[0],
  wall: Clock,
  ioOf: (clock: Clock) => CountedIo,
  opened: Opened,
): Promise<Mode> {
  const { runSandbox, sandboxClock } = await import('#sandbox/run-sandbox.ts')
  const { populate } = await import('#sandbox/populate.ts')
  const clock = await sandboxClock(pool, wall)
  const running = await runSandbox({
    folder: join(settings.stateFolder, 'sandbox'),
    clock,
    jiraPort: settings.sandboxJiraPort,
    directoriesPort: settings.sandboxDirectoriesPort,
  })
  opened.add(() => running.close())
  const { people } = running.company
  const { io, budgets } = ioOf(clock)
  return {
    clock,
    budgets,
    connections: running.connect(io),
    jiraUrl: running.jiraUrl,
    askUrl: `${running.jiraUrl}/portal`,
    directoriesUrl: running.directoriesUrl,
    sandbox: {
      companyName: running.company.name,
      persons: async () =>
        people
          .filter((each) => each.active)
          .map(({ id, displayName, title, department }) => ({ personId: id, name: displayName, title, department })),
      advance: (hours) => clock.advance(hours),
    },
    prepare: (ports) => populate(ports, running.company),
    sendWebhooksTo: (url) => running.sendWebhooksTo(url),
  }
}

function openCompanyMode(settings: Settings, clock: Clock, ioOf: (clock: Clock) => CountedIo): Mode {
  const { io, budgets } = ioOf(clock)
  const connections: Readonly<Record<string, Capabilities>> = connectAll(settings.connections ?? {}, io)
  const jiraUrl = String((settings.connections?.['jira'] as { siteUrl?: string } | undefined)?.siteUrl ?? '').replace(
    /\/$/,
    '',
  )
  return {
    clock,
    budgets,
    connections,
    jiraUrl,
    askUrl: null,
    directoriesUrl: null,
    sandbox: null,
    prepare: async () => undefined,
    sendWebhooksTo: () => undefined,
  }
}

/** The timers that are nobody's window: set at each start, because the first one has to come from somewhere. */
async function startTimers(ports: Ports, connections: Connections): Promise<void> {
  const now = ports.clock.now()
  const directories = Object.keys(connections).filter((name) => connections[name]?.directory)
  await takeTurn(ports, { kind: 'engine' }, (turn) => {
    for (const name of directories)
      turn.setTimer({ id: `sync:${name}`, kind: 'sync directory', about: name, dueAt: now })
  })
  await startPolling(ports)
}
