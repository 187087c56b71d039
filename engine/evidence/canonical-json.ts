/**
 * JSON in its one canonical form, as RFC 8785 says: no white space, keys ordered by UTF-16 code units, numbers and
 * strings as ECMAScript writes them. Two systems that hold the same value get the same bytes, so a hash of them means
 * something.
 *
 * Throws `NotCanonical` where JSON has no honest form for a value. Nothing is dropped in silence: an `undefined`
 * property, which `JSON.stringify` leaves out, would be a field that somebody believed to be proven.
 *
 * `verify/canonical-json.ts` is a second implementation on purpose: the checker shares no code with what it checks.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0)
}

/** A value without a canonical form: a fault of the caller. The message names the kind of value, never its content. */
export class NotCanonical extends Error {
  readonly code = 'NOT_CANONICAL'
}

/** Deeper than any record. It keeps a hostile value from using up the stack; `verify` has the same bound. */
const MAX_DEPTH = 64

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return writeString(value)
    case 'number':
      return writeNumber(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      if (depth === MAX_DEPTH) throw new NotCanonical(`nested deeper than ${MAX_DEPTH}`)
      return Array.isArray(value) ? writeArray(value, depth) : writeObject(value, depth)
    default:
      throw new NotCanonical(`${typeof value} has no form in JSON`)
  }
}

function writeArray(items: readonly unknown[], depth: number): string {
  let text = '['
  for (let i = 0; i < items.length; i++) {
    if (i > 0) text += ','
    text += write(items[i], depth + 1)
  }
  return text + ']'
}

function writeObject(value: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  // A Date, a Map or a class would be written as something that it is not.
  if (prototype !== Object.prototype && prototype !== null) throw new NotCanonical('an object that is not plain')
  const fields = value as Readonly<Record<string, unknown>>
  let text = '{'
  // The default order of sort() is the order that the RFC asks for: UTF-16 code units, in section 3.2.3.
  for (const key of Object.keys(fields).sort()) {
    if (text.length > 1) text += ','
    text += writeString(key) + ':' + write(fields[key], depth + 1)
  }
  return text + '}'
}

/** Printable ASCII but for the quote and the backslash: what nearly all text of a record is, and what needs no escape. */
const PLAIN = /^[ !#-[\]-~]*$/

function writeString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  if (!text.isWellFormed()) throw new NotCanonical('a string with a lone surrogate')
  // For well-formed strings the escapes of JSON.stringify are those of RFC 8785, section 3.2.2.2.
  return JSON.stringify(text)
}

function writeNumber(number: number): string {
  if (!Number.isFinite(number)) throw new NotCanonical(`${number} has no form in JSON`)
  // Section 3.2.2.3 is ECMAScript's Number::toString, in which -0 is "0".
  return String(number)
}
