import type { JsonWebKey } from 'node:crypto'

/** What a stand-in begins with. Knows nothing of addresses, so that one seed serves in process and over HTTP. */
export interface EntraSeed {
  readonly users: readonly SeedUser[]
  readonly groups: readonly SeedGroup[]
  /** Group id, user id. Whom a rule puts into a dynamic group is not listed here. */
  readonly members: readonly (readonly [groupId: string, userId: string])[]
  /** The app registration that may ask for tokens. */
  readonly client: SeedClient
  /** `P2`, unless set: PIM and sign-in logs. `free` has neither. */
  readonly edition?: 'P2' | 'free'
}

export interface SeedUser {
  /** A GUID. */
  readonly id: string
  readonly userPrincipalName: string
  readonly displayName: string
  readonly mail?: string | null
  readonly jobTitle?: string | null
  readonly department?: string | null
  readonly employeeId?: string | null
  /** Id of another user. */
  readonly manager?: string | null
  /** True unless set. */
  readonly accountEnabled?: boolean
  readonly userType?: 'Member' | 'Guest'
  /** The account is of an Active Directory, and is written there. */
  readonly isSynced?: boolean
  /** Holds a role of an administrator: what is sensitive cannot be done to them. */
  readonly isAdministrator?: boolean
}

/** `security` and `unified` groups take members by hand; each of the others refuses for a reason of its own. */
export type GroupKind =
  'security' | 'unified' | 'dynamic' | 'synced' | 'mail-enabled' | 'role-assignable' | 'restricted' | 'hidden'

export interface SeedGroup {
  /** A GUID. */
  readonly id: string
  readonly displayName: string
  readonly description?: string | null
  readonly kind: GroupKind
  /** Of a dynamic group: whoever has this in this attribute. */
  readonly rule?: { readonly attribute: 'department' | 'jobTitle'; readonly is: string }
  /** Under Privileged Identity Management already; or one whose policy takes no assignment. */
  readonly pim?: 'onboarded' | 'refuses'
  /** Members who are no people: another group, a device. */
  readonly others?: readonly { readonly id: string; readonly type: 'group' | 'device' }[]
}

export interface SeedClient {
  readonly clientId: string
  /** Application permissions that an administrator consented to. */
  readonly roles: readonly string[]
  readonly secret?: string
  /** The key of its certificate, and the thumbprints by which an assertion names it, as base64url. */
  readonly certificate?: { readonly publicJwk: JsonWebKey; readonly sha256: string; readonly sha1?: string }
}
