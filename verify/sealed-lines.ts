import { bytesOf, hexOf } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { canonicalJson } from './canonical-json.ts'
import { sha256All } from './digest.ts'
import { leafInput } from './merkle-tree.ts'
import { readPackLine } from './pack-line.ts'
import type { PackLine, UnreadableLine } from './pack-line.ts'
import { readLines } from './pack-source.ts'
import type { Line, PackSource } from './pack-source.ts'
import { nameOf } from './record.ts'
import type { EvidenceRecord } from './record.ts'

/** A line of `records.jsonl` with its leaf hash, recomputed from what the line says. */
export type SealedLine =
  | {
      readonly kind: 'read'
      readonly position: number
      readonly index: number
      readonly name: string
      readonly record: EvidenceRecord
      readonly leafHash: Bytes
      readonly personal: Personal
    }
  | {
      readonly kind: 'unreadable'
      readonly position: number
      readonly name: string | null
      readonly flaw: string
    }

/** What became of the personal fields. Erased is a right of people, not an error; changed and unexpected are errors. */
export type Personal = 'none' | 'intact' | 'erased' | 'changed' | 'unexpected'

/** Web Crypto is asked for so many digests at once: fewer leave it idle, more only cost memory. */
const BATCH = 512

export async function* sealedLines(source: PackSource): AsyncGenerator<readonly SealedLine[]> {
  for await (const lines of readLines(source, 'records.jsonl')) {
    for (let from = 0; from < lines.length; from += BATCH) yield await sealAll(lines.slice(from, from + BATCH))
  }
}

async function sealAll(lines: readonly Line[]): Promise<readonly SealedLine[]> {
  const read = lines.map(readPackLine)
  const understood = read.filter(isUnderstood)
  const [commitments, digests] = await Promise.all([
    sha256All(understood.map((line) => line.commitmentInput)),
    sha256All(understood.map((line) => line.personalInput).filter((input) => input !== null)),
  ])
  const leafHashes = await sha256All(
    understood.map(({ record }, i) => leafInput(leafOf(record, taken(commitments[i])))),
  )

  // Both lists are in the order of the lines, and hold one hash for each line that has something to hash.
  const nextLeafHash = leafHashes.values()
  const nextDigest = digests.values()
  return lines.map(({ position }, i): SealedLine => {
    const line = taken(read[i])
    if (!isUnderstood(line)) return { kind: 'unreadable', position, name: line.claimedName, flaw: line.flaw }
    const { index, record } = line
    const digest = line.personalInput === null ? null : taken(nextDigest.next().value)
    const personal = personalOf(record.personal, digest)
    return {
      kind: 'read',
      position,
      index,
      name: nameOf(record),
      record,
      leafHash: taken(nextLeafHash.next().value),
      personal,
    }
  })
}

/** The leaf that the log holds of a record: RFC 8785 of at, commitment, type and v, in that order. */
function leafOf({ type, at }: EvidenceRecord, commitment: Bytes): Bytes {
  return bytesOf(canonicalJson({ v: 1, type, at, commitment: hexOf(commitment) }) ?? '')
}

function personalOf(sealed: string | null, found: Bytes | null): Personal {
  if (found === null) return sealed === null ? 'none' : 'erased'
  if (sealed === null) return 'unexpected'
  return hexOf(found) === sealed ? 'intact' : 'changed'
}

function isUnderstood(line: PackLine | UnreadableLine): line is PackLine {
  return 'record' in line
}

function taken<T>(item: T | undefined): T {
  if (item === undefined) throw new Error('fewer hashes than lines')
  return item
}
