import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { RecordedEvent } from '#core/event.ts'
import { newNonce, newSalt, personalDigest, recordOfEvent, sealRecord } from './seal.ts'

const submitted: RecordedEvent = {
  stream: 'request/req_7k2m',
  version: 1,
  type: 'RequestSubmitted',
  at: Date.UTC(2026, 10, 2, 9, 30, 0, 5),
  by: { kind: 'person', id: 'per_a', door: 'jira' },
  data: { requesterId: 'per_a', hours: 6 },
  personal: { reason: 'Invoices of the third quarter' },
}
const salt = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
const nonce = Buffer.from('ffeeddccbbaa99887766554433221100', 'hex')

function sha256(...parts: (string | Uint8Array)[]): Buffer {
  const digest = createHash('sha256')
  for (const part of parts) digest.update(part)
  return digest.digest()
}

test('a leaf is what the contract says, recomputed by hand', () => {
  const record = recordOfEvent(submitted, salt)
  const personal = sha256(salt, '{"reason":"Invoices of the third quarter"}').toString('hex')
  assert.equal(record.personal, personal)

  const canonical =
    '{"at":"2026-11-02T09:30:00.005Z","by":{"door":"jira","id":"per_a","kind":"person"},' +
    `"data":{"hours":6,"requesterId":"per_a"},"personal":"${personal}","stream":"request/req_7k2m",` +
    '"type":"RequestSubmitted","v":1,"version":1}'
  const commitment = sha256(nonce, canonical).toString('hex')
  const leaf = `{"at":"2026-11-02T09:30:00.005Z","commitment":"${commitment}","type":"RequestSubmitted","v":1}`

  const seal = sealRecord(record, nonce)
  assert.equal(seal.commitment, commitment)
  assert.equal(Buffer.from(seal.leaf).toString('utf8'), leaf)
  assert.deepEqual(Buffer.from(seal.leafHash), sha256(Uint8Array.of(0), leaf))
})

test('a leaf holds no personal field and nothing from which one could be guessed', () => {
  const leaf = Buffer.from(sealRecord(recordOfEvent(submitted, salt), nonce).leaf).toString('utf8')
  assert.deepEqual(Object.keys(JSON.parse(leaf)), ['at', 'commitment', 'type', 'v'])
  assert.notEqual(personalDigest({ salt, fields: { a: 1 } }), personalDigest({ salt: newSalt(), fields: { a: 1 } }))
})

test('one changed field, another nonce or another salt gives another leaf', () => {
  const record = recordOfEvent(submitted, salt)
  const hashes = [
    sealRecord(record, nonce),
    sealRecord({ ...record, data: { ...record.data, hours: 7 } }, nonce),
    sealRecord({ ...record, version: 2 }, nonce),
    sealRecord(record, newNonce()),
    sealRecord(recordOfEvent(submitted, newSalt()), nonce),
  ].map((seal) => Buffer.from(seal.leafHash).toString('hex'))
  assert.equal(new Set(hashes).size, hashes.length)
})

test('an event without personal fields needs no salt, and one with them is not sealed without', () => {
  assert.equal(recordOfEvent({ ...submitted, personal: null }, null).personal, null)
  assert.throws(() => recordOfEvent(submitted, null), /no salt/)
})

test('a salt or nonce of another length is a fault', () => {
  assert.throws(() => personalDigest({ salt: new Uint8Array(15), fields: {} }), /15 bytes/)
  assert.throws(() => sealRecord(recordOfEvent(submitted, salt), new Uint8Array(17)), /17 bytes/)
})
