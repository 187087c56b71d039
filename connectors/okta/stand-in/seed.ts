import type { JsonWebKey } from 'node:crypto'

/** What a stand-in begins with. Knows nothing of addresses, so that one seed serves in process and over HTTP. */
export interface OktaSeed {
  readonly users: readonly SeedUser[]
  readonly groups: readonly SeedGroup[]
  /** Group id, user id. Everybody is in a `BUILT_IN` group without being listed here. */
  readonly members: readonly (readonly [groupId: string, userId: string])[]
  readonly rules: readonly SeedRule[]
  /** The API Services app that may ask for tokens. */
  readonly client: SeedClient
}

export type UserStatus =
  'ACTIVE' | 'DEPROVISIONED' | 'LOCKED_OUT' | 'PASSWORD_EXPIRED' | 'PROVISIONED' | 'RECOVERY' | 'STAGED' | 'SUSPENDED'

export interface SeedUser {
  /** Okta's are 20 letters and digits that begin with `00u`. */
  readonly id: string
  readonly status: UserStatus
  /** `login`, `email`, `firstName`, `lastName`, and what else the company keeps: `title`, `department`, `managerId`, … */
  readonly profile: Readonly<Record<string, string | null>>
  readonly emailVerified: boolean
  /** A deactivation is under way that nobody waits for. */
  readonly transitioningToStatus?: 'DEPROVISIONED'
}

export interface SeedGroup {
  /** Begins with `00g`. */
  readonly id: string
  readonly type: 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN'
  readonly name: string
  readonly description: string
}

export interface SeedRule {
  /** Begins with `0pr`. */
  readonly id: string
  readonly name: string
  readonly status: 'ACTIVE' | 'INACTIVE' | 'INVALID'
  /** `user.attribute=="word"`, joined by AND or OR. Anything else needs `matches`. */
  readonly expression: string
  readonly groupIds: readonly string[]
  readonly excluded?: readonly string[]
  /** Who meets an expression that the stand-in cannot work out itself. */
  readonly matches?: readonly string[]
}

export interface SeedClient {
  readonly clientId: string
  readonly publicJwk: JsonWebKey
  /** Granted in the tab "Okta API Scopes". */
  readonly scopes: readonly string[]
}
