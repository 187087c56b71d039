import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { sleepOnWall } from '#engine/store/clock.ts'
import { runServer, type RunningServer } from '#server/run-server.ts'
import { readSettings } from '#server/settings.ts'
import type { OverdueAnswer } from '#surfaces/api/wire.ts'

/* The server as `npm start` runs it, and what watches over it from outside. */

const ROOT = join(import.meta.dirname, '..', '..')
const pings: string[] = []
const alarm = createServer((request, answer) => {
  pings.push(`${request.method} ${request.url}`)
  answer.end('OK')
})

let home: string
let environment: Record<string, string>
let server: RunningServer
const log: string[] = []

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'tenure-watch-'))
  alarm.listen(0, '127.0.0.1')
  await once(alarm, 'listening')
  environment = {
    TENURE_HOME: home,
    TENURE_PORT: '0',
    TENURE_WEBHOOK_PORT: '0',
    TENURE_SANDBOX_JIRA_PORT: '0',
    TENURE_SANDBOX_DIRECTORIES_PORT: '0',
    TENURE_HEARTBEAT_URL: `http://127.0.0.1:${(alarm.address() as AddressInfo).port}/ping/s3cret`,
  }
  server = await runServer(readSettings(environment), (level, message, facts) => {
    log.push(JSON.stringify({ ...facts, level, message }))
  })
})

after(async () => {
  await server.stop()
  alarm.close()
  await rm(home, { recursive: true, force: true })
})

async function until<Value>(what: string, look: () => Promise<Value | null>): Promise<Value> {
  for (let waitedMs = 0; waitedMs < 30_000; waitedMs += 100) {
    const found = await look()
    if (found !== null) return found
    await sleepOnWall(100)
  }
  throw new Error(`waited in vain for ${what}`)
}

const apiUrl = (): string => new URL(server.consoleLink).origin

test('somebody else’s alarm is called, and its address is in no line of the log', async () => {
  await until('the first heartbeat', async () => (pings.length > 0 ? true : null))
  assert.equal(pings[0], 'GET /ping/s3cret')
  assert.ok(!log.join().includes('s3cret'))
})

test('the gauges can be scraped, with the moment of the last heartbeat', async () => {
  const body = await until('the moment of the heartbeat', async () => {
    const answer = await fetch(`${apiUrl()}/metrics`)
    const text = await answer.text()
    return answer.status === 200 && /^tenure_last_heartbeat_timestamp_seconds \d/m.test(text) ? text : null
  })
  assert.match(body, /^tenure_overdue_removals 0$/m)
  assert.match(body, /^tenure_live_windows 0$/m)
  assert.match(body, /^tenure_due_work_oldest_age_seconds\{queue="timer"\} [\d.]+$/m)
})

test('the first page of the console can say that nothing is overdue', async () => {
  const entered = await fetch(server.consoleLink, { redirect: 'manual' })
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
  const answer = await fetch(`${apiUrl()}/api/overdue`, { headers: { cookie } })
  const { count, overdue } = (await answer.json()) as OverdueAnswer
  assert.deepEqual([count, overdue], [0, []])
})

test('the list of live windows lies outside the database from the start, and the command prints the same', async () => {
  const folder = join(home, 'sandbox', 'windows')
  const name = await until('the first file', async () => {
    const names = await readdir(folder).catch(() => [])
    return names.find((each) => each.endsWith('.csv')) ?? null
  })
  assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600)
  const text = await readFile(join(folder, name), 'utf8')
  const run = (...words: readonly string[]) =>
    promisify(execFile)(process.execPath, [join(ROOT, 'bin', 'tenure'), ...words], {
      env: { PATH: process.env['PATH'], ...environment },
    })
  assert.equal((await run('windows', '--live', '--csv')).stdout.trimEnd(), text.trimEnd())
  assert.match((await run('windows', '--live')).stdout, /^Nobody holds anything by a grant of Tenure/)
  await assert.rejects(run('windows'), (fault: { code?: number; stderr?: string }) => {
    assert.match(fault.stderr ?? '', /"windows" is not a command, or something is missing after it/)
    return fault.code === 2
  })
})
