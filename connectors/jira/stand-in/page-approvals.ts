import type { HttpAnswer } from '#connectors/kit/io.ts'
import { answerApproval } from './answer-approval.ts'
import { page, seeOther } from './answers.ts'
import { mayAnswer } from './approvals.ts'
import { markup, words, type Markup } from './markup.ts'
import { alert, chooseFirst, frame, status } from './page-frame.ts'
import { wordsOf } from './rich-text.ts'
import { ticketOf, type Account, type Approval, type Ticket } from './site.ts'
import { address, meField, nameOf, timeOf, type Visit } from './visit.ts'

/** What the chosen account is asked to approve. */
export function approvalsPage(visit: Visit, code = 200, because: string | null = null): HttpAnswer {
  const { me, site } = visit
  if (me === null) return page(code, frame(visit, 'Approvals', chooseFirst(visit)))
  const asked: Markup[] = []
  for (const ticket of [...site.tickets.values()].toReversed()) {
    const approval = ticket.approvals.at(-1)
    if (approval !== undefined && mayAnswer(site, ticket, approval, me))
      asked.push(question(visit, me, ticket, approval))
  }
  const none = markup`<p>Nothing waits for an answer of ${words(me.displayName)}.</p>`
  const main = markup`
${visit.query.get('said') === 'answered' ? status('Your answer was taken.') : null}
${because === null ? null : alert(because)}
${asked.length === 0 ? none : asked}`
  return page(code, frame(visit, 'Approvals', main))
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

function question(visit: Visit, me: Account, ticket: Ticket, approval: Approval): Markup {
  const { site } = visit
  const heading = `ask-${approval.id}`
  const button = (decision: string, label: string, look: string) => markup`
<form class="inline" method="post" action="/approvals/${ticket.key}/${approval.id}">
${meField(me)}<input type="hidden" name="decision" value="${decision}">
<button class="${look}" aria-describedby="${heading}">${label}</button>
</form>`
  const link = markup`<a href="${address(visit, `/browse/${ticket.key}`)}">${ticket.key}</a>`
  return markup`<article class="comment" aria-labelledby="${heading}">
<h2 id="${heading}">${link}: ${nameOf(site, ticket.reporter)} asks for ${words(ticket.app ?? '–')}</h2>
<dl>
<dt>Role</dt><dd>${words(ticket.role ?? '–')}</dd>
<dt>For how long</dt><dd>${words(ticket.duration ?? '–')}</dd>
<dt>Business reason</dt><dd><p class="words" dir="auto">${ticket.reason === null ? '–' : wordsOf(ticket.reason)}</p></dd>
<dt>Asked</dt><dd>${timeOf(approval.createdAt)}</dd>
</dl>
<div class="act">${button('approve', 'Approve', 'loud')}${button('decline', 'Decline', 'quiet')}</div>
</article>`
}
