import { MINUTE_MS, type Instant } from '#core/instant.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import { json, platformError } from './answers.ts'
import { own, type Call } from './route.ts'
import { issueFields } from './issue-fields.ts'
import { maySee, type Site, type Ticket } from './site.ts'

/** The one query that is understood here; Jira reads a relative date without asking for anybody's time zone. */
const SUBSET =
  /^project = "?([A-Z][A-Z0-9_]+)"?(?: AND updated >= "?-(\d+)m"?)?(?: AND labels = "([^"\\]+)")? ORDER BY (?:updated|created) (ASC|DESC)$/i

export function search({ site, caller, now }: Call, asked: unknown): HttpAnswer {
  const jql = own(asked, 'jql')
  const match = typeof jql === 'string' ? SUBSET.exec(jql.trim()) : null
  if (match === null)
    return platformError(400, `Error in the JQL Query: the stand-in understands ${SUBSET.source} alone.`)
  const [, projectKey = '', minutes, label, direction = 'ASC'] = match
  const since = minutes === undefined ? -Infinity : now - Number(minutes) * MINUTE_MS
  const found = [...site.tickets.values()]
    .filter(() => projectKey.toUpperCase() === site.seed.project.key)
    .filter((ticket) => label === undefined || hasLabel(ticket, label))
    .map((ticket) => ({ ticket, updatedAt: updatedInIndex(site, ticket, now) }))
    .filter(({ ticket, updatedAt }) => maySee(ticket, caller) && updatedAt !== null && updatedAt >= since)
    .toSorted((a, b) => ((a.updatedAt ?? 0) - (b.updatedAt ?? 0)) * (direction.toUpperCase() === 'ASC' ? 1 : -1))

  const token = own(asked, 'nextPageToken')
  const start = typeof token === 'string' ? Number(token.replace(/^page-/, '')) : 0
  const size = Math.min(Math.max(Number(own(asked, 'maxResults') ?? 50), 1), 100)
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(size)) return platformError(400, 'The page is not valid.')
  const wanted = own(asked, 'fields')
  const names = new Set<unknown>(Array.isArray(wanted) ? wanted : typeof wanted === 'string' ? wanted.split(',') : [])
  const issues = found.slice(start, start + size).map(({ ticket }) => ({
    expand: '',
    id: ticket.id,
    self: `${site.url}/rest/api/3/issue/${ticket.id}`,
    key: ticket.key,
    fields: issueFields(site, ticket, 3, names),
  }))
  const isLast = start + size >= found.length
  return json(200, { issues, isLast, ...(isLast ? {} : { nextPageToken: `page-${start + size}` }) })
}

/** JQL takes no notice of case. */
function hasLabel(ticket: Ticket, label: string): boolean {
  return (ticket.labels ?? []).some((each) => each.toLowerCase() === label.toLowerCase())
}

/** What the index knows: it trails, so a ticket whose every change is younger than the lag is not found at all. */
function updatedInIndex(site: Site, ticket: Ticket, now: Instant): Instant | null {
  const lagMs = site.habits.searchLagMs ?? 0
  if (lagMs === 0) return ticket.updatedAt
  const changes = [
    ticket.createdAt,
    ...ticket.history.map((entry) => entry.at),
    ...ticket.comments.map((comment) => comment.at),
  ]
  const known = changes.filter((at) => at <= now - lagMs)
  return known.length === 0 ? null : Math.max(...known)
}
