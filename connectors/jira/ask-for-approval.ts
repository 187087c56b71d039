import type { Outcome } from '#core/identity-action/outcome.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { JiraClient } from './client.ts'
import { moveIssue } from './move.ts'
import { changed, outcomeOf, outcomeOfReading, rejected, unread } from './outcome.ts'
import { issueStand } from './shapes.ts'
import type { StatusNames } from './status.ts'

/**
 * The approvers stand in the field before the ticket enters the approval status, because Jira makes the approval
 * from the field in that moment: later is too late, and an approval for nobody cannot be answered.
 */
export async function askForApproval(
  client: JiraClient,
  io: Io,
  statuses: StatusNames,
  approversField: string,
  key: string,
  approvers: readonly string[],
): Promise<Outcome> {
  if (approvers.length === 0) return rejected('not understood', 'an approval by nobody cannot be asked for')
  const path = `/rest/api/3/issue/${key}`
  const stand = await client.get(`${path}?fields=status,updated,${approversField}`, issueStand)
  if (stand.kind !== 'answered') return outcomeOfReading(unread(stand))
  const standsThere = sameAccounts(stand.value.fields[approversField], approvers)
  if (!standsThere) {
    const fields = { [approversField]: approvers.map((accountId) => ({ accountId })) }
    const written = await client.tell('PUT', path, { fields })
    if (written.kind !== 'answered') return outcomeOf(written)
  }
  const moved = await moveIssue(client, io, statuses, key, 'waiting for approval')
  return moved.kind === 'unchanged' && !standsThere ? changed(moved.at, moved.receipt) : moved
}

function sameAccounts(value: unknown, approvers: readonly string[]): boolean {
  if (!Array.isArray(value)) return false
  const there = new Set(value.map(accountIdOf))
  return there.size === new Set(approvers).size && approvers.every((approver) => there.has(approver))
}

function accountIdOf(person: unknown): unknown {
  return typeof person === 'object' && person !== null && 'accountId' in person ? person.accountId : undefined
}
