import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createUndiciFetch } from '#connectors/kit/undici-fetch.ts'
import { exportPack } from '#engine/evidence/export-pack.ts'
import { newSigningKey } from '#engine/evidence/signed-note.ts'
import type { Log } from '#engine/ports.ts'
import { requestReads } from '#engine/read/requests.ts'
import { startEmbeddedPostgres } from '#engine/store/embedded-postgres/start.ts'
import { defaultStateFolder } from '#engine/store/embedded-postgres/state-folder.ts'
import { migrate } from '#engine/store/migrate.ts'
import { openPool, postgresStore } from '#engine/store/postgres/postgres-store.ts'
import { settle } from '#engine/workers/engine.ts'
import { tellStory } from '#sandbox/demo-story.ts'
import { populate } from '#sandbox/populate.ts'
import { runSandbox } from '#sandbox/run-sandbox.ts'
import { storyClock } from '#sandbox/story-clock.ts'
import { buildWebhookDoor } from '#surfaces/jira/webhook-door.ts'
import { inWords } from '#surfaces/words/refusals.ts'
import { compose } from './compose.ts'
import { countedIo } from './counted-io.ts'

/**
 * `npm run demo`: one story in the terminal. The same parts as `npm start` (embedded PostgreSQL, the stand-ins over HTTP,
 * the webhook door, the engine), a database of its own that is dropped afterwards, and a clock that six hours pass on.
 */
const asJson = process.argv.includes('--json')
const say = (line: string): void => void (asJson || process.stdout.write(`${line}\n`))

interface Verdict {
  readonly verified: boolean
  readonly records: number
  readonly requests: number
  readonly approved: number
  readonly granted: number
  readonly expired: number
  readonly removedAndReadBack: number
  readonly findings: readonly unknown[]
}

async function demo(folder: string): Promise<Verdict> {
  const server = await startEmbeddedPostgres({ stateFolder: defaultStateFolder(process.env) })
  const maintenance = openPool({ ...server.connection, max: 1 })
  const database = `tenure_demo_${randomBytes(5).toString('hex')}`
  await maintenance.query(`CREATE DATABASE ${database}`)
  const pool = openPool({ ...server.connection, database })
  try {
    await migrate(pool)
    return await play(pool, folder)
  } finally {
    await pool.end()
    await maintenance.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)
    await maintenance.end()
    await server.stop()
  }
}

async function play(pool: ReturnType<typeof openPool>, folder: string): Promise<Verdict> {
  const clock = storyClock(Date.now())
  const network = createUndiciFetch()
  const sandbox = await runSandbox({ folder: join(folder, 'sandbox'), clock, jiraPort: 0, directoriesPort: 0 })
  const store = postgresStore(pool)
  const log: Log = (level, message) => void (level === 'info' || process.stderr.write(`${level}: ${message}\n`))
  const { io, budgets } = countedIo({ fetch: network.fetch, clock, store, log })
  const connections = sandbox.connect(io)
  const signingKey = newSigningKey(`tenure.demo/${randomBytes(4).toString('hex')}`)
  const { ports, jobs } = compose({
    store,
    clock,
    connections,
    budgets,
    sealEveryMs: 0,
    signingKey,
    log,
  })
  if (!connections.jira.webhooks) throw new Error('the sandbox gave its webhook no secret')
  const door = buildWebhookDoor({
    webhooks: connections.jira.webhooks,
    ports: () => ports,
    onFault: (fault) => process.stderr.write(`${String(fault)}\n`),
  })
  try {
    await populate(ports, sandbox.company)
    sandbox.sendWebhooksTo(`${await door.listen({ host: '127.0.0.1', port: 0 })}/webhooks/jira`)
    const reads = requestReads(pool, { issueUrl: () => null, inWords })
    await tellStory({ sandbox, people: sandbox.people(network.fetch), ports, jobs, clock, reads, say })
    await settle(jobs)
    return await proveIt(ports, folder, signingKey.verifierKey)
  } finally {
    await door.close()
    await sandbox.close()
    await network.close()
  }
}

/** Writes the pack and has it checked by a process that gets the folder, the checkpoint and the public key, and nothing else. */
async function proveIt(ports: Parameters<typeof exportPack>[0], folder: string, verifierKey: string): Promise<Verdict> {
  const pack = join(folder, 'pack')
  const checkpoint = join(folder, 'checkpoint')
  const written = await exportPack(ports, pack, 'tenure demo')
  if (!written) throw new Error('nothing was sealed')
  await writeFile(checkpoint, written.checkpoint)
  const cli = fileURLToPath(new URL('../verify/cli.ts', import.meta.url))
  const out = await run([cli, pack, '--checkpoint', checkpoint, '--key', verifierKey, '--json'])
  const verdict = JSON.parse(out) as Verdict
  say(
    `\nEvidence: ${verdict.records} records in a signed log, written to disk and checked by verify/, which knows no database and no engine: ${verdict.verified ? 'verified' : 'NOT VERIFIED'}.`,
  )
  for (const finding of verdict.findings) say(`  ${JSON.stringify(finding)}`)
  return verdict
}

function run(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let out = ''
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 2 ? reject(new Error('the verifier did not understand the call')) : resolve(out),
    )
  })
}

const folder = await mkdtemp(join(tmpdir(), 'tenure-demo-'))
try {
  const { verified, records, requests, approved, granted, expired, removedAndReadBack } = await demo(folder)
  const sum = { requests, approved, granted, expired, removedAndReadBack, evidenceRecords: records, verified }
  if (asJson) process.stdout.write(`${JSON.stringify(sum)}\n`)
  // One request, one approval, one window that began and ended, and both of its groups removed and read back.
  const whole =
    verified && requests === 1 && approved === 1 && granted === 1 && expired === 1 && removedAndReadBack === 2
  if (!whole) {
    process.stderr.write(`The story did not end as it must: ${JSON.stringify(sum)}\n`)
    process.exitCode = 1
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
