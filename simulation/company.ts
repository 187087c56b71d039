import type { ApprovalRule } from '#core/approval-rule/approval-rule.ts'
import type { App, Catalog, Role } from '#core/catalog/catalog.ts'
import type { CompanyFacts } from '#sandbox/company/company.ts'
import type { Group } from '#sandbox/company/groups.ts'
import { jiraAccountIdOf, oktaIdOf, personIdOf } from '#sandbox/company/identifiers.ts'
import type { Person } from '#sandbox/company/people.ts'

export const GROUP_NAMES = ['crm', 'crm-reports', 'ledger', 'deploy', 'database', 'wiki', 'fed-by-rule'] as const

function smallCompany(): CompanyFacts {
  const people = peopleOf()
  const [boss, mara, ines] = people as [Person, Person, Person]
  const groups = GROUP_NAMES.map((name): Group => ({
    id: groupIdOf(name),
    name,
    description: '',
    type: 'OKTA_GROUP',
    members: [],
  }))
  const catalog = catalogOf(boss, mara, ines)
  const links = people.map((person) => ({
    personId: person.id,
    jiraAccountId: person.jiraAccountId,
    proof: 'administrator import' as const,
    nameOnImport: person.displayName,
  }))
  return {
    name: 'Small',
    domain: 'small.example',
    people,
    groups,
    groupRules: [
      {
        id: oktaIdOf(7, '0pr', 'support'),
        name: 'support gets the fed group',
        condition: { attribute: 'department', equals: 'Support' },
        groupId: groupIdOf('fed-by-rule'),
      },
    ],
    jiraAccounts: people.map((person) => ({
      accountId: person.jiraAccountId,
      displayName: person.displayName,
      email: person.email,
      emailHidden: false,
      active: true,
    })),
    links,
    catalog,
    otherGroups: [],
    claimedGroups: groups.map(({ id }) => ({ provider: 'okta', id })),
  }
}

export function groupIdOf(name: (typeof GROUP_NAMES)[number]): string {
  return oktaIdOf(7, '00g', name)
}

const SEATS: readonly (readonly [name: string, department: Person['department'], manager: number | null])[] = [
  ['Boss', 'Executive', null],
  ['Mara', 'Engineering', 0],
  ['Ines', 'IT & Security', 0],
  ['Otto', 'IT & Security', 2],
  ['Ada', 'Engineering', 1],
  ['Ben', 'Engineering', 1],
  ['Cleo', 'Engineering', 1],
  ['Dan', 'Support', 0],
  ['Eva', 'Support', 7],
  ['Finn', 'Finance', 0],
]

function peopleOf(): readonly Person[] {
  return SEATS.map(([name, department, manager]) => ({
    id: personIdOf(7, name),
    oktaId: oktaIdOf(7, '00u', name),
    jiraAccountId: jiraAccountIdOf(7, name),
    login: `${name.toLowerCase()}@small.example`,
    email: `${name.toLowerCase()}@small.example`,
    firstName: name,
    lastName: 'Small',
    displayName: `${name} Small`,
    title: department,
    department,
    managerId: manager === null ? null : personIdOf(7, SEATS[manager]?.[0] ?? ''),
    employeeType: 'employee',
    standing: 'active',
    active: true,
  }))
}

function catalogOf(boss: Person, mara: Person, ines: Person): Catalog {
  const app = (id: string, ...owners: Person[]): App => ({
    id,
    name: id.toUpperCase(),
    description: '',
    ownerIds: owners.map((each) => each.id),
  })
  const rules: readonly ApprovalRule[] = [
    { id: 'by-manager', name: 'Manager', autoApprove: [], approvers: [{ kind: 'manager' }, { kind: 'app owner' }] },
    { id: 'by-owner', name: 'Owner', autoApprove: [], approvers: [{ kind: 'app owner' }] },
    { id: 'by-security', name: 'Security', autoApprove: [], approvers: [{ kind: 'security' }] },
    {
      id: 'known',
      name: 'Known role',
      autoApprove: [{ departments: ['Engineering'] }],
      approvers: [{ kind: 'named', people: [boss.id, mara.id] }],
    },
  ]
  const role = (
    id: string,
    appId: string,
    tier: Role['tier'],
    ruleId: string,
    groups: readonly (typeof GROUP_NAMES)[number][],
    noEnd = false,
  ): Role => ({
    id,
    appId,
    name: id,
    description: '',
    tier,
    ownerIds: [],
    groups: groups.map((name) => ({ provider: 'okta', id: groupIdOf(name) })),
    durations: { hours: [1, 6, 24], maximumHours: 24, noEnd },
    ruleId,
  })
  return {
    apps: [app('sales', boss, mara), app('money', boss, ines), app('production', mara, ines), app('knowledge', mara)],
    roles: [
      role('reader', 'sales', 'standard', 'by-manager', ['crm']),
      role('analyst', 'sales', 'standard', 'by-owner', ['crm', 'crm-reports']),
      role('bookkeeper', 'money', 'sensitive', 'by-owner', ['ledger', 'crm-reports']),
      role('operator', 'production', 'privileged', 'by-security', ['deploy', 'database']),
      role('dba', 'production', 'privileged', 'by-security', ['database']),
      role('writer', 'knowledge', 'standard', 'known', ['wiki'], true),
      role('helper', 'knowledge', 'standard', 'by-owner', ['fed-by-rule', 'wiki'], true),
    ],
    rules,
    securityIds: [ines.id, SEATS[3] ? personIdOf(7, SEATS[3][0]) : ines.id],
    administratorIds: [ines.id],
    shortNeedHours: 8,
    completeWithinHours: 2,
  }
}

/**
 * The smallest company in which every promise can be broken: roles that share groups, a rule of the directory that gives
 * a group by itself, approvers of every kind, a role without an end. Always the same; chance belongs to the schedule.
 */
export const COMPANY: CompanyFacts = smallCompany()
