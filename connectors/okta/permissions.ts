import type { Connector } from '#connectors/kit/connector.ts'

/** The scopes of Okta's API that Tenure uses, and for what. Each is the least there is. */
export const PERMISSIONS: Connector<unknown>['permissions'] = [
  { scope: 'okta.users.read', neededFor: 'directory' },
  { scope: 'okta.groups.read', neededFor: 'directory' },
  { scope: 'okta.users.read', neededFor: 'membership' },
  { scope: 'okta.groups.read', neededFor: 'membership' },
  { scope: 'okta.groups.manage', neededFor: 'membership' },
]

export const SCOPES: readonly string[] = [...new Set(PERMISSIONS.map(({ scope }) => scope))]

const TAKES_OVER = 'with it, whoever holds our credentials could take over accounts of people'
const MAKES_ADMINISTRATORS =
  'with it, whoever holds our credentials could make anybody an administrator, or give Tenure more rights'
const WEAKENS = 'with it, whoever holds our credentials could weaken how people sign in'

/** Granted to the app, these are refused at the start: nothing that Tenure does needs them. */
export const TOO_MANY: Readonly<Record<string, string>> = {
  'okta.users.manage': TAKES_OVER,
  'okta.roles.manage': MAKES_ADMINISTRATORS,
  'okta.clients.manage': MAKES_ADMINISTRATORS,
  'okta.apps.manage': MAKES_ADMINISTRATORS,
  'okta.appGrants.manage': MAKES_ADMINISTRATORS,
  'okta.apiTokens.manage': MAKES_ADMINISTRATORS,
  'okta.policies.manage': WEAKENS,
  'okta.authenticators.manage': WEAKENS,
  'okta.idps.manage': WEAKENS,
}
