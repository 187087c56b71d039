import type { HttpAnswer } from '#connectors/kit/io.ts'
import { json, platformError } from './answers.ts'
import { createIssue, linkIssues } from './issues.ts'
import { isDocument, type AdfDocument } from './rich-text.ts'
import { own, type Call, type Route } from './route.ts'
import { maySee, ticketOf, type Ticket } from './site.ts'

/** The part of the platform's API by which a program makes issues that are no requests. */
export const issueRoutes: readonly Route[] = [
  { method: 'POST', path: '/rest/api/3/issue', answer: create },
  { method: 'POST', path: '/rest/api/3/issueLink', answer: link },
]

const KNOWN = new Set(['project', 'issuetype', 'summary', 'description', 'labels', 'assignee'])

function create({ site, caller, body, now }: Call): HttpAnswer {
  const fields = own(body, 'fields')
  if (typeof fields !== 'object' || fields === null) return platformError(400, 'fields is required')
  const stranger = Object.keys(fields).find((name) => !KNOWN.has(name))
  if (stranger !== undefined)
    return platformError(
      400,
      `Field '${stranger}' cannot be set. It is not on the appropriate screen, or unknown.`,
      stranger,
    )
  const description = own(fields, 'description') ?? null
  if (description !== null && !isDocument(description))
    return platformError(
      400,
      'Operation value must be an Atlassian Document (see the Atlassian Document Format)',
      'description',
    )
  const labels = own(fields, 'labels') ?? []
  if (!isTexts(labels)) return platformError(400, 'data was not an array', 'labels')
  const issueType = own(fields, 'issuetype')
  const assignee = own(fields, 'assignee')
  const created = createIssue(
    site,
    caller,
    {
      projectKey: textOf(own(own(fields, 'project'), 'key')),
      issueType: textOf(own(issueType, 'id') ?? own(issueType, 'name')),
      summary: textOf(own(fields, 'summary')),
      description: description as AdfDocument | null,
      labels,
      assignee: assignee === undefined || assignee === null ? null : textOf(own(assignee, 'id')),
    },
    now,
  )
  if (created.kind === 'refused') return platformError(created.status, created.because, created.field)
  const { id, key } = created.value
  return json(201, { id, key, self: `${site.url}/rest/api/3/issue/${id}` })
}

function link(call: Call): HttpAnswer {
  const { caller, body, now } = call
  if (own(own(body, 'type'), 'name') !== 'Relates')
    return platformError(404, 'No issue link type with this name found.')
  const [outward, inward] = ['outwardIssue', 'inwardIssue'].map((end) => seen(call, own(own(body, end), 'key')))
  if (!outward || !inward) return platformError(404, 'Issue does not exist or you do not have permission to see it.')
  const linked = linkIssues(caller, outward, inward, now)
  if (linked.kind === 'refused') return platformError(linked.status, linked.because)
  return { status: 201, headers: {}, body: '' }
}

function seen({ site, caller }: Call, key: unknown): Ticket | null {
  const ticket = typeof key === 'string' ? ticketOf(site, key) : null
  return ticket !== null && maySee(ticket, caller) ? ticket : null
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
