import { html, type Html } from './html.ts'
import type { AdfNode } from './rich-text.ts'

const MAX_DEPTH = 60

/** A document as a page shows it. What is not known is passed through to the words inside it; nothing becomes a link. */
export function markupOf(node: AdfNode, depth = 0): Html {
  if (depth > MAX_DEPTH) return html``
  if (node.type === 'text') return marked(node)
  const inner = (Array.isArray(node.content) ? node.content : []).map((child) => markupOf(child, depth + 1))
  switch (node.type) {
    case 'paragraph':
      return html`<p dir="auto">${inner}</p>`
    case 'heading':
      return html`<p dir="auto"><strong>${inner}</strong></p>`
    case 'hardBreak':
      return html`<br />`
    case 'bulletList':
      return html`<ul>
        ${inner}
      </ul>`
    case 'orderedList':
      return html`<ol>
        ${inner}
      </ol>`
    case 'listItem':
      return html`<li>${inner}</li>`
    case 'codeBlock':
      return html`<pre>${inner}</pre>`
    case 'table':
      return html`<div class="scroll">
        <table>
          <tbody>
            ${inner}
          </tbody>
        </table>
      </div>`
    case 'tableRow':
      return html`<tr>
        ${inner}
      </tr>`
    case 'tableHeader':
      return html`<th scope="row">${inner}</th>`
    case 'tableCell':
      return html`<td>${inner}</td>`
    default:
      return html`${inner}`
  }
}

function marked(node: AdfNode): Html {
  const text = html`${typeof node.text === 'string' ? node.text : ''}`
  const marks = new Set(
    (Array.isArray(node.marks) ? node.marks : []).map((mark: { readonly type: string }) => mark.type),
  )
  const code = marks.has('code') ? html`<code>${text}</code>` : text
  return marks.has('strong') ? html`<strong>${code}</strong>` : code
}
