import { issueTypesOf } from './issue-types.ts'
import { optionId } from './options.ts'
import { wordsOf } from './rich-text.ts'
import { jiraTime, statusShape, userShape, type ApiVersion } from './shapes.ts'
import type { Site, Ticket } from './site.ts'
import { statusNamed } from './workflow.ts'

/** The custom field in which the service desk keeps the request type; its number differs from site to site. */
const REQUEST_TYPE_FIELD = 'customfield_10010'

/** The issue type behind every request of the portal. */
const REQUEST_ISSUE = { id: '10004', name: 'Service Request' }

type Field = (site: Site, ticket: Ticket, version: ApiVersion) => unknown

const FIELDS: Readonly<Record<string, Field>> = {
  summary: (_, { summary }) => summary,
  issuetype: issueTypeShape,
  project: ({ url, seed: { project } }, _, version) => ({
    self: `${url}/rest/api/${version}/project/${project.id}`,
    ...project,
    projectTypeKey: 'service_desk',
    simplified: false,
  }),
  status: (site, ticket) => statusShape(site, statusNamed(site.seed.workflow, ticket.status)),
  creator: (site, ticket, version) => userShape(site, ticket.creator, version),
  reporter: (site, ticket, version) => userShape(site, ticket.reporter, version),
  assignee: (site, { assignee }, version) => (assignee ? userShape(site, assignee, version) : null),
  labels: (_, ticket) => ticket.labels ?? [],
  description: (_, { description }, version) =>
    version === 3 || !description ? (description ?? null) : wordsOf(description),
  created: (_, ticket) => jiraTime(ticket.createdAt),
  updated: (_, ticket) => jiraTime(ticket.updatedAt),
  [REQUEST_TYPE_FIELD]: requestTypeShape,
}

/** Those that are asked for, or all. Each is made only when it is wanted: most readers want two of seventeen. */
export function issueFields(
  site: Site,
  ticket: Ticket,
  version: ApiVersion,
  wanted: ReadonlySet<unknown> | 'all' = 'all',
): Record<string, unknown> {
  const shown: Record<string, unknown> = {}
  const isWanted = (name: string): boolean => wanted === 'all' || wanted.has(name)
  for (const name in FIELDS) if (isWanted(name)) shown[name] = FIELDS[name]?.(site, ticket, version)
  const { app, role, duration, reason, approvers } = site.seed.fields
  if (isWanted(app)) shown[app] = optionShape(site, app, ticket.app, version)
  if (isWanted(role)) shown[role] = optionShape(site, role, ticket.role, version)
  if (isWanted(duration)) shown[duration] = optionShape(site, duration, ticket.duration, version)
  if (isWanted(reason)) shown[reason] = version === 3 || ticket.reason === null ? ticket.reason : wordsOf(ticket.reason)
  if (isWanted(approvers)) {
    const people = ticket.approvers.map((accountId) => userShape(site, accountId, version))
    shown[approvers] = people.length === 0 ? null : people
  }
  return shown
}

function issueTypeShape(site: Site, ticket: Ticket, version: ApiVersion): object {
  const own = ticket.requestTypeId === null && issueTypesOf(site).find(({ name }) => name === ticket.issueType)
  const { id, name } = own || REQUEST_ISSUE
  return { self: `${site.url}/rest/api/${version}/issuetype/${id}`, id, name, subtask: false }
}

function requestTypeShape({ seed }: Site, { requestTypeId: id }: Ticket): object | null {
  if (id === null) return null
  return { requestType: { id, name: seed.requestTypes.find((type) => type.id === id)?.name ?? '' } }
}

function optionShape(site: Site, field: string, value: string | null, version: ApiVersion): object | null {
  if (value === null) return null
  const id = optionId(site.seed, field, value)
  return { self: `${site.url}/rest/api/${version}/customFieldOption/${id}`, value, id }
}
