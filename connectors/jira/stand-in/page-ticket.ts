import type { HttpAnswer } from '#connectors/kit/io.ts'
import { markupOf } from './adf-html.ts'
import { page, seeOther } from './answers.ts'
import { openApprovalOf } from './approvals.ts'
import { html, words, type Html } from './html.ts'
import { alert, frame } from './page-frame.ts'
import { documentOf, wordsOf } from './rich-text.ts'
import { ticketOf, type Approval, type Comment, type HistoryEntry, type Ticket } from './site.ts'
import { edit, openTransitions, transition } from './tickets.ts'
import { address, asPerson, lozenge, meField, nameOf, timeOf, type Visit } from './visit.ts'

type View = 'customer' | 'agent'

/** A ticket as a customer sees it in the portal, or as an agent does with everything on it. */
export function ticketPage(visit: Visit, key: string, status = 200, because: string | null = null): HttpAnswer {
  const ticket = ticketOf(visit.site, key)
  if (ticket === null)
    return page(404, frame(visit, 'No such request', alert(`There is no request ${key} on this site.`)))
  const asked = visit.query.get('view')
  const view: View =
    asked === 'customer' || asked === 'agent' ? asked : visit.me === null || visit.me.agent ? 'agent' : 'customer'
  const said = visit.query.get('said')
  const notice =
    said === 'raised'
      ? 'The request was sent.'
      : said === 'moved'
        ? 'The request was moved.'
        : said === 'edited'
          ? 'The request was changed.'
          : null
  const main = html`${notice === null ? null : html`<p class="note" role="status">${notice}</p>`}${because === null ? null : alert(because)}
    <p>${lozenge(visit.site, ticket.status)} ${viewSwitch(visit, ticket, view)}</p>
    <div class="columns">
      <div>
        <h2>Business reason</h2>
        <p class="words" dir="auto">${ticket.reason === null ? '–' : wordsOf(ticket.reason)}</p>
        ${comments(visit, ticket, view)} ${view === 'agent' ? history(visit, ticket) : null}
      </div>
      <aside aria-label="About this request">
        ${facts(visit, ticket)}${approvals(visit, ticket)}${actions(visit, ticket)}${editForm(visit, ticket, view)}
      </aside>
    </div>`
  return page(status, frame(visit, `${ticket.key} ${ticket.summary}`, main))
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

function viewSwitch(visit: Visit, ticket: Ticket, view: View): Html {
  const choice = (which: View, label: string) =>
    html`<a
      href="${address(visit, `/browse/${ticket.key}`, { view: which })}"
      ${view === which ? html` aria-current="true"` : null}
      >${label}</a
    >`
  return html`<span class="switch" role="group" aria-label="See this request as"
    >${choice('customer', 'See as customer')}${choice('agent', 'See as agent')}</span
  >`
}

function facts(visit: Visit, ticket: Ticket): Html {
  const { site } = visit
  const { reporter } = ticket
  const asThem =
    visit.me?.accountId === reporter
      ? null
      : html` · <a href="${asPerson(`/browse/${ticket.key}`, reporter)}">be this person</a>`
  return html`<h2>Details</h2>
    <dl>
      <dt>Application</dt>
      <dd>${words(ticket.app ?? '–')}</dd>
      <dt>Role</dt>
      <dd>${words(ticket.role ?? '–')}</dd>
      <dt>For how long</dt>
      <dd>${words(ticket.duration ?? '–')}</dd>
      <dt>Asked by</dt>
      <dd>${nameOf(site, reporter)}${asThem}</dd>
      <dt>Asked</dt>
      <dd>${timeOf(ticket.createdAt)}</dd>
      <dt>Updated</dt>
      <dd>${timeOf(ticket.updatedAt)}</dd>
    </dl>`
}

function approvals(visit: Visit, ticket: Ticket): Html | null {
  if (ticket.approvals.length === 0) return null
  const { site, me } = visit
  const lozengeOf = (decision: Approval['decision']) =>
    html`<span class="lozenge ${{ pending: 'indeterminate', approved: 'done', declined: 'bad' }[decision]}"
      >${decision}</span
    >`
  const one = (approval: Approval) =>
    html`<ul>
      ${approval.answers.map((answer) => {
        const open = openApprovalOf(site, ticket) === approval && answer.decision === 'pending'
        const go = me?.accountId === answer.account ? 'answer' : 'be this person'
        return html`<li>
          ${nameOf(site, answer.account)}
          ${lozengeOf(answer.decision)}${open ? html` · <a href="${asPerson('/approvals', answer.account)}">${go}</a>` : null}
        </li>`
      })}
    </ul>`
  return html`<h2>Approval</h2>
    ${ticket.approvals.map(one)}`
}

function actions(visit: Visit, ticket: Ticket): Html | null {
  const { me, site } = visit
  const open = me === null ? [] : openTransitions(site, ticket, me)
  if (me === null || open.length === 0) return null
  return html`<h2>Actions</h2>
    <p>
      ${open.map(
        (one) =>
          html`<form class="inline" method="post" action="/browse/${ticket.key}/transition">
            ${meField(me)}<input type="hidden" name="transition" value="${one.id}" /><button class="quiet">
              ${one.name}
            </button>
          </form>`,
      )}
    </p>`
}

function editForm(visit: Visit, ticket: Ticket, view: View): Html | null {
  const { me, site } = visit
  if (me === null || !me.agent || view === 'customer') return null
  const option = (value: string) => html`<option${value === ticket.duration ? html` selected` : null}>${value}</option>`
  return html`<details>
    <summary>Edit as agent</summary>
    <form method="post" action="/browse/${ticket.key}/edit">
      ${meField(me)} <label for="edit-duration">For how long</label
      ><select id="edit-duration" name="duration">
        ${site.seed.durations.map(option)}
      </select>
      <label for="edit-reason">Business reason</label
      ><textarea id="edit-reason" name="reason">${ticket.reason === null ? '' : wordsOf(ticket.reason)}</textarea>
      <p class="act"><button class="quiet">Save</button></p>
    </form>
  </details>`
}

function comments(visit: Visit, ticket: Ticket, view: View): Html {
  const shown = ticket.comments.filter((comment) => view === 'agent' || !comment.internal)
  const one = (comment: Comment) =>
    html`<article class="comment${comment.internal ? ' internal' : ''}">
      <header>
        <span class="tag">${comment.internal ? 'Internal note' : 'Reply to customer'}</span> ·
        ${nameOf(visit.site, comment.by)} · ${timeOf(comment.at)}
      </header>
      ${markupOf(comment.body)}
    </article>`
  return html`<h2>Comments</h2>
    ${shown.length === 0 ? html`<p>Nothing was said yet.</p>` : shown.map(one)}`
}

function history(visit: Visit, ticket: Ticket): Html {
  const one = (entry: HistoryEntry) =>
    html`<li>
      ${timeOf(entry.at)} ·
      ${nameOf(visit.site, entry.by)}${entry.items.map(
        (item) => html`<br /><strong>${item.field}</strong>: ${short(item.fromText)} → ${short(item.toText)}`,
      )}
    </li>`
  return html`<h2>History</h2>
    <ol class="history">
      ${ticket.history.map(one)}
    </ol>`
}

function short(text: string | null): Html {
  if (text === null || text === '') return html`none`
  const characters = [...text]
  return words(characters.length > 200 ? `${characters.slice(0, 200).join('')}…` : text)
}
