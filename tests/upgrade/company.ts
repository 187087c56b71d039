import type { Catalog, Role } from '#core/catalog/catalog.ts'
import type { CompanyFacts } from '#sandbox/company/company.ts'
import type { DepartmentName } from '#sandbox/company/departments.ts'
import type { Group } from '#sandbox/company/groups.ts'
import { jiraAccountIdOf, oktaIdOf, personIdOf } from '#sandbox/company/identifiers.ts'
import { UP_TO_A_WEEK, UP_TO_SIX_HOURS, type Lengths } from '#sandbox/company/lengths.ts'
import type { Person } from '#sandbox/company/people.ts'

/*
 * A company that is just large enough for every state of work, so that a fixture stays small and can be read: who
 * approves, one person for each ask, and five roles. It is written into each fixture with the rest, so that what
 * changes here tomorrow changes nothing in the fixtures of yesterday.
 */

const SEED = 1
const DOMAIN = 'fixture.example'

export const MANAGER = 'Marta Vogel'
export const OWNER = 'Owen Karlsson'
export const SECURITY = 'Selma Quist'
const DIRECTOR = 'Dora Engel'

const FIRST = ['Ada', 'Bo', 'Cleo', 'Dan', 'Eva', 'Finn']
const LAST = ['Abel', 'Brandt', 'Carlin', 'Dahl', 'Eklund', 'Falk']
/** Those who ask, each for one thing. */
const ASKING = LAST.flatMap((last) => FIRST.map((first) => `${first} ${last}`))

/** Holds a group by an administrator's hand before anybody asks: the first is adopted while live, the second while opening. */
export const HELD_BY_HAND = ['Ada Abel', 'Bo Abel'] as const

const GROUPS = {
  editors: 'Pages of the handbook',
  operators: 'Writes the live tables',
  bastion: 'The way to the live tables',
  responders: 'Answers alerts',
  readers: 'Reads the live tables',
  rollback: 'Takes a release back',
  'status page': 'Writes on the status page',
  explorers: 'Explores the numbers',
} as const
export type GroupName = keyof typeof GROUPS

interface NamedRole extends Lengths {
  readonly name: string
  readonly tier: Role['tier']
  readonly groups: readonly GroupName[]
  readonly rule: 'owner' | 'manager' | 'security' | 'sales'
}

const ANY_LENGTH: Lengths = { hours: [1, 6, 24, 168], maximumHours: null, noEnd: true }

const ROLES = {
  editor: { name: 'Editor', tier: 'standard', groups: ['editors'], rule: 'owner', ...ANY_LENGTH },
  operator: {
    name: 'Operator',
    tier: 'privileged',
    groups: ['operators', 'bastion'],
    rule: 'security',
    ...UP_TO_SIX_HOURS,
  },
  'on call': {
    name: 'On call',
    tier: 'sensitive',
    groups: ['readers', 'bastion', 'responders', 'rollback', 'status page'],
    rule: 'manager',
    ...UP_TO_A_WEEK,
  },
  responder: { name: 'Responder', tier: 'sensitive', groups: ['responders'], rule: 'manager', ...UP_TO_A_WEEK },
  explorer: { name: 'Explorer', tier: 'standard', groups: ['explorers'], rule: 'sales', ...UP_TO_A_WEEK },
} as const satisfies Record<string, NamedRole>
export type RoleName = keyof typeof ROLES

const APP = { id: 'handbook', name: 'Handbook' } as const

export function roleIdOf(name: RoleName): string {
  return `role-${name.replace(' ', '-')}`
}

export const APP_ID = APP.id

export function groupsOfRole(name: RoleName): readonly GroupName[] {
  return ROLES[name].groups
}

export function smallCompany(): CompanyFacts {
  const people = [
    person(DIRECTOR, 'Director', 'Executive', null),
    person(MANAGER, 'Manager', 'Sales', DIRECTOR),
    person(OWNER, 'Owner of the handbook', 'Product', DIRECTOR),
    person(SECURITY, 'Security officer', 'IT & Security', DIRECTOR),
    ...ASKING.map((name) => person(name, 'Account Executive', 'Sales', MANAGER)),
  ]
  const held = people.filter((each) => HELD_BY_HAND.some((name) => name === each.displayName))
  const groups = Object.entries(GROUPS).map(([name, description]): Group => ({
    id: oktaIdOf(SEED, '00g', name),
    name,
    description,
    type: 'OKTA_GROUP',
    members: name === 'explorers' ? held.map(({ id }) => ({ personId: id, source: 'direct' })) : [],
  }))
  const jiraAccounts = people.map(({ jiraAccountId, displayName, email }) => {
    return { accountId: jiraAccountId, displayName, email, emailHidden: false, active: true }
  })
  return {
    name: 'Fixture',
    domain: DOMAIN,
    people,
    groups,
    groupRules: [],
    jiraAccounts,
    links: people.map(({ id, jiraAccountId, displayName }) => {
      return { personId: id, jiraAccountId, proof: 'administrator import', nameOnImport: displayName }
    }),
    catalog: firstCatalog(),
    otherGroups: [],
    claimedGroups: groups.map(({ id }) => ({ provider: 'okta', id })),
  }
}

function person(name: string, title: string, department: DepartmentName, manager: string | null): Person {
  const [firstName = '', lastName = ''] = name.split(' ')
  const login = `${firstName}.${lastName}@${DOMAIN}`.toLowerCase()
  return {
    id: personIdOf(SEED, name),
    oktaId: oktaIdOf(SEED, '00u', name),
    jiraAccountId: jiraAccountIdOf(SEED, name),
    login,
    email: login,
    firstName,
    lastName,
    displayName: name,
    title,
    department,
    managerId: manager === null ? null : personIdOf(SEED, manager),
    employeeType: 'employee',
    standing: 'active',
    active: true,
  }
}

function firstCatalog(): Catalog {
  const ownerId = personIdOf(SEED, OWNER)
  return {
    apps: [{ ...APP, description: 'How we work.', ownerIds: [ownerId] }],
    roles: Object.entries(ROLES).map(([name, role]) => ({
      id: roleIdOf(name as RoleName),
      appId: APP.id,
      name: role.name,
      description: `What ${name} needs.`,
      tier: role.tier,
      ownerIds: [],
      groups: role.groups.map((each) => ({ provider: 'okta', id: oktaIdOf(SEED, '00g', each) })),
      durations: { hours: role.hours, maximumHours: role.maximumHours, noEnd: role.noEnd },
      ruleId: role.rule,
    })),
    rules: [
      { id: 'owner', name: 'The owner of the app', autoApprove: [], approvers: [{ kind: 'app owner' }] },
      { id: 'manager', name: 'The manager', autoApprove: [], approvers: [{ kind: 'manager' }] },
      { id: 'security', name: 'Security', autoApprove: [], approvers: [{ kind: 'security' }] },
      {
        id: 'sales',
        name: 'Everybody in Sales, else the manager',
        autoApprove: [{ departments: ['Sales'] }],
        approvers: [{ kind: 'manager' }],
      },
    ],
    securityIds: [personIdOf(SEED, SECURITY)],
    administratorIds: [personIdOf(SEED, DIRECTOR)],
    shortNeedHours: 168,
    completeWithinHours: 24,
  }
}

/** What an administrator makes of it later: a rule that asks one more, a role with other words. No ask means another thing by it. */
export function secondCatalog(first: Catalog): Catalog {
  return {
    ...first,
    roles: first.roles.map((role) =>
      role.id === roleIdOf('responder') ? { ...role, description: 'Answers the alerts of a week.' } : role,
    ),
    rules: first.rules.map((rule) =>
      rule.id === 'manager' ? { ...rule, approvers: [{ kind: 'manager' }, { kind: 'app owner' }] } : rule,
    ),
  }
}
