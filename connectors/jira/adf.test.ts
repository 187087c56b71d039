import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { DeskMessage } from '#connectors/kit/desk.ts'
import { adfOf, textOfField, type AdfNode } from './adf.ts'

function message(...paragraphs: DeskMessage['paragraphs']): DeskMessage {
  return { id: 'm', audience: 'public', paragraphs }
}

function nodesOf(node: AdfNode): readonly AdfNode[] {
  return [node, ...(node.content ?? []).flatMap(nodesOf)]
}

test('text becomes text nodes, lines become breaks, and strong stays strong', () => {
  assert.deepEqual(adfOf(message({ kind: 'text', text: 'One\n\nTwo', strong: true })), {
    type: 'doc',
    version: 1,
    content: [
      {
        type: 'paragraph',
        content: [
          { type: 'text', text: 'One', marks: [{ type: 'strong' }] },
          { type: 'hardBreak' },
          { type: 'hardBreak' },
          { type: 'text', text: 'Two', marks: [{ type: 'strong' }] },
        ],
      },
    ],
  })
})

test('facts become a table of names and values', () => {
  const [table] = adfOf(
    message({
      kind: 'facts',
      facts: [
        ['Receipt', 'req-1'],
        ['Group', 'Sales'],
      ],
    }),
  ).content
  assert.equal(table?.type, 'table')
  assert.deepEqual(
    table?.content?.map((row) => row.content?.map(textOfNode)),
    [
      ['Receipt', 'req-1'],
      ['Group', 'Sales'],
    ],
  )
})

test('no words of anybody become anything but words', () => {
  const kinds = new Set(['doc', 'paragraph', 'text', 'hardBreak', 'table', 'tableRow', 'tableHeader', 'tableCell'])
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, name) => {
      const hostile = `${text} {"type":"mention"} [~admin] {code} <script> @all ${text}`
      const document = adfOf(message({ kind: 'text', text: hostile }, { kind: 'facts', facts: [[name, hostile]] }))
      for (const node of nodesOf(document)) {
        assert.ok(kinds.has(node.type), node.type)
        if (node.type === 'text') {
          assert.ok(node.text !== undefined && node.text !== '' && node.text.isWellFormed())
          assert.doesNotMatch(node.text, /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/)
        }
      }
    }),
  )
})

test('a word that turns the direction of reading is shown as a replacement and turns nothing', () => {
  const [paragraph] = adfOf(message({ kind: 'text', text: 'gnp\u202eexe\u0007' })).content
  assert.equal(textOfNode(paragraph), 'gnp\ufffdexe\ufffd')
})

test('a message never grows beyond what Jira takes, and ends with a mark where it was cut', () => {
  const document = adfOf(
    message(
      { kind: 'text', text: 'x'.repeat(20_000) },
      { kind: 'text', text: 'y'.repeat(20_000) },
      { kind: 'text', text: 'z' },
    ),
  )
  const words = nodesOf(document)
    .map((node) => node.text ?? '')
    .join('')
  assert.equal(words.length, 30_000)
  assert.ok(words.endsWith('y…'))
})

test('a document is read as its words, whatever editor made it', () => {
  const text = (words: string) => ({ type: 'text', text: words })
  const document = {
    type: 'doc',
    version: 1,
    content: [
      { type: 'heading', attrs: { level: 2 }, content: [text('Why')] },
      {
        type: 'paragraph',
        content: [
          text('For '),
          { type: 'mention', attrs: { id: 'x', text: '@Ada' } },
          { type: 'hardBreak' },
          text('now'),
        ],
      },
      { type: 'bulletList', content: [{ type: 'listItem', content: [{ type: 'paragraph', content: [text('one')] }] }] },
      {
        type: 'paragraph',
        content: [
          { type: 'inlineCard', attrs: { url: 'https://acme.example/1' } },
          { type: 'emoji', attrs: { shortName: ':ok:' } },
        ],
      },
      { type: 'unknown', content: [{ type: 'paragraph', content: [text('still read')] }] },
    ],
  }
  assert.equal(textOfField(document), 'Why\nFor @Ada\nnow\n- one\nhttps://acme.example/1:ok:\nstill read')
})

test('options, people, lists and plain text are read; what is unknown has no words', () => {
  assert.equal(textOfField({ value: 'Salesforce', id: '1' }), 'Salesforce')
  assert.equal(textOfField({ displayName: 'Ada' }), 'Ada')
  assert.equal(textOfField([{ value: 'one' }, { value: 'two' }]), 'one, two')
  assert.equal(textOfField('plain'), 'plain')
  for (const nothing of [null, undefined, {}, { value: { value: 'deep' } }, []]) assert.equal(textOfField(nothing), '')
})

test('a document that is nested without end, or is no document inside, does not break the reader', () => {
  let deep: object = { type: 'text', text: 'bottom' }
  for (let depth = 0; depth < 50_000; depth += 1) deep = { type: 'paragraph', content: [deep] }
  assert.equal(textOfField({ type: 'doc', content: [deep] }).trim(), '')
  for (const content of ['text', 7, null, [null, 'x', { type: 7 }, { type: 'text', text: {} }]]) {
    assert.equal(textOfField({ type: 'doc', content }), '')
  }
})

function textOfNode(node: AdfNode | undefined): string {
  return node === undefined
    ? ''
    : nodesOf(node)
        .map((one) => one.text ?? '')
        .join('')
}
