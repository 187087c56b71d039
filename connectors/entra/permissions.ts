import type { Capabilities, Connector } from '#connectors/kit/connector.ts'

export type Needed = Connector<unknown>['permissions'][number]

/** The application permissions of Microsoft Graph that Tenure uses, and for what. Each is the least there is. */
export const PERMISSIONS: readonly Needed[] = [
  { scope: 'User.Read.All', neededFor: 'directory' },
  { scope: 'GroupMember.Read.All', neededFor: 'directory' },
  { scope: 'User.Read.All', neededFor: 'membership' },
  { scope: 'GroupMember.Read.All', neededFor: 'membership' },
  { scope: 'GroupMember.ReadWrite.All', neededFor: 'membership' },
  { scope: 'User.Read.All', neededFor: 'account' },
  { scope: 'User.EnableDisableAccount.All', neededFor: 'account' },
  { scope: 'User.RevokeSessions.All', neededFor: 'sessions' },
  { scope: 'AuditLog.Read.All', neededFor: 'activity' },
  { scope: 'PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup', neededFor: 'nativeEnd' },
]

/** Another permission that lets the same be done, and no more harm than one we hold anyway. */
export const SERVES_AS_WELL: Readonly<Record<string, readonly string[]>> = {
  'GroupMember.Read.All': ['GroupMember.ReadWrite.All', 'Group.Read.All'],
}

const DELETES_PEOPLE =
  'with it, a removal from a group whose address loses its last part (DELETE …/members/{id} without /$ref) would delete the person'
const MAKES_ADMINISTRATORS = 'with it, whoever holds our credentials could make anybody an administrator'
const TAKES_OVER = 'with it, whoever holds our credentials could take over other apps, or accounts of people'
const CHANGES_GROUPS = 'with it, groups could be deleted, and be made anew for other purposes'

/** Held, these are refused at the start: a mistake with them could not be undone. */
export const TOO_MANY: Readonly<Record<string, { readonly why: string; readonly instead: string }>> = {
  'User.ReadWrite.All': {
    why: DELETES_PEOPLE,
    instead: 'User.Read.All, User.EnableDisableAccount.All and User.RevokeSessions.All',
  },
  'User.DeleteRestore.All': { why: DELETES_PEOPLE, instead: 'nothing' },
  'Directory.ReadWrite.All': { why: DELETES_PEOPLE, instead: 'User.Read.All and GroupMember.ReadWrite.All' },
  'Group.ReadWrite.All': { why: CHANGES_GROUPS, instead: 'GroupMember.ReadWrite.All' },
  'Device.ReadWrite.All': { why: DELETES_PEOPLE.replace('the person', 'a device'), instead: 'nothing' },
  'RoleManagement.ReadWrite.Directory': { why: MAKES_ADMINISTRATORS, instead: 'nothing' },
  'RoleAssignmentSchedule.ReadWrite.Directory': { why: MAKES_ADMINISTRATORS, instead: 'nothing' },
  'RoleEligibilitySchedule.ReadWrite.Directory': { why: MAKES_ADMINISTRATORS, instead: 'nothing' },
  'PrivilegedAccess.ReadWrite.AzureAD': { why: MAKES_ADMINISTRATORS, instead: 'nothing' },
  'PrivilegedAccess.ReadWrite.AzureADGroup': {
    why: MAKES_ADMINISTRATORS,
    instead: 'PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup',
  },
  'AppRoleAssignment.ReadWrite.All': { why: MAKES_ADMINISTRATORS, instead: 'nothing' },
  'Application.ReadWrite.All': { why: TAKES_OVER, instead: 'nothing' },
  'UserAuthenticationMethod.ReadWrite.All': { why: TAKES_OVER, instead: 'nothing' },
  'User-PasswordProfile.ReadWrite.All': { why: TAKES_OVER, instead: 'nothing' },
  'Policy.ReadWrite.ConditionalAccess': { why: TAKES_OVER, instead: 'nothing' },
}

/** What of `needed` belongs to a capability that there is. */
export function neededBy(capabilities: Capabilities): readonly string[] {
  const scopes = PERMISSIONS.filter(({ neededFor }) => capabilities[neededFor] !== undefined).map(({ scope }) => scope)
  return [...new Set(scopes)]
}
