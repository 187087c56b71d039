import type { Instant } from '#core/instant.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { createAddresses, indexOf, type Address } from './address.ts'
import { json, platformError, serviceDeskError } from './answers.ts'
import { createJiraBadDays } from './bad-days.ts'
import type { JiraHabits } from './habits.ts'
import type { JiraHands } from './hands.ts'
import { LimitCounter, vendorLimits } from './limits.ts'
import { pageAnswer } from './pages.ts'
import { platformRoutes } from './rest-platform.ts'
import { serviceDeskRoutes } from './rest-service-desk.ts'
import type { JiraSeed, JiraWebhookSettings } from './seed.ts'
import { authorizationOf, callerOf, issueAccessToken } from './sign-in.ts'
import { openSite, ticketOf, type Site, type Ticket } from './site.ts'
import { takeDeliveries, type WebhookDelivery } from './webhooks.ts'

/** A Jira site with one service project, as a state machine: a request and an instant in, an answer out. */
export interface JiraStandIn {
  answer(request: HttpRequest, now: Instant): HttpAnswer
  /** The webhooks that Jira would post now, each handed over once. */
  takeDeliveries(): readonly WebhookDelivery[]
  /** The address is known only when the door is open: every `self` and the webhooks' site follow it. */
  standAt(siteUrl: string): void
  sendWebhooksTo(webhook: JiraWebhookSettings | null): void
  /** The `authorization` header with which this person calls the API. */
  authorizationOf(accountId: string): string
  /** What really is, for tests and for the oracle of a simulation. */
  ticket(key: string): Ticket | null
  tickets(): readonly Ticket[]
  /** What a vendor does on a bad day. */
  readonly hands: JiraHands
}

const ROUTES = indexOf([...platformRoutes, ...serviceDeskRoutes])

/** `kept`: the tickets of a site that stood before, to go on from. */
export function createJiraStandIn(seed: JiraSeed, habits: JiraHabits = {}, kept: readonly Ticket[] = []): JiraStandIn {
  const site = openSite(seed, habits, kept)
  const limits = habits.limits === null ? null : new LimitCounter(habits.limits ?? vendorLimits)
  const addressOf = createAddresses(`/ex/jira/${seed.cloudId}/`, ROUTES)
  const badDays = createJiraBadDays()
  let down = false
  return {
    answer(request, now) {
      if (down) return { status: 503, headers: { 'content-type': 'text/html' }, body: '<h1>Service unavailable</h1>' }
      const address = addressOf(request)
      if (address === null) return answerElsewhere(site, request, now)
      const misfortune = badDays.next(request)
      const bad = misfortune?.insteadOfWork(now) ?? null
      if (bad !== null) return bad
      const answer = restAnswer(site, limits, request, address, now)
      return misfortune === null ? answer : misfortune.spoilt(answer)
    },
    takeDeliveries: () => takeDeliveries(site),
    standAt(siteUrl) {
      site.url = siteUrl
    },
    sendWebhooksTo(webhook) {
      site.webhook = webhook
    },
    authorizationOf(accountId) {
      const account = site.accounts.get(accountId)
      if (account === undefined) throw new Error(`the site has no account ${accountId}`)
      return authorizationOf(account)
    },
    ticket: (key) => ticketOf(site, key),
    tickets: () => [...site.tickets.values()],
    hands: {
      setOutage: (isDown) => void (down = isDown),
      setTokensRefused: (refused) => void (site.refusesServiceAccount = refused),
      misbehave: (habit, options) => badDays.order(habit, options),
    },
  }
}

/** The door where tokens are given out, and the pages for people. */
function answerElsewhere(site: Site, request: HttpRequest, now: Instant): HttpAnswer {
  const url = new URL(request.url)
  if (url.pathname !== '/oauth/token' || request.method !== 'POST') return pageAnswer(site, request, url, now)
  const token = issueAccessToken(site, request, now)
  return token === null ? json(401, { error: 'access_denied', error_description: 'Unauthorized' }) : json(200, token)
}

function restAnswer(
  site: Site,
  limits: LimitCounter | null,
  request: HttpRequest,
  { path, query, found }: Address,
  now: Instant,
): HttpAnswer {
  const error = path.startsWith('/rest/servicedeskapi/') ? serviceDeskError : platformError
  if (found === null) return error(404, 'There is no such endpoint in this stand-in.')
  const caller = callerOf(site, request, now)
  if (caller === null) return error(401, 'Client must be authenticated to access this resource.')
  const written = found.route.writesIssue === true ? (found.params[0] ?? null) : null
  const reached = limits?.take(found.route.path, request.method, written, now) ?? null
  if (reached !== null) {
    const seconds = Math.max(1, Math.ceil(reached.retryAfterMs / 1000))
    const headers = { 'retry-after': String(seconds), 'ratelimit-reason': reached.reason, 'x-ratelimit-remaining': '0' }
    return json(429, { errorMessages: ['Rate limit exceeded.'] }, headers)
  }
  const body = request.body === '' ? undefined : readJson(request.body)
  if (request.method !== 'GET' && body === undefined) return error(400, 'The body is not JSON.')
  return found.route.answer({ site, caller, params: found.params, query, body, now })
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
