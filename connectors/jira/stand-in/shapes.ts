import { isoOf, type Instant } from '#core/instant.ts'
import { wordsOf } from './rich-text.ts'
import type { Approval, Comment, HistoryEntry, HistoryItem, Site, Ticket } from './site.ts'
import { statusNamed, type WorkflowStatus, type WorkflowTransition } from './workflow.ts'

/** Version 3 of the API shows rich text as ADF; version 2, which webhooks still use, as plain text. */
export type ApiVersion = 2 | 3

const times = new Map<Instant, string>()

/** Jira writes the zone without a colon, which is not RFC 3339. A ticket shows its few moments over and over. */
export function jiraTime(instant: Instant): string {
  let text = times.get(instant)
  if (text === undefined) {
    if (times.size >= 1_000) times.clear()
    text = `${isoOf(instant).slice(0, -1)}+0000`
    times.set(instant, text)
  }
  return text
}

export function userShape(site: Site, accountId: string, version: ApiVersion = 3): object {
  const account = site.accounts.get(accountId)
  const self = `${site.url}/rest/api/${version}/user?accountId=${encodeURIComponent(accountId)}`
  if (account === undefined)
    return { self, accountId, accountType: 'unknown', active: false, displayName: 'Former user' }
  return {
    self,
    accountId,
    ...(account.emailHidden ? {} : { emailAddress: account.email }),
    displayName: account.displayName,
    active: account.active,
    timeZone: 'Etc/UTC',
    accountType: accountId === site.seed.serviceAccount.accountId ? 'app' : 'atlassian',
  }
}

/** The same person in the service desk's API, which has its own shape. */
export function customerShape(site: Site, accountId: string): object {
  const account = site.accounts.get(accountId)
  return {
    accountId,
    ...(account === undefined || account.emailHidden ? {} : { emailAddress: account.email }),
    displayName: account?.displayName ?? 'Former user',
    active: account?.active ?? false,
    timeZone: 'Etc/UTC',
    _links: { jiraRest: `${site.url}/rest/api/2/user?accountId=${encodeURIComponent(accountId)}` },
  }
}

export function statusShape(site: Site, status: WorkflowStatus): object {
  const category = {
    new: { id: 2, key: 'new', name: 'To Do', colorName: 'blue-gray' },
    indeterminate: { id: 4, key: 'indeterminate', name: 'In Progress', colorName: 'yellow' },
    done: { id: 3, key: 'done', name: 'Done', colorName: 'green' },
  }[status.category]
  return {
    self: `${site.url}/rest/api/3/status/${status.id}`,
    description: '',
    iconUrl: `${site.url}/images/icons/status_generic.gif`,
    name: status.name,
    id: status.id,
    statusCategory: { self: `${site.url}/rest/api/3/statuscategory/${category.id}`, ...category },
  }
}

export function transitionShape(site: Site, transition: WorkflowTransition): object {
  return {
    id: transition.id,
    name: transition.name,
    to: statusShape(site, statusNamed(site.seed.workflow, transition.to)),
    hasScreen: false,
    isGlobal: transition.from === 'any',
    isInitial: false,
    isAvailable: true,
    isConditional: transition.by === 'agents',
    looped: false,
  }
}

export function changelogItemShape(item: HistoryItem): object {
  return {
    field: item.field,
    fieldtype: item.custom ? 'custom' : 'jira',
    fieldId: item.fieldId,
    from: item.from,
    fromString: item.fromText,
    to: item.to,
    toString: item.toText,
  }
}

export function changelogShape(site: Site, entry: HistoryEntry): object {
  return {
    id: entry.id,
    author: userShape(site, entry.by),
    created: jiraTime(entry.at),
    items: entry.items.map(changelogItemShape),
  }
}

export function commentShape(
  site: Site,
  comment: Comment,
  how: { readonly version: ApiVersion; readonly withProperties: boolean },
): object {
  return {
    self: `${site.url}/rest/api/${how.version}/comment/${comment.id}`,
    id: comment.id,
    author: userShape(site, comment.by, how.version),
    body: how.version === 3 ? comment.body : wordsOf(comment.body),
    updateAuthor: userShape(site, comment.by, how.version),
    created: jiraTime(comment.at),
    updated: jiraTime(comment.at),
    jsdPublic: !comment.internal,
    ...(how.withProperties ? { properties: comment.properties } : {}),
  }
}

/** Four ways to write one moment, as the service desk's API does. */
export function dateShape(instant: Instant): object {
  const jira = jiraTime(instant)
  const [day, minute] = [jira.slice(0, 10), jira.slice(11, 16)]
  return { iso8601: `${jira.slice(0, 19)}+0000`, jira, friendly: `${day} ${minute}`, epochMillis: instant }
}

export function approvalShape(site: Site, ticket: Ticket, approval: Approval, canAnswer: boolean): object {
  return {
    id: approval.id,
    name: approval.name,
    finalDecision: approval.decision,
    canAnswerApproval: canAnswer,
    approvers: approval.answers.map((answer) => ({
      approver: customerShape(site, answer.account),
      approverDecision: answer.decision,
    })),
    createdDate: dateShape(approval.createdAt),
    ...(approval.completedAt === null ? {} : { completedDate: dateShape(approval.completedAt) }),
    _links: { self: `${site.url}/rest/servicedeskapi/request/${ticket.id}/approval/${approval.id}` },
  }
}

export function requestShape(site: Site, ticket: Ticket): object {
  const { fields, serviceDeskId, workflow } = site.seed
  const status = statusNamed(workflow, ticket.status)
  const category = { new: 'NEW', indeterminate: 'INDETERMINATE', done: 'DONE' }[status.category]
  const moved = ticket.history.findLast((entry) => entry.items.some((item) => item.fieldId === 'status'))
  const value = (fieldId: string, label: string, chosen: string | null) => ({
    fieldId,
    label,
    ...(chosen === null ? {} : { value: { value: chosen } }),
  })
  return {
    issueId: ticket.id,
    issueKey: ticket.key,
    summary: ticket.summary,
    requestTypeId: ticket.requestTypeId,
    serviceDeskId,
    createdDate: dateShape(ticket.createdAt),
    reporter: customerShape(site, ticket.reporter),
    requestFieldValues: [
      value(fields.app, 'Application', ticket.app),
      value(fields.role, 'Role', ticket.role),
      value(fields.duration, 'For how long', ticket.duration),
      {
        fieldId: fields.reason,
        label: 'Business reason',
        ...(ticket.reason === null ? {} : { value: wordsOf(ticket.reason) }),
      },
    ],
    currentStatus: {
      status: status.name,
      statusCategory: category,
      statusDate: dateShape(moved?.at ?? ticket.createdAt),
    },
    _links: {
      jiraRest: `${site.url}/rest/api/2/issue/${ticket.id}`,
      web: `${site.url}/browse/${ticket.key}`,
      self: `${site.url}/rest/servicedeskapi/request/${ticket.id}`,
    },
  }
}
