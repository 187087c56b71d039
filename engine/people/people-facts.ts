import type { AssessmentFacts, Person } from '#core/approval-rule/assess.ts'
import type { ApprovalRule } from '#core/approval-rule/approval-rule.ts'
import { isProtectedPerson, type App, type Catalog, type Role } from '#core/catalog/catalog.ts'
import type { PersonId } from '#core/identity-action/membership-key.ts'
import type { Store, StoredPerson } from '../store/store.ts'

/** The facts that `assess` needs, gathered before it is asked. Null when the beneficiary is in no directory. */
export async function gatherAssessmentFacts(
  store: Store,
  of: {
    readonly requesterId: PersonId
    readonly beneficiaryId: PersonId
    readonly catalog: Catalog
    readonly app: App
    readonly role: Role
    readonly rule: ApprovalRule
    /** Somebody who answered, asked or not: without them nobody could say why their answer does not count. */
    readonly deciderId?: PersonId | null
  },
): Promise<AssessmentFacts | null> {
  const [stored] = await store.people([of.beneficiaryId])
  if (!stored) return null
  const named = of.rule.approvers.flatMap((source) => (source.kind === 'named' ? source.people : []))
  const ids = [
    of.requesterId,
    of.beneficiaryId,
    ...of.app.ownerIds,
    ...of.role.ownerIds,
    ...of.catalog.securityIds,
    ...named,
  ]
  if (stored.managerId) ids.push(stored.managerId)
  if (of.deciderId) ids.push(of.deciderId)
  const people = await peopleById(store, [...new Set(ids)])
  const beneficiary = people.get(of.beneficiaryId)
  if (!beneficiary) return null
  return {
    requesterId: of.requesterId,
    beneficiary,
    isProtected: isProtectedPerson(of.catalog, of.beneficiaryId),
    app: of.app,
    role: of.role,
    securityIds: of.catalog.securityIds,
    person: (id) => people.get(id),
  }
}

/** A person of several accounts is active while any of them is. */
async function peopleById(store: Store, ids: readonly PersonId[]): Promise<ReadonlyMap<PersonId, Person>> {
  const [stored, links] = await Promise.all([store.people(ids), store.linksOf(ids)])
  // An equal e-mail address is no proof that is good enough for somebody who approves.
  const proven = new Set(links.filter((each) => each.proof !== 'verified e-mail').map((each) => each.personId))
  const people = new Map<PersonId, Person>()
  for (const each of stored) {
    const before = people.get(each.personId)
    people.set(each.personId, personOf(each, proven.has(each.personId), before?.active ?? false))
  }
  return people
}

function personOf(stored: StoredPerson, provenAccount: boolean, otherwiseActive: boolean): Person {
  return {
    id: stored.personId,
    active: stored.active || otherwiseActive,
    managerId: stored.managerId,
    title: stored.title,
    department: stored.department,
    provenAccount,
  }
}
