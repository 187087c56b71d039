import type { JsonObject, RecordedEvent } from '../event.ts'
import { isoOf } from '../instant.ts'
import type { Actor } from '../trigger/actor.ts'

/**
 * What is kept and proven of one event. Its canonical form (RFC 8785) is hashed with `nonce` into a leaf of the
 * log; `personal` is only the salted digest of the personal fields, so these can be erased and the proof still holds:
 *
 *     personal   = hex(SHA-256(salt || JCS(personalFields)))         salt: 16 random bytes, erased together with the fields
 *     commitment = hex(SHA-256(nonce || JCS(record)))                nonce: 16 random bytes, kept
 *     leaf       = JCS({ v: 1, type, at, commitment })               hashed as RFC 6962 says: SHA-256(0x00 || leaf)
 */
export interface EvidenceRecord {
  readonly v: 1
  readonly stream: string
  readonly version: number
  readonly type: string
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string
  readonly by: Actor
  readonly data: JsonObject
  readonly personal: string | null
}

/** `personalDigest` is computed by the caller (see above); null when the event has no personal fields. */
export function recordOf(event: RecordedEvent, personalDigest: string | null): EvidenceRecord {
  const { stream, version, type, by, data } = event
  return { v: 1, stream, version, type, at: isoOf(event.at), by, data, personal: personalDigest }
}

/** The four parts of every access event. Miss one and the process leaks. */
export type Part = 'trigger' | 'approval rule' | 'identity action' | 'evidence record'

const PART_OF: Readonly<Record<string, Part>> = {
  RequestSubmitted: 'trigger',
  RequestRefused: 'approval rule',
  RequestApproved: 'approval rule',
  FindingRemovalDecided: 'approval rule',
  RequestDeclined: 'approval rule',
  RequestVoided: 'approval rule',
  AnswerNotCounted: 'approval rule',
  EditNoted: 'approval rule',
  GrantOpened: 'identity action',
  GrantEnding: 'trigger',
  FindingRaised: 'trigger',
  RevokeRefused: 'trigger',
  ReasonAdded: 'identity action',
  ReasonEnded: 'identity action',
  ReasonDated: 'identity action',
  ChangeIntended: 'identity action',
  ChangeResent: 'identity action',
  ChangeAnswered: 'identity action',
  ChangeAbandoned: 'identity action',
  LateEffect: 'identity action',
  ChangeProven: 'evidence record',
  StateProven: 'evidence record',
  FoundGone: 'evidence record',
  GroupConfirmed: 'evidence record',
  WindowStarted: 'evidence record',
  GroupReleased: 'evidence record',
  GrantEnded: 'evidence record',
  GrantFailed: 'evidence record',
  GrantOverdue: 'evidence record',
  OverdueIssueRaised: 'evidence record',
  OverdueProven: 'evidence record',
  FindingBecameTask: 'evidence record',
  FindingIssueRaised: 'evidence record',
  FindingSettled: 'evidence record',
}

/** Which part of an access event a type of event belongs to; null for events that are about no access (a catalog was published, …). */
export function partOf(type: string): Part | null {
  return Object.hasOwn(PART_OF, type) ? (PART_OF[type] ?? null) : null
}
