import type { Json, JsonObject } from '#core/event.ts'

/**
 * Text of people and vendors, made fit to be kept: no NUL (PostgreSQL takes none), no lone surrogates (no canonical form),
 * and bounded. Everything else is kept as it came; whoever shows it must escape it.
 */
const LONGEST_CHARACTERS = 8_000

export function storable(object: JsonObject): JsonObject {
  // Most data is clean: look before copying.
  return isStorable(object) ? object : (clean(object) as JsonObject)
}

function isStorable(value: Json | undefined): boolean {
  if (typeof value === 'string')
    return value.length <= LONGEST_CHARACTERS && !value.includes('\u0000') && value.isWellFormed()
  if (typeof value !== 'object' || value === null) return value !== undefined
  return Object.values(value).every(isStorable)
}

function clean(value: Json | undefined): Json | undefined {
  if (typeof value === 'string') {
    const text = value.replaceAll('\u0000', '\ufffd').toWellFormed()
    return text.length <= LONGEST_CHARACTERS ? text : `${text.slice(0, LONGEST_CHARACTERS - 1).toWellFormed()}…`
  }
  if (Array.isArray(value)) return value.map((each) => clean(each as Json) ?? null)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value as JsonObject).flatMap(([name, each]) => {
    const cleaned = clean(each)
    return cleaned === undefined ? [] : [[name, cleaned] as const]
  })
  return Object.fromEntries(entries)
}
