import type { Instant } from './instant.ts'
import type { Actor } from './trigger/actor.ts'

/** Values that survive canonical JSON (RFC 8785) unchanged. Instants in events are ISO strings, because people read records. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

/**
 * Something that happened, as the core decides it. `data` holds no names, addresses or free text of people:
 * those go to `personal`, which lives in a row that can be erased without breaking a proof.
 */
export interface Event<Type extends string = string, Data = JsonObject> {
  readonly type: Type
  readonly data: Data
  readonly personal?: JsonObject
  /** Who did it, where that is not the one whose trigger it was: a rule that approved what a person asked. */
  readonly by?: Actor
}

/** An event in its stream. `version` counts from 1 within the stream. */
export interface RecordedEvent {
  readonly stream: string
  readonly version: number
  readonly type: string
  readonly at: Instant
  readonly by: Actor
  readonly data: JsonObject
  readonly personal: JsonObject | null
}

/** What `decide` answers: what now happened, or the rules say no. */
export type Decision<E> = Accepted<E> | Refused

/** The rules say no. The words for people come from one table per surface, by code. */
export interface Refusal {
  readonly code: RefusalCode
  readonly detail: Readonly<Record<string, string>>
}

/** Every reason for which the rules say no: a closed list. */
export type RefusalCode =
  | 'unknown app'
  | 'unknown role'
  | 'role is of another app'
  | 'reason missing'
  | 'reason too long'
  | 'reason has control characters'
  | 'duration missing'
  | 'duration not understood'
  | 'duration not offered'
  | 'duration above maximum'
  | 'no end not allowed'
  | 'group not claimed'
  | 'held by a rule'
  | 'held by another hand in an unclaimed group'
  | 'already live'
  | 'already asked'
  | 'ticket moved'
  | 'person unknown'
  | 'person ambiguous'
  | 'person not active'
  | 'protected account'
  | 'account not proven'
  | 'nobody can approve'
  | 'own request'
  | 'not an approver'
  | 'approver not active'
  | 'approver not proven'
  | 'answered another ask'
  | 'already decided'
  | 'may not revoke'
  | 'not live'
  | 'already claimed'
  | 'not writable'
  | 'protected group'
  | 'invalid catalog'
  | 'order without a reason'
  | 'not halted'
  | 'finding not open'
  | 'removal without a reason'
  | 'nothing to remove'
  | 'member is no person'
  | 'removal would not stick'
  | 'held by a grant'

export interface Accepted<E> {
  readonly kind: 'accepted'
  readonly events: readonly E[]
}

export function accepted<E>(...events: readonly E[]): Accepted<E> {
  return { kind: 'accepted', events }
}

export interface Refused {
  readonly kind: 'refused'
  readonly refusal: Refusal
}

export function refused(code: RefusalCode, detail: Readonly<Record<string, string>> = {}): Refused {
  return { kind: 'refused', refusal: { code, detail } }
}
