import { ConfigFault } from '#connectors/kit/config-fault.ts'
import type { DeskStatus } from '#connectors/kit/desk.ts'
import { configFields } from './config.ts'
import type { JiraConfig } from './config.ts'

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
  /** Where issues of Tenure's own belong; null: nowhere. */
  readonly alarms: AlarmPlace | null
}

export interface AlarmPlace {
  readonly projectKey: string
  /** By its name, e.g. `Task`, or by its id. */
  readonly issueType: string
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
    projectKey: matched('projectKey', config.projectKey, PROJECT_KEY, 'a project key, e.g. ACC'),
    requestTypeIds: requestTypeIdsOf(config.requestTypeIds),
    fields: fieldsOf(config),
    statusNames: statusNamesOf(config.statuses),
    managedDomains: new Set(listOf(config.managedDomains).map((domain) => domain.toLowerCase().replace(/^@/, ''))),
    webhookSecret: webhookSecret === '' ? null : webhookSecret,
    alarms: alarmsOf(config),
  }
}

function alarmsOf({ alarmIssueType, alarmProjectKey, projectKey }: JiraConfig): AlarmPlace | null {
  const issueType = alarmIssueType.trim()
  if (issueType === '') return null
  const key = alarmProjectKey.trim() === '' ? projectKey : alarmProjectKey
  return { issueType, projectKey: matched('alarmProjectKey', key, PROJECT_KEY, 'a project key, e.g. OPS') }
}

const PROJECT_KEY = /^[A-Z][A-Z0-9_]*$/

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
