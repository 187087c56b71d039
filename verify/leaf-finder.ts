import { equal } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import type { SignedLeaves } from './signed-leaves.ts'

/** The place in the signed log of a leaf hash; -1 for a hash that the signed root does not vouch for. */
export type FindLeaf = (leafHash: Bytes) => number

/**
 * A hash table in one array, four bytes for each slot: a `Map` of ten million hex strings would take gigabytes. Leaf
 * hashes are spread evenly by themselves, so their first bytes are the place to look.
 */
export function newLeafFinder(leaves: SignedLeaves): FindLeaf {
  let slots = 16
  while (slots < 2 * leaves.size) slots *= 2
  const table = new Int32Array(slots)
  for (let index = 0; index < leaves.size; index++) {
    const leaf = leaves.at(index)
    if (leaf === null) continue
    let slot = startOf(leaf, slots)
    while (table[slot] !== 0) slot = (slot + 1) % slots
    table[slot] = index + 1
  }
  return (leafHash) => {
    for (let slot = startOf(leafHash, slots); ; slot = (slot + 1) % slots) {
      const index = (table[slot] ?? 0) - 1
      if (index === -1) return -1
      const leaf = leaves.at(index)
      if (leaf !== null && equal(leaf, leafHash)) return index
    }
  }
}

function startOf(leafHash: Bytes, slots: number): number {
  return new DataView(leafHash.buffer, leafHash.byteOffset).getUint32(0) % slots
}
