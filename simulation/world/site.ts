import { generateKeyPairSync } from 'node:crypto'
import { newSigningKey } from '#engine/evidence/signed-note.ts'
import type { SigningKey } from '#engine/evidence/signed-note.ts'
import type { JiraConfig } from '#connectors/jira/config.ts'
import { createJiraStandIn, type JiraStandIn } from '#connectors/jira/stand-in/state.ts'
import { WORKFORCE_LIMITS } from '#connectors/okta/stand-in/rate-limit.ts'
import { createOktaStandIn, type OktaStandIn } from '#connectors/okta/stand-in/state.ts'
import type { OktaConfig } from '#connectors/okta/config.ts'
import { jiraSeedOf } from '#sandbox/seeds/jira-seed.ts'
import { oktaSeedOf } from '#sandbox/seeds/okta-seed.ts'
import { createStandIns } from '#sandbox/stand-ins.ts'
import { COMPANY } from '../company.ts'
import { START } from './start.ts'
import { SITE } from './people.ts'
import type { Schedule } from '../schedule/schedule.ts'

/** The vendors of one run, and how the product reaches them. */
export interface Site {
  readonly okta: OktaStandIn
  readonly jira: JiraStandIn
  readonly oktaConfig: OktaConfig
  readonly jiraConfig: JiraConfig
  readonly webhookSecret: string
  readonly signingKey: SigningKey
}

// Made once a process: the tokens of the runs are issued by the stand-in itself, so no key matters.
const KEY_PAIR = generateKeyPairSync('ec', { namedCurve: 'P-256' })

const SECRETS = {
  oktaPrivateKey: KEY_PAIR.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  jiraApiToken: 'canary-jira-token',
  jiraClientSecret: 'canary-jira-client-secret',
  webhookSecret: 'canary-webhook-secret-of-some-length',
}
/** What must never be found in anything that the product writes or says. */
export const CANARIES = Object.values(SECRETS).filter((each) => each.startsWith('canary'))

const OKTA_SCOPES = ['okta.users.read', 'okta.groups.read', 'okta.groups.manage'] as const
/** Signs the log of every run. */
export const SIGNING_KEY: SigningKey = newSigningKey('tenure.simulation/log')
const CLIENT = { clientId: '0oaSimulation', publicJwk: KEY_PAIR.publicKey.export({ format: 'jwk' }) }
const TEN_YEARS_MS = 10 * 365 * 24 * 3_600_000

export function standInsFor({ okta: plan }: Schedule): Site {
  const rateLimits = plan.limitShare === null ? null : { ...WORKFORCE_LIMITS, share: plan.limitShare }
  const okta = createOktaStandIn(oktaSeedOf(COMPANY, CLIENT), {
    rateLimits,
    longestPage: plan.longestPage,
    tokenLifeMs: TEN_YEARS_MS,
  })
  const credentials = {
    apiToken: SECRETS.jiraApiToken,
    clientId: 'simulation',
    clientSecret: SECRETS.jiraClientSecret,
  }
  const seed = jiraSeedOf(COMPANY, {
    siteUrl: SITE,
    credentials,
    webhook: { url: 'http://127.0.0.1/webhooks/jira', secret: SECRETS.webhookSecret },
  })
  const jira = createJiraStandIn(seed)
  const { jiraConfig } = createStandIns(COMPANY, { siteUrl: SITE, secrets: SECRETS })
  return {
    okta,
    jira,
    oktaConfig: {
      domain: 'small.okta.example',
      clientId: '',
      privateKey: '',
      keyId: '',
      apiToken: '',
      accessToken: okta.hands.issueToken(OKTA_SCOPES, START),
      concurrency: '',
      accounts: '',
      log: '',
    },
    jiraConfig: { ...jiraConfig(SITE), clientId: '', clientSecret: '', tokenUrl: '', apiToken: SECRETS.jiraApiToken },
    webhookSecret: SECRETS.webhookSecret,
    signingKey: SIGNING_KEY,
  }
}
