import { createHash, randomBytes } from 'node:crypto'
import type { Ids } from './ports.ts'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** 80 random bits, written so that people can read them to each other. */
export const randomIds: Ids = {
  next: (prefix) => `${prefix}_${[...randomBytes(16)].map((byte) => ALPHABET[byte % 32]).join('')}`,
  bytes: (length) => randomBytes(length),
}

/** The id that belongs to a thing of the outside, always the same: two workers that meet the thing at once cannot make two of it. */
export function idFor(prefix: string, ...of: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(of)).digest()
  return `${prefix}_${[...digest.subarray(0, 16)].map((byte) => ALPHABET[byte % 32]).join('')}`
}
