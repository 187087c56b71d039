import type { Role } from '#core/catalog/catalog.ts'
import type { Instant } from '#core/instant.ts'
import type { Approval, Ticket } from '#connectors/jira/stand-in/site.ts'
import type { Person } from '#sandbox/company/people.ts'
import { COMPANY } from '../company.ts'
import { askedIn, formsOf, type Asked, type Form } from './form.ts'
import type { Told } from './told.ts'

/*
 * What was agreed: somebody who may say yes said it on the ticket's approval, to what the ticket said then; or a rule of
 * the catalog says it for a known role. Whether Tenure then acted on it is another question: it may find a reason not to
 * (the ticket was edited meanwhile, somebody else changed what the person holds). So an agreement is what *may* become
 * access, and nothing else may.
 */
export interface Agreement extends Asked {
  readonly ticket: Ticket
  readonly holder: Person
  readonly by: 'person' | 'rule'
  readonly agreedAt: Instant
}

const BY_ACCOUNT = new Map(COMPANY.people.map((each) => [each.jiraAccountId, each]))

export function personOf(account: string): Person | null {
  return BY_ACCOUNT.get(account) ?? null
}

export function agreementsOn(ticket: Ticket, told: Told): readonly Agreement[] {
  const holder = personOf(ticket.reporter)
  if (ticket.requestTypeId === null || holder === null) return []
  const forms = formsOf(ticket)
  return [
    ...ticket.approvals.flatMap((approval) => byPerson(ticket, holder, forms, approval)),
    ...forms.flatMap((form) => byRule(ticket, holder, form, told)),
  ]
}

function byPerson(ticket: Ticket, holder: Person, forms: readonly Form[], approval: Approval): readonly Agreement[] {
  const { completedAt, createdAt } = approval
  if (approval.decision !== 'approved' || completedAt === null) return []
  const form = forms.find((each) => each.from <= completedAt && completedAt < each.until)
  // Edited while the question was open: nobody was asked what it says now.
  if (form === undefined || (form.from > createdAt && form.from > ticket.createdAt)) return []
  const asked = askedIn(form)
  if (asked === null) return []
  const approvers = approversOf(asked.role, holder)
  const isEligible = approval.answers.some(
    ({ account, decision }) => decision === 'approved' && approvers.has(personOf(account)?.id ?? ''),
  )
  return isEligible ? [{ ...asked, ticket, holder, by: 'person', agreedAt: completedAt }] : []
}

/** A rule says yes to what the ticket says when it is first looked at: never to what it was edited into afterwards. */
function byRule(ticket: Ticket, holder: Person, form: Form, told: Told): readonly Agreement[] {
  const asked = askedIn(form)
  if (asked === null || asked.role.tier !== 'standard') return []
  const rule = COMPANY.catalog.rules.find((each) => each.id === asked.role.ruleId)
  const isKnown = rule?.autoApprove.some(
    ({ departments, titles }) =>
      (departments ?? titles) !== undefined &&
      (departments?.includes(holder.department) ?? true) &&
      (titles?.includes(holder.title) ?? true),
  )
  const lookedAt = Math.min(told.approvedAt ?? Infinity, ticket.approvals[0]?.createdAt ?? Infinity)
  return isKnown && form.from < lookedAt ? [{ ...asked, ticket, holder, by: 'rule', agreedAt: form.from }] : []
}

/** Everybody who may say yes to this role for this person. Nobody says yes to their own. */
function approversOf(role: Role, holder: Person): ReadonlySet<string> {
  const { apps, rules, securityIds } = COMPANY.catalog
  const approvers = new Set<string>()
  for (const source of rules.find((each) => each.id === role.ruleId)?.approvers ?? []) {
    if (source.kind === 'manager' && holder.managerId !== null) approvers.add(holder.managerId)
    if (source.kind === 'app owner')
      for (const id of apps.find((each) => each.id === role.appId)?.ownerIds ?? []) approvers.add(id)
    if (source.kind === 'role owner') for (const id of role.ownerIds) approvers.add(id)
    if (source.kind === 'named') for (const id of source.people) approvers.add(id)
    if (source.kind === 'security') for (const id of securityIds) approvers.add(id)
  }
  approvers.delete(holder.id)
  return approvers
}

/** Everybody who may end this access: whoever holds it, those who answer for them or for the app, security, administrators. */
function revokersOf({ role, holder }: Agreement): ReadonlySet<string> {
  const { apps, securityIds, administratorIds } = COMPANY.catalog
  const owners = apps.find((each) => each.id === role.appId)?.ownerIds ?? []
  return new Set([
    holder.id,
    ...(holder.managerId === null ? [] : [holder.managerId]),
    ...owners,
    ...role.ownerIds,
    ...securityIds,
    ...administratorIds,
  ])
}

/** When somebody with the right to it moved the ticket to "Revoking access". */
export function revocationsOf(agreement: Agreement): readonly Instant[] {
  const { ticket, agreedAt } = agreement
  return ticket.history.flatMap(({ at, by, items }) => {
    if (at < agreedAt || !items.some((each) => each.fieldId === 'status' && each.toText === 'Revoking access'))
      return []
    return revokersOf(agreement).has(personOf(by)?.id ?? '') ? [at] : []
  })
}
