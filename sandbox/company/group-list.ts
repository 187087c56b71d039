import { SUPPORT_TITLES } from './approval-rules.ts'
import { DEPARTMENT_NAMES, type DepartmentName } from './departments.ts'

export interface ListedGroup {
  readonly name: string
  readonly description: string
  readonly type: 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN'
  /** Who is in it before anybody asks Tenure, put there by hand. Any entry that fits a person counts. */
  readonly holders: readonly Holders[]
  /** What Okta's own rule engine adds to it; null: no rule does. */
  readonly fedBy: RuleCondition | null
}

export interface Holders {
  readonly departments?: readonly DepartmentName[]
  readonly titles?: readonly string[]
  /** Of those who fit, e.g. 0.9; 1 is everybody. */
  readonly share: number
}

/** A rule that looks at one attribute of the profile, as most real ones do. */
export interface RuleCondition {
  readonly attribute: 'department' | 'userType'
  readonly equals: string
}

const EVERYBODY: Holders = { share: 1 }

function byHand(name: string, description: string, ...holders: readonly Holders[]): ListedGroup {
  return { name, description, type: 'OKTA_GROUP', holders, fedBy: null }
}

function byRule(name: string, description: string, fedBy: RuleCondition, ...holders: readonly Holders[]): ListedGroup {
  return { name, description, type: 'OKTA_GROUP', holders, fedBy }
}

function byApplication(name: string, description: string, ...holders: readonly Holders[]): ListedGroup {
  return { name, description, type: 'APP_GROUP', holders, fedBy: null }
}

function slugOf(department: DepartmentName): string {
  return department.toLowerCase().replace(' & ', '-and-')
}

/** Groups that no role maps to: they are claimed by nobody. */
const BACKGROUND: readonly ListedGroup[] = [
  {
    name: 'Everyone',
    description: 'All users in this organization',
    type: 'BUILT_IN',
    holders: [EVERYBODY],
    fedBy: null,
  },
  byApplication('Workday: All Workers', 'Imported from Workday', EVERYBODY),
  byApplication('NetSuite: Subsidiary Europe', 'Imported from NetSuite', { departments: ['Finance'], share: 1 }),
  byApplication('GitHub: halden/platform', 'Imported from GitHub', { titles: ['Site Reliability Engineer'], share: 1 }),
  ...DEPARTMENT_NAMES.map((department) =>
    byRule(`department-${slugOf(department)}`, `Everybody in ${department}`, {
      attribute: 'department',
      equals: department,
    }),
  ),
  byRule('contractors', 'Everybody who works here under a contract of services', {
    attribute: 'userType',
    equals: 'contractor',
  }),
  byHand('vpn-users', 'May connect from outside the offices', { share: 0.9 }),
  byHand('office-oslo', 'Door and Wi-Fi in Oslo', { share: 0.3 }),
  byHand('office-dublin', 'Door and Wi-Fi in Dublin', { share: 0.25 }),
  byHand('office-toronto', 'Door and Wi-Fi in Toronto', { share: 0.2 }),
]

/** Groups that the roles of the twelve applications map to. */
const OF_ROLES: readonly ListedGroup[] = [
  byHand('salesforce-users', 'Salesforce: sales user', { departments: ['Sales'], share: 1 }),
  byHand('salesforce-service-viewers', 'Salesforce: service viewer', { titles: SUPPORT_TITLES, share: 0.9 }),
  byHand('salesforce-forecasts', 'Salesforce: forecast of the company', {
    titles: ['Chief Revenue Officer', 'Director of Sales, Europe', 'Director of Sales, Americas'],
    share: 1,
  }),
  byHand('salesforce-administrators', 'Salesforce: system administrator', {
    titles: ['Head of Revenue Operations'],
    share: 1,
  }),
  byHand('netsuite-read-only', 'NetSuite: read only', {
    titles: ['Accountant', 'Accounts Payable Specialist', 'Financial Analyst', 'Chief Financial Officer'],
    share: 1,
  }),
  byHand('netsuite-journals', 'NetSuite: journals and invoices', {
    titles: ['Accountant', 'Accounts Payable Specialist'],
    share: 1,
  }),
  byHand('netsuite-payments', 'NetSuite: release of payments', { titles: ['Chief Financial Officer'], share: 1 }),
  byHand('zendesk-agents', 'Zendesk: agent', { departments: ['Support'], share: 0.95 }),
  byHand('zendesk-light-agents', 'Zendesk: light agent', { departments: ['Product', 'Engineering'], share: 0.3 }),
  byHand('zendesk-administrators', 'Zendesk: administrator', { titles: ['Support Operations Lead'], share: 1 }),
  byHand('looker-viewers', 'Looker: viewer', {
    departments: ['Sales', 'Support', 'Product', 'Marketing', 'Operations'],
    share: 0.75,
  }),
  byHand('looker-explorers', 'Looker: explorer', { titles: ['Data Analyst', 'Financial Analyst'], share: 1 }),
  byHand('looker-developers', 'Looker: developer', { titles: ['Data Analyst'], share: 1 }),
  byHand('workday-people-partners', 'Workday: people partner', { titles: ['People Partner'], share: 1 }),
  byHand('workday-payroll-viewers', 'Workday: payroll viewer. Kept by hand by the payroll team', {
    titles: ['Payroll Specialist'],
    share: 1,
  }),
  byRule(
    'figma-viewers',
    'Figma: viewer',
    { attribute: 'department', equals: 'Product' },
    { departments: ['Marketing'], share: 0.4 },
  ),
  byHand('figma-editors', 'Figma: editor', {
    titles: ['Head of Design', 'Senior Product Designer', 'Product Designer', 'Contract Illustrator'],
    share: 1,
  }),
  byHand('ironclad-readers', 'Ironclad: contract reader', { departments: ['Legal'], share: 1 }),
  byHand('ironclad-archive', 'Ironclad: archive reader', {
    titles: ['General Counsel', 'Records Specialist'],
    share: 1,
  }),
  byHand('production-database-readers', 'Production database: masked reads', {
    titles: ['Database Engineer', 'Senior Database Engineer'],
    share: 1,
  }),
  byHand('production-database-operators', 'Production database: reads and writes'),
  byHand('production-bastion', 'The host from which production is reached'),
  byHand('github-contributors', 'GitHub: contributor', { departments: ['Engineering'], share: 0.95 }),
  byHand('github-maintainers', 'GitHub: maintainer', {
    titles: ['Engineering Manager', 'Principal Engineer'],
    share: 1,
  }),
  byHand('github-owners', 'GitHub: organization owner', { titles: ['Director of Product Engineering'], share: 1 }),
  byHand('github-release-rollback', 'GitHub: may roll a release back', { titles: ['Principal Engineer'], share: 1 }),
  byHand('aws-sandbox-developers', 'AWS: sandbox account', { departments: ['Engineering'], share: 0.7 }),
  byHand('aws-production-readers', 'AWS: production, read only', { titles: ['Principal Engineer'], share: 1 }),
  byHand('aws-production-administrators', 'AWS: production, everything'),
  byHand(
    'datadog-read-only',
    'Datadog: read only',
    { departments: ['Engineering'], share: 0.8 },
    { departments: ['Support'], share: 0.6 },
  ),
  byHand('datadog-responders', 'Datadog: responder', { titles: ['Principal Engineer'], share: 1 }),
  byHand('datadog-administrators', 'Datadog: administrator'),
  byHand('status-page-editors', 'Status page: editor', { titles: ['Director of Support'], share: 1 }),
  byHand('jira-escalation-authors', 'Jira: escalation author', { departments: ['Support'], share: 0.8 }),
  byHand('jira-administrators', 'Jira: administrator', { titles: ['Director of IT'], share: 1 }),
]

export const LISTED_GROUPS: readonly ListedGroup[] = [...BACKGROUND, ...OF_ROLES]

/** No role can be had through it until somebody claims it. */
export const UNCLAIMED = 'workday-payroll-viewers'
