/**
 * Chance that repeats: one seed and one label always give the same numbers, on every machine. Each thing draws from
 * a label of its own, so that adding a group does not rename a person. Never for secrets.
 */
export interface Random {
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number
  pick<T>(from: readonly T[]): T
  /** True in `share` of all draws, e.g. 0.25. */
  chance(share: number): boolean
  /** So many characters of an alphabet, e.g. for ids in the shape of a vendor. */
  text(alphabet: string, length: number): string
}

const TWO_TO_32 = 4_294_967_296

export function randomOf(seed: number, label: string): Random {
  let state = startingPoint(`${seed}/${label}`)

  // A Weyl sequence (odd step, so its period is 2^32) whose values are stirred until neighbours look unrelated.
  function next(): number {
    state = (state + 0x9e3779b9) | 0
    return stir(state) >>> 0
  }

  function below(limit: number): number {
    return Math.floor((next() / TWO_TO_32) * limit)
  }

  return {
    below,
    pick<T>(from: readonly T[]): T {
      if (from.length === 0) throw new Error('nothing to pick from')
      return from[below(from.length)] as T
    },
    chance: (share) => next() / TWO_TO_32 < share,
    text: (alphabet, length) => Array.from({ length }, () => alphabet.charAt(below(alphabet.length))).join(''),
  }
}

function startingPoint(text: string): number {
  let state = text.length
  for (let index = 0; index < text.length; index += 1)
    state = stir(state ^ Math.imul(text.charCodeAt(index), 0x85ebca6b))
  return state
}

function stir(value: number): number {
  let mixed = value
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return mixed ^ (mixed >>> 15)
}
