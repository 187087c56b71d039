import assert from 'node:assert/strict'
import { test } from 'node:test'
import { visible } from './visible.ts'

test('a character that turns the direction of writing is shown, not obeyed', () => {
  assert.equal(visible('Mallory \u202Egnp.exe'), 'Mallory ⟨U+202E⟩gnp.exe')
  assert.equal(visible('a\u2066b\u2069c'), 'a⟨U+2066⟩b⟨U+2069⟩c')
})

test('control characters are shown, line breaks and tabs are left', () => {
  assert.equal(visible('a\u0000b\u001b[31mc'), 'a⟨U+0000⟩b⟨U+001B⟩[31mc')
  assert.equal(visible('one\ntwo\tthree'), 'one\ntwo\tthree')
})

test('names in any writing and composed emoji stay as they are', () => {
  for (const name of ['نور الحداد', 'Zoë Åberg', '山田 太郎', '👩‍💻 Ada', 'שָׁלוֹם']) assert.equal(visible(name), name)
})
