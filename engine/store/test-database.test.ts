import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Pool } from 'pg'
import { exists } from './embedded-postgres/binaries.ts'
import { wait } from './embedded-postgres/wait.ts'
import { createTestDatabase, type Migrate } from './test-database.ts'

const stub = {
  schema: 'create table word (word text)',
  migrate: (async (pool) => void (await pool.query('CREATE TABLE word (word text)'))) satisfies Migrate,
}

test('each test file gets a database of its own, of the newest schema', async () => {
  const [a, b] = await Promise.all([createTestDatabase(stub), createTestDatabase(stub)])
  const [poolA, poolB] = [new Pool(a.connectionConfig), new Pool({ connectionString: b.url })]
  await poolA.query("INSERT INTO word VALUES ('only in a')")
  assert.equal((await poolA.query('SELECT FROM word')).rowCount, 1)
  assert.equal((await poolB.query('SELECT FROM word')).rowCount, 0)
  await Promise.all([poolA.end(), poolB.end()])
  await Promise.all([a.drop(), b.drop()])
  await a.drop()
})

test('a schema is migrated once, whoever asks first', async () => {
  let migrations = 0
  const schema = `once ${process.pid}`
  const migrate: Migrate = async (pool) => {
    migrations += 1
    await pool.query('CREATE TABLE once (n int)')
  }
  const databases = await Promise.all([1, 2, 3].map(() => createTestDatabase({ schema, migrate })))
  assert.equal(migrations, 1)
  await Promise.all(databases.map((database) => database.drop()))
})

test('a migration that fails is reported, and tried again', async () => {
  const schema = `fails once ${process.pid}`
  await assert.rejects(
    createTestDatabase({ schema, migrate: () => Promise.reject(new Error('no such column')) }),
    /no such column/,
  )
  const database = await createTestDatabase({ schema, migrate: stub.migrate })
  await database.drop()
})

test('the database of a test process that was killed is dropped by a later one', async () => {
  const held = await createTestDatabase(stub)
  const killed = spawn(process.execPath, ['--input-type=module', '--eval', programThatIsKilled()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [name] = (await once(killed.stdout, 'data')) as [Buffer]
  await once(killed, 'exit')
  const later = spawn(process.execPath, ['--input-type=module', '--eval', programThatEnds()], { stdio: 'inherit' })
  assert.deepEqual(await once(later, 'exit'), [0, null])
  const pool = new Pool(held.connectionConfig)
  const { rowCount } = await pool.query('SELECT FROM pg_database WHERE datname = $1', [String(name).trim()])
  await pool.end()
  await held.drop()
  assert.equal(rowCount, 0)
})

test('nothing stays running when a whole test run is killed', async () => {
  const home = await mkdtemp(join(tmpdir(), 'tenure-killed-run-'))
  await chmod(home, 0o711)
  const file = join(home, 'endless.test.mjs')
  const held = join(home, 'holds-a-database')
  // A test file that dies with its runner, at once and without a word, while it holds a database.
  await writeFile(
    file,
    `const parent = process.ppid
    const { writeFile } = await import('node:fs/promises')
    ${create()}
    await writeFile(${JSON.stringify(held)}, '')
    setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGKILL'), 20)`,
  )
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env
  const runner = spawn(process.execPath, ['--test', file], {
    env: { ...environment, TENURE_TEST_HOME: home },
    stdio: 'ignore',
  })
  const server = join(home, 'data-18', 'postmaster.pid')
  // The pid file alone proves nothing: initdb's own backend makes one for a moment.
  await until(() => exists(held))
  assert.ok(await exists(server))
  runner.kill('SIGKILL')
  await until(async () => !(await exists(server)) && !(await readdir(home)).some((name) => name.startsWith('keeper')))
  await rm(home, { recursive: true })
})

async function until(come: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await come()) return
    await wait(100)
  }
  assert.fail('waited for a minute')
}

function create(): string {
  const url = `file://${join(import.meta.dirname, 'test-database.ts')}`
  return `
    const { createTestDatabase } = await import(${JSON.stringify(url)})
    const migrate = (pool) => pool.query('CREATE TABLE word (word text)')
    const database = await createTestDatabase({ schema: ${JSON.stringify(stub.schema)}, migrate })`
}

function programThatIsKilled(): string {
  return `${create()}
    process.stdout.write(database.connectionConfig.database, () => process.kill(process.pid, 'SIGKILL'))`
}

function programThatEnds(): string {
  return `${create()}
    await database.drop()`
}
