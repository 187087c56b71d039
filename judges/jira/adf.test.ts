import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import ajv from 'ajv-draft-04'
import { adfOf } from '../../connectors/jira/adf.ts'
import type { DeskParagraph } from '../../connectors/kit/desk.ts'

/** Atlassian's own schema of its document format: the description of the REST API lets any value through. */
const file = createRequire(import.meta.url).resolve('@atlaskit/adf-schema/json-schema/v1/full.json')
const validate = new ajv.default({ strict: false, allErrors: true }).compile(
  JSON.parse(readFileSync(file, 'utf8')) as object,
)

function assertValid(paragraphs: readonly DeskParagraph[]): void {
  const document = adfOf({ paragraphs })
  assert.ok(validate(document), JSON.stringify(validate.errors?.slice(0, 3)))
}

const text = (words: string, strong = false): DeskParagraph => ({ kind: 'text', text: words, strong })

test('every kind of message is a valid document', () => {
  assertValid([])
  assertValid([text('Hello.')])
  assertValid([text('Hello.', true), text('')])
  assertValid([text('One\nTwo\r\n\nThree')])
  assertValid([{ kind: 'facts', facts: [] }])
  assertValid([
    text('Receipt'),
    {
      kind: 'facts',
      facts: [
        ['Group', 'Sales'],
        ['Empty', ''],
        ['', 'x'],
      ],
    },
  ])
})

test('hostile and endless words are still a valid document', () => {
  const hostile = [
    '\u0000\u0007\u202e\ud800',
    '<script>',
    '{"type":"doc"}',
    '\n'.repeat(500),
    'x'.repeat(40_000),
    '👩‍👩‍👧',
    '[~accountid:x]',
  ]
  for (const words of hostile) assertValid([text(words), { kind: 'facts', facts: [[words, words]] }])
})

test('the judge has teeth: a plain string, an empty text and an unknown node are refused', () => {
  const faulty = [
    'Hello.',
    { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: '' }] }] },
    { type: 'doc', version: 1, content: [{ type: 'paragraf', content: [] }] },
    { type: 'doc', version: 1, content: [{ type: 'table', content: [] }] },
    { type: 'doc', content: [] },
  ]
  for (const document of faulty) assert.ok(!validate(document), JSON.stringify(document))
})
