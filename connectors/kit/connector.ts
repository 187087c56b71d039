import type { Instant } from '#core/instant.ts'
import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import type { Account, Sessions } from './account.ts'
import type { Activity } from './activity.ts'
import type { Desk } from './desk.ts'
import type { Directory } from './directory.ts'
import type { Io } from './io.ts'
import type { Rights } from './rights.ts'
import type { Webhooks } from './webhooks.ts'

/** One folder under `connectors/` exports exactly one of these. */
export interface Connector<Config> {
  readonly name: string
  readonly displayName: string
  /** Drives the console form, the CLI prompts, the environment and the docs. */
  readonly config: ConfigFields<Config>
  /** What it can do once it is connected; a setting may take some of it away (`nativeEnd`), and never adds to it. */
  readonly capabilities: readonly (keyof Capabilities)[]
  /** What it never writes to, in words that stand in a list: "groups that an application masters (APP_GROUP)". */
  readonly neverTouches: readonly string[]
  /** What must be granted in the vendor's console, and for which capability. */
  readonly permissions: readonly { readonly scope: string; readonly neededFor: keyof Capabilities }[]
  connect(config: Config, io: Io): Capabilities
}

export type ConfigFields<Config> = { readonly [Name in keyof Config]: ConfigField }

export interface ConfigField {
  /** The environment variable that holds it, e.g. `OKTA_DOMAIN`. */
  readonly env: string
  readonly label: string
  /** One sentence: what it is and where to find it. */
  readonly help: string
  readonly secret: boolean
  readonly required: boolean
}

/** What a connected vendor can do. An absent capability is not supported. */
export interface Capabilities {
  readonly membership?: Membership
  /** Beside `membership`: the vendor can end a membership by itself. */
  readonly nativeEnd?: NativeEnd
  readonly directory?: Directory
  /** To stop somebody from signing in, and to let them again. */
  readonly account?: Account
  readonly sessions?: Sessions
  /** The vendor's own log: who did what, and who signed in. */
  readonly activity?: Activity
  /** What the credentials may do, asked of the vendor before anything else is. */
  readonly rights?: Rights
  readonly desk?: Desk
  /** Absent when no secret is set: then nothing that is posted can be believed. */
  readonly webhooks?: Webhooks
}

/** A directory account by the vendor's own id, e.g. `00ub0oNGTSWTBKOLGLNR`. */
export type AccountId = string

export interface Change {
  readonly do: 'add' | 'remove'
  readonly account: AccountId
  readonly group: GroupRef
  /**
   * Given with an add exactly where there is `nativeEnd`: the end that the member is to have, null for none. An add is
   * never refused for the sake of its end: where the vendor will not have it, the member is added without, and reads tell.
   * A member who is there already keeps the end that they have.
   */
  readonly endsAt?: Instant | null
}

export interface Membership {
  /**
   * As many calls as the vendor needs; one outcome per change, in the order given. Already so is `unchanged`. Never throws
   * for a vendor's answer. `mayStart` is asked for each change directly before it is sent, however long it had to wait:
   * false means that somebody else may be at work on it by now, and it must not be sent.
   */
  change(changes: readonly Change[], mayStart?: (place: number) => boolean): Promise<readonly Outcome[]>
  /** All members of a group, complete or not at all. */
  members(group: GroupRef): Promise<Reading<readonly Member[]>>
  /** All groups that an account is a direct member of, complete or not at all. */
  groupsOf(account: AccountId): Promise<Reading<readonly Holding[]>>
}

export interface EndChange {
  readonly account: AccountId
  readonly group: GroupRef
  /** On the whole second, in the future when it was decided; null: the member is to have no end. */
  readonly endsAt: Instant | null
}

/**
 * The vendor's own end of a membership: an assignment with an end, a role that expires. It is the safety net under our own
 * removals, so it may come later than asked by what the vendor rounds, a minute at most, and never earlier.
 */
export interface NativeEnd {
  /**
   * Moves, sets or clears the ends of members who are there. As `change`: one outcome per change, in the order given;
   * already so is `unchanged`; `mayStart` is asked directly before each is sent. It never adds anybody: who is not a
   * member is rejected as `no such person`. `no native end`: the edition, or this kind of group, has none.
   */
  setEnds(changes: readonly EndChange[], mayStart?: (place: number) => boolean): Promise<readonly Outcome[]>
}

/**
 * What a read came to. `startedAt` is taken before the first byte is sent: a read proves nothing about a change
 * that was answered after it.
 */
export type Reading<Value> =
  | { readonly kind: 'read'; readonly startedAt: Instant; readonly value: Value }
  | { readonly kind: 'absent'; readonly startedAt: Instant; readonly said: string }
  | { readonly kind: 'unreadable'; readonly retryAfterMs: number | null; readonly said: string }

export interface Member {
  readonly account: AccountId
  /** `rule`: put there by the vendor's rule engine, so a removal would not stick. `unknown`: the vendor does not tell. */
  readonly source: 'direct' | 'rule' | 'unknown'
  /** When the vendor will end it by itself, null: never. Always told where there is `nativeEnd`, here and in a `Holding`. */
  readonly endsAt?: Instant | null
}

export interface Holding {
  readonly group: GroupRef
  readonly source: 'direct' | 'rule' | 'unknown'
  readonly endsAt?: Instant | null
}
