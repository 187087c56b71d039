import { equal } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import { append, rootOf } from './merkle-tree.ts'
import type { Frontier } from './merkle-tree.ts'
import type { SealedLine } from './sealed-lines.ts'

/** Grows the tree over the records and compares its root at the size of each signed head on the way. */
export interface RootCheck {
  readonly take: (batch: readonly SealedLine[]) => Promise<void>
  /** Whether the records up to this head give its root. */
  readonly agrees: (head: Checkpoint) => boolean
  /** When the newest head agrees, older ones that do not: two signed histories. */
  readonly disagreeing: () => readonly Checkpoint[]
}

export async function newRootCheck(heads: readonly Checkpoint[]): Promise<RootCheck> {
  const frontier: Frontier = []
  const agreeing = new Set<Checkpoint>()
  const sizes = [...new Set(heads.map((head) => head.size))].toSorted((a, b) => a - b)
  let size = 0
  let broken = false

  const compare = async (): Promise<void> => {
    const root = await rootOf(frontier)
    for (const head of heads) if (head.size === size && equal(head.root, root)) agreeing.add(head)
  }
  if (sizes[0] === 0) await compare()
  return {
    async take(batch) {
      const leafHashes = batch.map((line) => (line.kind === 'read' ? line.leafHash : null))
      broken ||= leafHashes.includes(null)
      if (broken) return
      let rest = leafHashes.filter((leafHash) => leafHash !== null)
      while (rest.length > 0) {
        const stop = sizes.find((head) => head > size && head <= size + rest.length) ?? size + rest.length
        await append(frontier, rest.slice(0, stop - size))
        rest = rest.slice(stop - size)
        size = stop
        if (sizes.includes(size)) await compare()
      }
    },
    agrees: (head) => agreeing.has(head),
    disagreeing: () => (heads[0] && agreeing.has(heads[0]) ? heads.filter((head) => !agreeing.has(head)) : []),
  }
}
