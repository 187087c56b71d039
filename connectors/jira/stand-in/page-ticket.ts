import type { HttpAnswer } from '#connectors/kit/io.ts'
import { page, seeOther } from './answers.ts'
import { documentMarkup } from './document-markup.ts'
import { markup, words, type Markup } from './markup.ts'
import { alert, frame, status } from './page-frame.ts'
import { documentOf, wordsOf } from './rich-text.ts'
import { ticketOf, type Ticket } from './site.ts'
import { comments, history } from './ticket-said.ts'
import { actions, approvals, editForm, facts } from './ticket-side.ts'
import { edit, transition } from './tickets.ts'
import { address, lozenge, type Visit } from './visit.ts'

export type View = 'customer' | 'agent'

const NOTICES: Readonly<Record<string, string>> = {
  raised: 'The request was sent.',
  moved: 'The request was moved.',
  edited: 'The request was changed.',
}

/** A ticket as a customer sees it in the portal, or as an agent does with everything on it. */
export function ticketPage(visit: Visit, key: string, code = 200, because: string | null = null): HttpAnswer {
  const ticket = ticketOf(visit.site, key)
  if (ticket === null) {
    return page(404, frame(visit, 'No such request', alert(`There is no request ${key} on this site.`)))
  }
  const view = viewOf(visit)
  const said = visit.query.get('said') ?? ''
  const main = markup`
${Object.hasOwn(NOTICES, said) ? status(NOTICES[said] ?? '') : null}
${because === null ? null : alert(because)}
<div>${lozenge(visit.site, ticket.status)} ${viewSwitch(visit, ticket, view)} ${lookAgain(visit, ticket, view)}</div>
<div class="columns">
<div>
${about(ticket)}
${comments(visit.site, ticket, view)}
${view === 'agent' ? history(visit.site, ticket) : null}
</div>
<aside aria-label="About this request">
${facts(visit, ticket)}
${approvals(visit, ticket)}
${actions(visit, ticket)}
${view === 'agent' ? editForm(visit, ticket) : null}
</aside>
</div>`
  return page(code, frame(visit, `${ticket.key} ${ticket.summary}`, main))
}

/** What a request asks for, or what an issue that is no request says. */
function about({ requestTypeId, reason, description, summary }: Ticket): Markup {
  if (requestTypeId === null)
    return markup`<h2>Description</h2><p class="label">${words(summary)}</p>${description ? documentMarkup(description) : '–'}`
  return markup`<h2>Business reason</h2>
<p class="words" dir="auto">${reason === null ? '–' : wordsOf(reason)}</p>`
}

export function moveFromPage(visit: Visit, key: string): HttpAnswer {
  const { me, site, form, now } = visit
  const ticket = ticketOf(site, key)
  if (me === null || ticket === null) return ticketPage(visit, key, 400, 'Choose who you are first.')
  const moved = transition(site, ticket, me, form.get('transition') ?? '', now)
  if (moved.kind === 'refused') return ticketPage(visit, key, moved.status, moved.because)
  return seeOther(address(visit, `/browse/${ticket.key}`, { said: 'moved' }))
}

export function editFromPage(visit: Visit, key: string): HttpAnswer {
  const { me, site, form, now } = visit
  const ticket = ticketOf(site, key)
  if (me === null || !me.agent || ticket === null)
    return ticketPage(visit, key, 403, 'Only an agent may edit a request.')
  const duration = form.get('duration') ?? ''
  const reason = (form.get('reason') ?? '').replaceAll('\r\n', '\n')
  if (!site.seed.durations.includes(duration)) return ticketPage(visit, key, 400, 'Choose for how long.')
  const edited = edit(site, ticket, me, { duration, reason: reason === '' ? null : documentOf(reason) }, now)
  if (edited.kind === 'refused') return ticketPage(visit, key, edited.status, edited.because)
  return seeOther(address(visit, `/browse/${ticket.key}`, { said: 'edited' }))
}

/** As asked for; else as the chosen account would see it. Nobody in particular sees everything. */
function viewOf({ me, query }: Visit): View {
  const asked = query.get('view')
  if (asked === 'customer' || asked === 'agent') return asked
  return me === null || me.agent ? 'agent' : 'customer'
}

function viewSwitch(visit: Visit, ticket: Ticket, view: View): Markup {
  const choice = (which: View, label: string) => {
    const to = address(visit, `/browse/${ticket.key}`, { view: which })
    return markup`<a href="${to}"${view === which ? markup` aria-current="true"` : null}>${label}</a>`
  }
  const choices = [choice('customer', 'See as customer'), choice('agent', 'See as agent')]
  return markup`<span class="switch" role="group" aria-label="See this request as">${choices}</span>`
}

/** The page does not move by itself, and Tenure may have by now. */
function lookAgain(visit: Visit, ticket: Ticket, view: View): Markup {
  return markup`<a href="${address(visit, `/browse/${ticket.key}`, { view })}">Look again</a>`
}
