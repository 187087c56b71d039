import type { HttpAnswer } from '#connectors/kit/io.ts'
import { json, noContent, serviceDeskError } from './answers.ts'
import { answerApproval } from './answer-approval.ts'
import { mayAnswer } from './approvals.ts'
import { chosenOption } from './options.ts'
import { serviceDeskPage } from './paging.ts'
import { documentOf, isDocument, type AdfDocument } from './rich-text.ts'
import { own, type Call, type Route } from './route.ts'
import { approvalShape, requestShape } from './shapes.ts'
import { maySee, ticketOf, type Account, type Ticket } from './site.ts'
import { openTransitions, raise, transition } from './tickets.ts'

const BASE = '/rest/servicedeskapi/request'

export const serviceDeskRoutes: readonly Route[] = [
  { method: 'POST', path: BASE, answer: raiseRequest },
  { method: 'GET', path: BASE, answer: myRequests },
  {
    method: 'GET',
    path: `${BASE}/{}`,
    answer: (call) => onRequest(call, (ticket) => json(200, requestShape(call.site, ticket))),
  },
  {
    method: 'GET',
    path: `${BASE}/{}/approval`,
    answer: (call) => onRequest(call, (ticket) => approvals(call, ticket)),
  },
  {
    method: 'GET',
    path: `${BASE}/{}/approval/{}`,
    answer: (call) => onRequest(call, (ticket) => oneApproval(call, ticket)),
  },
  {
    method: 'POST',
    path: `${BASE}/{}/approval/{}`,
    writesIssue: true,
    answer: (call) => onRequest(call, (ticket) => answer(call, ticket)),
  },
  {
    method: 'GET',
    path: `${BASE}/{}/transition`,
    answer: (call) => onRequest(call, (ticket) => customerTransitions(call, ticket)),
  },
  {
    method: 'POST',
    path: `${BASE}/{}/transition`,
    writesIssue: true,
    answer: (call) => onRequest(call, (ticket) => move(call, ticket)),
  },
]

function onRequest(call: Call, then: (ticket: Ticket) => HttpAnswer): HttpAnswer {
  const ticket = ticketOf(call.site, call.params[0] ?? '')
  if (ticket === null || ticket.requestTypeId === null || !maySee(ticket, call.caller))
    return serviceDeskError(404, 'The request does not exist or you cannot see it.')
  return then(ticket)
}

function raiseRequest(call: Call): HttpAnswer {
  const { site, caller, body, now } = call
  if (own(body, 'serviceDeskId') !== site.seed.serviceDeskId)
    return serviceDeskError(400, 'The service desk does not exist.')
  const onBehalfOf = own(body, 'raiseOnBehalfOf')
  if (onBehalfOf !== undefined && !caller.agent)
    return serviceDeskError(403, 'You cannot raise requests on behalf of others.')
  const reporter = typeof onBehalfOf === 'string' ? site.accounts.get(onBehalfOf) : caller
  if (reporter === undefined) return serviceDeskError(400, 'The customer does not exist.')

  const values = own(body, 'requestFieldValues')
  const { fields, requestTypes } = site.seed
  const known = new Set(['summary', fields.app, fields.role, fields.duration, fields.reason])
  for (const id of Object.keys(values ?? {})) {
    if (!known.has(id)) return serviceDeskError(400, `Field '${id}' is not part of this request type.`)
  }
  const chosen: Record<'app' | 'role' | 'duration', string | null> = { app: null, role: null, duration: null }
  for (const name of ['app', 'role', 'duration'] as const) {
    const written = own(values, fields[name])
    chosen[name] = chosenOption(site.seed, fields[name], written)
    if (written !== undefined && chosen[name] === null)
      return serviceDeskError(
        400,
        `Your request could not be created. Please check the fields have been filled in correctly. Option for '${fields[name]}' is not valid.`,
      )
  }
  const reason = readReason(own(values, fields.reason), own(body, 'isAdfRequest') === true)
  if (reason === undefined) return serviceDeskError(400, `The value of '${fields.reason}' is not text.`)
  const requestTypeId = String(own(body, 'requestTypeId'))
  const preset = requestTypes.find((type) => type.id === requestTypeId)?.name ?? 'Request'
  const summary = own(values, 'summary')
  const raised = raise(
    site,
    reporter,
    requestTypeId,
    typeof summary === 'string' ? summary.slice(0, 255) : preset,
    { ...chosen, reason },
    now,
    caller,
  )
  return raised.kind === 'refused'
    ? serviceDeskError(raised.status, raised.because)
    : json(201, requestShape(site, raised.value))
}

/** Plain text, unless the caller says that rich text comes as a document. Undefined when it is neither. */
function readReason(written: unknown, asDocument: boolean): AdfDocument | null | undefined {
  if (written === undefined || written === null || written === '') return null
  if (asDocument) return isDocument(written) ? written : undefined
  return typeof written === 'string' ? documentOf(written) : undefined
}

function myRequests({ site, caller, query }: Call): HttpAnswer {
  const mine = [...site.tickets.values()]
    .filter((ticket) => ticket.requestTypeId !== null && ticket.reporter === caller.accountId)
    .toReversed()
  const page = serviceDeskPage(mine, query, `${site.url}${BASE}`, 50)
  return json(200, { ...page, values: page.values.map((ticket) => requestShape(site, ticket)) })
}

function approvals({ site, caller, query }: Call, ticket: Ticket): HttpAnswer {
  const page = serviceDeskPage(ticket.approvals, query, `${site.url}${BASE}/${ticket.id}/approval`, 50)
  return json(200, {
    ...page,
    values: page.values.map((one) => approvalShape(site, ticket, one, mayAnswer(site, ticket, one, caller))),
  })
}

function oneApproval({ site, caller, params }: Call, ticket: Ticket): HttpAnswer {
  const one = ticket.approvals.find((candidate) => candidate.id === params[1])
  if (one === undefined) return serviceDeskError(404, 'The approval does not exist.')
  return json(200, approvalShape(site, ticket, one, mayAnswer(site, ticket, one, caller)))
}

function answer({ site, caller, params, body, now }: Call, ticket: Ticket): HttpAnswer {
  const decision = own(body, 'decision')
  if (decision !== 'approve' && decision !== 'decline')
    return serviceDeskError(400, 'The decision must be approve or decline.')
  const answered = answerApproval(site, ticket, params[1] ?? '', caller, decision, now)
  if (answered.kind === 'refused') return serviceDeskError(answered.status, answered.because)
  return json(200, approvalShape(site, ticket, answered.value, false))
}

function customerTransitions({ site, caller, query }: Call, ticket: Ticket): HttpAnswer {
  const open = openTransitions(site, ticket, asCustomer(caller)).map(({ id, name }) => ({ id, name }))
  return json(200, serviceDeskPage(open, query, `${site.url}${BASE}/${ticket.id}/transition`, 50))
}

function move({ site, caller, body, now }: Call, ticket: Ticket): HttpAnswer {
  const id = own(body, 'id')
  if (typeof id !== 'string') return serviceDeskError(400, 'The transition is missing.')
  const moved = transition(site, ticket, asCustomer(caller), id, now)
  return moved.kind === 'refused' ? serviceDeskError(moved.status, moved.because) : noContent()
}

/** This door offers what the portal shows, to agents too. */
function asCustomer(account: Account): Account {
  return { ...account, agent: false }
}
