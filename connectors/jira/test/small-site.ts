import { SECOND_MS, type Instant } from '#core/instant.ts'
import type { Capabilities } from '#connectors/kit/connector.ts'
import type { Desk } from '#connectors/kit/desk.ts'
import type { Fetch, HttpAnswer, HttpRequest, Io } from '#connectors/kit/io.ts'
import { standInFetch, type Deliver } from '#connectors/kit/stand-in.ts'
import type { JiraConfig } from '../config.ts'
import { jira } from '../connector.ts'
import type { JiraHabits } from '../stand-in/habits.ts'
import type { JiraSeed } from '../stand-in/seed.ts'
import { createJiraStandIn, type JiraStandIn } from '../stand-in/state.ts'
import { accessWorkflow } from '../stand-in/workflow.ts'

/** A service project with a handful of people, for tests and judges. */
export const PEOPLE = {
  ada: 'account-ada',
  grace: 'account-grace',
  linus: 'account-linus',
  /** An agent of the service desk. */
  rosa: 'account-rosa',
  /** Hides the e-mail address. */
  vera: 'account-vera',
  /** Has left. */
  mallory: 'account-mallory',
} as const

export const WEBHOOK_SECRET = "It's a Secret to Everybody"
const START: Instant = Date.parse('2026-11-25T09:04:00.000Z')

export const smallSeed: JiraSeed = {
  siteName: 'Acme Help',
  siteUrl: 'https://acme.atlassian.net',
  cloudId: 'cloud-1',
  accounts: [
    { accountId: PEOPLE.ada, displayName: 'Ada Byron', email: 'ada@acme.example', active: true },
    { accountId: PEOPLE.grace, displayName: 'Grace Murray', email: 'grace@acme.example', active: true },
    { accountId: PEOPLE.linus, displayName: 'Linus Sund', email: 'linus@elsewhere.example', active: true },
    { accountId: PEOPLE.rosa, displayName: 'Rosa Parks', email: 'rosa@acme.example', active: true, agent: true },
    { accountId: PEOPLE.vera, displayName: 'Vera Hidden', email: 'vera@acme.example', active: true, emailHidden: true },
    { accountId: PEOPLE.mallory, displayName: 'Mallory Gone', email: 'mallory@acme.example', active: false },
  ],
  project: { id: '10001', key: 'ACC', name: 'Access' },
  serviceDeskId: '4',
  requestTypes: [
    { id: '31', name: 'Access request', description: 'For an app, for as long as you need it.' },
    { id: '32', name: 'New laptop', description: 'Something else altogether.' },
  ],
  fields: {
    app: 'customfield_10201',
    role: 'customfield_10202',
    duration: 'customfield_10203',
    reason: 'customfield_10204',
    approvers: 'customfield_10205',
  },
  apps: [
    { name: 'Salesforce', roles: ['Sales user', 'Administrator'] },
    { name: 'Production <database>', roles: ['Read "only"', 'Administrator'] },
  ],
  durations: ['1 hour', '6 hours', '24 hours', 'No end'],
  workflow: accessWorkflow,
  serviceAccount: {
    accountId: '712020:tenure',
    displayName: 'Tenure',
    email: 'tenure@acme.example',
    apiToken: 'api-token-of-tenure',
    clientId: 'client-of-tenure',
    clientSecret: 'secret-of-tenure',
  },
  webhook: { url: 'http://127.0.0.1:9/jira', secret: WEBHOOK_SECRET },
}

export const smallConfig: JiraConfig = {
  siteUrl: smallSeed.siteUrl,
  apiUrl: `https://api.atlassian.com/ex/jira/${smallSeed.cloudId}`,
  clientId: smallSeed.serviceAccount.clientId,
  clientSecret: smallSeed.serviceAccount.clientSecret,
  tokenUrl: 'https://auth.atlassian.com/oauth/token',
  email: '',
  apiToken: '',
  projectKey: smallSeed.project.key,
  requestTypeIds: '31',
  appField: smallSeed.fields.app,
  roleField: smallSeed.fields.role,
  durationField: smallSeed.fields.duration,
  reasonField: smallSeed.fields.reason,
  approversField: smallSeed.fields.approvers,
  statuses: '',
  managedDomains: 'acme.example',
  webhookSecret: WEBHOOK_SECRET,
  alarmIssueType: 'Task',
  alarmProjectKey: '',
}

export interface Small {
  readonly standIn: JiraStandIn
  readonly desk: Desk
  readonly capabilities: Capabilities
  /** Every request that the connector sent, in order, and its answer. */
  readonly sent: { readonly request: HttpRequest; readonly answer: HttpAnswer }[]
  readonly now: () => Instant
  pass(ms: number): void
  /** Calls the API as a person: the door of the portal, of an agent's browser, of a script. */
  as(accountId: string, method: HttpRequest['method'], path: string, body?: unknown): HttpAnswer
  /** A page, as a browser gets it. */
  page(path: string): HttpAnswer
  /** A form on a page. */
  post(path: string, form: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>): HttpAnswer
  /** Ada asks for Salesforce, and the key of her ticket. */
  raise(values?: Readonly<Record<string, unknown>>, accountId?: string): string
}

export interface SmallOptions {
  readonly seed?: Partial<JiraSeed>
  readonly config?: Partial<JiraConfig>
  readonly habits?: JiraHabits
  readonly deliver?: Deliver
  /** Called before each request of the connector, to let somebody else do something in between. */
  readonly before?: (request: HttpRequest, small: Small) => void
}

export function openSmallSite(options: SmallOptions = {}): Small {
  const seed = { ...smallSeed, ...options.seed }
  const standIn = createJiraStandIn(seed, options.habits)
  let clock = START
  const now = () => clock
  const network = standInFetch(standIn.answer, now, options.deliver)
  const sent: { request: HttpRequest; answer: HttpAnswer }[] = []
  const fetch: Fetch = async (request) => {
    options.before?.(request, small)
    const answer = await network(request)
    sent.push({ request, answer })
    return answer
  }
  let ids = 0
  const io: Io = {
    fetch,
    now,
    sleep: async (ms) => {
      clock += ms
    },
    newId: () => `id-${(ids += 1)}`,
  }
  const capabilities = jira.connect({ ...smallConfig, ...options.config }, io)
  const { desk } = capabilities
  if (desk === undefined) throw new Error('the connector has no desk')
  const ask = (method: HttpRequest['method'], path: string, headers: Readonly<Record<string, string>>, body: string) =>
    standIn.answer({ method, url: `${seed.siteUrl}${path}`, headers, body }, now())

  const small: Small = {
    standIn,
    desk,
    capabilities,
    sent,
    now,
    pass(ms) {
      clock += ms
    },
    as(accountId, method, path, body) {
      const headers = { authorization: standIn.authorizationOf(accountId), 'content-type': 'application/json' }
      return ask(method, path, headers, body === undefined ? '' : JSON.stringify(body))
    },
    page: (path) => ask('GET', path, {}, ''),
    post: (path, form, headers = {}) => ask('POST', path, headers, new URLSearchParams(form).toString()),
    raise(values = {}, accountId = PEOPLE.ada) {
      const { fields, serviceDeskId } = seed
      const requestFieldValues = {
        [fields.app]: { value: 'Salesforce' },
        [fields.role]: { value: 'Sales user' },
        [fields.duration]: { value: '6 hours' },
        [fields.reason]: 'Quarter end',
        ...values,
      }
      const request = { serviceDeskId, requestTypeId: '31', requestFieldValues }
      const answer = this.as(accountId, 'POST', '/rest/servicedeskapi/request', request)
      clock += SECOND_MS
      return (JSON.parse(answer.body) as { issueKey: string }).issueKey
    },
  }
  return small
}
