import type { ActivityEvent } from '#connectors/kit/activity.ts'
import { plainText } from '#connectors/kit/plain-text.ts'
import { ID } from './shapes.ts'
import type { DirectoryAudit, SignIn } from './shapes.ts'

/** https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities */
const MEMBERSHIP: Readonly<Record<string, 'member added' | 'member removed'>> = {
  'Add member to group': 'member added',
  'Remove member from group': 'member removed',
}

/** Null: nothing that anybody here wants to hear of, or nothing that can be understood. */
export function eventOfAudit(row: DirectoryAudit): ActivityEvent | null {
  const at = Date.parse(row.activityDateTime)
  if (Number.isNaN(at) || row.result?.toLowerCase() === 'failure') return null
  const targets = row.targetResources ?? []
  const target = (type: string) => targets.find((each) => each.type?.toLowerCase() === type)
  const account = target('user')?.id
  if (!isId(account)) return null
  const by = actorOf(row)
  const name = row.activityDisplayName ?? ''
  const kind = Object.hasOwn(MEMBERSHIP, name) ? MEMBERSHIP[name] : undefined
  if (kind === undefined) {
    return row.category === 'UserManagement' ? { id: row.id, at, what: { kind: 'account changed', account }, by } : null
  }
  const groupId = target('group')?.id ?? groupIn(row)
  if (!isId(groupId)) return null
  return { id: row.id, at, what: { kind, account, group: { provider: 'entra', id: groupId } }, by }
}

/** The group is also among what was modified: its id, in quotation marks, as the new value or, of a removal, as the old one. */
function groupIn({ targetResources }: DirectoryAudit): string | null {
  for (const { modifiedProperties } of targetResources ?? []) {
    const found = modifiedProperties?.find(({ displayName }) => displayName === 'Group.ObjectID')
    const value = found?.newValue ?? found?.oldValue
    if (value) return value.replaceAll('"', '')
  }
  return null
}

/** Only of whom Entra let in: failed attempts are in the same log, and would make a forgotten account look alive. */
export function eventOfSignIn(row: SignIn): ActivityEvent | null {
  const at = Date.parse(row.createdDateTime)
  if (Number.isNaN(at) || row.status?.errorCode !== 0 || !isId(row.userId)) return null
  const by = row.userPrincipalName ? plainText(row.userPrincipalName, 200) : null
  return { id: row.id, at, what: { kind: 'signed in', account: row.userId, app: row.appId ?? null }, by }
}

function actorOf({ initiatedBy }: DirectoryAudit): string | null {
  const { user, app } = initiatedBy ?? {}
  const name = user?.userPrincipalName ?? user?.id ?? app?.displayName ?? app?.appId
  return name ? plainText(name, 200) : null
}

function isId(text: string | null | undefined): text is string {
  return text !== null && text !== undefined && ID.test(text)
}
