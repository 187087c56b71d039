import type { Part } from '#core/evidence-record/record.ts'
import type { Instant } from '#core/instant.ts'

/** Where a request stands, in the words that people read on every surface. */
export type RequestState =
  | 'waiting for approval'
  | 'declined'
  | 'refused'
  | 'void'
  | 'being granted'
  | 'live'
  | 'being removed'
  | 'ended'
  | 'failed'

/** One line of the list of requests. */
export interface RequestLine {
  readonly requestId: string
  readonly issueKey: string
  readonly issueUrl: string | null
  /** Null: the account that asked is nobody's. */
  readonly personId: string | null
  readonly personName: string
  readonly appName: string
  readonly roleName: string
  readonly tier: 'standard' | 'sensitive' | 'privileged'
  readonly state: RequestState
  readonly askedAt: Instant
  /** Null: asked without an end. */
  readonly hours: number | null
  readonly startsAt: Instant | null
  readonly endsAt: Instant | null
  /** Names of those whose answer is awaited; for a failed request its owner. */
  readonly waitingOn: readonly string[]
  readonly waitingOnIds: readonly string[]
  /** Groups read back as held and not yet as gone, of how many, e.g. 3 of 5. */
  readonly confirmedGroups: number
  readonly groupCount: number
}

/** One request as people read it: the four parts, each with its entries in the order of time. */
export interface RequestView extends RequestLine {
  readonly reason: string | null // null: erased
  readonly approvedBy: readonly string[] // names, or the rule: "rule support-desk v3"
  readonly groupNames: readonly string[]
  readonly refusal: string | null // in words
  readonly parts: readonly { readonly part: Part; readonly entries: readonly TimelineEntry[] }[]
  readonly evidence: {
    /** Records of this request, and how many of them are sealed in the log. */
    readonly records: number
    readonly sealed: number
    /** Size and root of the newest signed checkpoint; null before the first. */
    readonly checkpoint: { readonly size: number; readonly rootHash: string; readonly at: Instant } | null
  }
}

export interface TimelineEntry {
  readonly at: Instant
  /** A sentence, e.g. "Mara Quill approved". */
  readonly title: string
  /** Name and value, e.g. `['Receipt', 'reqVy8wsnkPR…']`. Values may be vendor text: hostile, shown as text only. */
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly record: {
    /** `request/req_7k2m@1` */
    readonly name: string
    /** Place in the log; null until sealed. */
    readonly index: number | null
    readonly leafHash: string | null
  }
}
