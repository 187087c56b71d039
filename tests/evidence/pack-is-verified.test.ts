import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import fc from 'fast-check'
import type { JsonObject, RecordedEvent } from '#core/event.ts'
import type { Actor } from '#core/trigger/actor.ts'
import { canonicalJson } from '#engine/evidence/canonical-json.ts'
import { signCheckpoint } from '#engine/evidence/checkpoint.ts'
import { appendLeaves, consistencyProof, EMPTY_FRONTIER, inclusionProof, rootOf } from '#engine/evidence/merkle-tree.ts'
import { writePack } from '#engine/evidence/pack.ts'
import { leafHashOf, newNonce, newSalt, recordOfEvent, sealRecord } from '#engine/evidence/seal.ts'
import type { SealedRecord } from '#engine/evidence/seal.ts'
import { newSigningKey } from '#engine/evidence/signed-note.ts'
import type { Bytes } from '#verify/bytes.ts'
import { canonicalJson as canonicalJsonOfTheChecker } from '#verify/canonical-json.ts'
import { openFolder } from '#verify/cli.ts'
import { FINDING_CODES } from '#verify/finding.ts'
import { continues, includes } from '#verify/merkle-tree.ts'
import { story } from '#verify/test-story.ts'
import { verifyPack } from '#verify/verify-pack.ts'
import type { Verdict } from '#verify/verify-pack.ts'

const key = newSigningKey('tenure.local/test')

/** The story of the checker's own tests, sealed by the engine. */
function sealedStory(): SealedRecord[] {
  const versions = new Map<string, number>()
  return story().map((entry, index) => {
    const version = (versions.get(entry.stream) ?? 0) + 1
    versions.set(entry.stream, version)
    const personal = (entry.personal ?? null) as JsonObject | null
    const { stream, type } = entry
    const [by, data] = [entry.by as unknown as Actor, entry.data as JsonObject]
    const event: RecordedEvent = { stream, version, type, at: Date.parse(entry.at), by, data, personal }
    const [salt, nonce] = [newSalt(), newNonce()]
    const record = recordOfEvent(event, salt)
    const fields = personal && { salt, fields: personal }
    return { index, nonce, record, personal: fields, leafHash: sealRecord(record, nonce).leafHash }
  })
}

function checkpointOf(records: readonly SealedRecord[]): string {
  const frontier = appendLeaves(
    EMPTY_FRONTIER,
    records.map((record) => record.leafHash),
  )
  return signCheckpoint({ size: frontier.size, rootHash: rootOf(frontier) }, key)
}

async function written(t: TestContext, records: readonly SealedRecord[], checkpoint: string): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'tenure-evidence-'))
  t.after(() => rm(parent, { recursive: true }))
  const folder = join(parent, 'pack')
  await writePack(folder, { records, checkpoint, writtenAt: 0, writtenBy: 'tenure test' })
  return folder
}

async function verified(folder: string, checkpoint: string): Promise<Verdict> {
  const pack = openFolder(folder)
  try {
    return await verifyPack(pack, { checkpoints: [checkpoint], key: key.verifierKey })
  } finally {
    await pack.close()
  }
}

test('what the engine seals and writes, the checker verifies, knowing only the folder and the checkpoint [R096] [N10] [I24]', async (t) => {
  const records = sealedStory()
  const checkpoint = checkpointOf(records)
  const verdict = await verified(await written(t, records, checkpoint), checkpoint)
  assert.deepEqual(verdict.findings, [])
  assert.equal(verdict.verified, true)
  assert.equal(verdict.records, records.length)
  assert.equal(verdict.erased, 0)
  assert.deepEqual([verdict.requests, verdict.changes, verdict.removedAndReadBack], [3, 3, 1])
})

test('personal rows that the engine no longer has leave the proof whole [N10]', async (t) => {
  const records = sealedStory()
  const checkpoint = checkpointOf(records)
  const erased = records.map((record) => ({ ...record, personal: null }))
  const verdict = await verified(await written(t, erased, checkpoint), checkpoint)
  assert.equal(verdict.verified, true)
  assert.equal(verdict.erased, 4)
})

test('a record that was changed in the database before the pack was written is named [N10]', async (t) => {
  const records = sealedStory()
  const checkpoint = checkpointOf(records)
  const index = records.findIndex(({ record }) => record.type === 'RequestApproved')
  const changed = records.map((sealed) =>
    sealed.index === index ? { ...sealed, record: { ...sealed.record, at: '2026-11-02T09:00:00.000Z' } } : sealed,
  )
  const verdict = await verified(await written(t, changed, checkpoint), checkpoint)
  assert.deepEqual(
    verdict.findings.map(({ code, record }) => [code, record]),
    [['record changed', 'request/req_db@2']],
  )
})

test('a byte changed in a written pack names the record [I25] [N10]', async (t) => {
  const records = sealedStory()
  const checkpoint = checkpointOf(records)
  const folder = await written(t, records, checkpoint)
  const path = join(folder, 'records.jsonl')
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replace('"do":"remove"', '"do":"remov3"'))
  const { findings } = await verified(folder, checkpoint)
  assert.deepEqual(
    [findings[0]?.code, findings[0]?.record],
    ['record changed', 'membership/okta/00gDatabase/per_ada@7'],
  )
})

test('both canonical forms of every JSON value are the same bytes', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' }), (value) => {
      const json: unknown = JSON.parse(JSON.stringify(value))
      assert.equal(canonicalJsonOfTheChecker(json), canonicalJson(json))
    }),
    { numRuns: 200 },
  )
})

test('every proof of the engine convinces the checker, and no other does [R096] [I25]', async () => {
  const leaves = Array.from({ length: 24 }, (_, i) => leafHashOf(Buffer.of(i)) as Bytes)
  const head = (size: number) => ({ size, root: rootOf(appendLeaves(EMPTY_FRONTIER, leaves.slice(0, size))) as Bytes })
  const sizes = fc.integer({ min: 1, max: leaves.length })
  await fc.assert(
    fc.asyncProperty(sizes, sizes, fc.nat(leaves.length), fc.nat(400), async (a, b, place, spoiled) => {
      const [older, newer] = [Math.min(a, b), Math.max(a, b)]
      const tree = leaves.slice(0, newer)
      const index = place % newer
      const leaf = leaves[index] as Bytes
      const path = inclusionProof(tree, index) as Bytes[]
      assert.equal(await includes(leaf, { index, size: newer }, path, head(newer).root), true)
      const proof = consistencyProof(tree, older) as Bytes[]
      assert.equal(await continues(head(older), head(newer), proof), true)

      for (const [good, holds] of [
        [path, (wrong: Bytes[]) => includes(leaf, { index, size: newer }, wrong, head(newer).root)],
        [proof, (wrong: Bytes[]) => continues(head(older), head(newer), wrong)],
      ] as const) {
        const at = spoiled % (good.length + 1)
        const hash = new Uint8Array(good[at] ?? leaf)
        hash[spoiled % 32] = (hash[spoiled % 32] ?? 0) ^ 1
        assert.equal(await holds(at < good.length ? good.with(at, hash) : [...good, hash]), false)
      }
    }),
    { numRuns: 300 },
  )
})

test('docs/evidence.md says what every finding means', async () => {
  const page = await readFile(join(import.meta.dirname, '../../docs/evidence.md'), 'utf8')
  for (const code of FINDING_CODES) assert.ok(page.includes(`\`${code}\``), code)
})
