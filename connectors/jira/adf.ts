import type { DeskMessage, DeskParagraph } from '#connectors/kit/desk.ts'

/** https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ */
export interface AdfNode {
  readonly type: string
  readonly text?: string
  readonly marks?: readonly { readonly type: 'strong' }[]
  readonly attrs?: Readonly<Record<string, unknown>>
  readonly content?: readonly AdfNode[]
}

export interface AdfDocument {
  readonly type: 'doc'
  readonly version: 1
  readonly content: readonly AdfNode[]
}

/** Jira takes 32,767 characters in one comment; what surrounds the words needs some of them. */
const LONGEST_MESSAGE = 30_000

/** Words become text nodes and nothing else: no markup, link, mention or macro can come out of them. */
export function adfOf({ paragraphs }: Pick<DeskMessage, 'paragraphs'>): AdfDocument {
  const budget = { left: LONGEST_MESSAGE }
  return { type: 'doc', version: 1, content: paragraphs.map((paragraph) => blockOf(paragraph, budget)) }
}

function blockOf(paragraph: DeskParagraph, budget: Budget): AdfNode {
  if (paragraph.kind === 'text') return paragraphOf(paragraph.text, paragraph.strong === true, budget)
  // An empty table is not a valid one.
  if (paragraph.facts.length === 0) return { type: 'paragraph', content: [] }
  const rows = paragraph.facts.map(([name, value]): AdfNode => {
    const header = { type: 'tableHeader', attrs: {}, content: [paragraphOf(name, false, budget)] }
    return {
      type: 'tableRow',
      content: [header, { type: 'tableCell', attrs: {}, content: [paragraphOf(value, false, budget)] }],
    }
  })
  return { type: 'table', attrs: { isNumberColumnEnabled: false, layout: 'default' }, content: rows }
}

function paragraphOf(text: string, strong: boolean, budget: Budget): AdfNode {
  const content: AdfNode[] = []
  for (const [index, line] of harmless(within(budget, text)).split('\n').entries()) {
    if (index > 0) content.push({ type: 'hardBreak' })
    // A text node must not be empty.
    if (line !== '') content.push({ type: 'text', text: line, ...(strong ? { marks: [{ type: 'strong' }] } : {}) })
  }
  return { type: 'paragraph', content }
}

interface Budget {
  left: number
}

function within(budget: Budget, text: string): string {
  if (budget.left === 0) return ''
  const shown = text.length <= budget.left ? text : `${text.slice(0, budget.left - 1)}…`
  budget.left -= shown.length
  return shown.toWellFormed()
}

/**
 * Control characters and everything that turns the direction of reading become a replacement character: seen, not
 * obeyed. Line ends and tabs stay.
 */
function harmless(text: string): string {
  const lines = text.replaceAll('\r\n', '\n')
  return lines.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
    '\ufffd',
  )
}

/** Deeper than any editor makes, shallow enough for every stack. */
const DEEPEST = 100

/** Blocks end their line; cells of a row stand beside each other. */
const BLOCKS: ReadonlySet<string> = new Set([
  'paragraph',
  'heading',
  'codeBlock',
  'rule',
  'blockCard',
  'embedCard',
  'mediaSingle',
])

/**
 * The words of a field: of a document, an option, a person, a list of them, or plain text. What we do not know has no
 * words. Nothing is cut here, so that a text that is too long is refused for what it is.
 */
export function textOfField(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value))
    return value
      .map(textOfField)
      .filter((text) => text !== '')
      .join(', ')
  if (own(value, 'type') === 'doc') return textOfNode(value, 0).replace(/\n+$/, '')
  for (const name of ['value', 'name', 'displayName']) {
    const text = own(value, name)
    if (typeof text === 'string') return text
  }
  return ''
}

function textOfNode(node: unknown, depth: number): string {
  if (depth > DEEPEST) return ''
  const type = own(node, 'type')
  if (type === 'text') return stringOf(own(node, 'text'))
  if (type === 'hardBreak') return '\n'
  const attrs = own(node, 'attrs')
  if (type === 'emoji') return stringOf(own(attrs, 'text')) || stringOf(own(attrs, 'shortName'))
  if (type === 'mention' || type === 'status') return stringOf(own(attrs, 'text'))
  if (type === 'date') return stringOf(own(attrs, 'timestamp'))
  if (type === 'inlineCard' || type === 'blockCard')
    return `${stringOf(own(attrs, 'url'))}${type === 'blockCard' ? '\n' : ''}`
  const content = own(node, 'content')
  const parts = Array.isArray(content) ? content.map((child) => textOfNode(child, depth + 1)) : []
  if (type === 'tableRow') return `${parts.map((part) => part.trim()).join(' | ')}\n`
  if (type === 'listItem') return `- ${parts.join('')}`
  return typeof type === 'string' && BLOCKS.has(type) ? `${parts.join('')}\n` : parts.join('')
}

function own(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Readonly<Record<string, unknown>>)[name]
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
