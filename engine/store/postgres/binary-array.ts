/*
 * Arrays as the binary protocol of PostgreSQL has them. A thousand rows travel as one such array for each column: as one
 * JSON text, the server spent a seventh of its time on reading the names of the columns of each row again and again.
 */

type Element = string | number | boolean | Uint8Array | null | undefined

interface ElementType {
  readonly oid: number
  /** How many bytes an element needs at most. */
  most(value: never): number
  /** Writes an element, and says how many bytes that took. */
  write(into: Buffer, at: number, value: never): number
}

const TEXT: ElementType = {
  oid: 25,
  most: (value: string) => value.length * 3,
  write: (into, at, value: string) => into.write(value, at, 'utf8'),
}
/** A version, and then the text. */
const JSONB: ElementType = {
  oid: 3802,
  most: (value: string) => 1 + value.length * 3,
  write: (into, at, value: string) => into.writeUInt8(1, at) - at + into.write(value, at + 1, 'utf8'),
}
const BYTEA: ElementType = {
  oid: 17,
  most: (value: Uint8Array) => value.length,
  write: (into, at, value: Uint8Array) => (into.set(value, at), value.length),
}
const INT8: ElementType = {
  oid: 20,
  most: () => 8,
  write: (into, at, value: number) => into.writeBigInt64BE(BigInt(value), at) - at,
}
const INT4: ElementType = {
  oid: 23,
  most: () => 4,
  write: (into, at, value: number) => into.writeInt32BE(value, at) - at,
}
const INT2: ElementType = {
  oid: 21,
  most: () => 2,
  write: (into, at, value: number) => into.writeInt16BE(value, at) - at,
}
const BOOL: ElementType = {
  oid: 16,
  most: () => 1,
  write: (into, at, value: boolean) => into.writeUInt8(value ? 1 : 0, at) - at,
}

type Values<Kind> = readonly (Kind | null | undefined)[]

export const texts = (values: Values<string>): Buffer => arrayOf(TEXT, values)
/** Of values that have a form in JSON. */
export const jsons = (values: readonly object[]): Buffer =>
  arrayOf(
    JSONB,
    values.map((each) => JSON.stringify(each)),
  )
export const bytes = (values: Values<Uint8Array>): Buffer => arrayOf(BYTEA, values)
export const bigints = (values: Values<number>): Buffer => arrayOf(INT8, values)
export const ints = (values: Values<number>): Buffer => arrayOf(INT4, values)
export const smallints = (values: Values<number>): Buffer => arrayOf(INT2, values)
export const booleans = (values: Values<boolean>): Buffer => arrayOf(BOOL, values)

const HEAD_BYTES = 20
const LENGTH_BYTES = 4
const NULL = -1

function arrayOf(type: ElementType, values: readonly Element[]): Buffer {
  let most = HEAD_BYTES
  for (const value of values) most += LENGTH_BYTES + (isNull(value) ? 0 : type.most(value as never))
  const into = Buffer.allocUnsafe(most)
  let at = 0
  const put = (number: number): void => void (at = into.writeInt32BE(number, at))
  // One dimension, whether there are nulls, of what, how many, and the first has the number 1.
  for (const number of [1, values.some(isNull) ? 1 : 0, type.oid, values.length, 1]) put(number)
  for (const value of values) {
    if (isNull(value)) {
      put(NULL)
      continue
    }
    const length = type.write(into, at + LENGTH_BYTES, value as never)
    put(length)
    at += length
  }
  return into.subarray(0, at)
}

function isNull(value: Element): value is null | undefined {
  return value === null || value === undefined
}
