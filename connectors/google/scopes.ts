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

/** As an administrator reads it in the list of delegations. */
export function shortName(scope: string): string {
  return scope.startsWith(BELOW) ? scope.slice(BELOW.length) : scope
}
