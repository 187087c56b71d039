import { mkdir } from 'node:fs/promises'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { HaltLine } from '../../../engine/read/halt-view.ts'
import type { OverdueRemoval } from '../../../engine/read/overdue-view.ts'
import type { RequestReads } from '../../../engine/read/request-reads.ts'
import { buildApi } from '../../api/api.ts'
import type { ConsoleBuild } from '../../api/console-build.ts'
import type { Entry } from '../../api/entry.ts'
import { createEntry } from '../../api/entry.ts'
import { listenOnLoopback } from '../../api/loopback.ts'
import { SAMPLE_GAUGES } from '../../api/testing/sample-alarms.ts'
import { PERSONS, readsAt, START } from './company.ts'

const HOUR_MS = 3_600_000
const SCREENSHOTS = fileURLToPath(new URL('../../../.state/screenshots/', import.meta.url))

/** The server of the console over a real socket, with the fixed company behind it. */
export interface ServerUnderTest {
  readonly baseUrl: string
  readonly entry: Entry
  readonly clock: { now: number; wall: number }
  reads: RequestReads | null
  halts: readonly HaltLine[]
  overdue: readonly OverdueRemoval[]
  close(): Promise<void>
}

export async function serve(
  t: TestContext,
  options: {
    readonly console: ConsoleBuild
    readonly sandbox?: boolean
    readonly port?: number
    readonly entry?: Entry
  },
): Promise<ServerUnderTest> {
  const clock = { now: START, wall: START }
  const entry = options.entry ?? createEntry({ wallNow: () => clock.wall })
  const faults: unknown[] = []
  const app: FastifyInstance = buildApi({
    reads: () => server.reads,
    halts: () => ({ orders: async () => server.halts }),
    alarms: () => ({ overdue: async () => server.overdue, gauges: async () => SAMPLE_GAUGES }),
    sandbox:
      options.sandbox === false
        ? null
        : {
            companyName: 'Halden Supply',
            persons: async () => PERSONS,
            advance: async (hours) => void (clock.now += hours * HOUR_MS),
          },
    console: options.console,
    entry,
    now: () => clock.now,
    askUrl: () => 'http://127.0.0.1:4401/portal',
    onFault: (fault) => faults.push(fault),
  })
  const { baseUrl } = await listenOnLoopback(app, { host: '127.0.0.1', port: options.port ?? 0 })
  let open = true
  const server: ServerUnderTest = {
    baseUrl,
    entry,
    clock,
    reads: readsAt(() => clock.now),
    halts: [],
    overdue: [],
    close: async () => {
      if (!open) return
      open = false
      await app.close()
      if (faults.length > 0) throw new AggregateError(faults, 'the server had faults')
    },
  }
  t.after(server.close)
  return server
}

/** A window, and all that went wrong in it or left for another host. */
export interface WindowUnderTest {
  readonly page: Page
  readonly wrong: string[]
  readonly requested: string[]
}

export async function openWindow(
  t: TestContext,
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<WindowUnderTest> {
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 900 },
    ...options,
  })
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()
  const wrong: string[] = []
  const requested: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') wrong.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => wrong.push(`thrown: ${error.message}`))
  page.on('dialog', (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => requested.push(request.url()))
  t.after(() => context.close())
  return { page, wrong, requested }
}

/** For a person to look at; the folder is not kept in the repository. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true })
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png`, fullPage: true })
}
