import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { RecordedEvent } from '#core/event.ts'
import { signCheckpoint } from './checkpoint.ts'
import { appendLeaves, EMPTY_FRONTIER, rootOf } from './merkle-tree.ts'
import { writePack } from './pack.ts'
import { newNonce, newSalt, recordOfEvent, sealRecord } from './seal.ts'
import type { SealedRecord } from './seal.ts'
import { newSigningKey } from './signed-note.ts'

const key = newSigningKey('tenure.local/test')
const writtenAt = Date.UTC(2026, 10, 3)
const writtenBy = 'tenure test'

function sealed(index: number): SealedRecord {
  const fields = { reason: `Reason ${index}` }
  const event: RecordedEvent = {
    stream: `request/req_${index}`,
    version: 1,
    type: 'RequestSubmitted',
    at: writtenAt + index,
    by: { kind: 'engine' },
    data: { index },
    personal: index % 2 === 0 ? fields : null,
  }
  const salt = newSalt()
  const nonce = newNonce()
  const record = recordOfEvent(event, salt)
  const personal = event.personal === null ? null : { salt, fields }
  return { index, nonce, record, personal, leafHash: sealRecord(record, nonce).leafHash }
}

function checkpointOf(records: readonly SealedRecord[]): string {
  const frontier = appendLeaves(
    EMPTY_FRONTIER,
    records.map((record) => record.leafHash),
  )
  return signCheckpoint({ size: frontier.size, rootHash: rootOf(frontier) }, key)
}

async function newParent(t: TestContext): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'tenure-pack-'))
  t.after(() => rm(parent, { recursive: true }))
  return parent
}

test('a pack holds the records, the tree, the checkpoint and what it is [N10]', async (t) => {
  const parent = await newParent(t)
  const records = Array.from({ length: 5 }, (_, index) => sealed(index))
  const checkpoint = checkpointOf(records)
  const folder = join(parent, 'pack')
  const written = await writePack(folder, { records, checkpoint, writtenAt, writtenBy })

  assert.deepEqual(written, { folder, records: 5, rootAgrees: true })
  assert.deepEqual((await readdir(parent)).toSorted(), ['pack'])
  assert.equal(await readFile(join(folder, 'checkpoint'), 'utf8'), checkpoint)
  const lines = (await readFile(join(folder, 'records.jsonl'), 'utf8')).split('\n')
  assert.equal(lines.length, 6)
  assert.deepEqual(JSON.parse(lines[1] ?? ''), {
    index: 1,
    nonce: Buffer.from(records[1]?.nonce ?? '').toString('hex'),
    personal: null,
    record: records[1]?.record,
  })
  const level = async (n: number) => (await readFile(join(folder, 'tree', String(n)))).length / 32
  assert.deepEqual([await level(0), await level(1), await level(2)], [5, 2, 1])
  assert.deepEqual(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')), {
    what: 'Tenure evidence pack',
    format: 1,
    origin: 'tenure.local/test',
    records: 5,
    rootHash: checkpoint.split('\n')[2],
    writtenAt: '2026-11-03T00:00:00.000Z',
    writtenBy,
  })
})

test('records that come from a stream, in more pieces than one, keep their order', async (t) => {
  const parent = await newParent(t)
  const records = Array.from({ length: 3000 }, (_, index) => sealed(index))
  const checkpoint = checkpointOf(records)
  async function* stream(): AsyncGenerator<SealedRecord> {
    for (const record of records) yield await Promise.resolve(record)
  }
  const folder = join(parent, 'deep', 'pack')
  assert.equal((await writePack(folder, { records: stream(), checkpoint, writtenAt, writtenBy })).rootAgrees, true)
  const lines = (await readFile(join(folder, 'records.jsonl'), 'utf8')).trimEnd().split('\n')
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as { index: number }).index),
    records.map((record) => record.index),
  )
})

test('a leaf hash that was changed in the database is written, and said', async (t) => {
  const parent = await newParent(t)
  const records = Array.from({ length: 3 }, (_, index) => sealed(index))
  const checkpoint = checkpointOf(records)
  const changed = records.map((record) => (record.index === 1 ? sealed(1) : record))
  const written = await writePack(join(parent, 'pack'), { records: changed, checkpoint, writtenAt, writtenBy })
  assert.equal(written.rootAgrees, false)
})

test('a pack that cannot be finished leaves nothing behind', async (t) => {
  const parent = await newParent(t)
  const records = Array.from({ length: 4 }, (_, index) => sealed(index))
  const checkpoint = checkpointOf(records)
  const broken = [records.slice(0, 3), [...records, sealed(4)], [records[0], records[2]].filter((r) => r !== undefined)]
  for (const wrong of broken) {
    await assert.rejects(writePack(join(parent, 'pack'), { records: wrong, checkpoint, writtenAt, writtenBy }))
  }
  await assert.rejects(writePack(join(parent, 'pack'), { records, checkpoint: 'none', writtenAt, writtenBy }), /none/)
  assert.deepEqual(await readdir(parent), [])
})

test('a folder that already holds something is not touched, and an empty one is filled', async (t) => {
  const parent = await newParent(t)
  const folder = join(parent, 'pack')
  const records = [sealed(0)]
  const contents = { records, checkpoint: checkpointOf(records), writtenAt, writtenBy }
  await mkdir(folder)
  await writePack(folder, contents)
  const before = await readFile(join(folder, 'records.jsonl'), 'utf8')
  await assert.rejects(writePack(folder, { ...contents, writtenBy: 'another' }), /not empty/)
  assert.equal(await readFile(join(folder, 'records.jsonl'), 'utf8'), before)
  assert.deepEqual(await readdir(parent), ['pack'])
})
