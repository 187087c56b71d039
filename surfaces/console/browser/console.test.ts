import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { ConsoleBuild } from '../../api/console-build.ts'
import { buildConsoleWhenStale } from '../build/when-stale.ts'
import { expectAccessible } from './accessibility.ts'
import { launchChromium } from './chromium.ts'
import { HOSTILE, linesAt, START } from './company.ts'
import type { ServerUnderTest, WindowUnderTest } from './console-under-test.ts'
import { openWindow, screenshot, serve } from './console-under-test.ts'

let browser: Browser
let consoleBuild: ConsoleBuild

before(async () => {
  browser = await launchChromium()
  const building = buildConsoleWhenStale({ onFailure: (said) => console.error(said) })
  assert.equal((await building.done).kind, 'ready')
  consoleBuild = building
})

after(async () => {
  await browser?.close()
})

/** A new window that came in by a new link and shows the list. */
async function enter(
  t: TestContext,
  at: ServerUnderTest,
  options: BrowserContextOptions = {},
): Promise<WindowUnderTest> {
  const window = await openWindow(t, browser, options)
  await window.page.goto(at.entry.createLink(at.baseUrl))
  await window.page.waitForURL(`${at.baseUrl}/console/`)
  await window.page.getByRole('heading', { level: 1, name: 'Requests' }).waitFor()
  return window
}

/** Nothing was said on the console, and nothing went to another host. */
async function leave(window: WindowUnderTest, at: ServerUnderTest): Promise<void> {
  assert.deepEqual(window.wrong, [])
  assert.deepEqual(
    window.requested.filter((url) => !url.startsWith(`${at.baseUrl}/`) && !url.startsWith('data:')),
    [],
  )
}

const rows = (page: Page): ReturnType<Page['locator']> => page.locator('table.requests tbody tr')

async function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
}

test('the entry link opens the list of requests, and only once', async (t) => {
  const server = await serve(t, { console: consoleBuild })
  const window = await openWindow(t, browser)
  const link = server.entry.createLink(server.baseUrl)
  await window.page.goto(link)
  await window.page.waitForURL(`${server.baseUrl}/console/`)
  await rows(window.page).first().waitFor()
  assert.equal(await window.page.title(), 'Requests – Tenure')
  assert.equal(await rows(window.page).count(), linesAt(START).length)
  await screenshot(window.page, 'requests-light')
  await leave(window, server)

  const other = await openWindow(t, browser)
  const answer = await other.page.goto(link)
  assert.equal(answer?.status(), 410)
  await other.page.getByText('This link was used already. Each link lets one browser in, once.').waitFor()
  await screenshot(other.page, 'link-used')
})

test('a line shows ticket, person, access, risk, state, whom it waits on, window and when it was asked', async (t) => {
  const server = await serve(t, { console: consoleBuild })
  const window = await enter(t, server)
  const row = rows(window.page).filter({ hasText: 'Production database' })
  for (const words of [
    'ACC-119',
    'Theo Brandt',
    'Production database: Operator',
    'Privileged',
    'Live',
    '5 h left',
    'ends 2 Nov, 15:00',
  ]) {
    await row.getByText(words, { exact: true }).first().waitFor()
  }
  assert.equal(
    await row.getByRole('link', { name: /ACC-119/ }).getAttribute('href'),
    'https://desk.example/browse/ACC-119',
  )
  const waiting = rows(window.page).filter({ hasText: 'ACC-120' })
  await waiting.getByText('Mara Quill and 1 more').waitFor()
  const late = rows(window.page).filter({ hasText: 'Jonas Weber' })
  await late.getByText('1 of 2 groups still held').waitFor()
  await leave(window, server)
})

test('a state, words and the address narrow the list, and back widens it again', async (t) => {
  const server = await serve(t, { console: consoleBuild })
  const window = await enter(t, server)
  const { page } = window
  await page.getByLabel('State').selectOption('waiting for approval')
  await page.waitForFunction(() => document.querySelectorAll('table.requests tbody tr').length === 2)
  await page.getByLabel('Search requests').fill('netsuite noor')
  await page.waitForFunction(() => document.querySelectorAll('table.requests tbody tr').length === 1)
  assert.match(page.url(), /#\/requests\?state=waiting\+for\+approval&search=netsuite\+noor$/)
  await page.reload()
  await page.waitForFunction(() => document.querySelectorAll('table.requests tbody tr').length === 1)
  assert.equal(await page.getByLabel('Search requests').inputValue(), 'netsuite noor')

  await page.getByLabel('Search requests').fill('nothing like this')
  await page.getByRole('heading', { name: 'No request matches' }).waitFor()
  await screenshot(page, 'no-match')
  await page.goBack()
  await page.waitForFunction(() => document.querySelectorAll('table.requests tbody tr').length > 2)
  await leave(window, server)
})

test('typing fast into the search box loses no letter', async (t) => {
  const server = await serve(t, { console: consoleBuild })
  const window = await enter(t, server)
  const box = window.page.getByLabel('Search requests')
  await box.pressSequentially('production database operator', { delay: 60 })
  await window.page.waitForFunction(() => document.querySelectorAll('table.requests tbody tr').length === 1)
  assert.equal(await box.inputValue(), 'production database operator')
  await leave(window, server)
})

test('one request shows its four parts, its people, window, receipts, records and checkpoint', async (t) => {
  const server = await serve(t, { console: consoleBuild })
  const window = await enter(t, server)
  const { page } = window
  await page.getByRole('link', { name: 'Production database: Operator' }).click()
  await page.getByRole('heading', { level: 1, name: 'Production database: Operator' }).waitFor()
  assert.equal(await page.title(), 'ACC-119 Production database: Operator – Tenure')
  assert.deepEqual(
    (await page.getByRole('heading', { level: 3 }).allTextContents()).map((text) => text.replace(/^\d/, '')),
    ['Trigger', 'Approval rule', 'Identity action', 'Evidence record'],
  )
  const details = page.getByRole('complementary', { name: 'Details' })
  for (const words of [
    'Theo Brandt',
    'Mara Quill',
    '5 h left',
    'production database-group-2',
    '2 of 2 read back as held',
  ]) {
    await details.getByText(words).first().waitFor()
  }
  await page.getByText('reqVy8wsnkPRTmhJkUbTnpCFg-okta-7f').waitFor()
  await page.getByText('request/req_prod@4', { exact: true }).waitFor()
  await page.getByText('leaf 4004').waitFor()
  await page.getByText('not sealed yet').waitFor()
  await page.getByText('4 of 5 records sealed').waitFor()
  await screenshot(page, 'request-light')
  await leave(window, server)
})

test('receipts, hashes and the whole request are copied', async (t) => {
  const server = await serve(t, { console: consoleBuild })
  const window = await enter(t, server, { permissions: ['clipboard-read', 'clipboard-write'] })
  const { page } = window
  await page.goto(`${server.baseUrl}/console/#/requests/req_prod`)
  const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText())
  await page.getByRole('button', { name: 'Copy Receipt' }).click()
  await page.getByText('Copied: Receipt').waitFor()
  assert.equal(await clipboard(), 'reqVy8wsnkPRTmhJkUbTnpCFg-okta-7f')
  await page.getByRole('button', { name: 'Copy leaf hash of request/req_prod@4' }).click()
  await page.getByText('Copied: leaf hash of request/req_prod@4').waitFor()
  assert.match(await clipboard(), /^[0-9a-f]{64}$/)
  await page.getByRole('button', { name: 'Copy as text' }).click()
  await page.getByRole('button', { name: 'Copied', exact: true }).waitFor()
  assert.match(await clipboard(), /^Production database: Operator for Theo Brandt\n/)
  await leave(window, server)
})

test('a failed request says why and who owns it, a refused one says why', async (t) => {
  const server = await serve(t, { console: consoleBuild })
  const window = await enter(t, server)
  const { page } = window
  await page.goto(`${server.baseUrl}/console/#/requests/req_fail`)
  await page.getByText('Only 3 of 5 groups could be added within 6 hours.').waitFor()
  await page.getByText('It is owned by Inês Carvalho').waitFor()
  await screenshot(page, 'request-failed')
  await page.goto(`${server.baseUrl}/console/#/requests/req_refused`)
  await page.getByText('is not claimed for governance').waitFor()
  await page.getByText('No group has been changed.').waitFor()
  await leave(window, server)
})

test('hostile names are text, and never links, scripts or reversed neighbours', async (t) => {
  const server = await serve(t, { console: consoleBuild })
  const window = await enter(t, server)
  const { page } = window
  const row = rows(page).filter({ hasText: HOSTILE.script })
  await row.getByText(HOSTILE.script).first().waitFor()
  assert.equal(await page.locator('a[href^="javascript:"]').count(), 0)
  await page.goto(`${server.baseUrl}/console/#/requests/req_script`)
  const main = page.locator('main')
  await main.getByText(HOSTILE.script).first().waitFor()
  await main.getByText(HOSTILE.image).first().waitFor()
  await main.getByText('Mallory ⟨U+202E⟩gnp.exe').first().waitFor()
  assert.equal(await page.evaluate(() => 'broken' in window), false)
  assert.equal(await page.evaluate(() => document.body.innerText.includes('\u202E')), false)
  await screenshot(page, 'request-hostile')
  await leave(window, server)
})

test('all of it works by keyboard', async (t) => {
  const server = await serve(t, { console: consoleBuild })
  const window = await enter(t, server)
  const { page } = window
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const element = document.activeElement
      return (element?.getAttribute('aria-label') ?? element?.textContent ?? '').slice(0, 60)
    })
  await page.keyboard.press('Tab')
  assert.equal(await focused(), 'Skip to the content')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'MAIN')
  await page.keyboard.press('Tab')
  await page.keyboard.type('operator')
  await page.waitForFunction(() => document.querySelectorAll('table.requests tbody tr').length === 1)
  for (let presses = 0; presses < 6 && !(await focused()).startsWith('Production database'); presses++) {
    await page.keyboard.press('Tab')
  }
  const ring = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle)
  assert.equal(ring, 'solid')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Production database: Operator' }).waitFor()
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1')
  await page.keyboard.press('Shift+Tab')
  assert.equal(await focused(), 'Requests')
  await page.keyboard.press('Enter')
  await page.waitForURL(/#\/requests\?search=operator$/)
  await leave(window, server)
})

test('a phone shows everything without scrolling sideways, hostile names too', async (t) => {
  const server = await serve(t, { console: consoleBuild })
  const window = await enter(t, server, { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true })
  const { page } = window
  await rows(page).first().waitFor()
  assert.equal(await scrollsSideways(page), false)
  await screenshot(page, 'requests-phone')
  await expectAccessible(page, 'requests on a phone')
  for (const id of ['req_prod', 'req_long', 'req_script', 'req_rtl', 'req_fail']) {
    await page.goto(`${server.baseUrl}/console/#/requests/${id}`)
    await page.getByRole('complementary', { name: 'Details' }).waitFor()
    assert.equal(await scrollsSideways(page), false, id)
    await screenshot(page, `phone-${id}`)
  }
  await leave(window, server)
})

test('the theme follows the system, dark and light, and both can be read by everybody', async (t) => {
  const server = await serve(t, { console: consoleBuild })
  for (const colorScheme of ['light', 'dark'] as const) {
    const window = await enter(t, server, { colorScheme })
    const { page } = window
    await rows(page).first().waitFor()
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    assert.equal(background === 'rgb(255, 255, 255)', colorScheme === 'light', background)
    await expectAccessible(page, `requests, ${colorScheme}`)
    await screenshot(page, `requests-${colorScheme}`)
    for (const id of ['req_prod', 'req_fail', 'req_wait', 'req_late', 'req_long']) {
      await page.goto(`${server.baseUrl}/console/#/requests/${id}`)
      await page.getByRole('complementary', { name: 'Details' }).waitFor()
      await expectAccessible(page, `${id}, ${colorScheme}`)
      await screenshot(page, `${id}-${colorScheme}`)
    }
    await leave(window, server)
  }
})
