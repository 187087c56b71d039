import { app, role } from '../catalog/catalog-for-tests.ts'
import type { PersonId } from '../identity-action/membership-key.ts'
import type { AssessmentFacts, Person } from './assess.ts'

/** People of the small company that the tests of the core speak about: who they are is in their ids. */

export function person(id: PersonId, more: Partial<Person> = {}): Person {
  return {
    id,
    active: true,
    managerId: null,
    title: 'Agent',
    department: 'Support',
    provenAccount: true,
    ...more,
  }
}

/** Mara asks; Max is her manager. */
export const MARA: Person = person('per_mara', { managerId: 'per_max' })
export const MAX: Person = person('per_max', { title: 'Lead' })
/** Olga owns the app, Rolf the role, Sami is security, Nia is named by a rule. */
export const EVERYBODY: readonly Person[] = [
  MARA,
  MAX,
  person('per_olga'),
  person('per_rolf'),
  person('per_sami'),
  person('per_nia'),
  person('per_stranger'),
]

/** What is known when a rule is asked. `people` stand in the place of those with their id. */
export function assessmentFacts(more: Partial<AssessmentFacts> = {}, people: readonly Person[] = []): AssessmentFacts {
  const known = new Map([...EVERYBODY, ...people].map((each) => [each.id, each]))
  return {
    requesterId: MARA.id,
    beneficiary: known.get(MARA.id) ?? MARA,
    isProtected: false,
    app: app(),
    role: role(),
    securityIds: ['per_sami'],
    person: (id) => known.get(id),
    ...more,
  }
}
