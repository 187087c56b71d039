import type { ConfigFields } from '#connectors/kit/connector.ts'

/** As people write it: text in every field, '' where nothing was given. */
export interface JiraConfig {
  readonly siteUrl: string
  readonly apiUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly tokenUrl: string
  readonly email: string
  readonly apiToken: string
  readonly projectKey: string
  readonly requestTypeIds: string
  readonly appField: string
  readonly roleField: string
  readonly durationField: string
  readonly reasonField: string
  readonly approversField: string
  readonly statuses: string
  readonly managedDomains: string
  readonly webhookSecret: string
  readonly alarmIssueType: string
  readonly alarmProjectKey: string
}

const optional = { secret: false, required: false } as const
const required = { secret: false, required: true } as const

export const configFields: ConfigFields<JiraConfig> = {
  siteUrl: {
    env: 'JIRA_SITE_URL',
    label: 'Site',
    help: 'Where people open Jira, e.g. https://acme.atlassian.net. A webhook that speaks of another site is refused.',
    ...required,
  },
  apiUrl: {
    env: 'JIRA_API_URL',
    label: 'API address',
    help: 'For a service account https://api.atlassian.com/ex/jira/ and the cloud id of the site; empty means the site itself.',
    ...optional,
  },
  clientId: {
    env: 'JIRA_CLIENT_ID',
    label: 'Client ID',
    help: "Of the service account's OAuth 2.0 credential: Atlassian Administration > Directory > Service accounts.",
    ...optional,
  },
  clientSecret: {
    env: 'JIRA_CLIENT_SECRET',
    label: 'Client secret',
    help: 'The secret of that credential, shown once.',
    secret: true,
    required: false,
  },
  tokenUrl: {
    env: 'JIRA_TOKEN_URL',
    label: 'Token address',
    help: 'Where client credentials become an access token; empty means https://auth.atlassian.com/oauth/token.',
    ...optional,
  },
  email: {
    env: 'JIRA_EMAIL',
    label: 'E-mail',
    help: 'Only with an API token of an ordinary account: the address of that account. Leave it empty for a service account.',
    ...optional,
  },
  apiToken: {
    env: 'JIRA_API_TOKEN',
    label: 'API token',
    help: 'Instead of client credentials: an API token of the service account, or with an e-mail of an ordinary account.',
    secret: true,
    required: false,
  },
  projectKey: {
    env: 'JIRA_PROJECT_KEY',
    label: 'Project key',
    help: 'Of the service project that access requests live in, e.g. ACC.',
    ...required,
  },
  requestTypeIds: {
    env: 'JIRA_REQUEST_TYPE_IDS',
    label: 'Request types',
    help: 'Ids of the request types that are access requests, with commas between them, e.g. 31. Other tickets are never touched.',
    ...required,
  },
  appField: {
    env: 'JIRA_APP_FIELD',
    label: 'Field: application',
    help: 'Id of the field that names the application, e.g. customfield_10201.',
    ...required,
  },
  roleField: {
    env: 'JIRA_ROLE_FIELD',
    label: 'Field: role',
    help: 'Id of the field that names the role.',
    ...required,
  },
  durationField: {
    env: 'JIRA_DURATION_FIELD',
    label: 'Field: duration',
    help: 'Id of the field that says for how long.',
    ...required,
  },
  reasonField: {
    env: 'JIRA_REASON_FIELD',
    label: 'Field: business reason',
    help: 'Id of the field that says why; a paragraph field or plain text.',
    ...required,
  },
  approversField: {
    env: 'JIRA_APPROVERS_FIELD',
    label: 'Field: approvers',
    help: 'Id of the people field that the approval step of the workflow reads its approvers from.',
    ...required,
  },
  statuses: {
    env: 'JIRA_STATUSES',
    label: 'Status names',
    help: 'Where your workflow calls a status otherwise, e.g. "live = In use; ended = Closed".',
    ...optional,
  },
  managedDomains: {
    env: 'JIRA_MANAGED_DOMAINS',
    label: 'Managed domains',
    help: 'Domains that your organisation has verified with Atlassian, with commas between them: only there is an e-mail address a proven one.',
    ...optional,
  },
  webhookSecret: {
    env: 'JIRA_WEBHOOK_SECRET',
    label: 'Webhook secret',
    help: 'The secret that you gave the webhook in Jira. Without one the webhook door stays shut.',
    secret: true,
    required: false,
  },
  alarmIssueType: {
    env: 'JIRA_ALARM_ISSUE_TYPE',
    label: 'Alarms: issue type',
    help: 'Name or id of the issue type that an overdue removal is raised as, e.g. Task. Without one no issue is raised.',
    ...optional,
  },
  alarmProjectKey: {
    env: 'JIRA_ALARM_PROJECT_KEY',
    label: 'Alarms: project',
    help: 'Key of the project in which that issue is raised; empty means the project of the access requests.',
    ...optional,
  },
}
