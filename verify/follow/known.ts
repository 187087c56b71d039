import type { FindingCode } from '../finding.ts'

/**
 * What the log has told so far. Records are followed in the order of the log, so "known" always means "came earlier":
 * a decision that is recorded after the change it is said to allow is not known when the change asks for it.
 *
 * Only what later records can refer to is kept, and a proven change is forgotten but for its name.
 */
export interface Known {
  /** `<rule id>@<version>` */
  readonly ruleVersions: Set<string>
  readonly requests: Map<string, KnownRequest>
  readonly grants: Map<string, KnownGrant>
  /** By `changeKey`. */
  readonly changes: Map<string, KnownChange | 'proven'>
}

export interface KnownRequest {
  readonly askHash: string
  readonly requesterId: string
  readonly beneficiaryId: string
  /** `<provider>/<group id>` */
  readonly groups: readonly string[]
  readonly approved: boolean
  /** A membership that was found outside: what was decided about it allows its removal, and nothing else. */
  readonly removalOnly?: true
}

export interface KnownGrant {
  readonly requestId: string
  readonly ending: boolean
}

/** An identity change that was intended, and what is known of how it went. */
export interface KnownChange extends Links {
  readonly changeId: string
  /** Name and place of its `ChangeIntended`. */
  readonly record: string
  readonly index: number
  /** `at` of its `ChangeIntended`. */
  readonly intendedAt: string
  /** Answers that say that it is done, or taken. A retry may add a second one. */
  readonly answers: readonly { readonly at: string; readonly receipt: string | null }[]
  /** Rejected or abandoned: nothing more will come. */
  readonly closed: boolean
  /** Links that were missing when it was intended. */
  readonly broken: readonly Broken[]
}

/** What an identity change points to. */
export interface Links {
  readonly stream: string
  /** `set end` moves the end that the provider itself gives the membership. */
  readonly does: 'add' | 'remove' | 'set end'
  readonly requestId: string
  readonly grantId: string
}

/** A rule that does not hold, in words. */
export interface Broken {
  readonly code: FindingCode
  readonly said: string
}

export function newKnown(): Known {
  return { ruleVersions: new Set(), requests: new Map(), grants: new Map(), changes: new Map() }
}

export function changeKey(stream: string, changeId: string): string {
  return `${stream} ${changeId}`
}
