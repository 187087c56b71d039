import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import type { Pool } from 'pg'
import { ConfigFault } from '#connectors/kit/config-fault.ts'
import { openPool } from '#engine/store/postgres/postgres-store.ts'
import { createTestDatabase, type TestDatabase } from '#engine/store/test-database.ts'
import { runServer } from '#server/run-server.ts'
import { readSettings } from '#server/settings.ts'
import { signingKeyOf, verifierKeyOf } from '#server/signing-key.ts'

/* One log has one key, whichever host serves it and whatever became of its files. */

let database: TestDatabase
let pool: Pool
before(async () => {
  database = await createTestDatabase()
  pool = openPool(database.connectionConfig)
})
after(async () => {
  await pool.end()
  await database.drop()
})

async function host(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tenure-key-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

const says = (words: RegExp) => (fault: unknown) => fault instanceof ConfigFault && words.test(fault.message)

test('an export makes no key, and before a server has started there is nothing to export', async (t) => {
  const home = await host(t)
  const cli = join(import.meta.dirname, '../../server/cli.ts')
  const { status, stderr } = spawnSync(process.execPath, [cli, 'evidence', 'export', join(home, 'pack')], {
    env: { ...process.env, TENURE_HOME: home, DATABASE_URL: database.url },
    encoding: 'utf8',
  })
  assert.match(stderr, /Nothing is sealed yet/)
  assert.equal(status, 1)
  assert.deepEqual(
    (await readdir(home, { recursive: true })).filter((name) => name.includes('key')),
    [],
  )
  assert.equal(await verifierKeyOf(pool), null)
})

test('two hosts that start at once have one key between them, and the other does not start', async (t) => {
  const folders = [await host(t), await host(t)]
  const started = await Promise.allSettled(folders.map((folder) => signingKeyOf(pool, folder)))
  const [winner, ...others] = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  assert.equal(others.length, 0)
  assert.equal(await verifierKeyOf(pool), winner?.verifierKey)

  const place = started.findIndex((each) => each.status === 'fulfilled')
  const [first = '', second = ''] = [folders[place], folders[1 - place]]
  await assert.rejects(
    signingKeyOf(pool, second),
    says(/is (another key|missing): copy the file evidence-signing-key from/),
  )
  await cp(join(first, 'evidence-signing-key'), join(second, 'evidence-signing-key'))
  assert.equal((await signingKeyOf(pool, second)).verifierKey, winner?.verifierKey)
  assert.equal((await signingKeyOf(pool, first)).verifierKey, winner?.verifierKey)
})

test('a host that lost its state folder does not start, and makes no key instead', { timeout: 60_000 }, async (t) => {
  const home = await host(t)
  const ports = {
    TENURE_PORT: '0',
    TENURE_WEBHOOK_PORT: '0',
    TENURE_SANDBOX_JIRA_PORT: '0',
    TENURE_SANDBOX_DIRECTORIES_PORT: '0',
  }
  const settings = readSettings({ TENURE_HOME: home, DATABASE_URL: database.url, ...ports })
  await assert.rejects(
    runServer(settings, () => undefined),
    says(/evidence-signing-key is missing: copy the file .* or restore it from a backup/),
  )
  assert.ok(!(await readdir(home, { recursive: true })).some((name) => name.includes('signing-key')))
})
