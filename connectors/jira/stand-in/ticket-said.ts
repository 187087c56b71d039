import { documentMarkup } from './document-markup.ts'
import { markup, words, type Markup } from './markup.ts'
import type { Comment, HistoryEntry, HistoryItem, Site, Ticket } from './site.ts'
import { nameOf, timeOf } from './visit.ts'

const LONGEST_SHOWN = 200

/** What was said on a ticket. A customer never sees an internal note. */
export function comments(site: Site, ticket: Ticket, view: 'customer' | 'agent'): Markup {
  const shown = ticket.comments.filter((comment) => view === 'agent' || !comment.internal)
  const one = ({ at, body, by, internal }: Comment) => markup`<article class="comment${internal ? ' internal' : ''}">
<p class="said"><strong>${internal ? 'Internal note' : 'Reply to customer'}</strong> · ${nameOf(site, by)} · ${timeOf(at)}</p>
${documentMarkup(body)}
</article>`
  return markup`<h2>Comments</h2>${shown.length === 0 ? markup`<p>Nothing was said yet.</p>` : shown.map(one)}`
}

/** Who changed what, as Jira keeps it. */
export function history(site: Site, ticket: Ticket): Markup {
  const change = (item: HistoryItem) =>
    markup`<br><strong>${item.field}</strong>: ${short(item.fromText)} → ${short(item.toText)}`
  const one = ({ at, by, items }: HistoryEntry) =>
    markup`<li>${timeOf(at)} · ${nameOf(site, by)}${items.map(change)}</li>`
  return markup`<h2>History</h2><ol class="history">${ticket.history.map(one)}</ol>`
}

function short(text: string | null): Markup {
  if (text === null || text === '') return markup`none`
  const characters = Array.from(text.slice(0, 2 * LONGEST_SHOWN))
  return words(characters.length > LONGEST_SHOWN ? `${characters.slice(0, LONGEST_SHOWN).join('')}…` : text)
}
