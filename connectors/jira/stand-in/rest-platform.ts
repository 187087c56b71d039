import type { HttpAnswer } from '#connectors/kit/io.ts'
import { json, jsonText, noContent, platformError } from './answers.ts'
import { commentJson } from './comment-json.ts'
import { addComment } from './comments.ts'
import { chosenOption } from './options.ts'
import { issueFields } from './issue-fields.ts'
import { issueRoutes } from './rest-issues.ts'
import { pageAsked, platformPage } from './paging.ts'
import { isDocument, type AdfDocument } from './rich-text.ts'
import { own, type Call, type Route } from './route.ts'
import { search } from './search.ts'
import { changelogShape, jiraTime, transitionShape, userShape } from './shapes.ts'
import { maySee, ticketOf, type Comment, type Deed, type Ticket } from './site.ts'
import { edit, openTransitions, transition } from './tickets.ts'

const NO_ISSUE = 'Issue does not exist or you do not have permission to see it.'

export const platformRoutes: readonly Route[] = [
  ...issueRoutes,
  {
    method: 'GET',
    path: '/rest/api/3/serverInfo',
    answer: ({ site, now }) => json(200, serverInfo(site.url, site.seed.siteName, jiraTime(now))),
  },
  {
    method: 'GET',
    path: '/rest/api/3/myself',
    answer: ({ site, caller }) => json(200, userShape(site, caller.accountId)),
  },
  { method: 'GET', path: '/rest/api/3/user', answer: user },
  {
    method: 'GET',
    path: '/rest/api/3/search/jql',
    answer: ({ query, ...call }) => search({ ...call, query }, Object.fromEntries(query)),
  },
  { method: 'POST', path: '/rest/api/3/search/jql', answer: (call) => search(call, call.body) },
  {
    method: 'GET',
    path: '/rest/api/3/issue/{}',
    answer: (call) => onTicket(call, (ticket) => readIssue(call, ticket)),
  },
  {
    method: 'PUT',
    path: '/rest/api/3/issue/{}',
    writesIssue: true,
    answer: (call) => onTicket(call, (ticket) => editIssue(call, ticket)),
  },
  {
    method: 'GET',
    path: '/rest/api/3/issue/{}/changelog',
    answer: (call) => onTicket(call, (ticket) => readChangelog(call, ticket)),
  },
  {
    method: 'GET',
    path: '/rest/api/3/issue/{}/comment',
    answer: (call) => onTicket(call, (ticket) => readComments(call, ticket)),
  },
  {
    method: 'POST',
    path: '/rest/api/3/issue/{}/comment',
    writesIssue: true,
    answer: (call) => onTicket(call, (ticket) => comment(call, ticket)),
  },
  { method: 'GET', path: '/rest/api/3/comment/{}/properties/{}', answer: readCommentProperty },
  {
    method: 'GET',
    path: '/rest/api/3/issue/{}/transitions',
    answer: (call) => onTicket(call, (ticket) => readTransitions(call, ticket)),
  },
  {
    method: 'POST',
    path: '/rest/api/3/issue/{}/transitions',
    writesIssue: true,
    answer: (call) => onTicket(call, (ticket) => move(call, ticket)),
  },
]

function serverInfo(baseUrl: string, serverTitle: string, serverTime: string): object {
  return {
    baseUrl,
    serverTitle,
    serverTime,
    version: '1001.0.0-SNAPSHOT',
    versionNumbers: [1001, 0, 0],
    deploymentType: 'Cloud',
    buildNumber: 100_000,
  }
}

function user({ site, query }: Call): HttpAnswer {
  const accountId = query.get('accountId') ?? ''
  return site.accounts.has(accountId)
    ? json(200, userShape(site, accountId))
    : platformError(404, 'Specified user does not exist or you do not have required permissions')
}

function onTicket(call: Call, answer: (ticket: Ticket) => HttpAnswer): HttpAnswer {
  const ticket = ticketOf(call.site, call.params[0] ?? '')
  return ticket === null || !maySee(ticket, call.caller) ? platformError(404, NO_ISSUE) : answer(ticket)
}

function readIssue({ site, query }: Call, ticket: Ticket): HttpAnswer {
  const wanted = new Set(query.get('fields')?.split(',') ?? ['*all'])
  return json(200, {
    expand: 'renderedFields,names,schema,operations,editmeta,changelog',
    id: ticket.id,
    self: `${site.url}/rest/api/3/issue/${ticket.id}`,
    key: ticket.key,
    fields: issueFields(site, ticket, 3, wanted.has('*all') ? 'all' : wanted),
  })
}

function editIssue({ site, caller, body, now }: Call, ticket: Ticket): HttpAnswer {
  if (!caller.agent) return platformError(403, 'You do not have permission to edit issues in this project.')
  const written = own(body, 'fields')
  if (typeof written !== 'object' || written === null) return platformError(400, 'one of fields or update required')
  const { fields } = site.seed
  const changes: {
    app?: string | null
    role?: string | null
    duration?: string | null
    reason?: AdfDocument | null
    approvers?: string[]
  } = {}
  for (const [id, value] of Object.entries(written)) {
    if (id === fields.app || id === fields.role || id === fields.duration) {
      const option = chosenOption(site.seed, id, value)
      if (option === null && value !== null) return platformError(400, 'Specify a valid value for the field', id)
      changes[id === fields.app ? 'app' : id === fields.role ? 'role' : 'duration'] = option
    } else if (id === fields.reason) {
      if (value !== null && !isDocument(value))
        return platformError(
          400,
          'Operation value must be an Atlassian Document (see the Atlassian Document Format)',
          id,
        )
      changes.reason = value
    } else if (id === fields.approvers) {
      const accounts = accountIds(value)
      if (accounts === null) return platformError(400, 'expected an array of users', id)
      changes.approvers = accounts
    } else
      return platformError(400, `Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.`, id)
  }
  return nothingOr(edit(site, ticket, caller, changes, now))
}

function accountIds(value: unknown): string[] | null {
  if (value === null) return []
  if (!Array.isArray(value)) return null
  const ids = value.map((entry) => own(entry, 'accountId'))
  return ids.every((id) => typeof id === 'string') ? ids : null
}

function readChangelog({ site, query }: Call, ticket: Ticket): HttpAnswer {
  const page = platformPage(ticket.history, query, 100)
  const self = `${site.url}/rest/api/3/issue/${ticket.id}/changelog?maxResults=${page.maxResults}&startAt=`
  const next = page.isLast ? {} : { nextPage: `${self}${page.startAt + page.maxResults}` }
  return json(200, {
    self: `${self}${page.startAt}`,
    ...next,
    ...page,
    values: page.values.map((entry) => changelogShape(site, entry)),
  })
}

function readComments({ site, query, caller }: Call, ticket: Ticket): HttpAnswer {
  const visible = ticket.comments.filter((candidate) => caller.agent || !candidate.internal)
  const ordered = query.get('orderBy') === '-created' ? visible.toReversed() : visible
  const { start, size } = pageAsked(query, { start: 'startAt', size: 'maxResults' }, 100)
  const expands = query.get('expand') === 'properties' && site.habits.expandsCommentProperties !== false
  const shown = ordered.slice(start, start + size)
  const comments = shown.map((entry) => commentJson(site, entry, expands ? 'withProperties' : 'plain')).join(',')
  const { length: total } = ordered
  return jsonText(200, `{"startAt":${start},"maxResults":${size},"total":${total},"comments":[${comments}]}`)
}

function comment({ site, caller, body, now }: Call, ticket: Ticket): HttpAnswer {
  const document = own(body, 'body')
  if (!isDocument(document)) return platformError(400, 'Comment body is not valid!', 'comment')
  const given = own(body, 'properties') ?? []
  if (!Array.isArray(given)) return platformError(400, 'properties: expected an array')
  const properties: { key: string; value: unknown }[] = []
  for (const entry of given) {
    const key = own(entry, 'key')
    if (typeof key !== 'string' || key === '') return platformError(400, 'properties: a key is missing')
    properties.push({ key, value: own(entry, 'value') })
  }
  if (!caller.agent && properties.length > 0)
    return platformError(403, 'You do not have permission to set comment properties.')
  const said = addComment(site, ticket, caller, document, properties, now)
  return said.kind === 'refused' ? refusal(said) : jsonText(201, commentJson(site, said.value, 'withProperties'))
}

function readCommentProperty({ site, caller, params }: Call): HttpAnswer {
  const [commentId = '', key = ''] = params
  let found: Comment | undefined
  for (const ticket of site.tickets.values()) {
    if (maySee(ticket, caller)) found ??= ticket.comments.find((candidate) => candidate.id === commentId)
  }
  const property = found?.properties.find((candidate) => candidate.key === key)
  return property === undefined
    ? platformError(404, 'The comment or the property does not exist.')
    : json(200, property)
}

function readTransitions({ site, caller }: Call, ticket: Ticket): HttpAnswer {
  const transitions = openTransitions(site, ticket, caller).map((open) => transitionShape(site, open))
  return json(200, { expand: 'transitions', transitions })
}

function move({ site, caller, body, now }: Call, ticket: Ticket): HttpAnswer {
  const id = own(own(body, 'transition'), 'id')
  if (typeof id !== 'string') return platformError(400, "You must specify a 'transition' object with an 'id'.")
  return nothingOr(transition(site, ticket, caller, id, now))
}

function nothingOr(deed: Deed<unknown>): HttpAnswer {
  return deed.kind === 'refused' ? refusal(deed) : noContent()
}

function refusal(deed: Deed<unknown> & { kind: 'refused' }): HttpAnswer {
  return platformError(deed.status, deed.because, deed.field)
}
