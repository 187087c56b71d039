import type { OktaSeed, SeedClient, SeedRule, SeedUser, UserStatus } from '#connectors/okta/stand-in/seed.ts'
import type { CompanyFacts } from '../company/company.ts'
import type { GroupRule } from '../company/groups.ts'
import type { Person } from '../company/people.ts'

/** The API Services app that the sandbox speaks to Okta as. Its key pair is made anew at every start. */
export type OktaSandboxClient = Pick<SeedClient, 'clientId' | 'publicJwk'>

/** What an administrator would grant who wants everything that Tenure can do. */
const SCOPES = [
  'okta.users.read',
  'okta.groups.read',
  'okta.groups.manage',
  'okta.users.manage',
  'okta.logs.read',
] as const

const STATUS: Readonly<Record<Person['standing'], UserStatus>> = {
  active: 'ACTIVE',
  suspended: 'SUSPENDED',
  left: 'DEPROVISIONED',
}

/** The company as its Okta knows it. Managers are kept by login, as many organisations do. */
export function oktaSeedOf(company: CompanyFacts, client: OktaSandboxClient): OktaSeed {
  const byId = new Map(company.people.map((person) => [person.id, person]))
  const userId = (personId: string) => byId.get(personId)?.oktaId ?? personId
  return {
    users: company.people.map((person) => userOf(person, byId, company.name)),
    groups: company.groups.map(({ id, type, name, description }) => ({ id, type, name, description })),
    // Okta itself keeps the members of a built-in group, and its rules put in whom they feed.
    members: company.groups
      .filter((group) => group.type !== 'BUILT_IN')
      .flatMap((group) =>
        group.members
          .filter((member) => member.source === 'direct' || group.type === 'APP_GROUP')
          .map((member) => [group.id, userId(member.personId)] as const),
      ),
    rules: company.groupRules.map(ruleOf),
    client: { ...client, scopes: SCOPES },
  }
}

function userOf(person: Person, byId: ReadonlyMap<string, Person>, organization: string): SeedUser {
  const manager = person.managerId === null ? undefined : byId.get(person.managerId)
  return {
    id: person.oktaId,
    status: STATUS[person.standing],
    profile: {
      login: person.login,
      email: person.email,
      firstName: person.firstName,
      lastName: person.lastName,
      displayName: person.displayName,
      title: person.title,
      department: person.department,
      organization,
      userType: person.employeeType,
      managerId: manager?.login ?? null,
      manager: manager?.displayName ?? null,
    },
    emailVerified: true,
  }
}

function ruleOf(rule: GroupRule): SeedRule {
  return {
    id: rule.id,
    name: rule.name,
    status: 'ACTIVE',
    expression: `user.${rule.condition.attribute}=="${rule.condition.equals}"`,
    groupIds: [rule.groupId],
  }
}
