import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { buildConsoleWhenStale } from '../build/when-stale.ts'
import { launchChromium } from './chromium.ts'
import { openWindow, screenshot, serve } from './console-under-test.ts'
import type { ConsoleBuild } from '../../api/console-build.ts'

let browser: Browser
let built: ConsoleBuild

before(async () => {
  browser = await launchChromium()
  const building = buildConsoleWhenStale({ onFailure: (said) => console.error(said) })
  assert.equal((await building.done).kind, 'ready')
  built = building
})

after(() => browser?.close())

test('the sandbox says what it is, lets its visitor be somebody and moves time until a window ends', async (t) => {
  const server = await serve(t, { console: built })
  const { page, wrong } = await openWindow(t, browser)
  await page.goto(server.entry.createLink(server.baseUrl))
  const banner = page.getByRole('region', { name: 'Sandbox' })
  await banner.getByText('Halden Supply').waitFor()
  await banner.getByText('Nobody here is real').waitFor()
  await banner.getByText('It is Mon 2 Nov, 10:00').waitFor()

  await page.getByLabel('You are').selectOption({ label: 'Mara Quill, Controller' })
  await page.getByLabel('Whom it concerns').selectOption('waiting')
  await page.getByText('1 request', { exact: true }).waitFor()
  await page.getByText('Mara Quill and 1 more').waitFor()
  await page.getByLabel('Whom it concerns').selectOption('')

  const row = page.locator('tr', { hasText: 'Production database' })
  await row.getByText('5 h left').waitFor()
  await page.getByRole('button', { name: '6 h', exact: true }).click()
  await row.getByText('window to 2 Nov, 15:00').waitFor()
  await banner.getByText('It is Mon 2 Nov, 16:00').waitFor()
  await page.getByRole('button', { name: '1 day', exact: true }).click()
  await banner.getByText('It is Tue 3 Nov, 16:00').waitFor()
  await screenshot(page, 'sandbox-moved')
  assert.deepEqual(wrong, [])
})

test('a real company has no banner, no persons to choose and no clock to move', async (t) => {
  const server = await serve(t, { console: built, sandbox: false })
  const { page, wrong } = await openWindow(t, browser)
  await page.goto(server.entry.createLink(server.baseUrl))
  await page.locator('table.requests').waitFor()
  assert.equal(await page.getByRole('region', { name: 'Sandbox' }).count(), 0)
  assert.equal(await page.getByText('Move time forward').count(), 0)
  assert.deepEqual(wrong, [])
})
