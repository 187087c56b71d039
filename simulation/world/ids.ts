import type { Ids } from '#engine/ports.ts'
import { randomOf } from '#sandbox/company/random.ts'

const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz'

/** Ids as the product draws them, from the schedule's chance instead of the system's. */
export function seededIds(seed: number, replica: string): Ids {
  const random = randomOf(seed, `ids ${replica}`)
  return {
    next: (prefix) => `${prefix}_${random.text(LETTERS, 16)}`,
    bytes(length) {
      const bytes = Buffer.allocUnsafe(length)
      for (let place = 0; place < length; place += 4) {
        const drawn = random.below(4_294_967_296)
        for (let part = 0; part < 4 && place + part < length; part += 1)
          bytes[place + part] = (drawn >>> (8 * part)) & 255
      }
      return bytes
    },
  }
}
