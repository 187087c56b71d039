import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { AccountId, Reading } from './connector.ts'

/**
 * Who and what there is, page by page, because a company of 100,000 is not held in one answer. A list is whole when its
 * last page has come, and before that it is nothing: whoever reads it must not act on a part. `wholeList` puts a short one
 * together.
 */
export interface Directory {
  people(from: From): Promise<Reading<Page<DirectoryPerson>>>
  groups(from: From): Promise<Reading<Page<DirectoryGroup>>>
  /**
   * The vendor lets only administrators choose a login, on a domain that it has seen proven: then a login is as good as a verified
   * address, except a guest's. Absent: a login proves nothing outside its own directory.
   */
  readonly loginsAreProven?: true
  /**
   * Groups into which or out of which somebody came since a cursor, so that only those are listed again. From `all` it
   * lists none and gives the first cursor. Absent: the vendor never tells, and every group is listed.
   */
  readonly changedMembers?: (from: From) => Promise<Reading<Page<GroupRef>>>
  /** Applications of the vendor, with the groups that open them. Absent: the vendor has none. */
  readonly apps?: (from: From) => Promise<Reading<Page<DirectoryApp>>>
}

/**
 * Where a list begins: with everything, with the next page of what was begun, or with what changed since an earlier list.
 * A `place` and a `cursor` are the connector's own words, and may be kept for days and handed to another process. One that
 * the vendor no longer knows is answered with `absent`: begin with everything.
 */
export type From =
  | { readonly kind: 'all' }
  | { readonly kind: 'next'; readonly place: string }
  | { readonly kind: 'since'; readonly cursor: string }

export interface Page<Row> {
  /** The same row may come twice, over pages and within one: the later one counts. */
  readonly rows: readonly Row[]
  /** Ids of what the vendor says is there no more. What is only missing from a list of changes is not gone. */
  readonly gone: readonly string[]
  /** Where the next page begins; null: this was the last one, and the list is whole. */
  readonly next: string | null
  /** On the last page: from where to ask for changes. Null before, and where the vendor knows only whole lists. */
  readonly cursor: string | null
}

export interface DirectoryPerson {
  readonly account: AccountId
  readonly login: string
  readonly email: string
  /** True only when the vendor itself says that the address was proven. */
  readonly emailVerified: boolean
  readonly displayName: string
  readonly title: string
  readonly department: string
  /** The manager as the vendor stores it (Okta: often a login or an account id), or null. */
  readonly manager: string | null
  readonly active: boolean
  /** The number that the employer gives, which the vendor only repeats; null where there is none. */
  readonly employeeNumber?: string | null
  /** A guest of another organisation, whose account is not ours to govern. */
  readonly guest?: boolean
  /** Holds a role of an administrator of the vendor's, as far as the vendor lets us see; absent: it was not asked. */
  readonly privileged?: boolean
}

export interface DirectoryGroup {
  readonly group: GroupRef
  readonly name: string
  readonly description: string
  /** Null when we may write members; else why never, in one phrase, e.g. `APP_GROUP: members come from the application`. */
  readonly notWritable: string | null
  /** Whether any rule of the vendor adds members to it. */
  readonly fedByRule: boolean
  /** Its members hold a role of an administrator of the vendor's; absent: it was not asked. */
  readonly privileged?: boolean
}

export interface DirectoryApp {
  /** By the vendor's own id. */
  readonly app: string
  readonly name: string
  readonly active: boolean
  readonly groups: readonly GroupRef[]
}
