import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import type { ConsoleBuild } from '../../api/console-build.ts'
import { buildConsoleWhenStale } from '../build/when-stale.ts'
import { expectAccessible } from './accessibility.ts'
import { launchChromium } from './chromium.ts'
import { HOSTILE, START } from './company.ts'
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

const ORDER = { provider: 'okta', exceptRemovals: false, since: START, orderedBy: 'root', reason: HOSTILE.script }

test('while anything is halted every page says so: since when, who, why as text, and whether ends go on [I14]', async (t) => {
  const server = await serve(t, { console: built })
  server.halts = [ORDER]
  const { page, wrong } = await openWindow(t, browser)
  await page.goto(server.entry.createLink(server.baseUrl))
  const banner = page.getByRole('region', { name: 'Emergency stop' })
  await banner.getByText('okta is halted.').waitFor()
  await banner.getByText('No access is given or taken away.').waitFor()
  await banner.getByText('ordered by root').waitFor()
  await banner.getByText(HOSTILE.script).waitFor()
  await expectAccessible(page, 'halted')
  await screenshot(page, 'halted')

  await page.goto(`${server.baseUrl}/console/#/requests/req_prod`)
  await page.getByRole('complementary', { name: 'Details' }).waitFor()
  await banner.getByText('okta is halted.').waitFor()

  server.halts = [{ ...ORDER, provider: null, exceptRemovals: true, reason: null }]
  await page.reload()
  await banner.getByText('Everything is halted.').waitFor()
  await banner.getByText('Nobody is given access. Ends of access go on.').waitFor()
  await banner.getByText('the reason was erased').waitFor()

  server.halts = [
    { ...ORDER, provider: null },
    { ...ORDER, exceptRemovals: true },
  ]
  await page.reload()
  await banner.getByText('okta is halted.').waitFor()
  assert.equal(await banner.getByText('Ends of access go on.').count(), 0, 'another order stops them all the same')

  server.halts = []
  await banner.waitFor({ state: 'detached', timeout: 15_000 })
  assert.deepEqual(wrong, [])
})

test('on a phone the banner scrolls nothing sideways [I14]', async (t) => {
  const server = await serve(t, { console: built })
  server.halts = [{ ...ORDER, reason: 'x'.repeat(400) }]
  const { page } = await openWindow(t, browser, { viewport: { width: 375, height: 812 } })
  await page.goto(server.entry.createLink(server.baseUrl))
  await page.getByRole('region', { name: 'Emergency stop' }).waitFor()
  assert.equal(
    await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth),
    false,
  )
})
