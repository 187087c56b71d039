import { HOUR_MS, type Instant } from '#core/instant.ts'
import type { HttpAnswer, HttpRequest } from '#connectors/kit/io.ts'
import { json, platformError, serviceDeskError } from './answers.ts'
import type { JiraHabits, Misbehaviour } from './habits.ts'
import { LimitCounter, vendorLimits } from './limits.ts'
import { pageAnswer } from './pages.ts'
import { platformRoutes } from './rest-platform.ts'
import { serviceDeskRoutes } from './rest-service-desk.ts'
import { fit, type Route } from './route.ts'
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
}

const ROUTES = [...platformRoutes, ...serviceDeskRoutes]

export function createJiraStandIn(seed: JiraSeed, habits: JiraHabits = {}): JiraStandIn {
  const site = openSite(seed, habits)
  const limits = habits.limits === null ? null : new LimitCounter(habits.limits ?? vendorLimits)
  let count = 0
  return {
    answer(request, now) {
      const url = new URL(request.url)
      const path = url.pathname.replace(`/ex/jira/${seed.cloudId}/`, '/')
      if (path === '/oauth/token' && request.method === 'POST') {
        const token = issueAccessToken(site, request, now)
        return token === null
          ? json(401, { error: 'access_denied', error_description: 'Unauthorized' })
          : json(200, token)
      }
      if (!path.startsWith('/rest/')) return pageAnswer(site, request, url, now)
      count += 1
      const bad = habits.misbehave?.(request, count) ?? null
      if (bad !== null && !bad.done) return misbehaved(bad, null, now)
      const answer = restAnswer(site, limits, request, path, url.searchParams, now)
      return bad === null ? answer : misbehaved(bad, answer, now)
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
  }
}

function restAnswer(
  site: Site,
  limits: LimitCounter | null,
  request: HttpRequest,
  path: string,
  query: URLSearchParams,
  now: Instant,
): HttpAnswer {
  const error = path.startsWith('/rest/servicedeskapi/') ? serviceDeskError : platformError
  const found = findRoute(request.method, path)
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
  const body = readJson(request.body)
  if (request.method !== 'GET' && body === undefined) return error(400, 'The body is not JSON.')
  return found.route.answer({ site, caller, params: found.params, query, body, now })
}

function findRoute(method: HttpRequest['method'], path: string): { route: Route; params: readonly string[] } | null {
  for (const route of ROUTES) {
    const params = route.method === method ? fit(route.path, path) : null
    if (params !== null) return { route, params }
  }
  return null
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function misbehaved(bad: Misbehaviour, answer: HttpAnswer | null, now: Instant): HttpAnswer {
  const html = { 'content-type': 'text/html' }
  if (bad.answer === 'html') return { status: 200, headers: html, body: '<!doctype html><title>Just a moment…</title>' }
  if (bad.answer === 'unavailable') return { status: 503, headers: html, body: '<h1>Service unavailable</h1>' }
  if (bad.answer === 'empty') return { status: 200, headers: {}, body: '' }
  if (bad.answer === 'half a JSON') {
    const whole = answer ?? json(200, { issues: [] })
    return {
      ...whole,
      status: whole.status === 204 ? 200 : whole.status,
      body: whole.body.slice(0, Math.ceil(whole.body.length / 2)) || '{"half',
    }
  }
  const untilTheHour = Math.ceil((HOUR_MS - (now % HOUR_MS)) / 1000)
  return json(
    429,
    { errorMessages: ['Rate limit exceeded.'] },
    { 'retry-after': String(Math.min(untilTheHour, 60)), 'ratelimit-reason': 'jira-quota-global-based' },
  )
}
