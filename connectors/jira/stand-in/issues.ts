import type { Instant } from '#core/instant.ts'
import { issueTypesOf } from './issue-types.ts'
import type { AdfDocument } from './rich-text.ts'
import { done, nextId, refusedWith, type Account, type Deed, type Site, type Ticket } from './site.ts'
import { touch } from './tickets.ts'
import { tell } from './webhooks.ts'

export interface NewIssue {
  readonly projectKey: string
  /** By name or by id, as the caller gave it. */
  readonly issueType: string
  readonly summary: string
  readonly description: AdfDocument | null
  readonly labels: readonly string[]
  readonly assignee: string | null
}

/** An issue that is no request: it has no request type, and no customer ever sees it. */
export function createIssue(site: Site, by: Account, asked: NewIssue, now: Instant): Deed<Ticket> {
  if (asked.projectKey !== site.seed.project.key)
    return refusedWith(400, 'Specify a valid project ID or key, or check that you may create issues in it.', 'project')
  if (!by.agent) return refusedWith(403, 'You do not have permission to create issues in this project.')
  const issueType = issueTypesOf(site).find(({ id, name }) => asked.issueType === id || asked.issueType === name)
  if (issueType === undefined) return refusedWith(400, 'Specify a valid issue type', 'issuetype')
  if (asked.summary.trim() === '') return refusedWith(400, 'You must specify a summary of the issue.', 'summary')
  if (asked.summary.length > 255) return refusedWith(400, 'Summary must be less than 255 characters.', 'summary')
  if (/[\r\n]/.test(asked.summary))
    return refusedWith(400, 'The summary is invalid because it contains newline characters.', 'summary')
  const spaced = asked.labels.find((label) => /\s/.test(label))
  if (spaced !== undefined) return refusedWith(400, `The label '${spaced}' contains spaces which is invalid.`, 'labels')
  const assignee = asked.assignee === null ? null : site.accounts.get(asked.assignee)
  // Only who works in the project can be given its issues: a customer cannot.
  if (assignee !== null && (assignee === undefined || !assignee.agent || !assignee.active))
    return refusedWith(400, `User '${asked.assignee}' cannot be assigned issues.`, 'assignee')

  site.lastNumber += 1
  const issue: Ticket = {
    id: nextId(site),
    key: `${site.seed.project.key}-${site.lastNumber}`,
    requestTypeId: null,
    issueType: issueType.name,
    creator: by.accountId,
    reporter: by.accountId,
    summary: asked.summary,
    description: asked.description,
    labels: asked.labels,
    assignee: asked.assignee,
    status: site.seed.workflow.initial,
    app: null,
    role: null,
    duration: null,
    reason: null,
    approvers: [],
    createdAt: now,
    updatedAt: now,
    history: [],
    comments: [],
    approvals: [],
  }
  site.tickets.set(issue.key, issue)
  tell(site, issue, by.accountId, { kind: 'created' }, now)
  return done(issue)
}

/** A link that is there already is done, as with Jira. */
export function linkIssues(by: Account, outward: Ticket, inward: Ticket, now: Instant): Deed<null> {
  if (!by.agent) return refusedWith(401, 'No Link Issue Permission for issue')
  for (const [one, other] of [
    [outward, inward],
    [inward, outward],
  ] as const) {
    if (one.linked?.includes(other.key)) continue
    one.linked = [...(one.linked ?? []), other.key]
    touch(one, now)
  }
  return done(null)
}
