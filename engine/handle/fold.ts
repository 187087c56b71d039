import type { Event } from '#core/event.ts'
import type { Instant } from '#core/instant.ts'
import type { StoredEvent } from '../store/store.ts'
import { CATALOG, FINDING, GRANT, GROUP, HALT, MEMBERSHIP, PERSON, REQUEST, RULE } from './stream-kinds.ts'

/** A kind of stream, for whoever only remembers: what its events make of it, and what it can be found by. */
export interface Remembered {
  readonly none: unknown
  evolve(state: unknown, event: Event, at: Instant): unknown
  keys(state: unknown): readonly string[]
}

/** By the first part of a stream's name. */
const KINDS = {
  request: REQUEST,
  grant: GRANT,
  membership: MEMBERSHIP,
  group: GROUP,
  finding: FINDING,
  catalog: CATALOG,
  'approval-rule': RULE,
  person: PERSON,
  halt: HALT,
} as unknown as Readonly<Record<string, Remembered>>

export const STREAM_KINDS: readonly string[] = Object.keys(KINDS)

/** Undefined: nobody knows this kind of stream. */
export function kindOfStream(stream: string): Remembered | undefined {
  return KINDS[stream.split('/')[0] ?? '']
}

/** The state that a stored event makes of the one before it. */
export function folded(kind: Remembered, state: unknown, { type, data, personalFields, at }: StoredEvent): unknown {
  return kind.evolve(state, { type, data, ...(personalFields ? { personal: personalFields } : {}) }, at)
}
