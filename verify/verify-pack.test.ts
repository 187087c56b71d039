import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bytesOf, textOf } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import type { FindingCode } from './finding.ts'
import {
  lineOf,
  newLogKey,
  packOf,
  signHead,
  signText,
  sourceOf,
  storeTree,
  rootOf,
  verifierKeyOf,
} from './test-pack.ts'
import type { TestPack } from './test-pack.ts'
import { story } from './test-story.ts'
import { verifyPack } from './verify-pack.ts'
import type { Verdict } from './verify-pack.ts'

const logKey = await newLogKey()
const pack = await packOf(story(), logKey)
const recordLines = linesOf(pack, 'records.jsonl')
const APPROVAL = pack.names.indexOf('request/req_db@2')
const LAST = pack.names.length - 1

function linesOf({ files }: TestPack, name: string): string[] {
  return (textOf(files.get(name) ?? new Uint8Array()) ?? '').split('\n').slice(0, -1)
}

/** The pack with some files replaced; null takes a file away. */
async function checked(changes: Readonly<Record<string, string | Bytes | null>>, trust = {}): Promise<Verdict> {
  const files = new Map(pack.files)
  for (const [name, content] of Object.entries(changes)) {
    if (content === null) files.delete(name)
    else files.set(name, typeof content === 'string' ? bytesOf(content) : content)
  }
  return verifyPack(sourceOf(files), { checkpoints: [pack.checkpoint], key: pack.key, ...trust })
}

function withLines(lines: readonly string[]): Record<string, string> {
  return { 'records.jsonl': lines.map((line) => `${line}\n`).join('') }
}

function assertFound(verdict: Verdict, code: FindingCode, index: number | null, record = nameAt(index)): void {
  assert.equal(verdict.verified, false)
  const found = verdict.findings.filter((finding) => finding.code === code)
  assert.ok(
    found.some((finding) => finding.record === record && finding.index === index),
    `${code} ${record} ${index} is not in ${JSON.stringify(verdict.findings)}`,
  )
}

function nameAt(index: number | null): string | null {
  return index === null ? null : (pack.names[index] ?? null)
}

test('a pack that nobody touched is verified, and its records are counted [N10]', async () => {
  const { findings, open, ...verdict } = await checked({})
  assert.deepEqual(findings, [])
  assert.deepEqual(verdict, {
    verified: true,
    records: pack.names.length,
    erased: 0,
    changes: 3,
    grants: 2,
    requests: 3,
    approved: 2,
    granted: 2,
    expired: 1,
    removedAndReadBack: 1,
    checkpoint: { origin: 'tenure.local/test', size: pack.names.length },
    findingsInAll: 0,
  })
  const record = 'membership/okta/00gSupport/per_cy@4'
  assert.deepEqual(open, [
    { record, index: LAST - 1, changeId: 'chg_4', do: 'remove', since: '2026-11-02T19:01:00.000Z' },
  ])
})

test('a changed byte in any field of any type of record is found, and the record named [I25] [N10]', async () => {
  const tried = new Set<string>()
  for (const [index, line] of recordLines.entries()) {
    const type = story()[index]?.type
    const fields = [...line.matchAll(/"(\w+)":(?:"([^"]+)"|(\d+))/g)]
    for (const field of fields) {
      if (tried.has(`${type} ${field[1]}`)) continue
      tried.add(`${type} ${field[1]}`)
      const at = field.index + field[0].length - (field[2] === undefined ? 1 : 2)
      const changed = line.slice(0, at) + (line[at] === '5' ? '6' : '5') + line.slice(at + 1)
      const verdict = await checked(withLines(recordLines.with(index, changed)))
      assert.equal(verdict.verified, false, field[0])
      assert.ok(
        verdict.findings.some((finding) => finding.record === nameAt(index) && finding.index === index),
        `${field[0]} of ${nameAt(index)}: ${JSON.stringify(verdict.findings)}`,
      )
    }
  }
})

test('any single byte of the records that is another byte is found, and the record named [I25] [N10]', async () => {
  const bytes = pack.files.get('records.jsonl') ?? new Uint8Array()
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const changed = bytes.slice()
      changed[at] = (changed[at] ?? 0) ^ by
      const verdict = await checked({ 'records.jsonl': changed })
      assert.equal(verdict.verified, false)
      const index = bytes.subarray(0, at).filter((byte) => byte === 0x0a).length
      assert.ok(
        verdict.findings.some((finding) => finding.record === nameAt(index) && finding.index === index),
        JSON.stringify(verdict.findings),
      )
    }),
    { numRuns: 300 },
  )
})

test('a dropped record is named, be it the first, the last or the last of its stream [I25]', async () => {
  for (const index of [0, 1, APPROVAL, LAST]) {
    assertFound(await checked(withLines(recordLines.toSpliced(index, 1))), 'record missing', index)
  }
})

test('a dropped record is named even when the others were renumbered to hide it', async () => {
  const rest = recordLines.toSpliced(APPROVAL, 1)
  const renumbered = rest.map((line, index) => line.replace(/^\{"index":\d+/, `{"index":${index}`))
  assertFound(await checked(withLines(renumbered)), 'record missing', APPROVAL)
})

test('a doubled record is named [I25]', async () => {
  const line = recordLines[APPROVAL] ?? ''
  assertFound(await checked(withLines(recordLines.toSpliced(APPROVAL, 0, line))), 'record doubled', APPROVAL)
  assertFound(await checked(withLines([...recordLines, line])), 'record doubled', APPROVAL)
  const last = await checked(withLines([...recordLines, recordLines[LAST] ?? '']))
  assertFound(last, 'record doubled', LAST)
})

test('two records that changed places are both named [I25]', async () => {
  for (const [a, b] of [
    [APPROVAL, APPROVAL + 1],
    [1, LAST],
    [3, 8],
  ] as const) {
    const [first, second] = [recordLines[a] ?? '', recordLines[b] ?? '']
    const verdict = await checked(withLines(recordLines.with(a, second).with(b, first)))
    assertFound(verdict, 'record misplaced', a)
    assertFound(verdict, 'record misplaced', b)
  }
})

test('a log that was cut short is missing its end, by name [I25]', async () => {
  const verdict = await checked(withLines(recordLines.slice(0, -3)))
  for (const index of [LAST - 2, LAST - 1, LAST]) assertFound(verdict, 'record missing', index)
  assertFound(await checked({ 'records.jsonl': '' }), 'record missing', 0)
})

test('a record that was put in is named', async () => {
  const [, , third] = story()
  assert.ok(third !== undefined)
  const { line } = await lineOf({ ...third, stream: 'approval-rule/mine' }, 1, 4)
  const verdict = await checked(withLines(recordLines.toSpliced(4, 0, line)))
  assertFound(verdict, 'record added', 4, 'approval-rule/mine@1')
  assertFound(await checked(withLines([...recordLines, line])), 'record added', LAST + 1, 'approval-rule/mine@1')
})

test('a record forged together with its leaf hash is named by descending from the signed root', async () => {
  const { files } = await forged()
  const verdict = await checked({ 'records.jsonl': files.records, 'tree/0': files.leaves })
  assertFound(verdict, 'record changed', APPROVAL)
  assert.equal(verdict.findings.length, 1)
})

test('a record forged with every copy of its leaf hash is suspected, beside its neighbour in the tree', async () => {
  const { files } = await forged()
  const changes = { 'records.jsonl': files.records, 'tree/0': files.leaves, 'names.jsonl': files.names }
  const verdict = await checked(changes)
  const neighbour = APPROVAL % 2 === 0 ? APPROVAL + 1 : APPROVAL - 1
  assertFound(verdict, 'record suspected', APPROVAL)
  assertFound(verdict, 'record suspected', neighbour)
  assert.equal(verdict.findings.length, 2)
})

test('a tree rewritten up to its root does not pass, and one true copy of the leaves still names the record', async () => {
  const { files, leafHashes } = await forged()
  const tree = new Map<string, Bytes>()
  await storeTree(tree, leafHashes)
  const rewritten = { 'records.jsonl': files.records, ...Object.fromEntries(tree) }
  assertFound(await checked(rewritten), 'record changed', APPROVAL)
  const everything = await checked({ ...rewritten, 'names.jsonl': files.names })
  assertFound(everything, 'root differs', null, null)
})

test('a whole forged history under a signature of another key does not pass', async () => {
  const other = await newLogKey('tenure.local/test')
  const mine = await packOf(story().toSpliced(APPROVAL, 1), other)
  const files = Object.fromEntries(mine.files)
  assertFound(await checked(files), 'pack checkpoint differs', null)
  assertFound(await checked(files, { checkpoints: [mine.checkpoint] }), 'checkpoint not signed by the key', null)
})

test('a checkpoint is not trusted when it is broken, of another log, or not there', async () => {
  const root = await rootOf(pack.leafHashes)
  const elsewhere = await signText(logKey, `another.log\n1\n${btoa(String.fromCharCode(...root))}\n`)
  assertFound(await checked({}, { checkpoints: ['nothing'] }), 'checkpoint not understood', null)
  assertFound(await checked({}, { checkpoints: [] }), 'checkpoint not understood', null)
  assertFound(await checked({}, { checkpoints: [elsewhere] }), 'checkpoint of another log', null)
  const resized = pack.checkpoint.replace(`\n${pack.names.length}\n`, `\n${pack.names.length - 1}\n`)
  assertFound(await checked({}, { checkpoints: [resized] }), 'checkpoint not signed by the key', null)
  assertFound(
    await checked({}, { key: await verifierKeyOf(await newLogKey()) }),
    'checkpoint not signed by the key',
    null,
  )
})

test('older checkpoints show that nothing was rewritten since, and a second history is found [I25]', async () => {
  const older = await Promise.all(
    [0, 1, 7, 16].map(async (size) => signHead(logKey, { size, root: await rootOf(pack.leafHashes.slice(0, size)) })),
  )
  assert.equal((await checked({}, { checkpoints: [...older, pack.checkpoint] })).verified, true)
  const second = await signHead(logKey, { size: 7, root: await rootOf(pack.leafHashes.slice(1, 8)) })
  assertFound(await checked({}, { checkpoints: [second, pack.checkpoint] }), 'checkpoints disagree', null)
})

test('records beyond the checkpoint are not vouched for, and named', async () => {
  const size = pack.names.length - 2
  const head = await signHead(logKey, { size, root: await rootOf(pack.leafHashes.slice(0, size)) })
  const verdict = await checked({}, { checkpoints: [head] })
  assertFound(verdict, 'record added', size)
  assertFound(verdict, 'record added', size + 1)
})

test('personal fields that were erased are counted, and nothing else changes [N10]', async () => {
  const erased = recordLines.map((line) =>
    line.replace(
      /"personal":\{.*?\}\},?"record"|"personal":\{"fields":\{[^}]*\},"salt":"[0-9a-f]+"\}/,
      '"personal":null',
    ),
  )
  const verdict = await checked(withLines(erased))
  assert.deepEqual(verdict.findings, [])
  assert.equal(verdict.verified, true)
  assert.equal(verdict.erased, 4)
})

test('personal fields that were changed, or put where there were none, are found', async () => {
  const index = pack.names.indexOf('request/req_no@1')
  const changed = (recordLines[index] ?? '').replace('Curious', 'Serious')
  assertFound(await checked(withLines(recordLines.with(index, changed))), 'personal fields differ', index)
  const salt = '00'.repeat(16)
  const added = (recordLines[0] ?? '').replace('"personal":null', `"personal":{"fields":{"a":1},"salt":"${salt}"}`)
  assertFound(await checked(withLines(recordLines.with(0, added))), 'personal fields differ', 0)
})

test('an index that does not count the lines is found', async () => {
  const changed = (recordLines[5] ?? '').replace('"index":5', '"index":6')
  assertFound(await checked(withLines(recordLines.with(5, changed))), 'index differs', 5)
})

test('a stream whose versions were reordered, skipped or repeated under a true signature is found', async () => {
  const versionAt = async (index: number, version: number): Promise<Verdict> => {
    const entries = story()
    const wrong = await packOf(entries, logKey)
    const { line, leafHash } = await lineOf(entries[index] ?? never(), version, index)
    const leafHashes = wrong.leafHashes.with(index, leafHash)
    const head = await signHead(logKey, { size: entries.length, root: await rootOf(leafHashes) })
    const lines = linesOf(wrong, 'records.jsonl').with(index, line)
    return checked({ ...withLines(lines), checkpoint: head }, { checkpoints: [head] })
  }
  assertFound(await versionAt(APPROVAL, 3), 'version missing', APPROVAL, 'request/req_db@2')
  assertFound(await versionAt(APPROVAL, 1), 'version repeated', APPROVAL, 'request/req_db@1')
})

test('a line that means the same in another spelling is refused: a key twice, white space, another order', async () => {
  const line = recordLines[APPROVAL] ?? ''
  const spellings = [
    line.replace('{"index":', '{"index":0,"index":'),
    line.replace('"v":1,', '"v":1,"v":1,'),
    line.replace('"v":1,', '"v": 1,'),
    line.replace('"v":1,', '"v":1.0,'),
    line.replace('"type":"R', '"type":"\\u0052'),
    line.replace(/"nonce":"[0-9a-f]+"/, (nonce) => nonce.toUpperCase().replace('NONCE', 'nonce')),
    line.replace(/^\{("index":\d+),("nonce":"\w+")/, '{$2,$1'),
    `${line} `,
    `\ufeff${line}`,
    `${line}\r`,
    line.replace('"v":1,', '"v":1,"__proto__":{},'),
  ]
  for (const spelling of spellings) {
    assert.notEqual(spelling, line)
    assertFound(await checked(withLines(recordLines.with(APPROVAL, spelling))), 'record unreadable', APPROVAL)
  }
})

test('a line that is nested without end, or does not end, is a finding and not a fault', async () => {
  const deep = `{"index":0,"nonce":"00","personal":null,"record":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
  assertFound(await checked(withLines(recordLines.with(0, deep))), 'record unreadable', 0)
  const endless = 'x'.repeat(5 * 1024 * 1024)
  assertFound(await checked(withLines(recordLines.with(0, endless))), 'record unreadable', 0)
  const unended = recordLines.join('\n')
  assertFound(await checked({ 'records.jsonl': unended }), 'record unreadable', LAST)
})

test('a missing or lying file of the pack is said', async () => {
  for (const name of ['records.jsonl', 'manifest.json', 'checkpoint']) {
    assertFound(await checked({ [name]: null }), 'file missing', null)
  }
  const manifest = textOf(pack.files.get('manifest.json') ?? new Uint8Array()) ?? ''
  const lies = [
    manifest.replace(/"records":\d+/, '"records":1'),
    manifest.replace('"format":1', '"format":2'),
    manifest.replace('tenure.local', 'elsewhere'),
    manifest.replace(/"rootHash":"...../, '"rootHash":"AAAAA'),
    '[]',
    '{',
  ]
  for (const lie of lies) assertFound(await checked({ 'manifest.json': lie }), 'manifest differs', null)
})

test('without its tree and its names a true pack is verified, and a changed one is still refused', async () => {
  const bare = { 'names.jsonl': null, 'tree/0': null, 'tree/1': null, 'tree/2': null }
  assert.equal((await checked(bare)).verified, true)
  const changed = (recordLines[APPROVAL] ?? '').replace('per_owner', 'per_other')
  assertFound(await checked({ ...bare, ...withLines(recordLines.with(APPROVAL, changed)) }), 'root differs', null)
})

test('an empty log is verified', async () => {
  const empty = await packOf([], logKey)
  const verdict = await verifyPack(sourceOf(empty.files), { checkpoints: [empty.checkpoint], key: empty.key })
  assert.equal(verdict.verified, true)
  assert.equal(verdict.records, 0)
  assertFound(await checked({ checkpoint: empty.checkpoint }, { checkpoints: [empty.checkpoint] }), 'record added', 0)
})

/** The approval in the name of somebody else, with the leaf hash that this gives put wherever leaf hashes are stored. */
async function forged(): Promise<{
  files: { records: string; leaves: Bytes; names: string }
  leafHashes: readonly Bytes[]
}> {
  const entry = story()[APPROVAL] ?? never()
  const { line, leafHash } = await lineOf({ ...entry, by: { ...entry.by, id: 'per_forged' } }, 2, APPROVAL)
  const leafHashes = pack.leafHashes.with(APPROVAL, leafHash)
  const tree = new Map<string, Bytes>()
  await storeTree(tree, leafHashes)
  const names = pack.names.map((name, i) =>
    JSON.stringify({ leaf: Buffer.from(leafHashes[i] ?? never()).toString('hex'), name }),
  )
  const records = withLines(recordLines.with(APPROVAL, line))['records.jsonl'] ?? never()
  return { files: { records, leaves: tree.get('tree/0') ?? never(), names: `${names.join('\n')}\n` }, leafHashes }
}

function never(): never {
  throw new Error('the story is shorter than this test believes')
}
