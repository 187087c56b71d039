import type { Workflow } from './workflow.ts'

/** Everything that a stand-in Jira site is born with. */
export interface JiraSeed {
  readonly siteName: string
  /** Where people reach the site, e.g. `https://acme.atlassian.net`; every `self` begins with it. */
  readonly siteUrl: string
  readonly cloudId: string
  readonly accounts: readonly JiraSeedAccount[]
  readonly project: { readonly id: string; readonly key: string; readonly name: string }
  readonly serviceDeskId: string
  readonly requestTypes: readonly JiraRequestType[]
  /** Issue types of the project besides that of its requests; Task alone when absent. */
  readonly issueTypes?: readonly { readonly id: string; readonly name: string }[]
  readonly fields: JiraSeedFields
  /** Options of the app field, each with the roles that the portal form offers for it. */
  readonly apps: readonly JiraSeedApp[]
  readonly durations: readonly string[]
  readonly workflow: Workflow
  readonly serviceAccount: JiraServiceAccount
  /** Null until the door that takes webhooks is open. */
  readonly webhook: JiraWebhookSettings | null
}

export interface JiraSeedApp {
  readonly name: string
  readonly roles: readonly string[]
  /** What the portal says of a role, and the durations that it offers for it: conditions of the form, as an administrator sets them. The fields themselves take every option. */
  readonly offers?: Readonly<Record<string, { readonly description: string; readonly durations: readonly string[] }>>
}

export interface JiraSeedAccount {
  readonly accountId: string
  readonly displayName: string
  readonly email: string
  readonly active: boolean
  /** The person's privacy settings keep the address from everybody, apps included. */
  readonly emailHidden?: boolean
  /** An agent of the service project; everybody else is a customer. */
  readonly agent?: boolean
}

/** The account that Tenure acts as: an agent. */
export interface JiraServiceAccount {
  readonly accountId: string
  readonly displayName: string
  readonly email: string
  readonly apiToken: string
  readonly clientId: string
  readonly clientSecret: string
}

export interface JiraRequestType {
  readonly id: string
  readonly name: string
  readonly description: string
}

/** Ids of the custom fields, e.g. `customfield_10201`. */
export interface JiraSeedFields {
  readonly app: string
  readonly role: string
  readonly duration: string
  readonly reason: string
  readonly approvers: string
}

export interface JiraWebhookSettings {
  readonly url: string
  readonly secret: string
  /** What the administrator ticked; all three when absent. */
  readonly events?: readonly JiraWebhookEvent[]
}

export type JiraWebhookEvent = 'jira:issue_created' | 'jira:issue_updated' | 'comment_created'
