import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCheckpoint, readCheckpoint, signCheckpoint } from './checkpoint.ts'
import { newSigningKey, parseVerifierKey, signNote } from './signed-note.ts'

const key = newSigningKey('tenure.local/a1b2')
const verifier = parseVerifierKey(key.verifierKey)
const rootHash = Buffer.alloc(32, 7)

test('a checkpoint has the three lines of the standard and one signature [R096]', () => {
  const note = signCheckpoint({ size: 12, rootHash }, key)
  const lines = note.split('\n')
  assert.deepEqual(lines.slice(0, 4), ['tenure.local/a1b2', '12', rootHash.toString('base64'), ''])
  assert.match(lines[4] ?? '', /^\u2014 tenure\.local\/a1b2 [A-Za-z0-9+/]+=*$/)
  assert.deepEqual(openCheckpoint(note, verifier), { origin: 'tenure.local/a1b2', size: 12, rootHash })
  assert.deepEqual(readCheckpoint(note), openCheckpoint(note, verifier))
})

test('a checkpoint of another size, or of another key, is not opened', () => {
  const note = signCheckpoint({ size: 12, rootHash }, key)
  assert.equal(openCheckpoint(note.replace('\n12\n', '\n13\n'), verifier), null)
  assert.equal(
    openCheckpoint(signCheckpoint({ size: 12, rootHash }, newSigningKey('tenure.local/a1b2')), verifier),
    null,
  )
})

test('a note that is well signed and still no checkpoint is not opened', () => {
  const root = rootHash.toString('base64')
  const texts = [
    `another.log\n12\n${root}\n`,
    `tenure.local/a1b2\n012\n${root}\n`,
    `tenure.local/a1b2\n-1\n${root}\n`,
    `tenure.local/a1b2\n99999999999999999999\n${root}\n`,
    `tenure.local/a1b2\n12\n${root.slice(4)}\n`,
    `tenure.local/a1b2\n12\n${root.replaceAll('=', '')}\n`,
    'tenure.local/a1b2\n12\n',
  ]
  for (const text of texts) assert.equal(openCheckpoint(signNote(text, key), verifier), null, text)
})

test('a size or a root that cannot be is a fault', () => {
  assert.throws(() => signCheckpoint({ size: -1, rootHash }, key), /size/)
  assert.throws(() => signCheckpoint({ size: 1.5, rootHash }, key), /size/)
  assert.throws(() => signCheckpoint({ size: 1, rootHash: Buffer.alloc(20) }, key), /20 bytes/)
})
