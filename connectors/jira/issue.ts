import { SECOND_MS } from '#core/instant.ts'
import type { Reading } from '#connectors/kit/connector.ts'
import type { DeskApproval, DeskIssue } from '#connectors/kit/desk.ts'
import { textOfField } from './adf.ts'
import type { JiraClient } from './client.ts'
import type { JiraSettings } from './settings.ts'
import { historyOf } from './history.ts'
import { unread, unreadable } from './outcome.ts'
import { allPages } from './pages.ts'
import { approvalPage, changelogPage, issue as issueShape, issueStand, request } from './shapes.ts'
import type { ApprovalEntry } from './shapes.ts'
import type { StatusNames } from './status.ts'

/** How often a ticket that changes under our eyes is read again at once. */
const ATTEMPTS = 3

/**
 * One ticket as it stood at one moment. Jira tells its parts in four calls, so we look at the ticket before and after:
 * when it moved in between, the parts may not belong together (an approval from before an edit, beside the fields from
 * after it), and all of it is read again. Approvals that are answered without being completed move nothing.
 */
export async function readIssue(
  client: JiraClient,
  settings: JiraSettings,
  statuses: StatusNames,
  key: string,
): Promise<Reading<DeskIssue>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const reading = await readOnce(client, settings, statuses, key)
    if (reading !== 'moved') return reading
  }
  return unreadable('the ticket changes faster than it can be read', SECOND_MS)
}

async function readOnce(
  client: JiraClient,
  settings: JiraSettings,
  statuses: StatusNames,
  key: string,
): Promise<Reading<DeskIssue> | 'moved'> {
  const { fields: ids } = settings
  const wanted = [
    'status',
    'project',
    'creator',
    'reporter',
    'created',
    'updated',
    ids.app,
    ids.role,
    ids.duration,
    ids.reason,
  ]
  const path = `/rest/api/3/issue/${key}`
  const before = await client.get(`${path}?fields=${wanted.join(',')}`, issueShape)
  if (before.kind !== 'answered') return unread(before)
  const { id, key: currentKey, fields } = before.value
  const { startedAt } = before
  const found = {
    id,
    key: currentKey,
    status: statuses.ofName(fields.status.name),
    creator: fields.creator?.accountId ?? null,
    reporter: fields.reporter?.accountId ?? null,
    app: textOfField(fields[ids.app]),
    role: textOfField(fields[ids.role]),
    duration: textOfField(fields[ids.duration]),
    reason: textOfField(fields[ids.reason]),
    createdAt: fields.created,
    updatedAt: fields.updated,
  }
  const notOurs = { kind: 'read', startedAt, value: { ...found, ours: false, approvals: [], history: [] } } as const
  if (fields.project.key !== settings.projectKey) return notOurs

  const [asked, approvals, changes] = await Promise.all([
    client.get(`/rest/servicedeskapi/request/${id}`, request),
    readApprovals(client, id),
    readChanges(client, id),
  ])
  // An issue that an agent made by hand is no request.
  if (asked.kind === 'refused' && asked.status === 404) return notOurs
  if (asked.kind !== 'answered') return unread(asked)
  if (!settings.requestTypeIds.has(asked.value.requestTypeId)) return notOurs
  if (approvals.kind !== 'answered') return unread(approvals)
  if (changes.kind !== 'answered') return unread(changes)

  const after = await client.get(`${path}?fields=status,updated`, issueStand)
  if (after.kind !== 'answered') return unread(after)
  const stood = after.value.fields
  if (stood.updated !== fields.updated || stood.status.name !== fields.status.name) return 'moved'
  const history = historyOf(changes.value, ids, statuses)
  return {
    kind: 'read',
    startedAt,
    value: { ...found, ours: true, approvals: approvals.value.map(approvalOf), history },
  }
}

/** The service desk's pages. */
function readApprovals(client: JiraClient, issueId: string) {
  return allPages(client, {
    path: (start) => `/rest/servicedeskapi/request/${issueId}/approval?start=${start}&limit=50`,
    shape: approvalPage,
    items: (page) => page.values,
    isLast: (page) => page.isLastPage,
  })
}

/** The platform's pages. Never `expand=changelog`, which stops after a hundred changes without saying so. */
function readChanges(client: JiraClient, issueId: string) {
  return allPages(client, {
    path: (start) => `/rest/api/3/issue/${issueId}/changelog?startAt=${start}&maxResults=100`,
    shape: changelogPage,
    items: (page) => page.values,
    isLast: (page, seen) => seen >= page.total,
  })
}

/** An approver without an account id is nobody whom we know: '' is no account's id. */
function approvalOf(approval: ApprovalEntry): DeskApproval {
  return {
    id: approval.id,
    decision: approval.finalDecision,
    answers: approval.approvers.map(({ approver, approverDecision }) => ({
      account: approver.accountId ?? '',
      decision: approverDecision,
    })),
    completedAt: approval.completedDate?.epochMillis ?? null,
  }
}
