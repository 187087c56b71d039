/**
 * A value as a jsonb column would give it back: `undefined` is missing, what JSON has no word for is null, and text that
 * PostgreSQL cannot keep is a fault. The copy is frozen to the last leaf, so it can be handed out again and again without
 * being copied: whoever tries to change what the store handed out is told at once.
 */
export function storedJson<Value>(value: Value): Value {
  return stored(value) as Value
}

function stored(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return storableText(value)
    case 'number':
      // The sum turns -0 into 0, which is how JSON writes it.
      return Number.isFinite(value) ? value + 0 : null
    case 'boolean':
      return value
    case 'object':
      if (value === null) return null
      return Array.isArray(value) ? storedArray(value) : storedObject(value)
    case 'bigint':
      throw new TypeError('JSON has no word for a bigint')
    default:
      return undefined
  }
}

function storedArray(array: readonly unknown[]): readonly unknown[] {
  const copy: unknown[] = []
  for (const each of array) copy.push(stored(each) ?? null)
  return Object.freeze(copy)
}

function storedObject(object: object): unknown {
  const prototype: unknown = Object.getPrototypeOf(object)
  // Dates, buffers and the like say themselves what they are in JSON.
  if (prototype !== Object.prototype && prototype !== null) return stored(JSON.parse(JSON.stringify(object)))
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(object)) {
    const kept = stored((object as Record<string, unknown>)[key])
    if (kept === undefined) continue
    if (key === '__proto__') Object.defineProperty(copy, key, { value: kept, enumerable: true })
    else copy[key] = kept
  }
  return Object.freeze(copy)
}

/** Text on its way through JSON into a column. */
export function storableText(text: string): string {
  if (text.includes('\u0000') || !text.isWellFormed())
    throw new Error('text with NUL or a lone surrogate cannot be kept as JSON')
  return text
}

/** Text that is handed over as it is: what is no character is written as the sign for that. */
export function storedText(text: string): string {
  if (text.includes('\u0000')) throw new Error('text with NUL cannot be kept')
  return text.toWellFormed()
}
