import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newSigningKey, openNote, parseSigningKey, parseVerifierKey, signingKeyText, signNote } from './signed-note.ts'

/** The example of the standard's first implementation (package note of golang.org/x/mod/sumdb). */
const PRIVATE = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz'
const VERIFIER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const SIGNED = `${TEXT}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`

test('a note is signed, byte by byte, as other implementations of the standard sign it', () => {
  const key = parseSigningKey(PRIVATE)
  assert.equal(key.verifierKey, VERIFIER)
  assert.equal(signNote(TEXT, key), SIGNED)
  assert.equal(openNote(SIGNED, parseVerifierKey(VERIFIER)), TEXT)
})

test('the key of a public log is read, with its id', () => {
  const key = parseVerifierKey('sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8')
  assert.equal(key.name, 'sum.golang.org')
  assert.equal(key.keyId, '033de0ae')
})

test('a new key survives being written and read', () => {
  const key = newSigningKey('tenure.local/a1b2')
  const again = parseSigningKey(signingKeyText(key))
  assert.equal(again.verifierKey, key.verifierKey)
  assert.equal(openNote(signNote('x\n', again), parseVerifierKey(key.verifierKey)), 'x\n')
})

test('a changed text, a signature of another key and a foreign name are not a signature', () => {
  const key = newSigningKey('tenure.local/a')
  const other = newSigningKey('tenure.local/a')
  const known = parseVerifierKey(key.verifierKey)
  const note = signNote('one\n', key)
  assert.equal(openNote(note.replace('one', 'two'), known), null)
  assert.equal(openNote(signNote('one\n', other), known), null)
  assert.equal(openNote(note.replace('tenure.local/a', 'tenure.local/b'), known), null)
  assert.equal(openNote('one\n', known), null)
  assert.equal(openNote(note.slice(0, -1), known), null)
})

test('signatures of unknown keys beside ours are passed over, and a broken one of ours is not', () => {
  const key = newSigningKey('tenure.local/a')
  const known = parseVerifierKey(key.verifierKey)
  const note = signNote('one\n', key)
  const witness = signNote('one\n', newSigningKey('witness.example')).split('\n\n')[1]
  assert.equal(openNote(`${note}${witness}`, known), 'one\n')
  const brokenLine = signNote('two\n', key).split('\n\n')[1]
  assert.equal(openNote(`${note}${brokenLine}`, known), null)
})

test('a text that could be read in two ways is not signed, and a name neither', () => {
  const key = newSigningKey('a')
  for (const text of ['no end', 'a\tb\n', 'a\r\n', 'a\u0000\n', '\ud800\n']) assert.throws(() => signNote(text, key))
  for (const name of ['', 'a b', 'a+b', 'a\nb', 'a\u2003b']) assert.throws(() => newSigningKey(name), /key name/)
})

test('a damaged key is refused in words that do not show it', () => {
  const seed = PRIVATE.split('+').at(-1) ?? ''
  const damaged = [
    PRIVATE.slice(0, -4),
    PRIVATE.replace('c74f20a3', 'c74f20a4'),
    PRIVATE.slice('PRIVATE+KEY+'.length),
    '',
  ]
  for (const text of damaged) {
    assert.throws(
      () => parseSigningKey(text),
      (error: Error) => !error.message.includes(seed.slice(0, 8)),
    )
  }
  assert.throws(() => parseVerifierKey(VERIFIER.replace('c74f20a3', 'c74f20a4')), /does not belong/)
  assert.throws(
    () => parseVerifierKey('PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'),
    /not an Ed25519/,
  )
})
