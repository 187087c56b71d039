import { markup, type Markup } from './markup.ts'
import type { AdfNode } from './rich-text.ts'

const MAX_DEPTH = 60

/** A document as a page shows it. What is not known is passed through to the words inside it; nothing becomes a link. */
export function documentMarkup(node: AdfNode, depth = 0): Markup {
  if (depth > MAX_DEPTH) return markup``
  if (node.type === 'text') return marked(node)
  const inner = (Array.isArray(node.content) ? node.content : []).map((child) => documentMarkup(child, depth + 1))
  switch (node.type) {
    case 'paragraph':
      return markup`<p dir="auto">${inner}</p>`
    case 'heading':
      return markup`<p dir="auto"><strong>${inner}</strong></p>`
    case 'hardBreak':
      return markup`<br>`
    case 'bulletList':
      return markup`<ul>${inner}</ul>`
    case 'orderedList':
      return markup`<ol>${inner}</ol>`
    case 'listItem':
      return markup`<li>${inner}</li>`
    case 'codeBlock':
      return markup`<pre>${inner}</pre>`
    case 'table':
      return markup`<div class="scroll"><table><tbody>${inner}</tbody></table></div>`
    case 'tableRow':
      return markup`<tr>${inner}</tr>`
    case 'tableHeader':
      return markup`<th scope="row">${inner}</th>`
    case 'tableCell':
      return markup`<td>${inner}</td>`
    default:
      return markup`${inner}`
  }
}

function marked(node: AdfNode): Markup {
  const text = markup`${typeof node.text === 'string' ? node.text : ''}`
  const marks = new Set(
    (Array.isArray(node.marks) ? node.marks : []).map((mark: { readonly type: string }) => mark.type),
  )
  const code = marks.has('code') ? markup`<code>${text}</code>` : text
  return marks.has('strong') ? markup`<strong>${code}</strong>` : code
}
