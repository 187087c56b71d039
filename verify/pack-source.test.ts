import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOf } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { readLines, readText } from './pack-source.ts'
import type { Line } from './pack-source.ts'
import { sourceOf } from './test-pack.ts'

async function lines(content: string | Bytes): Promise<Line[]> {
  const bytes = typeof content === 'string' ? bytesOf(content) : content
  const all: Line[] = []
  for await (const batch of readLines(sourceOf(new Map([['f', bytes]])), 'f')) all.push(...batch)
  return all
}

test('lines are counted from 0 and come without their line feed', async () => {
  assert.deepEqual(await lines('a\n\nb\n'), [
    { position: 0, text: 'a', flaw: null },
    { position: 1, text: '', flaw: null },
    { position: 2, text: 'b', flaw: null },
  ])
  assert.deepEqual(await lines(''), [])
})

test('lines that cross from one piece of the file into the next stay whole', async () => {
  const written = Array.from({ length: 9 }, (_, i) => String(i).repeat(300_000 + i))
  const read = await lines(written.map((line) => `${line}\n`).join(''))
  assert.deepEqual(
    read.map((line) => line.text),
    written,
  )
})

test('a line that does not end, is not UTF-8 or is far too long has a flaw, and the next one is read', async () => {
  assert.deepEqual(await lines('a\nb'), [
    { position: 0, text: 'a', flaw: null },
    { position: 1, text: 'b', flaw: 'the last line has no line feed' },
  ])
  const [latin, after] = await lines(Uint8Array.of(0xe4, 0x0a, 0x61, 0x0a))
  assert.deepEqual([latin?.text, latin?.flaw, after?.text], [null, 'the line is not UTF-8', 'a'])
  const [long, next] = await lines(`${'x'.repeat(5_000_000)}\nb\n`)
  assert.deepEqual([long?.text, long?.flaw, next?.text], [null, 'the line is 5000000 bytes long', 'b'])
})

test('a mark of byte order is text like any other', async () => {
  assert.deepEqual(await lines('\ufeffa\n'), [{ position: 0, text: '\ufeffa', flaw: null }])
})

test('a small file is read whole; one that is missing or not text is not', async () => {
  const files = new Map([
    ['f', bytesOf('text')],
    ['g', Uint8Array.of(0xff)],
  ])
  assert.equal(await readText(sourceOf(files), 'f'), 'text')
  assert.equal(await readText(sourceOf(files), 'g'), null)
  assert.equal(await readText(sourceOf(files), 'h'), null)
})
