import { bytesOf, fromHex, joined } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { canonicalJson } from './canonical-json.ts'
import type { Line } from './pack-source.ts'
import { hasExactly, isFields, recordFrom } from './record.ts'
import type { EvidenceRecord } from './record.ts'

/** A line of `records.jsonl` that was understood, with what has to be hashed to check it. */
export interface PackLine {
  readonly index: number
  readonly record: EvidenceRecord
  /** nonce || canonical record */
  readonly commitmentInput: Bytes
  /** salt || canonical personal fields; null when there are none, or no longer. */
  readonly personalInput: Bytes | null
}

/** A line that says nothing certain. `claimedName` is a guess, so that people know where to look. */
export interface UnreadableLine {
  readonly flaw: string
  readonly claimedName: string | null
}

const LINE_KEYS = ['index', 'nonce', 'personal', 'record']
const PERSONAL_KEYS = ['fields', 'salt']
const SALT_BYTES = 16

/**
 * Reads a line strictly: it must be the canonical form of what it says. Everything in it is then covered, the record
 * by its commitment, the personal fields by their digest, the index by its place; no byte is free to change.
 */
export function readPackLine(line: Line): PackLine | UnreadableLine {
  const unreadable = (flaw: string): UnreadableLine => ({ flaw, claimedName: claimedName(line.text ?? '') })
  if (line.text === null || line.flaw !== null) return unreadable(line.flaw ?? 'the line cannot be read')

  const value = parsed(line.text)
  if (!isFields(value) || !hasExactly(value, LINE_KEYS)) return unreadable('the line is not JSON of the form expected')
  const canonicalRecord = canonicalJson(value['record'])
  const canonicalPersonal = canonicalJson(value['personal'])
  const nonce = fromHex(value['nonce'], SALT_BYTES)
  const index = value['index']
  if (canonicalRecord === null || canonicalPersonal === null) return unreadable('a value has no form in RFC 8785')
  if (nonce === null || typeof index !== 'number') return unreadable('the nonce or the index is not understood')
  const canonical = `{"index":${index},"nonce":"${String(value['nonce'])}","personal":${canonicalPersonal},"record":${canonicalRecord}}`
  if (canonical !== line.text) return unreadable('the line is not in the canonical form of RFC 8785')

  const record = recordFrom(value['record'])
  if (record === null) return unreadable('the record is not of a form that this program knows')
  const personalInput = value['personal'] === null ? null : inputOfPersonal(value['personal'])
  if (personalInput === undefined) return unreadable('the personal fields are not of the form expected')
  return { index, record, commitmentInput: joined(nonce, bytesOf(canonicalRecord)), personalInput }
}

function inputOfPersonal(value: unknown): Bytes | undefined {
  if (!isFields(value) || !hasExactly(value, PERSONAL_KEYS) || !isFields(value['fields'])) return undefined
  const salt = fromHex(value['salt'], SALT_BYTES)
  const canonical = canonicalJson(value['fields'])
  return salt === null || canonical === null ? undefined : joined(salt, bytesOf(canonical))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The last stream and version in a broken line: in canonical form they stand at its end, behind all data. */
function claimedName(text: string): string | null {
  const stream = [...text.matchAll(/"stream":"([^"\\]{1,500})"/g)].at(-1)?.[1]
  const version = [...text.matchAll(/"version":(\d{1,15})\b/g)].at(-1)?.[1]
  return stream === undefined || version === undefined ? null : `${stream}@${version}`
}
