/** A workflow of Jira as data: statuses, and the transitions between them. */
export interface Workflow {
  readonly statuses: readonly WorkflowStatus[]
  /** Name of the status in which a request begins. */
  readonly initial: string
  readonly transitions: readonly WorkflowTransition[]
  readonly approvalStep: ApprovalStep
}

export interface WorkflowStatus {
  readonly id: string
  readonly name: string
  readonly category: 'new' | 'indeterminate' | 'done'
}

export interface WorkflowTransition {
  readonly id: string
  readonly name: string
  /** Names of the statuses that it leaves. `any` is what a careless set-up has: it goes round the approval. */
  readonly from: readonly string[] | 'any'
  readonly to: string
  /** Whom the workflow's conditions let make it: agents of the service project, or everybody who can log in. */
  readonly by: 'agents' | 'everyone'
}

/** The approval step belongs to a status. It is enforced only when that status has no exits but these two. */
export interface ApprovalStep {
  readonly status: string
  /** How many approvals complete it. One decline always does. */
  readonly needed: number
  readonly approve: string
  readonly decline: string
}

/** The workflow that the setup guide asks for. */
export const accessWorkflow: Workflow = {
  statuses: [
    { id: '10101', name: 'Submitted', category: 'new' },
    { id: '10102', name: 'Waiting for approval', category: 'indeterminate' },
    { id: '10103', name: 'Approved', category: 'indeterminate' },
    { id: '10104', name: 'Declined', category: 'done' },
    { id: '10105', name: 'Refused', category: 'done' },
    { id: '10106', name: 'Access live', category: 'indeterminate' },
    { id: '10107', name: 'Revoking access', category: 'indeterminate' },
    { id: '10108', name: 'Access ended', category: 'done' },
    { id: '10109', name: 'Failed', category: 'done' },
  ],
  initial: 'Submitted',
  transitions: [
    { id: '11', name: 'Ask for approval', from: ['Submitted'], to: 'Waiting for approval', by: 'agents' },
    { id: '21', name: 'Approve by rule', from: ['Submitted'], to: 'Approved', by: 'agents' },
    { id: '31', name: 'Refuse', from: ['Submitted', 'Approved'], to: 'Refused', by: 'agents' },
    { id: '41', name: 'Approve', from: ['Waiting for approval'], to: 'Approved', by: 'agents' },
    { id: '51', name: 'Decline', from: ['Waiting for approval'], to: 'Declined', by: 'agents' },
    { id: '61', name: 'Access is live', from: ['Approved'], to: 'Access live', by: 'agents' },
    { id: '71', name: 'Fail', from: ['Approved'], to: 'Failed', by: 'agents' },
    { id: '81', name: 'Revoke access', from: ['Access live'], to: 'Revoking access', by: 'everyone' },
    { id: '91', name: 'End access', from: ['Access live', 'Revoking access'], to: 'Access ended', by: 'agents' },
    { id: '101', name: 'Put back', from: ['Revoking access'], to: 'Access live', by: 'agents' },
  ],
  approvalStep: { status: 'Waiting for approval', needed: 1, approve: '41', decline: '51' },
}

export function statusNamed(workflow: Workflow, name: string): WorkflowStatus {
  const status = workflow.statuses.find((candidate) => candidate.name === name)
  if (status === undefined) throw new Error(`the workflow has no status ${name}`)
  return status
}

export function transitionNumbered(workflow: Workflow, id: string): WorkflowTransition {
  const transition = workflow.transitions.find((candidate) => candidate.id === id)
  if (transition === undefined) throw new Error(`the workflow has no transition ${id}`)
  return transition
}

export function leaves(transition: WorkflowTransition, status: string): boolean {
  return transition.from === 'any' || transition.from.includes(status)
}

/** The two exits that only a completed approval makes, whoever asks. */
export function madeByApproval(workflow: Workflow, transition: WorkflowTransition): boolean {
  return transition.id === workflow.approvalStep.approve || transition.id === workflow.approvalStep.decline
}
