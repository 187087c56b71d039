import { rm } from 'node:fs/promises'
import { hash } from 'node:crypto'
import { story } from '#verify/test-story.ts'
import { recordOfEvent, sealRecord } from '#engine/evidence/seal.ts'
import { appendLeaves, EMPTY_FRONTIER, rootOf } from '#engine/evidence/merkle-tree.ts'
import { newSigningKey } from '#engine/evidence/signed-note.ts'
import { signCheckpoint } from '#engine/evidence/checkpoint.ts'
import { writePack } from '#engine/evidence/pack.ts'
import { openFolder } from '#verify/cli.ts'
import { verifyPack } from '#verify/verify-pack.ts'
import { readFile, writeFile, open } from 'node:fs/promises'
const N = Number(process.argv[2])
const key = newSigningKey('tenure.local/bench')
const base = story()
function* gen() {
  let i = 0
  for (let round = 0; ; round++) {
    const versions = new Map<string, number>()
    for (const e of base) {
      if (round > 0 && /^(group|approval|catalog|person)/.test(e.stream)) continue
      if (i === N) return
      const s = JSON.stringify(e).replaceAll(/(req|gra|chg|per)_(\w+)/g, `$1_$2${round}`)
      const x = JSON.parse(s)
      const v = (versions.get(x.stream) ?? 0) + 1
      versions.set(x.stream, v)
      i++
      yield { ...x, version: v, at: Date.parse(x.at), personal: x.personal ?? null }
    }
  }
}
let sealMs = 0
function* sealed() {
  let index = 0
  for (const event of gen()) {
    const t = performance.now()
    const salt = Buffer.alloc(16, index), nonce = Buffer.alloc(16); nonce.writeUInt32BE(index)
    const record = recordOfEvent(event, salt)
    const leafHash = sealRecord(record, nonce).leafHash
    sealMs += performance.now() - t
    yield { index: index++, nonce, record, personal: event.personal && { salt, fields: event.personal }, leafHash }
  }
}
let f = EMPTY_FRONTIER
for (const s of sealed()) f = appendLeaves(f, [s.leafHash])
console.log('seal', (N / sealMs).toFixed(1), 'k/s')
const checkpoint = signCheckpoint({ size: f.size, rootHash: rootOf(f) }, key)
await rm('/tmp/vb/pack', { recursive: true, force: true })
let t = performance.now()
console.log(await writePack('/tmp/vb/pack', { records: sealed(), checkpoint, writtenAt: 0, writtenBy: 'b' }), 'write', (N / (performance.now() - t)).toFixed(1), 'k/s')
await writeFile('/tmp/vb/checkpoint', checkpoint)
await writeFile('/tmp/vb/key', key.verifierKey)
