import { canonicalJson } from './canonical-json.ts'
import { readLines } from './pack-source.ts'
import type { PackSource } from './pack-source.ts'
import { isFields } from './record.ts'

/** A line of `names.jsonl`. It is trusted for nothing: a name counts only beside a leaf hash that is vouched for. */
export interface StoredName {
  readonly position: number
  readonly leaf: string
  readonly name: string
}

/** The lines that can be read; others are passed over. */
export async function* storedNames(source: PackSource): AsyncGenerator<StoredName> {
  for await (const lines of readLines(source, 'names.jsonl')) {
    for (const { position, text } of lines) {
      const value = parsed(text ?? '')
      if (!isFields(value) || canonicalJson(value) !== text) continue
      const { leaf, name } = value as { leaf?: unknown; name?: unknown }
      if (typeof leaf === 'string' && typeof name === 'string') yield { position, leaf, name }
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
