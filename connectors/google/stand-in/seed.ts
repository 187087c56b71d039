import type { JsonWebKey } from 'node:crypto'

/** What a stand-in begins with. Knows nothing of addresses of servers, so that one seed serves in process and over HTTP. */
export interface GoogleSeed {
  readonly users: readonly SeedUser[]
  readonly groups: readonly SeedGroup[]
  /** Group id, user id. Whom a query puts into a dynamic group is not listed here. */
  readonly members: readonly (readonly [groupId: string, userId: string])[]
  /** Accounts of other companies and of nobody's: Google adds them to groups without a word. */
  readonly strangers?: readonly Stranger[]
  readonly serviceAccount: SeedServiceAccount
  /** `enterprise`, unless set: memberships can end by themselves. In `starter` they cannot. */
  readonly edition?: 'enterprise' | 'starter'
}

export interface SeedUser {
  /** 21 digits. */
  readonly id: string
  readonly primaryEmail: string
  readonly fullName: string
  readonly title?: string
  readonly department?: string
  readonly employeeNumber?: string
  /** The address of another user. */
  readonly manager?: string
  readonly suspended?: boolean
  /** Google itself did it, and no administrator can undo it. */
  readonly suspendedByGoogle?: boolean
  readonly archived?: boolean
  /** A super administrator. */
  readonly isAdmin?: boolean
  readonly isDelegatedAdmin?: boolean
  readonly isGuestUser?: boolean
  /** True unless set. */
  readonly isMailboxSetup?: boolean
}

export interface SeedGroup {
  /** Fifteen letters and digits. */
  readonly id: string
  readonly email: string
  readonly name: string
  readonly description?: string
  /** `plain` and `security` groups take members by hand. */
  readonly kind: 'plain' | 'security' | 'dynamic' | 'locked' | 'external'
  /** Of a dynamic group: whoever has this department. */
  readonly department?: string
  /** Cloud Identity refuses to end members of it. */
  readonly takesNoEnd?: boolean
  /** Members who are no users of the company. */
  readonly others?: readonly OtherMember[]
}

/** Another group, everybody of the company, or somebody outside, with or without an account at Google. */
export type OtherMember =
  | { readonly type: 'GROUP'; readonly id: string }
  | { readonly type: 'CUSTOMER' }
  | { readonly type: 'USER'; readonly email: string; readonly id?: string }

export interface Stranger {
  readonly id: string
  readonly email: string
}

export interface SeedServiceAccount {
  readonly email: string
  readonly publicJwk: JsonWebKey
  /** What an administrator delegated to it, domain-wide. */
  readonly scopes: readonly string[]
}

export const CUSTOMER = 'C01acme77'
