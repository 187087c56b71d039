import { createHash, randomBytes } from 'node:crypto'
import type { Ids } from './ports.ts'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** Asking the system for random bytes costs more than using them, so they are fetched in stock; each byte is given out once. */
const STOCK_BYTES = 16_384
let stock = randomBytes(0)

function bytes(length: number): Buffer {
  if (length > STOCK_BYTES) return randomBytes(length)
  if (stock.length < length) stock = randomBytes(STOCK_BYTES)
  const taken = stock.subarray(0, length)
  stock = stock.subarray(length)
  return taken
}

/** 80 random bits, written so that people can read them to each other. */
export const randomIds: Ids = {
  next: (prefix) => `${prefix}_${lettersOf(bytes(16))}`,
  bytes,
}

function lettersOf(random: Uint8Array): string {
  let letters = ''
  for (const byte of random.subarray(0, 16)) letters += ALPHABET[byte % 32]
  return letters
}

/** The id that belongs to a thing of the outside, always the same: two workers that meet the thing at once cannot make two of it. */
export function idFor(prefix: string, ...of: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(of)).digest()
  return `${prefix}_${lettersOf(digest)}`
}
