import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import type { OverdueRemoval } from '../../../engine/read/overdue-view.ts'
import type { ConsoleBuild } from '../../api/console-build.ts'
import { sampleOverdue } from '../../api/testing/sample-alarms.ts'
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

const HOUR_MS = 3_600_000

const LATE: readonly OverdueRemoval[] = [
  sampleOverdue({
    grantId: 'grt_late',
    requestId: 'req_late',
    issueKey: 'ACC-116',
    personName: 'Jonas Weber',
    appName: 'Salesforce',
    roleName: 'Administrator',
    since: START - 76 * HOUR_MS,
    groups: [
      { name: 'salesforce-users', lastWord: 'unavailable', said: '503 with an HTML page', attempts: 912 },
      { name: 'salesforce-admins', lastWord: 'not allowed', said: '403 E0000006', attempts: 1 },
    ],
    ownerName: 'Inês Carvalho',
  }),
  sampleOverdue({
    grantId: 'grt_hostile',
    requestId: 'req_script',
    personName: HOSTILE.override,
    appName: HOSTILE.script,
    roleName: HOSTILE.long,
    since: START - HOUR_MS,
    groups: [{ name: HOSTILE.unbroken, lastWord: 'not asked yet', said: HOSTILE.image, attempts: 0 }],
    ownerName: null,
    issueUrl: 'javascript:alert(1)',
    alarm: null,
    alarmTrouble: `Jira refused the issue: 400 ${HOSTILE.script}`,
  }),
]

test('what is overdue stands on top of the first page: who, what, which group, since when, whose, and where to read on [R055]', async (t) => {
  const server = await serve(t, { console: built })
  server.overdue = LATE
  const { page, wrong } = await openWindow(t, browser)
  await page.goto(server.entry.createLink(server.baseUrl))
  const section = page.getByRole('region', { name: 'Overdue removals' })
  await section
    .getByText('2 removals are overdue: access that should be gone is still there. Tenure goes on trying until')
    .waitFor()
  const row = section.getByRole('row').filter({ hasText: 'Jonas Weber' })
  for (const words of [
    'salesforce-users',
    'Last word: the directory could not be reached. 912 tries since.',
    '“503 with an HTML page”',
    'Last word: the directory does not allow Tenure to do it: a permission is missing. 1 try since.',
    '3 days 4 h',
    'Inês Carvalho',
  ])
    await row.getByText(words, { exact: true }).waitFor()
  const linkTo = (name: RegExp | string) => row.getByRole('link', { name }).getAttribute('href')
  assert.equal(await linkTo('Salesforce: Administrator'), '#/requests/req_late')
  assert.equal(await linkTo(/OPS-7/), 'https://desk.example/browse/OPS-7')
  assert.equal(await linkTo(/ACC-116/), 'https://desk.example/browse/ACC-1')
  const isAbove = await page.evaluate(() => {
    const [first, list] = ['.overdue-removals', 'table.requests'].map((each) => document.querySelector(each))
    return first && list ? first.getBoundingClientRect().bottom <= list.getBoundingClientRect().top : false
  })
  assert.equal(isAbove, true)
  await expectAccessible(page, 'overdue, light')
  await screenshot(page, 'overdue-light')
  await row.getByRole('link', { name: 'Salesforce: Administrator' }).click()
  await page.getByRole('heading', { level: 1, name: 'Salesforce: Administrator' }).waitFor()
  assert.deepEqual(wrong, [])
})

test('hostile names and words of vendors are text there too, and why no issue was raised is said', async (t) => {
  const server = await serve(t, { console: built })
  server.overdue = LATE
  const { page, wrong } = await openWindow(t, browser)
  await page.goto(server.entry.createLink(server.baseUrl))
  const section = page.getByRole('region', { name: 'Overdue removals' })
  const row = section.getByRole('row').filter({ hasText: 'gnp.exe' })
  await row.getByText('Mallory ⟨U+202E⟩gnp.exe').waitFor()
  await row.getByText(`“${HOSTILE.image}”`).waitFor()
  await row.getByText('not raised', { exact: true }).waitFor()
  await row.getByText(`Jira refused the issue: 400 ${HOSTILE.script}`).waitFor()
  await row.getByText('nobody yet').waitFor()
  assert.equal(await page.locator('a[href^="javascript:"]').count(), 0)
  assert.equal(await page.evaluate(() => 'broken' in window), false)
  assert.deepEqual(wrong, [])
})

test('when nothing is overdue it says so calmly, and when the last one is proven it is calm again', async (t) => {
  const server = await serve(t, { console: built })
  const { page, wrong } = await openWindow(t, browser)
  await page.goto(server.entry.createLink(server.baseUrl))
  const section = page.getByRole('region', { name: 'Overdue removals' })
  const calm = section.getByText('None. No end of access is late.')
  await calm.waitFor()
  assert.equal(await section.getByRole('table').count(), 0)
  await expectAccessible(page, 'nothing overdue')
  await screenshot(page, 'overdue-none')
  server.overdue = LATE.slice(0, 1)
  await section
    .getByText('1 removal is overdue: access that should be gone is still there.')
    .waitFor({ timeout: 15_000 })
  server.overdue = []
  await calm.waitFor({ timeout: 15_000 })
  assert.deepEqual(wrong, [])
})

test('on a phone and in the dark it is all there, can be read by everybody, and nothing scrolls sideways', async (t) => {
  const server = await serve(t, { console: built })
  server.overdue = LATE
  for (const options of [
    { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true },
    { colorScheme: 'dark' },
  ] as const) {
    const { page, wrong } = await openWindow(t, browser, options)
    await page.goto(server.entry.createLink(server.baseUrl))
    const section = page.getByRole('region', { name: 'Overdue removals' })
    await section.getByText('Jonas Weber').waitFor()
    await section.getByText('OPS-7').waitFor()
    assert.equal(
      await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth),
      false,
    )
    const name = 'colorScheme' in options ? 'dark' : 'phone'
    await expectAccessible(page, `overdue, ${name}`)
    await screenshot(page, `overdue-${name}`)
    assert.deepEqual(wrong, [])
  }
})
