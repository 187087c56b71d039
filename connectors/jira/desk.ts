import { MINUTE_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import type { Reading } from '#connectors/kit/connector.ts'
import type { Desk, DeskAccount } from '#connectors/kit/desk.ts'
import type { Io } from '#connectors/kit/io.ts'
import { bounded } from '#connectors/kit/plain-text.ts'
import { askForApproval } from './ask-for-approval.ts'
import type { JiraClient } from './client.ts'
import { comment } from './comment.ts'
import type { JiraSettings } from './settings.ts'
import { readIssue } from './issue.ts'
import { moveIssue } from './move.ts'
import { rejected, unread } from './outcome.ts'
import { linkIssues, raiseIssue } from './raise-issue.ts'
import { findUpdated } from './search.ts'
import { account as accountShape, ISSUE_KEY } from './shapes.ts'
import { createStatusNames } from './status.ts'

/** The search index trails behind, and clocks differ: we ask for a little more, since reading a ticket twice costs nothing. */
const OVERLAP_MS = 3 * MINUTE_MS

export function createDesk(io: Io, client: JiraClient, settings: JiraSettings): Desk {
  const { alarms } = settings
  const statuses = createStatusNames(settings.statusNames)
  const ifKey = async (key: string, write: () => Promise<Outcome>): Promise<Outcome> =>
    isKey(key) ? write() : rejected('not understood', 'that is no key of an issue')

  return {
    async issue(key) {
      if (!isKey(key)) return { kind: 'absent', startedAt: io.now(), said: 'that is no key of an issue' }
      return readIssue(client, settings, statuses, key)
    },
    updatedSince: (since: Instant) => findUpdated(client, io, settings.projectKey, since - OVERLAP_MS),
    account: (accountId) => readAccount(client, settings, accountId),
    askForApproval: (key, approvers) =>
      ifKey(key, () => askForApproval(client, io, statuses, settings.fields.approvers, key, approvers)),
    move: (key, to) => ifKey(key, () => moveIssue(client, io, statuses, key, to)),
    comment: (key, message) => ifKey(key, () => comment(client, io, key, message)),
    link: (key, other) => ifKey(key, () => ifKey(other, () => linkIssues(client, io, key, other))),
    ...(alarms ? { raise: (issue, mayRaise) => raiseIssue(client, alarms, issue, mayRaise) } : {}),
  }
}

/** A key, or the id that a key never changes: both go into addresses, so nothing else may. */
function isKey(text: string): boolean {
  return ISSUE_KEY.test(text) || /^\d{1,20}$/.test(text)
}

async function readAccount(
  client: JiraClient,
  settings: JiraSettings,
  accountId: string,
): Promise<Reading<DeskAccount>> {
  const answer = await client.get(`/rest/api/3/user?accountId=${encodeURIComponent(accountId)}`, accountShape)
  if (answer.kind !== 'answered') return unread(answer)
  const { displayName, active, emailAddress } = answer.value
  const email = emailAddress === '' ? null : (emailAddress ?? null)
  const domain = email?.slice(email.lastIndexOf('@') + 1).toLowerCase() ?? ''
  return {
    kind: 'read',
    startedAt: answer.startedAt,
    value: {
      accountId: answer.value.accountId,
      displayName: bounded(displayName ?? '', 500),
      active,
      email,
      emailVerified: settings.managedDomains.has(domain),
    },
  }
}
