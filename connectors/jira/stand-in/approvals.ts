import type { Instant } from '#core/instant.ts'
import { nextId, type Account, type Approval, type Site, type Ticket } from './site.ts'

/*
 * An approval is opened when a ticket enters the approval status, for whoever stands in the approvers field then; with
 * nobody there, none is opened and nobody can answer. Each approver answers once. Enough approvals complete it, and
 * one decline does at once; completing it moves the ticket by the mapped transition, in the name of the one who
 * completed it. A ticket that left the status by another way leaves its approval pending and unanswerable.
 */

export function openApproval(site: Site, ticket: Ticket, now: Instant): void {
  if (ticket.approvers.length === 0) return
  ticket.approvals.push({
    id: nextId(site),
    name: ticket.status,
    createdAt: now,
    completedAt: null,
    decision: 'pending',
    answers: ticket.approvers.map((account) => ({ account, decision: 'pending' })),
  })
}

/** Edits of the approvers field while an approval is open: who answered stays, who did not follows the field. */
export function followApprovers(site: Site, ticket: Ticket): void {
  const approval = openApprovalOf(site, ticket)
  if (approval === null) return
  const answered = approval.answers.filter((answer) => answer.decision !== 'pending')
  const added = ticket.approvers.filter((account) => !answered.some((answer) => answer.account === account))
  approval.answers = [...answered, ...added.map((account) => ({ account, decision: 'pending' as const }))]
}

export function openApprovalOf(site: Site, ticket: Ticket): Approval | null {
  if (ticket.status !== site.seed.workflow.approvalStep.status) return null
  const last = ticket.approvals.at(-1)
  return last !== undefined && last.decision === 'pending' ? last : null
}

export function mayAnswer(site: Site, ticket: Ticket, approval: Approval, account: Account): boolean {
  const answer = approval.answers.find((candidate) => candidate.account === account.accountId)
  return openApprovalOf(site, ticket) === approval && answer?.decision === 'pending'
}
