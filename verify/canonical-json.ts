/**
 * The one form of a JSON value, as RFC 8785 says; null when the value has none. Written for values that came out of
 * `JSON.parse`, so objects are plain and nothing is undefined.
 *
 * Reading a line of a pack is: parse it, write it in canonical form, compare with the line. That one comparison
 * refuses everything that a lax reader would let through: a key that occurs twice, white space, another order of keys,
 * another spelling of a number or an escape, a number beyond the precision of a double.
 */
export function canonicalJson(value: unknown): string | null {
  const parts: string[] = []
  return write(value, parts, MAX_DEPTH) ? parts.join('') : null
}

/** Deeper than any record: a hostile pack must not use up the stack. */
const MAX_DEPTH = 64

function write(value: unknown, parts: string[], depthLeft: number): boolean {
  if (value === null || typeof value === 'boolean') {
    parts.push(String(value))
    return true
  }
  if (typeof value === 'number') {
    // Section 3.2.2.3: as ECMAScript writes it, in which minus zero is "0". JSON.parse makes Infinity of 1e999.
    parts.push(String(value))
    return Number.isFinite(value)
  }
  if (typeof value === 'string') return writeString(value, parts)
  if (typeof value !== 'object' || depthLeft === 0) return false
  return Array.isArray(value)
    ? writeArray(value, parts, depthLeft - 1)
    : writeObject(value as Readonly<Record<string, unknown>>, parts, depthLeft - 1)
}

function writeString(text: string, parts: string[]): boolean {
  // JSON lets half a surrogate pair through as an escape; UTF-8, and therefore RFC 8785, does not.
  if (!text.isWellFormed()) return false
  parts.push(JSON.stringify(text))
  return true
}

function writeArray(items: readonly unknown[], parts: string[], depthLeft: number): boolean {
  let separator = '['
  for (const item of items) {
    parts.push(separator)
    if (!write(item, parts, depthLeft)) return false
    separator = ','
  }
  parts.push(items.length === 0 ? '[]' : ']')
  return true
}

function writeObject(fields: Readonly<Record<string, unknown>>, parts: string[], depthLeft: number): boolean {
  // Strings compare by UTF-16 code units in ECMAScript: the order of section 3.2.3.
  const keys = Object.keys(fields).sort()
  let separator = '{'
  for (const key of keys) {
    parts.push(separator)
    if (!writeString(key, parts)) return false
    parts.push(':')
    if (!write(fields[key], parts, depthLeft)) return false
    separator = ','
  }
  parts.push(keys.length === 0 ? '{}' : '}')
  return true
}
