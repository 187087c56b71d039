import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import type { JiraConfig } from '#connectors/jira/config.ts'
import { createJiraStandIn, type JiraStandIn } from '#connectors/jira/stand-in/state.ts'
import type { Capabilities } from '#connectors/kit/connector.ts'
import type { Fetch, Io } from '#connectors/kit/io.ts'
import { connectors } from '#connectors/index.ts'
import type { OktaConfig } from '#connectors/okta/config.ts'
import { createOktaStandIn, type OktaStandIn, type OktaStandInOptions } from '#connectors/okta/stand-in/state.ts'
import type { CompanyFacts } from './company/company.ts'
import { JIRA_FIELDS, JIRA_PROJECT, JIRA_REQUEST_TYPE, jiraSeedOf } from './seeds/jira-seed.ts'
import { oktaSeedOf } from './seeds/okta-seed.ts'

/** The vendors' stand-ins with a whole company in them, and the configuration with which the real connectors reach them. */
export interface StandIns {
  readonly okta: OktaStandIn
  readonly jira: JiraStandIn
  oktaConfig(domain: string): OktaConfig
  jiraConfig(siteUrl: string): JiraConfig
  readonly webhookSecret: string
}

/** What a stand-in's accounts sign in with. */
export interface SandboxSecrets {
  /** PKCS #8 in PEM. */
  readonly oktaPrivateKey: string
  readonly jiraApiToken: string
  readonly jiraClientSecret: string
  readonly webhookSecret: string
}

export function newSecrets(): SandboxSecrets {
  const secret = (): string => randomBytes(24).toString('base64url')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    oktaPrivateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    jiraApiToken: secret(),
    jiraClientSecret: secret(),
    webhookSecret: secret(),
  }
}

export function createStandIns(
  company: CompanyFacts,
  options: { readonly siteUrl: string; readonly secrets?: SandboxSecrets; readonly okta?: OktaStandInOptions },
): StandIns {
  const { oktaPrivateKey, jiraApiToken, jiraClientSecret, webhookSecret } = options.secrets ?? newSecrets()
  const clientId = '0oaTenureSandboxApp1'
  const publicJwk = createPublicKey(createPrivateKey(oktaPrivateKey)).export({ format: 'jwk' })
  const credentials = { apiToken: jiraApiToken, clientId: 'tenure-sandbox', clientSecret: jiraClientSecret }
  return {
    okta: createOktaStandIn(oktaSeedOf(company, { clientId, publicJwk }), { keepsCalls: false, ...options.okta }),
    jira: createJiraStandIn(jiraSeedOf(company, { siteUrl: options.siteUrl, credentials, webhook: null })),
    webhookSecret,
    oktaConfig: (domain) => ({
      domain,
      clientId,
      privateKey: oktaPrivateKey,
      keyId: '',
      apiToken: '',
      accessToken: '',
      concurrency: '',
      accounts: 'on',
      log: 'on',
    }),
    jiraConfig: (siteUrl) => ({
      siteUrl,
      apiUrl: '',
      clientId: credentials.clientId,
      clientSecret: credentials.clientSecret,
      tokenUrl: `${siteUrl}/oauth/token`,
      email: '',
      apiToken: '',
      projectKey: JIRA_PROJECT.key,
      requestTypeIds: JIRA_REQUEST_TYPE.id,
      appField: JIRA_FIELDS.app,
      roleField: JIRA_FIELDS.role,
      durationField: JIRA_FIELDS.duration,
      reasonField: JIRA_FIELDS.reason,
      approversField: JIRA_FIELDS.approvers,
      statuses: '',
      managedDomains: company.domain,
      webhookSecret,
      alarmIssueType: 'Task',
      alarmProjectKey: '',
    }),
  }
}

/** Both connectors, speaking to the stand-ins without a socket: for the tests. */
export function connectInProcess(
  standIns: StandIns,
  io: Omit<Io, 'fetch'>,
): { readonly okta: Capabilities; readonly jira: Capabilities } {
  const fetch: Fetch = async (request) => {
    const { hostname } = new URL(request.url)
    return hostname === OKTA_DOMAIN ? standIns.okta.answer(request, io.now()) : standIns.jira.answer(request, io.now())
  }
  return {
    okta: connectors.okta.connect(standIns.oktaConfig(OKTA_DOMAIN), { ...io, fetch }),
    jira: connectors.jira.connect(standIns.jiraConfig(JIRA_SITE), { ...io, fetch }),
  }
}

const OKTA_DOMAIN = 'halden.okta.example'
export const JIRA_SITE = 'https://halden.atlassian.example'
