import { hash, randomBytes } from 'node:crypto'
import type { JsonObject, RecordedEvent } from '#core/event.ts'
import { recordOf } from '#core/evidence-record/record.ts'
import type { EvidenceRecord } from '#core/evidence-record/record.ts'
import { canonicalJson, NotCanonical } from './canonical-json.ts'

/**
 * From an event to a leaf of the log, as the comment on `EvidenceRecord` says. Two secrets do two jobs:
 *
 * - the *salt* lives beside the personal fields and is erased with them. Without it nobody can find out, by trying
 *   likely values, what an erased field said.
 * - the *nonce* lives beside the record and is kept. Published leaves and roots tell nothing about records to anybody
 *   who does not hold the pack.
 */
export interface Seal {
  /** SHA-256(nonce || canonical record), in hex. */
  readonly commitment: string
  /** The bytes that the log holds. */
  readonly leaf: Uint8Array
  /** RFC 6962: SHA-256(0x00 || leaf). */
  readonly leafHash: Uint8Array
}

/** The personal fields of one record and the salt of their digest: they are erased together. */
export interface PersonalFields {
  readonly salt: Uint8Array
  readonly fields: JsonObject
}

/** A record in its place in the log, as the store hands it to whoever writes a pack. */
export interface SealedRecord {
  /** Place in the log, from 0. */
  readonly index: number
  readonly nonce: Uint8Array
  readonly record: EvidenceRecord
  /** Null: the event had none, or they were erased. */
  readonly personal: PersonalFields | null
  readonly leafHash: Uint8Array
}

export const SALT_BYTES = 16
export const NONCE_BYTES = 16

/** Entries of C2SP tlog-tiles carry their length in 16 bits, so that other tools can read the log some day. */
const MAX_LEAF_BYTES = 65_535

export function newSalt(): Uint8Array {
  return randomBytes(SALT_BYTES)
}

export function newNonce(): Uint8Array {
  return randomBytes(NONCE_BYTES)
}

/** SHA-256(salt || canonical fields), in hex: what the record holds in place of the personal fields. */
export function personalDigest(personal: PersonalFields): string {
  return saltedHash(personal.salt, SALT_BYTES, canonicalJson(personal.fields))
}

/** The record of an event. `salt` is needed exactly when the event has personal fields. */
export function recordOfEvent(event: RecordedEvent, salt: Uint8Array | null): EvidenceRecord {
  if (event.personal === null) return recordOf(event, null)
  if (salt === null) throw new Error(`${event.stream}@${event.version} has personal fields and no salt`)
  return recordOf(event, personalDigest({ salt, fields: event.personal }))
}

/** The leaf of a record. The same record and nonce always give the same leaf. */
export function sealRecord(record: EvidenceRecord, nonce: Uint8Array): Seal {
  const commitment = saltedHash(nonce, NONCE_BYTES, canonicalJson(record))
  const leaf = Buffer.from(canonicalJson({ v: 1, type: record.type, at: record.at, commitment }), 'utf8')
  if (leaf.length > MAX_LEAF_BYTES) throw new Error(`leaf of ${record.stream}@${record.version} is too long`)
  return { commitment, leaf, leafHash: leafHashOf(leaf) }
}

/**
 * The leaf of an event, as it is decided or as it is stored: both give the same. The digest of the personal fields was
 * computed when the event was decided, so an erased row changes no leaf.
 */
export function leafHashOfEvent(
  event: Omit<RecordedEvent, 'personal'> & { readonly personal: string | null; readonly nonce: Uint8Array },
): Buffer {
  const record = recordOf({ ...event, personal: null }, event.personal)
  return Buffer.from(sealRecord(record, event.nonce).leafHash)
}

/** Null for an event that only the store makes fit for JSON, as it does with what is undefined: its leaf is that of the stored one. */
export function leafHashIfCanonical(event: Parameters<typeof leafHashOfEvent>[0]): Buffer | null {
  try {
    return leafHashOfEvent(event)
  } catch (fault) {
    if (fault instanceof NotCanonical) return null
    throw fault
  }
}

/** RFC 6962, section 2.1: a leaf is hashed under the prefix 0x00, so that no leaf can pass for an inner node. */
export function leafHashOf(leaf: Uint8Array): Uint8Array {
  const input = Buffer.allocUnsafe(1 + leaf.length)
  input[0] = 0
  input.set(leaf, 1)
  return hash('sha256', input, 'buffer')
}

function saltedHash(salt: Uint8Array, saltBytes: number, canonical: string): string {
  // A salt of another length would let one pair of salt and text pass for another.
  if (salt.length !== saltBytes) throw new Error(`a salt or nonce of ${salt.length} bytes, ${saltBytes} expected`)
  const input = Buffer.allocUnsafe(saltBytes + Buffer.byteLength(canonical, 'utf8'))
  input.set(salt, 0)
  input.write(canonical, saltBytes, 'utf8')
  return hash('sha256', input, 'hex')
}
