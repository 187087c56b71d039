import { ConfigFault } from '#connectors/kit/config-fault.ts'
import type { ConfigFields } from '#connectors/kit/connector.ts'
import type { DeskStatus } from '#connectors/kit/desk.ts'

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
}

export interface JiraSettings {
  readonly siteUrl: string
  /** Every call goes below this address, and the credentials go nowhere else. */
  readonly apiUrl: string
  readonly auth: JiraAuth
  readonly projectKey: string
  readonly requestTypeIds: ReadonlySet<string>
  readonly fields: FieldIds
  readonly statusNames: Readonly<Record<DeskStatus, string>>
  /** In lower case. */
  readonly managedDomains: ReadonlySet<string>
  readonly webhookSecret: string | null
}

export type JiraAuth =
  | {
      readonly kind: 'client credentials'
      readonly tokenUrl: string
      readonly clientId: string
      readonly clientSecret: string
    }
  | { readonly kind: 'basic'; readonly email: string; readonly apiToken: string }
  | { readonly kind: 'bearer'; readonly apiToken: string }

export interface FieldIds {
  readonly app: string
  readonly role: string
  readonly duration: string
  readonly reason: string
  readonly approvers: string
}

const STATUS_NAMES: Readonly<Record<DeskStatus, string>> = {
  submitted: 'Submitted',
  'waiting for approval': 'Waiting for approval',
  approved: 'Approved',
  declined: 'Declined',
  refused: 'Refused',
  live: 'Access live',
  revoking: 'Revoking access',
  ended: 'Access ended',
  failed: 'Failed',
}

/** Throws a `ConfigFault` in words that an operator can act on. */
export function settingsOf(config: JiraConfig): JiraSettings {
  const siteUrl = addressOf('siteUrl', config.siteUrl)
  const auth = authOf(config)
  const apiUrl = config.apiUrl.trim() === '' ? siteUrl : addressOf('apiUrl', config.apiUrl)
  if (auth.kind !== 'basic' && /^https:\/\/[^/]+\.atlassian\.net(\/|$)/.test(apiUrl)) {
    throw new ConfigFault(
      'JIRA_API_URL is missing: a service account is served at https://api.atlassian.com/ex/jira/ and the cloud id only',
    )
  }
  const webhookSecret = config.webhookSecret.trim()
  if (webhookSecret !== '' && webhookSecret.length < 16) {
    throw new ConfigFault('JIRA_WEBHOOK_SECRET is too short: at least 16 characters, so that nobody can guess it')
  }
  return {
    siteUrl,
    apiUrl,
    auth,
    projectKey: matched('projectKey', config.projectKey, /^[A-Z][A-Z0-9_]*$/, 'a project key, e.g. ACC'),
    requestTypeIds: requestTypeIdsOf(config.requestTypeIds),
    fields: fieldsOf(config),
    statusNames: statusNamesOf(config.statuses),
    managedDomains: new Set(listOf(config.managedDomains).map((domain) => domain.toLowerCase().replace(/^@/, ''))),
    webhookSecret: webhookSecret === '' ? null : webhookSecret,
  }
}

function addressOf(field: 'siteUrl' | 'apiUrl' | 'tokenUrl', text: string): string {
  const { env } = configFields[field]
  const url = URL.parse(text.trim())
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new ConfigFault(`${env} is not an address, e.g. https://acme.atlassian.net`)
  }
  const loopback = url.hostname === '127.0.0.1' || url.hostname === 'localhost' || url.hostname === '[::1]'
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw new ConfigFault(`${env} must be reached by https`)
  }
  return url.href.replace(/\/+$/, '')
}

function authOf(config: JiraConfig): JiraAuth {
  const [clientId, clientSecret] = [config.clientId.trim(), config.clientSecret.trim()]
  const [email, apiToken] = [config.email.trim(), config.apiToken.trim()]
  if (clientId !== '' || clientSecret !== '') {
    if (clientId === '') throw new ConfigFault('JIRA_CLIENT_ID is missing beside JIRA_CLIENT_SECRET')
    if (clientSecret === '') throw new ConfigFault('JIRA_CLIENT_SECRET is missing beside JIRA_CLIENT_ID')
    const given = config.tokenUrl.trim()
    const tokenUrl = given === '' ? 'https://auth.atlassian.com/oauth/token' : addressOf('tokenUrl', given)
    return { kind: 'client credentials', tokenUrl, clientId, clientSecret }
  }
  if (apiToken === '') throw new ConfigFault('JIRA_CLIENT_ID and JIRA_CLIENT_SECRET, or JIRA_API_TOKEN, are missing')
  if (!/^[\x21-\x7e]+$/.test(apiToken)) throw new ConfigFault('JIRA_API_TOKEN holds characters that no token has')
  return email === '' ? { kind: 'bearer', apiToken } : { kind: 'basic', email, apiToken }
}

function requestTypeIdsOf(text: string): ReadonlySet<string> {
  const ids = listOf(text)
  if (ids.length === 0) throw new ConfigFault('JIRA_REQUEST_TYPE_IDS is missing')
  for (const id of ids) matched('requestTypeIds', id, /^\d+$/, 'a list of ids of request types, e.g. 31,32')
  return new Set(ids)
}

function fieldsOf(config: JiraConfig): FieldIds {
  const field = (name: 'appField' | 'roleField' | 'durationField' | 'reasonField' | 'approversField') =>
    matched(name, config[name], /^[A-Za-z][A-Za-z0-9_]*$/, 'the id of a field, e.g. customfield_10201')
  const fields = {
    app: field('appField'),
    role: field('roleField'),
    duration: field('durationField'),
    reason: field('reasonField'),
    approvers: field('approversField'),
  }
  if (new Set(Object.values(fields)).size < 5) {
    throw new ConfigFault('two of the JIRA_…_FIELD settings name one field: each needs a field of its own')
  }
  return fields
}

function statusNamesOf(text: string): Readonly<Record<DeskStatus, string>> {
  const names = { ...STATUS_NAMES }
  for (const part of text.split(';').filter((one) => one.trim() !== '')) {
    const [status = '', ...rest] = part.split('=')
    const name = rest.join('=').trim()
    const known = status.trim()
    if (!isDeskStatus(known) || name === '') {
      throw new ConfigFault(
        `JIRA_STATUSES must be like "live = In use; ended = Closed", with ${Object.keys(names).join(', ')}`,
      )
    }
    names[known] = name
  }
  const different = new Set(Object.values(names).map((name) => name.toLowerCase()))
  if (different.size < Object.keys(names).length) throw new ConfigFault('JIRA_STATUSES gives two statuses one name')
  return names
}

function isDeskStatus(text: string): text is DeskStatus {
  return Object.hasOwn(STATUS_NAMES, text)
}

function matched(field: keyof JiraConfig, text: string, pattern: RegExp, what: string): string {
  const value = text.trim()
  const { env } = configFields[field]
  if (value === '') throw new ConfigFault(`${env} is missing`)
  if (!pattern.test(value)) throw new ConfigFault(`${env} is not ${what}`)
  return value
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}
