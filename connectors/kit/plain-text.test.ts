import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bounded, plainText } from './plain-text.ts'

test('a line for people holds no control character and no direction mark', () => {
  assert.equal(plainText('a\u0000\tb\r\nc \u202egnp.exe\u200b \u2066x\ufeff', 100), 'a b c gnp.exe x')
  assert.equal(plainText('a\u061cb\u206ac\u206f', 100), 'a b c')
})

test('a line for people is bounded, and says that it was cut', () => {
  const line = plainText('x'.repeat(10_000_000), 20)
  assert.equal(line.length, 20)
  assert.ok(line.endsWith('…'))
})

test('data is kept as it came, only bounded', () => {
  assert.equal(bounded('a\u0000\u202eb', 10), 'a\u0000\u202eb')
  assert.equal(bounded('x'.repeat(10_000_000), 500).length, 500)
})

test('no cut leaves half a character', () => {
  assert.equal(bounded('ab😀', 3), 'ab')
  assert.ok(bounded('😀'.repeat(300), 501).isWellFormed())
  assert.ok(plainText('😀'.repeat(300), 100).isWellFormed())
})
