import { MINUTE_MS, type Instant } from '#core/instant.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import type { Reading } from './connector.ts'

/** A ticket system, as the surfaces see it. Accounts and ids are the vendor's. */
export interface Desk {
  /** One ticket with all that decides anything: fields, status, approvals and history. `absent` when it does not exist. */
  issue(key: string): Promise<Reading<DeskIssue>>
  /** Keys of tickets of the mapped project and request types that were updated since then, oldest first; closes the gaps of lost webhooks. */
  updatedSince(since: Instant): Promise<Reading<readonly string[]>>
  account(accountId: string): Promise<Reading<DeskAccount>>
  /** Writes the approvers into the approver field, then moves the ticket into the approval status. Already there with these approvers is `unchanged`. */
  askForApproval(key: string, approvers: readonly string[]): Promise<Outcome>
  /** Moves the ticket to a status, by the first transition that leads there. Already there is `unchanged`; no way there is `rejected`. */
  move(key: string, to: DeskStatus): Promise<Outcome>
  /** Says something on the ticket once: a message with this id that is already there is `unchanged`. */
  comment(key: string, message: DeskMessage): Promise<Outcome>
  /**
   * Raises an issue of Tenure's own, once: one with this marker that is found already is `unchanged`. What was raised a
   * moment ago may not be found yet: whoever got no answer waits for `RAISED_IS_FOUND_AFTER_MS`, and then asks again.
   * `mayRaise` is asked after the search, directly before the call that must not be made twice.
   * Absent when nobody configured where such issues belong.
   */
  readonly raise?: (issue: DeskNewIssue, mayRaise: () => Promise<boolean>) => Promise<DeskRaised>
  /** Lets two issues name each other; once more is once. */
  link(key: string, other: string): Promise<Outcome>
}

/** An index of a desk trails behind what was written, by seconds; so long is enough for all that is known. */
export const RAISED_IS_FOUND_AFTER_MS: number = 5 * MINUTE_MS

export interface DeskNewIssue {
  /** A word that nobody can guess and that no other issue carries. */
  readonly marker: string
  /** One line. Text may be hostile. */
  readonly summary: string
  readonly paragraphs: readonly DeskParagraph[]
  /** The account to which it is assigned; null, or an account that cannot be assigned: nobody's. */
  readonly assignee: string | null
}

export type DeskRaised =
  | { readonly kind: 'changed' | 'unchanged'; readonly issue: DeskIssueRef; readonly assigned: boolean }
  | Extract<Outcome, { kind: 'rejected' | 'unavailable' }>

/** By the vendor's immutable id, and by the key that people use. */
export interface DeskIssueRef {
  readonly id: string
  readonly key: string
}

/** The statuses of the workflow that mean something to us; each is mapped to a name of the customer's workflow by configuration. */
export type DeskStatus =
  'submitted' | 'waiting for approval' | 'approved' | 'declined' | 'refused' | 'live' | 'revoking' | 'ended' | 'failed'

export interface DeskIssue {
  /** The vendor's immutable id; the key may change when a ticket is moved. */
  readonly id: string
  readonly key: string
  /** False when the ticket is of another project or request type than the mapped ones: not ours, and never touched. */
  readonly ours: boolean
  /** `other` is a status that the mapping does not know. */
  readonly status: DeskStatus | 'other'
  /** Who made the ticket: somebody else than the reporter when it was raised on behalf. */
  readonly creator: string | null
  readonly reporter: string | null
  /** The four fields, as plain text; an empty or missing field is ''. */
  readonly app: string
  readonly role: string
  readonly duration: string
  readonly reason: string
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly approvals: readonly DeskApproval[]
  /** Moves between statuses and edits of the four fields, oldest first. */
  readonly history: readonly DeskChange[]
}

/** The approval object. This, and never a status, says who answered what. */
export interface DeskApproval {
  readonly id: string
  readonly decision: 'pending' | 'approved' | 'declined'
  readonly answers: readonly { readonly account: string; readonly decision: 'pending' | 'approved' | 'declined' }[]
  readonly completedAt: Instant | null
}

export interface DeskChange {
  readonly id: string
  readonly at: Instant
  /** Null when Jira itself or a deleted account did it. */
  readonly author: string | null
  readonly what:
    | { readonly kind: 'moved'; readonly from: DeskStatus | 'other'; readonly to: DeskStatus | 'other' }
    | { readonly kind: 'edited'; readonly field: 'app' | 'role' | 'duration' | 'reason'; readonly to: string }
}

export interface DeskAccount {
  readonly accountId: string
  readonly displayName: string
  readonly active: boolean
  /** Null when hidden by the person's privacy settings. */
  readonly email: string | null
  /** True only when configuration says that the organisation manages (and so verified) the address's domain. */
  readonly emailVerified: boolean
}

/** Plain words; the connector renders them in the vendor's format. Text may be hostile: it is shown, never interpreted. */
export interface DeskMessage {
  /** Stays the same over every retry, so that the message is said once. */
  readonly id: string
  readonly audience: 'public' | 'internal'
  readonly paragraphs: readonly DeskParagraph[]
}

export type DeskParagraph =
  | { readonly kind: 'text'; readonly text: string; readonly strong?: boolean }
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [name: string, value: string])[] }
