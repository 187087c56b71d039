import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import type { ConsoleBuild, ConsoleState } from '../../api/console-build.ts'
import { createEntry } from '../../api/entry.ts'
import { buildConsoleWhenStale } from '../build/when-stale.ts'
import { launchChromium } from './chromium.ts'
import { readsAt, START } from './company.ts'
import { openWindow, screenshot, serve } from './console-under-test.ts'

let browser: Browser
let built: ConsoleBuild

before(async () => {
  browser = await launchChromium()
  const building = buildConsoleWhenStale({ onFailure: (said) => console.error(said) })
  assert.equal((await building.done).kind, 'ready')
  built = building
})

after(() => browser?.close())

test('a company without requests is told what to do', async (t) => {
  const server = await serve(t, { console: built })
  server.reads = { list: async () => [], view: async () => null }
  const { page, wrong } = await openWindow(t, browser)
  await page.goto(server.entry.createLink(server.baseUrl))
  await page.getByRole('heading', { name: 'Nobody has asked for access yet' }).waitFor()
  assert.equal(
    await page.getByRole('link', { name: /Open the portal/ }).getAttribute('href'),
    'http://127.0.0.1:4401/portal',
  )
  await screenshot(page, 'empty')
  await page.goto(`${server.baseUrl}/console/#/requests/req_unknown`)
  await page.getByText('There is no request with this id.').waitFor()
  await screenshot(page, 'no-such-request')
  await page.goto(`${server.baseUrl}/console/#/nowhere`)
  await page.getByText('This address leads nowhere.').waitFor()
  // The browser itself notes the 404 of the unknown request; nothing else is said.
  assert.deepEqual(
    wrong.filter((words) => !words.includes('404')),
    [],
  )
})

test('while the database starts the page says so, and shows the list by itself afterwards', async (t) => {
  const server = await serve(t, { console: built })
  server.reads = null
  const { page } = await openWindow(t, browser)
  await page.goto(server.entry.createLink(server.baseUrl))
  await page.getByText('The database is starting.').waitFor()
  await screenshot(page, 'starting')
  server.reads = readsAt(() => START)
  await page.locator('table.requests').waitFor()
})

test('while the console is built the browser waits on a page that opens it by itself', async (t) => {
  let state: ConsoleState = { kind: 'building' }
  const server = await serve(t, { console: { state: () => state } })
  const { page, wrong } = await openWindow(t, browser)
  await page.goto(server.entry.createLink(server.baseUrl))
  await page.getByRole('heading', { name: 'The console is being built' }).waitFor()
  await screenshot(page, 'being-built')
  state = built.state()
  await page.locator('table.requests').waitFor()
  assert.deepEqual(wrong, [])
})

test('when the server goes away the page keeps what it saw, says so, and recovers when it is back', async (t) => {
  const entry = createEntry({ wallNow: () => START })
  const first = await serve(t, { console: built, entry })
  const { page } = await openWindow(t, browser)
  await page.goto(entry.createLink(first.baseUrl))
  await page.locator('table.requests').waitFor()
  await first.close()
  await page.getByText('Tenure does not answer').waitFor()
  assert.ok(await page.locator('table.requests').isVisible())
  await screenshot(page, 'unreachable')
  await serve(t, { console: built, entry, port: Number(new URL(first.baseUrl).port) })
  await page.getByText('Tenure does not answer').waitFor({ state: 'detached' })
})

test('when the session has ended the page says how to get in again', async (t) => {
  const server = await serve(t, { console: built })
  const { page } = await openWindow(t, browser)
  await page.goto(server.entry.createLink(server.baseUrl))
  await page.locator('table.requests').waitFor()
  server.clock.wall += 13 * 3_600_000
  await page.getByText('npm exec -- tenure console link').first().waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'You need an entry link' }).waitFor()
  await screenshot(page, 'no-session')
})

test('a link on another site leads into the console, although its cookie is kept back at first', async (t) => {
  const server = await serve(t, { console: built })
  const other = createServer((_request, answer) => {
    answer
      .setHeader('content-type', 'text/html')
      .end(`<a href="${server.baseUrl}/console/#/requests/req_prod">the request</a>`)
  })
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  t.after(() => other.close())
  const { page } = await openWindow(t, browser)
  await page.goto(server.entry.createLink(server.baseUrl))
  await page.locator('table.requests').waitFor()
  await page.goto(`http://localhost:${(other.address() as AddressInfo).port}/`)
  await page.getByRole('link', { name: 'the request' }).click()
  await page.getByRole('heading', { level: 1, name: 'Production database: Operator' }).waitFor()
})

test('a link on another site ends in words, not in a loop, for a browser that never came in', async (t) => {
  const server = await serve(t, { console: built })
  const other = createServer((_request, answer) => {
    answer.setHeader('content-type', 'text/html').end(`<a href="${server.baseUrl}/console/">the console</a>`)
  })
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  t.after(() => other.close())
  const { page, requested } = await openWindow(t, browser)
  await page.goto(`http://localhost:${(other.address() as AddressInfo).port}/`)
  await page.getByRole('link', { name: 'the console' }).click()
  await page.getByRole('heading', { name: 'You need an entry link' }).waitFor()
  await page.waitForTimeout(1_500)
  assert.ok(requested.filter((url) => url.includes('/console/')).length <= 2, requested.join('\n'))
})
