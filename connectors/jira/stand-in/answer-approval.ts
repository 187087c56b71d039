import type { Instant } from '#core/instant.ts'
import { openApprovalOf } from './approvals.ts'
import { done, refusedWith, type Account, type Approval, type Deed, type Site, type Ticket } from './site.ts'
import { moveAlong } from './tickets.ts'
import { transitionNumbered } from './workflow.ts'

/** An answer is the caller's own: nobody can give it in somebody else's name. */
export function answerApproval(
  site: Site,
  ticket: Ticket,
  approvalId: string,
  by: Account,
  decision: 'approve' | 'decline',
  now: Instant,
): Deed<Approval> {
  const approval = ticket.approvals.find((candidate) => candidate.id === approvalId)
  if (approval === undefined) return refusedWith(404, 'The approval does not exist.')
  const mine = approval.answers.find((answer) => answer.account === by.accountId)
  if (mine === undefined) return refusedWith(403, 'You are not an approver of this request.')
  if (mine.decision !== 'pending' || approval.decision !== 'pending') {
    return refusedWith(409, 'You have already answered this approval, or it has been completed.')
  }
  if (openApprovalOf(site, ticket) !== approval)
    return refusedWith(403, 'The request no longer waits for this approval.')

  const said = decision === 'approve' ? 'approved' : 'declined'
  approval.answers = approval.answers.map((answer) => (answer === mine ? { ...answer, decision: said } : answer))
  const { approvalStep } = site.seed.workflow
  const approved = approval.answers.filter((answer) => answer.decision === 'approved').length
  // The vendor never waits for more approvers than there are.
  const needed = Math.min(approvalStep.needed, approval.answers.length)
  if (said === 'declined' || approved >= needed) {
    approval.decision = said
    approval.completedAt = now
    const exit = said === 'approved' ? approvalStep.approve : approvalStep.decline
    moveAlong(site, ticket, by.accountId, transitionNumbered(site.seed.workflow, exit), now)
  }
  return done(approval)
}
