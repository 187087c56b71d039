import { openApprovalOf } from './approvals.ts'
import { markup, words, type Markup } from './markup.ts'
import { wordsOf } from './rich-text.ts'
import type { Approval, Ticket } from './site.ts'
import { openTransitions } from './tickets.ts'
import { address, asPerson, meField, nameOf, timeOf, type Visit } from './visit.ts'
import type { WorkflowTransition } from './workflow.ts'

export function facts(visit: Visit, ticket: Ticket): Markup {
  if (ticket.requestTypeId === null) return factsOfIssue(visit, ticket)
  const { me, site } = visit
  const { reporter } = ticket
  const beThem = markup` · <a href="${asPerson(`/browse/${ticket.key}`, reporter)}">be this person</a>`
  return markup`<h2>Details</h2>
<dl>
<dt>Application</dt><dd>${words(ticket.app ?? '–')}</dd>
<dt>Role</dt><dd>${words(ticket.role ?? '–')}</dd>
<dt>For how long</dt><dd>${words(ticket.duration ?? '–')}</dd>
<dt>Asked by</dt><dd>${nameOf(site, reporter)}${me?.accountId === reporter ? null : beThem}</dd>
<dt>Asked</dt><dd>${timeOf(ticket.createdAt)}</dd>
<dt>Updated</dt><dd>${timeOf(ticket.updatedAt)}</dd>
</dl>`
}

function factsOfIssue(visit: Visit, { issueType, assignee, linked, createdAt, updatedAt }: Ticket): Markup {
  const link = (key: string) => markup`<a href="${address(visit, `/browse/${key}`)}">${key}</a> `
  return markup`<h2>Details</h2>
<dl>
<dt>Type</dt><dd>${words(issueType ?? '–')}</dd>
<dt>Assignee</dt><dd>${assignee ? nameOf(visit.site, assignee) : 'Unassigned'}</dd>
<dt>Linked issues</dt><dd>${linked && linked.length > 0 ? linked.map(link) : '–'}</dd>
<dt>Created</dt><dd>${timeOf(createdAt)}</dd>
<dt>Updated</dt><dd>${timeOf(updatedAt)}</dd>
</dl>`
}

const LOOK_OF = { pending: 'indeterminate', approved: 'done', declined: 'bad' } as const

/** Who was asked and what they said, with a way for the visitor to become them. */
export function approvals(visit: Visit, ticket: Ticket): Markup | null {
  if (ticket.approvals.length === 0) return null
  const { me, site } = visit
  const answerOf = (approval: Approval) => (answer: Approval['answers'][number]) => {
    const { account, decision } = answer
    const open = decision === 'pending' && openApprovalOf(site, ticket) === approval
    const label = me?.accountId === account ? 'answer' : 'be this person'
    const link = markup` · <a href="${asPerson('/approvals', account)}">${label}</a>`
    return markup`<li>${nameOf(site, account)} <span class="lozenge ${LOOK_OF[decision]}">${decision}</span>${open ? link : null}</li>`
  }
  const lists = ticket.approvals.map(
    (approval) => markup`<ul class="plain">${approval.answers.map(answerOf(approval))}</ul>`,
  )
  return markup`<h2>Approval</h2>${lists}`
}

/** A button for each transition that the chosen account may make from here. */
export function actions({ me, site }: Visit, ticket: Ticket): Markup | null {
  const open = me === null ? [] : openTransitions(site, ticket, me)
  if (me === null || open.length === 0) return null
  const one = ({ id, name }: WorkflowTransition) => markup`
<form class="inline" method="post" action="/browse/${ticket.key}/transition">
${meField(me)}<input type="hidden" name="transition" value="${id}"><button class="quiet">${name}</button>
</form>`
  return markup`<h2>Actions</h2><div>${open.map(one)}</div>`
}

/** An agent may edit, also what was approved already: a visitor can see what then becomes of it. */
export function editForm({ me, site }: Visit, ticket: Ticket): Markup | null {
  if (me === null || !me.agent) return null
  const option = (value: string) =>
    markup`<option${value === ticket.duration ? markup` selected` : null}>${value}</option>`
  return markup`<details><summary>Edit as agent</summary>
<form method="post" action="/browse/${ticket.key}/edit">
${meField(me)}
<label for="edit-duration">For how long</label>
<select id="edit-duration" name="duration">${site.seed.durations.map(option)}</select>
<label for="edit-reason">Business reason</label>
<textarea id="edit-reason" name="reason">
${ticket.reason === null ? '' : wordsOf(ticket.reason)}</textarea>
<p class="act"><button class="quiet">Save</button></p>
</form>
</details>`
}
