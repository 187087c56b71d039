/**
 * Lays the lines of a pack beside the leaves of the signed log, both as numbers, and says what is out of order. It
 * sees each line once, with at most one line held back:
 *
 * `next` is the leaf that the next line should have. A line with another known leaf has *jumped*, and the line after
 * it tells what that means: when that one goes on behind the jump, leaves are missing in between, or a whole block was
 * moved; when it goes on as if nothing had happened, the line that jumped is out of place. Lines with an unknown leaf
 * take the places that are free between their neighbours: they are those leaves, changed.
 */
export interface LineUp {
  /** The next line, by the leaf that it gives; -1 when the signed log does not have it. */
  readonly take: (leaf: number) => void
  readonly end: () => Disorder
}

export interface Disorder {
  /** Lines that stand in another place than in the log. */
  readonly misplaced: readonly Placed[]
  /** Lines that repeat an earlier line. */
  readonly doubled: readonly Placed[]
  /** Lines with an unknown leaf, and the place that they have taken. */
  readonly changed: readonly Placed[]
  /** Lines with an unknown leaf, between neighbours that leave no place. */
  readonly added: readonly number[]
  /** Leaves that no line gives, and whose place no changed line has taken. */
  readonly missing: readonly number[]
}

export interface Placed {
  /** Which line, from 0. */
  readonly position: number
  /** Which place in the log, from 0. */
  readonly leaf: number
}

/** A pack that is in disorder from end to end is not told line by line. */
export const MOST_TOLD = 10_000

export function newLineUp(size: number): LineUp {
  const taken = new Uint8Array(size)
  const misplaced: Placed[] = []
  const doubled: Placed[] = []
  const strangers: { position: number; leaf: number | null }[] = []
  let waiting: number[] = []
  let jumped: Placed | null = null
  let position = 0
  let next = 0
  /** The highest leaf that a line in order has given: what comes below it belongs to a block that was moved. */
  let highest = -1

  const tell = (list: Placed[], placed: Placed): void => {
    if (list.length < MOST_TOLD) list.push(placed)
  }
  const placeWaiting = (upTo: number): void => {
    for (const stranger of waiting) {
      if (strangers.length < MOST_TOLD) strangers.push({ position: stranger, leaf: next < upTo ? next : null })
      if (next < upTo) next++
    }
    waiting = []
  }
  const inOrder = (placed: Placed): void => {
    if (placed.leaf < highest) tell(misplaced, placed)
    highest = Math.max(highest, placed.leaf)
    next = placed.leaf + 1
  }

  /** What the jump meant, now that the leaf of the line after it is known. */
  const settleJump = (jump: Placed, leaf: number | null): void => {
    const backward = jump.leaf < next
    if (leaf === jump.leaf + 1) return inOrder(jump)
    if (leaf === next + 1 && jump.leaf !== next + 1) next++
    else if (!backward && (leaf === null || leaf === -1 || leaf > jump.leaf)) return inOrder(jump)
    tell(misplaced, jump)
  }

  return {
    take(leaf) {
      const here = { position: position++, leaf }
      if (jumped !== null) {
        const [jump, swapped] = [jumped, leaf === next && jumped.leaf === next + 1]
        jumped = null
        settleJump(jump, leaf)
        if (swapped) {
          tell(misplaced, here)
          taken[leaf] = 1
          next += 2
          return
        }
      }
      if (leaf === -1) {
        waiting.push(here.position)
        return
      }
      if (leaf >= next) placeWaiting(leaf)
      if (taken[leaf] === 1) {
        tell(doubled, here)
        if (leaf === next) next++
        return
      }
      taken[leaf] = 1
      if (leaf === next) inOrder(here)
      else jumped = here
    },
    end() {
      if (jumped !== null) settleJump(jumped, null)
      placeWaiting(size)
      const changed: Placed[] = []
      const added: number[] = []
      for (const stranger of strangers) {
        if (stranger.leaf === null || taken[stranger.leaf] === 1) {
          added.push(stranger.position)
          continue
        }
        taken[stranger.leaf] = 1
        changed.push({ position: stranger.position, leaf: stranger.leaf })
      }
      const missing: number[] = []
      for (let leaf = taken.indexOf(0); leaf !== -1 && missing.length < MOST_TOLD; leaf = taken.indexOf(0, leaf + 1)) {
        missing.push(leaf)
      }
      return { misplaced, doubled, changed, added, missing }
    },
  }
}
