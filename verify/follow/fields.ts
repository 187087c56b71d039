import { instantOf, isFields } from '../record.ts'
import type { Fields } from '../record.ts'

/** Thrown by the readers below and caught where a record is followed: the record lacks a field that its type has. */
export class FieldMissing extends Error {
  readonly field: string

  constructor(field: string) {
    super(`the field ${field} is missing or not of its kind`)
    this.field = field
  }
}

export function text(data: Fields, field: string): string {
  const value = data[field]
  if (typeof value !== 'string' || value === '') throw new FieldMissing(field)
  return value
}

/** An instant as ISO 8601 text. */
export function instant(data: Fields, field: string): string {
  const value = text(data, field)
  if (instantOf(value) === null) throw new FieldMissing(field)
  return value
}

/** Null is a value that the field may have; leaving the field out is not. */
export function instantOrNull(data: Fields, field: string): string | null {
  return data[field] === null ? null : instant(data, field)
}

/** What the vendor called its answer: any text, or null where it named none. */
export function receipt(data: Fields): string | null {
  const value = data['receipt']
  if (value !== null && typeof value !== 'string') throw new FieldMissing('receipt')
  return value
}

export function oneOf<const Choice extends string>(data: Fields, field: string, choices: readonly Choice[]): Choice {
  const value = choices.find((choice) => choice === data[field])
  if (value === undefined) throw new FieldMissing(field)
  return value
}

export function inner(data: Fields, field: string): Fields {
  const value = data[field]
  if (!isFields(value)) throw new FieldMissing(field)
  return value
}

/** `{ id, version }` of an approval rule, as `<id>@<version>`. */
export function ruleVersion(data: Fields, idField: string): string {
  const version = data['version']
  if (!Number.isSafeInteger(version)) throw new FieldMissing('version')
  return `${text(data, idField)}@${String(version)}`
}

/** A list of `{ provider, id }`, each as `<provider>/<id>`. */
export function groups(data: Fields, field: string): readonly string[] {
  const list = data[field]
  if (!Array.isArray(list)) throw new FieldMissing(field)
  return list.map((group: unknown) => {
    if (!isFields(group)) throw new FieldMissing(field)
    return `${text(group, 'provider')}/${text(group, 'id')}`
  })
}
