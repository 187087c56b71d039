/** A node of the Atlassian Document Format, as somebody else may have written it: every part is to be distrusted. */
export interface AdfNode {
  readonly type: string
  readonly text?: string
  readonly attrs?: Readonly<Record<string, unknown>>
  readonly marks?: readonly { readonly type: string }[]
  readonly content?: readonly AdfNode[]
}

export interface AdfDocument extends AdfNode {
  readonly type: 'doc'
  readonly version: 1
}

const MAX_DEPTH = 60
const BLOCKS = new Set(['paragraph', 'heading', 'listItem', 'tableRow', 'codeBlock', 'blockquote', 'panel', 'rule'])

/** What Jira makes of text that is typed into a paragraph field. */
export function documentOf(text: string): AdfDocument {
  const content = text
    .split('\n')
    .map((line): AdfNode => ({ type: 'paragraph', content: line === '' ? [] : [{ type: 'text', text: line }] }))
  return { type: 'doc', version: 1, content: text === '' ? [] : content }
}

/** True for the outline that Jira insists on; what lies inside is not judged here. */
export function isDocument(value: unknown): value is AdfDocument {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    value.type === 'doc' &&
    'version' in value &&
    value.version === 1 &&
    'content' in value &&
    Array.isArray(value.content)
  )
}

/** The words alone, as the changelog and the older API show them. */
export function wordsOf(node: AdfNode, depth = 0): string {
  if (depth > MAX_DEPTH) return ''
  if (node.type === 'text') return typeof node.text === 'string' ? node.text : ''
  if (node.type === 'hardBreak') return '\n'
  const inner = (node.content ?? []).map((child) => wordsOf(child, depth + 1)).join(node.type === 'tableRow' ? ' ' : '')
  return BLOCKS.has(node.type) ? `${inner}\n` : node.type === 'doc' ? inner.replace(/\n+$/, '') : inner
}
