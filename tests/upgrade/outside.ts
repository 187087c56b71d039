import { generateKeyPairSync } from 'node:crypto'
import { documentOf } from '#connectors/jira/stand-in/rich-text.ts'
import { createJiraStandIn } from '#connectors/jira/stand-in/state.ts'
import type { JiraSeed } from '#connectors/jira/stand-in/seed.ts'
import type { Ticket } from '#connectors/jira/stand-in/site.ts'
import type { MembershipChange } from '#connectors/okta/stand-in/company.ts'
import type { OktaSeed } from '#connectors/okta/stand-in/seed.ts'
import { createOktaStandIn } from '#connectors/okta/stand-in/state.ts'
import type { Instant } from '#core/instant.ts'
import type { CompanyFacts } from '#sandbox/company/company.ts'
import { jiraSeedOf } from '#sandbox/seeds/jira-seed.ts'
import { oktaSeedOf } from '#sandbox/seeds/okta-seed.ts'
import { createStandIns, JIRA_SITE, type StandIns } from '#sandbox/stand-ins.ts'

/**
 * The world around Tenure at one instant, as a value: what a vendor's stand-in is born with so that it goes on where
 * another one stood. It is kept as it was, and not as the requests that led there: a customer's Okta and Jira do not
 * change with our release, and the ids that they gave out stand in our tables.
 */
export interface Outside {
  readonly company: CompanyFacts
  readonly okta: {
    readonly seed: Omit<OktaSeed, 'client'>
    /** Every change that ever happened: what the whole story is judged by. */
    readonly changeLog: readonly MembershipChange[]
  }
  readonly jira: { readonly seed: JiraSeed; readonly tickets: readonly Ticket[] }
}

const CREDENTIALS = { apiToken: 'fixture-api-token', clientId: 'fixture', clientSecret: 'fixture-client-secret' }
const WEBHOOK_SECRET = 'fixture-webhook-secret'
const SCOPES = ['okta.users.read', 'okta.groups.read', 'okta.groups.manage']
/** Longer than any story. A token that is asked for is signed by chance, and the same story would not be the same bytes. */
const TOKEN_LIFE_MS = 400 * 24 * 3_600_000

export function outsideOf(company: CompanyFacts): Outside {
  const { client: _, ...seed } = oktaSeedOf(company, newClient().client)
  const site = { siteUrl: JIRA_SITE, credentials: CREDENTIALS, webhook: null }
  return { company, okta: { seed, changeLog: [] }, jira: { seed: jiraSeedOf(company, site), tickets: [] } }
}

function newClient() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    client: { clientId: '0oaFixture0000000000', publicJwk: publicKey.export({ format: 'jwk' }), scopes: SCOPES },
    pem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  }
}

/** Stand-ins that go on where the others stood. */
export function openOutside(outside: Outside, now: Instant): StandIns {
  const { client, pem } = newClient()
  const secrets = {
    oktaPrivateKey: pem,
    jiraApiToken: CREDENTIALS.apiToken,
    jiraClientSecret: CREDENTIALS.clientSecret,
    webhookSecret: WEBHOOK_SECRET,
  }
  const made = createStandIns(outside.company, { siteUrl: JIRA_SITE, secrets })
  const okta = createOktaStandIn({ ...outside.okta.seed, client }, { rateLimits: null, tokenLifeMs: TOKEN_LIFE_MS })
  const accessToken = okta.hands.issueToken(SCOPES, now)
  return {
    ...made,
    okta: {
      ...okta,
      truth: {
        ...okta.truth,
        get changeLog() {
          return [...outside.okta.changeLog, ...okta.truth.changeLog]
        },
      },
    },
    jira: createJiraStandIn(outside.jira.seed, {}, outside.jira.tickets),
    oktaConfig: (domain) => ({ ...made.oktaConfig(domain), accessToken }),
    jiraConfig: (siteUrl) => ({ ...made.jiraConfig(siteUrl), clientId: CREDENTIALS.clientId }),
  }
}

/**
 * The same, as it stands by now. Nobody was hired, and no rule holds anybody, so members and tickets are all that changed.
 * Of what was said on a ticket, that it was said is kept and the words are not: nobody reads them again.
 */
export function outsideNow(outside: Outside, { okta, jira }: StandIns): Outside {
  const members = outside.okta.seed.groups.flatMap((group) =>
    okta.truth.members(group.id).map((user) => [group.id, user] as const),
  )
  return {
    company: outside.company,
    okta: { seed: { ...outside.okta.seed, members }, changeLog: okta.truth.changeLog },
    jira: { seed: outside.jira.seed, tickets: jira.tickets().map(withoutWords) },
  }
}

function withoutWords(ticket: Ticket): Ticket {
  return { ...ticket, comments: ticket.comments.map((each) => ({ ...each, body: documentOf('') })) }
}
