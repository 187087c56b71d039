import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Pool } from 'pg'
import { sealingWith } from '#engine/evidence/sequencer.ts'
import { newSigningKey } from '#engine/evidence/signed-note.ts'
import { claimGroup } from '#engine/handle/claim-group.ts'
import { randomIds } from '#engine/ids.ts'
import type { Ports } from '#engine/ports.ts'
import { openPool, postgresStore } from '#engine/store/postgres/postgres-store.ts'
import { createTestDatabase, type TestDatabase } from '#engine/store/test-database.ts'
import { run } from '#verify/cli.ts'
import type { CommandIo } from './command.ts'
import { exportEvidence } from './evidence.ts'

const BY = { kind: 'operator', name: 'test' } as const
const key = newSigningKey('tenure.test/export')
const clock = { now: () => Date.parse('2026-03-04T09:00:00.000Z'), sleep: async () => undefined }

let database: TestDatabase
let pool: Pool
let folder: string
before(async () => {
  database = await createTestDatabase()
  pool = openPool(database.connectionConfig)
  folder = await mkdtemp(join(tmpdir(), 'tenure-export-'))
})
after(async () => {
  await rm(folder, { recursive: true })
  await pool.end()
  await database.drop()
})

test('an export verifies with the checkpoint beside it, though the server went on sealing meanwhile', async () => {
  const store = postgresStore(pool)
  const ports: Ports = { store, clock, ids: randomIds, provider: () => undefined, log: () => undefined }
  const groups = ['00g1', '00g2'].map((id) => ({
    group: { provider: 'okta', id },
    name: id,
    description: '',
    notWritable: null,
    fedByRule: false,
  }))
  await store.saveDirectory('okta', { people: [], groups, at: 1 })
  const sealOne = async (id: string): Promise<void> => {
    await claimGroup(ports, { provider: 'okta', id }, BY)
    assert.equal(await store.seal(10, sealingWith(key, clock.now())), 1)
  }
  await sealOne('00g1')

  const said: string[] = []
  const sealed: Ports['store']['sealed'] = async (from, limit) => {
    await sealOne('00g2')
    return store.sealed(from, limit)
  }
  const io: CommandIo = {
    ports: { ...ports, store: { ...store, sealed } },
    operator: 'test',
    say: (line) => said.push(line),
    complain: (line) => said.push(line),
  }
  const pack = join(folder, 'pack')
  assert.equal(await exportEvidence(io, pack, key.verifierKey), 0, said.join('\n'))
  const streams = { out: (text: string) => void said.push(text), err: (text: string) => void said.push(text) }
  const call = [pack, '--checkpoint', `${pack}.checkpoint`, '--key', key.verifierKey]
  assert.equal(await run(call, streams), 0, said.join('\n'))
  assert.equal((await store.newestCheckpoint())?.size, 2)
})
