import type { Connector } from '#connectors/kit/connector.ts'

/** The scopes of Okta's API that Tenure uses, and for what. Each is the least there is. */
export const PERMISSIONS: Connector<unknown>['permissions'] = [
  { scope: 'okta.users.read', neededFor: 'directory' },
  { scope: 'okta.groups.read', neededFor: 'directory' },
  { scope: 'okta.users.read', neededFor: 'membership' },
  { scope: 'okta.groups.read', neededFor: 'membership' },
  { scope: 'okta.groups.manage', neededFor: 'membership' },
  // Okta has nothing finer for suspending and for ending sessions. So both are off unless somebody wants them (OKTA_ACCOUNTS).
  { scope: 'okta.users.manage', neededFor: 'account' },
  { scope: 'okta.users.manage', neededFor: 'sessions' },
  { scope: 'okta.logs.read', neededFor: 'activity' },
]

/** What may be used of a connection, by its settings. */
export interface Wanted {
  readonly accounts: boolean
  readonly log: boolean
}

/** Okta refuses a whole token for one scope that was not granted, so only what is wanted is asked for. */
export function scopesFor({ accounts, log }: Wanted): readonly string[] {
  const wanted = PERMISSIONS.filter(({ neededFor }) =>
    neededFor === 'account' || neededFor === 'sessions' ? accounts : neededFor === 'activity' ? log : true,
  )
  return [...new Set(wanted.map(({ scope }) => scope))]
}

const TAKES_OVER = 'with it, whoever holds our credentials could take over accounts of people'
const MAKES_ADMINISTRATORS =
  'with it, whoever holds our credentials could make anybody an administrator, or give Tenure more rights'
const WEAKENS = 'with it, whoever holds our credentials could weaken how people sign in'

/** Granted to the app, these are refused at the start, unless they are wanted: nothing else that Tenure does needs them. */
export function tooManyFor(wanted: Wanted): Readonly<Record<string, string>> {
  const needed = scopesFor(wanted)
  return Object.fromEntries(Object.entries(DANGEROUS).filter(([scope]) => !needed.includes(scope)))
}

const DANGEROUS: Readonly<Record<string, string>> = {
  'okta.users.manage': `${TAKES_OVER}: OKTA_ACCOUNTS is not on, so nothing needs it`,
  'okta.roles.manage': MAKES_ADMINISTRATORS,
  'okta.clients.manage': MAKES_ADMINISTRATORS,
  'okta.apps.manage': MAKES_ADMINISTRATORS,
  'okta.appGrants.manage': MAKES_ADMINISTRATORS,
  'okta.apiTokens.manage': MAKES_ADMINISTRATORS,
  'okta.policies.manage': WEAKENS,
  'okta.authenticators.manage': WEAKENS,
  'okta.idps.manage': WEAKENS,
}
