import type {
  JiraRequestType,
  JiraSeed,
  JiraSeedAccount,
  JiraSeedFields,
  JiraServiceAccount,
  JiraWebhookSettings,
} from '#connectors/jira/stand-in/seed.ts'
import { accessWorkflow } from '#connectors/jira/stand-in/workflow.ts'
import type { Role } from '#core/catalog/catalog.ts'
import type { CompanyFacts } from '../company/company.ts'
import { durationOptionOf, OFFERED_HOURS } from '../company/lengths.ts'

/** What differs from one start of the sandbox to the next. */
export interface JiraSandboxSite {
  readonly siteUrl: string
  /** Made anew at every start: a stand-in has no credential that is worth keeping. */
  readonly credentials: Pick<JiraServiceAccount, 'apiToken' | 'clientId' | 'clientSecret'>
  readonly webhook: JiraWebhookSettings | null
}

/** What the configuration of the Jira connector maps, so that server and site agree on it. */
export const JIRA_PROJECT = { id: '10001', key: 'ACCESS', name: 'Access requests' } as const
export const JIRA_SERVICE_DESK_ID = '1'
export const JIRA_REQUEST_TYPE: JiraRequestType = {
  id: '31',
  name: 'Ask for access',
  description: 'For an app, in a role, for as long as you need it.',
}
export const JIRA_FIELDS: JiraSeedFields = {
  app: 'customfield_10201',
  role: 'customfield_10202',
  duration: 'customfield_10203',
  reason: 'customfield_10204',
  approvers: 'customfield_10205',
}

/** A service desk of Jira as the company would have it: the form follows the catalog, word for word. */
export function jiraSeedOf(company: CompanyFacts, site: JiraSandboxSite): JiraSeed {
  const { catalog } = company
  return {
    siteName: company.name,
    siteUrl: site.siteUrl,
    cloudId: '6d1c0a4e-5b0f-4c53-9e57-0f2d8a9b7c31',
    accounts: accountsOf(company),
    project: JIRA_PROJECT,
    serviceDeskId: JIRA_SERVICE_DESK_ID,
    requestTypes: [JIRA_REQUEST_TYPE],
    fields: JIRA_FIELDS,
    apps: catalog.apps.map((app) => {
      const roles = catalog.roles.filter((role) => role.appId === app.id)
      return {
        name: app.name,
        roles: roles.map((role) => role.name),
        offers: Object.fromEntries(roles.map((role) => [role.name, offerOf(role)])),
      }
    }),
    durations: [...OFFERED_HOURS, null].map(durationOptionOf),
    workflow: accessWorkflow,
    serviceAccount: {
      accountId: '712020:00000000-0000-4000-8000-00007e9a9ce5',
      displayName: 'Tenure',
      email: `tenure@${company.domain}`,
      ...site.credentials,
    },
    webhook: site.webhook,
  }
}

/** "No end" is offered only where the role allows it. */
function offerOf(role: Role): { readonly description: string; readonly durations: readonly string[] } {
  const { hours, noEnd } = role.durations
  return { description: role.description, durations: [...hours, ...(noEnd ? [null] : [])].map(durationOptionOf) }
}

/** IT, Security and the owners of apps work the queue and see every ticket; everybody else is a customer. */
function accountsOf(company: CompanyFacts): readonly JiraSeedAccount[] {
  const owners = company.catalog.apps.flatMap((app) => app.ownerIds)
  const agents = new Set(
    company.people.flatMap((person) =>
      person.department === 'IT & Security' || owners.includes(person.id) ? [person.jiraAccountId] : [],
    ),
  )
  return company.jiraAccounts.map((account) => ({ ...account, agent: agents.has(account.accountId) }))
}
