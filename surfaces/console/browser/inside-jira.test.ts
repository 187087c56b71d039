import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import type { ConsoleBuild } from '../../api/console-build.ts'
import { buildConsoleWhenStale } from '../build/when-stale.ts'
import { launchChromium } from './chromium.ts'
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

/** What Jira puts on a Custom UI page before it is loaded; calls to the remote go to the server under test. */
const BRIDGE = `
globalThis.__opened = []
globalThis.__bridge = {
  callBridge: async (operation, payload) => {
    if (operation === 'enableTheming') return document.documentElement.setAttribute('data-color-mode', 'dark')
    if (operation === 'navigate') return void __opened.push(payload)
    if (operation === 'invoke' && payload.invokeType === 'ui-remote-fetch') {
      const answer = await fetch(payload.path, { method: payload.method, headers: payload.headers, body: payload.body })
      return { success: true, payload: { status: answer.status, headers: {}, body: await answer.json() } }
    }
    return undefined
  },
}`

test('the same bundle runs inside Jira through its bridge, without a bar of its own', async (t) => {
  const server = await serve(t, { console: built, sandbox: false })
  const { page, wrong, requested } = await openWindow(t, browser)
  await page.goto(server.entry.createLink(server.baseUrl))
  await page.locator('table.requests').waitFor()
  assert.ok(!requested.some((url) => url.includes('host-forge')), 'a window of its own never loads the part for Jira')

  await page.addInitScript(BRIDGE)
  await page.reload()
  await page.locator('table.requests').waitFor()
  assert.ok(requested.some((url) => url.includes('host-forge')))
  assert.equal(await page.getByRole('link', { name: 'Tenure' }).count(), 0)
  // Jira is dark here, the system is not: Jira decides.
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).colorScheme), 'dark')
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)')
  await page.getByRole('link', { name: /ACC-119/ }).click()
  const opened = await page.evaluate<unknown[]>('__opened')
  assert.match(JSON.stringify(opened), /https:\/\/desk\.example\/browse\/ACC-119/)
  await page.getByRole('link', { name: 'Production database: Operator' }).click()
  await page.getByRole('heading', { level: 1, name: 'Production database: Operator' }).waitFor()
  await screenshot(page, 'inside-jira')
  assert.deepEqual(wrong, [])
})
