import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hexOf } from './bytes.ts'
import { openCheckpoint, parseVerifierKey, readCheckpoint } from './checkpoint.ts'
import type { VerifierKey } from './checkpoint.ts'
import { newLogKey, signHead, signText, verifierKeyOf } from './test-pack.ts'
import type { LogKey } from './test-pack.ts'

const logKey = await newLogKey()
const key = await parsed(logKey)
const root = new Uint8Array(32).fill(7)
const rootText = btoa(String.fromCharCode(...root))

async function parsed(of: LogKey): Promise<VerifierKey> {
  const verifierKey = await parseVerifierKey(await verifierKeyOf(of))
  assert.ok(verifierKey !== null)
  return verifierKey
}

test('the key of a public log is read, and one whose id is not its own is not', async () => {
  const text = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8'
  const known = await parseVerifierKey(text)
  assert.equal(known?.name, 'sum.golang.org')
  assert.equal(hexOf(known?.keyId ?? new Uint8Array()), '033de0ae')
  for (const wrong of [
    text.replace('033d', '033e'),
    text.replace('+Ac', '+Bc'),
    text.slice(0, -4),
    '',
    'a+b',
    ` ${text}`,
  ]) {
    assert.equal(await parseVerifierKey(wrong), null)
  }
})

test('a signed head is trusted, and its three lines are read', async () => {
  const note = await signHead(logKey, { size: 12, root })
  const checkpoint = { origin: 'tenure.local/test', size: 12, root }
  assert.deepEqual(await openCheckpoint(note, key), { kind: 'trusted', checkpoint })
  assert.deepEqual(readCheckpoint(note), checkpoint)
})

test('signatures of other keys beside ours are passed over, and a broken one of ours is not', async () => {
  const note = await signHead(logKey, { size: 12, root })
  const [, witness] = (await signHead(await newLogKey('witness.example'), { size: 12, root })).split('\n\n')
  const [, ofAnotherText] = (await signHead(logKey, { size: 13, root })).split('\n\n')
  assert.equal((await openCheckpoint(`${note}${witness}`, key)).kind, 'trusted')
  assert.equal((await openCheckpoint(`${note}${ofAnotherText}`, key)).kind, 'not signed by the key')
  assert.equal((await openCheckpoint(note, await parsed(await newLogKey()))).kind, 'not signed by the key')
})

test('a changed head is not signed, a head of another log is not ours, and what is no head is not understood', async () => {
  const note = await signHead(logKey, { size: 12, root })
  assert.equal((await openCheckpoint(note.replace('\n12\n', '\n13\n'), key)).kind, 'not signed by the key')
  const elsewhere = await signText(logKey, `another.log\n12\n${rootText}\n`)
  assert.deepEqual(await openCheckpoint(elsewhere, key), { kind: 'of another log', origin: 'another.log' })
  const texts = [
    `tenure.local/test\n012\n${rootText}\n`,
    `tenure.local/test\n-1\n${rootText}\n`,
    `tenure.local/test\n1e3\n${rootText}\n`,
    `tenure.local/test\n99999999999999999999\n${rootText}\n`,
    `tenure.local/test\n12\n${rootText.slice(4)}\n`,
    `tenure.local/test\n12\n${rootText.replaceAll('=', '')}\n`,
    `tenure.local/test\n12\n`,
    `tenure.local/test\r\n12\n${rootText}\n`,
  ]
  for (const text of texts) {
    assert.equal((await openCheckpoint(await signText(logKey, text), key)).kind, 'not understood', text)
  }
  for (const broken of ['', '\n\n', note.slice(0, -1), note.replace('\u2014', '-'), `${note}x\n`]) {
    assert.equal((await openCheckpoint(broken, key)).kind, 'not understood', broken)
  }
})
