import type { Capabilities } from '#connectors/kit/connector.ts'

const BELOW = 'https://www.googleapis.com/auth/'

/**
 * What the service account must be delegated, and for which capability. A token is asked for one of these at a time: Google
 * refuses a whole token when one of its scopes is not delegated, so with one token for all a missing right to end sessions
 * would take the removals with it.
 */
export const SCOPE = {
  readUsers: `${BELOW}admin.directory.user.readonly`,
  readGroups: `${BELOW}admin.directory.group.readonly`,
  writeMembers: `${BELOW}admin.directory.group.member`,
  readLabels: `${BELOW}cloud-identity.groups.readonly`,
  writeEnds: `${BELOW}cloud-identity.groups`,
  writeUsers: `${BELOW}admin.directory.user`,
  security: `${BELOW}admin.directory.user.security`,
  audit: `${BELOW}admin.reports.audit.readonly`,
} as const

export type Scope = (typeof SCOPE)[keyof typeof SCOPE]

type Need = { readonly scope: Scope; readonly neededFor: keyof Capabilities }

const needs = (neededFor: keyof Capabilities, ...scopes: readonly Scope[]): readonly Need[] =>
  scopes.map((scope) => ({ scope, neededFor }))

export const PERMISSIONS: readonly Need[] = [
  ...needs('directory', SCOPE.readUsers, SCOPE.readGroups, SCOPE.readLabels),
  ...needs('membership', SCOPE.readUsers, SCOPE.readGroups, SCOPE.writeMembers, SCOPE.readLabels),
  ...needs('nativeEnd', SCOPE.writeEnds),
  ...needs('account', SCOPE.readUsers, SCOPE.writeUsers),
  ...needs('sessions', SCOPE.security),
  ...needs('activity', SCOPE.audit),
]

const MAKES_ADMINISTRATORS = 'with it, whoever holds the key could make anybody an administrator'
const READS_EVERYTHING = 'with it, whoever holds the key could read and take what people have in their accounts'
const CHANGES_GROUPS = 'with it, groups could be deleted, or opened to everybody'
const MOVES_THE_COMPANY = 'with it, whoever holds the key could change the rules that all accounts live under'

/** Delegated, these are refused at the start: nothing of Tenure needs them, and a mistake with them could not be undone. */
export const TOO_MANY: Readonly<Record<string, string>> = {
  [`${BELOW}admin.directory.group`]: CHANGES_GROUPS,
  [`${BELOW}apps.groups.settings`]: CHANGES_GROUPS,
  [`${BELOW}admin.directory.rolemanagement`]: MAKES_ADMINISTRATORS,
  [`${BELOW}admin.directory.orgunit`]: MOVES_THE_COMPANY,
  [`${BELOW}admin.directory.domain`]: MOVES_THE_COMPANY,
  [`${BELOW}admin.directory.customer`]: MOVES_THE_COMPANY,
  [`${BELOW}admin.datatransfer`]: READS_EVERYTHING,
  [`${BELOW}cloud-platform`]: MAKES_ADMINISTRATORS,
  [`${BELOW}drive`]: READS_EVERYTHING,
  [`${BELOW}gmail.settings.sharing`]: READS_EVERYTHING,
  'https://mail.google.com/': READS_EVERYTHING,
}

/** What of the scopes belongs to a capability that there is. */
export function neededBy(capabilities: Capabilities): readonly Scope[] {
  const scopes = PERMISSIONS.filter(({ neededFor }) => capabilities[neededFor] !== undefined).map(({ scope }) => scope)
  return [...new Set(scopes)]
}

/** As an administrator reads it in the list of delegations. */
export function shortName(scope: string): string {
  return scope.startsWith(BELOW) ? scope.slice(BELOW.length) : scope
}
