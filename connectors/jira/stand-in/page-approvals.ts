import type { HttpAnswer } from '#connectors/kit/io.ts'
import { page, seeOther } from './answers.ts'
import { answerApproval } from './answer-approval.ts'
import { mayAnswer } from './approvals.ts'
import { html, words, type Html } from './html.ts'
import { alert, frame } from './page-frame.ts'
import { chooseFirst } from './page-portal.ts'
import { wordsOf } from './rich-text.ts'
import { ticketOf, type Account, type Approval, type Ticket } from './site.ts'
import { address, meField, nameOf, timeOf, type Visit } from './visit.ts'

/** What the chosen account is asked to approve. */
export function approvalsPage(visit: Visit, status = 200, because: string | null = null): HttpAnswer {
  const { me, site } = visit
  if (me === null) return page(status, frame(visit, 'Approvals', chooseFirst(visit)))
  const asked: Html[] = []
  for (const ticket of [...site.tickets.values()].toReversed()) {
    const approval = ticket.approvals.at(-1)
    if (approval !== undefined && mayAnswer(site, ticket, approval, me))
      asked.push(question(visit, me, ticket, approval))
  }
  const said =
    visit.query.get('said') === 'answered' ? html`<p class="note" role="status">Your answer was taken.</p>` : null
  const none = html`<p>Nothing waits for an answer of ${words(me.displayName)}.</p>`
  return page(
    status,
    frame(
      visit,
      'Approvals',
      html`${said}${because === null ? null : alert(because)}${asked.length === 0 ? none : asked}`,
    ),
  )
}

export function answerFromPage(visit: Visit, key: string, approvalId: string): HttpAnswer {
  const { me, site, form, now } = visit
  const ticket = ticketOf(site, key)
  const decision = form.get('decision')
  if (me === null || ticket === null || (decision !== 'approve' && decision !== 'decline')) {
    return approvalsPage(visit, 400, 'That is no answer to an approval of this site.')
  }
  const answered = answerApproval(site, ticket, approvalId, me, decision, now)
  if (answered.kind === 'refused') return approvalsPage(visit, answered.status, answered.because)
  return seeOther(address(visit, '/approvals', { said: 'answered' }))
}

function question(visit: Visit, me: Account, ticket: Ticket, approval: Approval): Html {
  const { site } = visit
  const button = (decision: string, label: string, style: string) =>
    html`<form class="inline" method="post" action="/approvals/${ticket.key}/${approval.id}">
      ${meField(me)}<input type="hidden" name="decision" value="${decision}" /><button
        class="${style}"
        aria-describedby="ask-${approval.id}"
      >
        ${label}
      </button>
    </form>`
  return html`<article class="comment" aria-labelledby="ask-${approval.id}">
    <h2 id="ask-${approval.id}">
      <a href="${address(visit, `/browse/${ticket.key}`)}">${ticket.key}</a>: ${nameOf(site, ticket.reporter)} asks for
      ${words(ticket.app ?? '–')}
    </h2>
    <dl>
      <dt>Role</dt>
      <dd>${words(ticket.role ?? '–')}</dd>
      <dt>For how long</dt>
      <dd>${words(ticket.duration ?? '–')}</dd>
      <dt>Business reason</dt>
      <dd><p class="words" dir="auto">${ticket.reason === null ? '–' : wordsOf(ticket.reason)}</p></dd>
      <dt>Asked</dt>
      <dd>${timeOf(approval.createdAt)}</dd>
    </dl>
    <p class="act">${button('approve', 'Approve', '')}${button('decline', 'Decline', 'quiet')}</p>
  </article>`
}
