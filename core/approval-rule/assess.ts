import type { App, Role } from '../catalog/catalog.ts'
import type { PersonId } from '../identity-action/membership-key.ts'
import type { ApprovalRule, ApproverSource, KnownRole } from './approval-rule.ts'

/** What the rules need to know of a person, gathered before they are asked. */
export interface Person {
  readonly id: PersonId
  readonly active: boolean
  readonly managerId: PersonId | null
  readonly title: string
  readonly department: string
  /** Whether a desk account of theirs was proven by more than an equal e-mail address: only then may they approve. */
  readonly provenAccount: boolean
}

export interface AssessmentFacts {
  readonly requesterId: PersonId
  readonly beneficiary: Person
  /** Whether the beneficiary's accounts are on the list of those that nobody changes through us. */
  readonly isProtected: boolean
  readonly app: App
  readonly role: Role
  readonly securityIds: readonly PersonId[]
  /** Whoever may turn up as an approver; a person who is missing here does not exist. */
  readonly person: (id: PersonId) => Person | undefined
}

/**
 * How one step of a rule stands. The same finding is shown to the requester, decides the request and is stored as
 * evidence: one function, three readers.
 */
export type Finding =
  | { readonly state: 'satisfied'; readonly by: 'rule'; readonly because: string }
  | { readonly state: 'satisfied'; readonly by: 'person'; readonly personId: PersonId; readonly as: readonly string[] }
  | { readonly state: 'waiting'; readonly on: readonly Candidate[]; readonly passedOver: readonly PassedOver[] }
  | { readonly state: 'nobody can'; readonly passedOver: readonly PassedOver[] }

/** Somebody who may answer, and in which capacity ("manager", "app owner"). */
export interface Candidate {
  readonly personId: PersonId
  readonly as: readonly string[]
}

/** Somebody whom a rule would ask and who cannot answer, or a source that names nobody. */
export interface PassedOver {
  readonly personId: PersonId | null
  readonly as: string
  readonly because: 'own request' | 'not active' | 'account not proven' | 'nobody named'
}

/** Who can decide under this rule, before anybody has answered. */
export function assess(rule: ApprovalRule, facts: AssessmentFacts): Finding {
  const known =
    facts.role.tier === 'standard' ? rule.autoApprove.find((each) => fits(each, facts.beneficiary)) : undefined
  if (known) return { state: 'satisfied', by: 'rule', because: inWords(known) }

  const capacities = new Map<PersonId, string[]>()
  const passedOver: PassedOver[] = []
  for (const source of rule.approvers) {
    const ids = namedBy(source, facts)
    if (ids.length === 0) passedOver.push({ personId: null, as: source.kind, because: 'nobody named' })
    for (const id of ids) {
      const because = whyNot(id, facts)
      if (because) passedOver.push({ personId: id, as: source.kind, because })
      else capacities.set(id, [...(capacities.get(id) ?? []), source.kind])
    }
  }
  if (capacities.size === 0) return { state: 'nobody can', passedOver }
  return { state: 'waiting', on: [...capacities].map(([personId, as]) => ({ personId, as })), passedOver }
}

function fits(known: KnownRole, person: Person): boolean {
  const byDepartment = known.departments === undefined || known.departments.includes(person.department)
  const byTitle = known.titles === undefined || known.titles.includes(person.title)
  // An entry without any list would approve everybody; it approves nobody.
  return (known.departments !== undefined || known.titles !== undefined) && byDepartment && byTitle
}

function inWords(known: KnownRole): string {
  const parts = []
  if (known.departments) parts.push(`department ${known.departments.join(' or ')}`)
  if (known.titles) parts.push(`title ${known.titles.join(' or ')}`)
  return `known role: ${parts.join(', ')}`
}

function namedBy(source: ApproverSource, facts: AssessmentFacts): readonly PersonId[] {
  switch (source.kind) {
    case 'manager':
      return facts.beneficiary.managerId === null ? [] : [facts.beneficiary.managerId]
    case 'app owner':
      return facts.app.ownerIds
    case 'role owner':
      return facts.role.ownerIds
    case 'named':
      return source.people
    case 'security':
      return facts.securityIds
  }
}

function whyNot(id: PersonId, facts: AssessmentFacts): PassedOver['because'] | null {
  if (id === facts.requesterId || id === facts.beneficiary.id) return 'own request'
  const person = facts.person(id)
  if (!person?.active) return 'not active'
  if (!person.provenAccount) return 'account not proven'
  return null
}
