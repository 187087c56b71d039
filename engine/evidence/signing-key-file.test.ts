import assert from 'node:assert/strict'
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openOrCreateSigningKey } from './signing-key-file.ts'

async function newFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tenure-key-'))
  t.after(() => rm(folder, { recursive: true }))
  return join(folder, 'state')
}

test('the key is made once, kept for its owner alone, and found again', async (t) => {
  const folder = await newFolder(t)
  const key = await openOrCreateSigningKey(folder)
  assert.match(key.name, /^tenure\.local\/[0-9a-f]{8}$/)
  assert.equal((await stat(join(folder, 'evidence-signing-key'))).mode & 0o777, 0o600)
  assert.equal((await openOrCreateSigningKey(folder)).verifierKey, key.verifierKey)
  assert.equal(await readFile(join(folder, 'evidence-verifier-key'), 'utf8'), `${key.verifierKey}\n`)
})

test('servers that start at the same moment agree on one key, and leave nothing lying about', async (t) => {
  const folder = await newFolder(t)
  const keys = await Promise.all(Array.from({ length: 8 }, () => openOrCreateSigningKey(folder)))
  assert.equal(new Set(keys.map((key) => key.verifierKey)).size, 1)
  assert.deepEqual((await readdir(folder)).toSorted(), ['evidence-signing-key', 'evidence-verifier-key'])
})

test('a key that others can read is not used', async (t) => {
  const folder = await newFolder(t)
  await openOrCreateSigningKey(folder)
  await chmod(join(folder, 'evidence-signing-key'), 0o644)
  await assert.rejects(openOrCreateSigningKey(folder), /chmod 600/)
})
