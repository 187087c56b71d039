import type { Instant } from '#core/instant.ts'
import { followApprovers, openApproval } from './approvals.ts'
import { optionId } from './options.ts'
import { wordsOf, type AdfDocument } from './rich-text.ts'
import { done, nextId, refusedWith, type Account, type Deed, type HistoryItem, type Site, type Ticket } from './site.ts'
import { tell } from './webhooks.ts'
import { leaves, madeByApproval, statusNamed, type WorkflowTransition } from './workflow.ts'

export interface TicketFields {
  readonly app: string | null
  readonly role: string | null
  readonly duration: string | null
  readonly reason: AdfDocument | null
}

export function raise(
  site: Site,
  by: Account,
  requestTypeId: string,
  summary: string,
  fields: TicketFields,
  now: Instant,
  creator: Account = by,
): Deed<Ticket> {
  if (!site.seed.requestTypes.some((type) => type.id === requestTypeId)) {
    return refusedWith(400, 'The request type does not exist on this service desk.')
  }
  const misfit = tooLong(fields.reason)
  if (misfit !== null) return refusedWith(400, misfit, site.seed.fields.reason)
  site.lastNumber += 1
  const ticket: Ticket = {
    ...fields,
    id: nextId(site),
    key: `${site.seed.project.key}-${site.lastNumber}`,
    requestTypeId,
    creator: creator.accountId,
    reporter: by.accountId,
    summary,
    status: site.seed.workflow.initial,
    approvers: [],
    createdAt: now,
    updatedAt: now,
    history: [],
    comments: [],
    approvals: [],
  }
  site.tickets.set(ticket.key, ticket)
  tell(site, ticket, creator.accountId, { kind: 'created' }, now)
  return done(ticket)
}

/** Edits what is given and leaves the rest. Nothing different writes no history, as with Jira. */
export function edit(
  site: Site,
  ticket: Ticket,
  by: Account,
  changes: Partial<TicketFields> & { readonly approvers?: readonly string[] },
  now: Instant,
): Deed<Ticket> {
  const { fields } = site.seed
  const misfit = tooLong(changes.reason ?? null)
  if (misfit !== null) return refusedWith(400, misfit, fields.reason)
  const stranger = changes.approvers?.find((accountId) => !site.accounts.has(accountId))
  if (stranger !== undefined) return refusedWith(400, `Account ID '${stranger}' does not exist.`, fields.approvers)

  const items: HistoryItem[] = []
  const options = { app: 'Application', role: 'Role', duration: 'For how long' } as const
  for (const [name, label] of Object.entries(options) as [keyof typeof options, string][]) {
    const to = changes[name]
    if (to === undefined || to === ticket[name]) continue
    const id = (value: string | null) => (value === null ? null : optionId(site.seed, fields[name], value))
    items.push({
      field: label,
      fieldId: fields[name],
      custom: true,
      from: id(ticket[name]),
      fromText: ticket[name],
      to: id(to),
      toText: to,
    })
    ticket[name] = to
  }
  if (changes.reason !== undefined) {
    const was = ticket.reason === null ? null : wordsOf(ticket.reason)
    const is = changes.reason === null ? null : wordsOf(changes.reason)
    if (was !== is) {
      items.push({
        field: 'Business reason',
        fieldId: fields.reason,
        custom: true,
        from: null,
        fromText: was,
        to: null,
        toText: is,
      })
    }
    ticket.reason = changes.reason
  }
  const approvers = changes.approvers
  if (approvers !== undefined && approvers.join() !== ticket.approvers.join()) {
    items.push(approversItem(site, ticket.approvers, approvers))
    ticket.approvers = [...new Set(approvers)]
    followApprovers(site, ticket)
  }
  if (items.length > 0) record(site, ticket, by.accountId, items, { generic: false }, now)
  return done(ticket)
}

/** The transitions that this account may make from here. The two exits of an approval are nobody's. */
export function openTransitions(site: Site, ticket: Ticket, account: Account): readonly WorkflowTransition[] {
  const { workflow } = site.seed
  return workflow.transitions.filter(
    (transition) =>
      leaves(transition, ticket.status) &&
      transition.to !== ticket.status &&
      (account.agent || transition.by === 'everyone') &&
      !(ticket.status === workflow.approvalStep.status && madeByApproval(workflow, transition)),
  )
}

export function transition(site: Site, ticket: Ticket, by: Account, transitionId: string, now: Instant): Deed<Ticket> {
  const chosen = openTransitions(site, ticket, by).find((candidate) => candidate.id === transitionId)
  if (chosen === undefined) {
    return refusedWith(
      400,
      `It seems that you have tried to perform an illegal workflow operation: transition ${transitionId} is not valid for this issue.`,
    )
  }
  moveAlong(site, ticket, by.accountId, chosen, now)
  return done(ticket)
}

/** Also how a completed approval moves the ticket: as the approver who completed it. */
export function moveAlong(site: Site, ticket: Ticket, by: string, chosen: WorkflowTransition, now: Instant): void {
  const { workflow } = site.seed
  const [from, to] = [statusNamed(workflow, ticket.status), statusNamed(workflow, chosen.to)]
  ticket.status = to.name
  if (to.name === workflow.approvalStep.status) openApproval(site, ticket, now)
  const item = {
    field: 'status',
    fieldId: 'status',
    custom: false,
    from: from.id,
    fromText: from.name,
    to: to.id,
    toText: to.name,
  }
  record(site, ticket, by, [item], { generic: true }, now)
}

function approversItem(site: Site, from: readonly string[], to: readonly string[]): HistoryItem {
  const names = (ids: readonly string[]) => ids.map((id) => site.accounts.get(id)?.displayName ?? id).join(', ')
  const { approvers } = site.seed.fields
  return {
    field: 'Approvers',
    fieldId: approvers,
    custom: true,
    from: from.length === 0 ? null : `[${from.join(', ')}]`,
    fromText: from.length === 0 ? null : names(from),
    to: to.length === 0 ? null : `[${to.join(', ')}]`,
    toText: to.length === 0 ? null : names(to),
  }
}

function record(
  site: Site,
  ticket: Ticket,
  by: string,
  items: readonly HistoryItem[],
  how: { readonly generic: boolean },
  now: Instant,
): void {
  const entry = { id: nextId(site), at: now, by, items }
  ticket.history.push(entry)
  touch(ticket, now)
  tell(site, ticket, by, { kind: 'changed', entry, generic: how.generic }, now)
}

/** Moves forward even when the clock stands still, so that no two states of a ticket look alike. */
export function touch(ticket: Ticket, now: Instant): void {
  ticket.updatedAt = Math.max(now, ticket.updatedAt + 1)
}

function tooLong(reason: AdfDocument | null): string | null {
  if (reason === null || wordsOf(reason).length <= 32_767) return null
  return 'The entered text is too long. It exceeds the allowed limit of 32,767 characters.'
}
