import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { HOUR_MS, MINUTE_MS, type Instant } from '#core/instant.ts'
import { randomIds } from '#engine/ids.ts'
import type { Ports } from '#engine/ports.ts'
import type { LiveWindow } from '#engine/read/live-windows.ts'
import { hourly } from '#server/hourly.ts'
import { writeWindowsFile } from '#server/windows-file.ts'

/* The list outside the database, by which access is taken away by hand when everything of ours is down. */

let home: string
before(async () => void (home = await mkdtemp(join(tmpdir(), 'tenure-windows-'))))
after(() => rm(home, { recursive: true, force: true }))

const NINE: Instant = Date.parse('2026-03-04T09:00:00.000Z')

const WINDOW: LiveWindow = {
  person: '=1+1',
  personId: 'per_1',
  account: '00u1',
  provider: 'okta',
  group: 'figma-editors',
  groupId: '00g1',
  app: 'Figma',
  role: 'Editor',
  startsAt: NINE,
  endsAt: NINE + HOUR_MS,
  noEnd: false,
  state: 'live',
  overdueSince: null,
  requestId: 'req_1',
  ticket: 'ACCESS-1',
}

async function* windows(count: number, thenFail?: Error): AsyncGenerator<LiveWindow> {
  for (let place = 0; place < count; place += 1) yield { ...WINDOW, personId: `per_${place}` }
  if (thenFail) throw thenFail
}

test('the file is whole, named by its moment, and nobody else’s to read', async () => {
  const folder = join(home, 'new', 'windows')
  const path = await writeWindowsFile(folder, NINE, windows(2))
  assert.equal(path, join(folder, 'windows-2026-03-04T09-00-00Z.csv'))
  const lines = (await readFile(path, 'utf8')).split('\r\n')
  assert.equal(lines.length, 4)
  assert.match(lines[1] ?? '', /^"'=1\+1","00u1","okta","figma-editors","00g1","Figma","Editor",/)
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.equal((await stat(folder)).mode & 0o777, 0o700)
  assert.deepEqual(await readdir(folder), ['windows-2026-03-04T09-00-00Z.csv'])
})

test('a file that could not be finished is not there, and the one before it is', async () => {
  const folder = join(home, 'broken')
  const before = await writeWindowsFile(folder, NINE, windows(1))
  const text = await readFile(before, 'utf8')
  await assert.rejects(writeWindowsFile(folder, NINE + HOUR_MS, windows(3, new Error('the database is away'))), /away/)
  assert.deepEqual(await readdir(folder), ['windows-2026-03-04T09-00-00Z.csv'])
  assert.equal(await readFile(before, 'utf8'), text)
})

test('the newest forty-eight are kept, and nothing else in the folder is touched', async () => {
  const folder = join(home, 'many')
  await mkdir(folder)
  for (const name of ['notes.txt', 'windows-by-hand.csv.bak']) await writeFile(join(folder, name), 'mine')
  await writeFile(join(folder, '.windows-2026-03-04T08-00-00Z.csv.1.unfinished'), 'half')
  for (let hour = 0; hour < 60; hour += 1) await writeWindowsFile(folder, NINE + hour * HOUR_MS, windows(1))
  const names = (await readdir(folder)).sort()
  const kept = names.filter((name) => /^windows-2026.*\.csv$/.test(name))
  assert.equal(kept.length, 48)
  assert.deepEqual([kept[0], kept.at(-1)], ['windows-2026-03-04T21-00-00Z.csv', 'windows-2026-03-06T20-00-00Z.csv'])
  assert.deepEqual(
    names.filter((name) => !kept.includes(name)),
    ['notes.txt', 'windows-by-hand.csv.bak'],
  )
})

/** Work that is done hourly, on a clock that the test moves, and what the log heard. */
function everyHour(work: () => Promise<unknown>) {
  const clock = { at: NINE }
  const log: string[] = []
  const ports = {
    clock: { now: () => clock.at, sleep: async () => undefined },
    ids: randomIds,
    log: (level, message) => void log.push(`${level}: ${message}`),
  } as Pick<Ports, 'clock' | 'ids' | 'log'> as Ports
  return { clock, log, job: hourly(ports, 'the file', work) }
}

test('it is done at the start and every hour after it', async () => {
  let times = 0
  const { clock, log, job } = everyHour(async () => void (times += 1))
  for (let minutes = 0; minutes <= 125; minutes += 1) {
    assert.equal(await job.step(), 0)
    clock.at += MINUTE_MS
  }
  assert.equal(times, 3)
  assert.deepEqual(log, [])
})

test('a failure is an alarm in the log and no crash, is tried again a minute later, and is not said each time', async () => {
  let healthy = false
  let times = 0
  const { clock, log, job } = everyHour(async () => {
    times += 1
    if (!healthy) throw new Error('EACCES: permission denied')
  })
  for (let minutes = 0; minutes < 30; minutes += 1) {
    assert.equal(await job.step(), 0)
    clock.at += MINUTE_MS
  }
  assert.equal(times, 30)
  assert.equal(log.length, 4, log.join('\n'))
  assert.match(log[0] ?? '', /^error: the file failed, and is tried again in a minute: Error: EACCES/)
  healthy = true
  await job.step()
  clock.at += 59 * MINUTE_MS
  await job.step()
  assert.equal(times, 31)
})

test(
  'a folder that cannot be written is such a failure',
  { skip: process.getuid?.() === 0 && 'root may write anywhere: not shown here' },
  async () => {
    const folder = join(home, 'closed')
    await mkdir(folder)
    await chmod(folder, 0o500)
    await assert.rejects(writeWindowsFile(folder, NINE, windows(1)), /EACCES/)
    await chmod(folder, 0o700)
  },
)

test('a file in the place of the folder is such a failure', async () => {
  const path = join(home, 'a-file')
  await writeFile(path, '')
  await assert.rejects(writeWindowsFile(path, NINE, windows(1)), /EEXIST|ENOTDIR/)
})
