import { equal, joined } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { sha256, sha256All } from './digest.ts'

/**
 * The tree of RFC 6962 over the leaf hashes so far: at each level the root of the complete subtree of 2^level leaves
 * that still waits for its right neighbour, or null.
 */
export type Frontier = (Bytes | null)[]

export const HASH_BYTES = 32

const LEAF_PREFIX = Uint8Array.of(0)
const NODE_PREFIX = Uint8Array.of(1)

export function leafInput(leaf: Bytes): Bytes {
  return joined(LEAF_PREFIX, leaf)
}

export function nodeInput(left: Bytes, right: Bytes): Bytes {
  return joined(NODE_PREFIX, left, right)
}

/** Adds leaf hashes at the right, level by level, so that each level is hashed as one batch. */
export async function append(frontier: Frontier, leafHashes: readonly Bytes[]): Promise<void> {
  let nodes = leafHashes
  for (let level = 0; nodes.length > 0; level++) {
    const waiting = frontier[level] ?? null
    const row = waiting === null ? nodes : [waiting, ...nodes]
    const parents: Bytes[] = []
    for (let i = 0; i + 1 < row.length; i += 2) parents.push(nodeInput(at(row, i), at(row, i + 1)))
    frontier[level] = row.length % 2 === 1 ? at(row, row.length - 1) : null
    nodes = await sha256All(parents)
  }
}

/** The root: from the smallest subtree, at the right, to the largest. Of no leaves, the hash of nothing. */
export async function rootOf(frontier: Readonly<Frontier>): Promise<Bytes> {
  let root: Bytes | null = null
  for (const subtree of frontier) {
    if (subtree === null) continue
    root = root === null ? subtree : await sha256(nodeInput(subtree, root))
  }
  return root ?? sha256(new Uint8Array(0))
}

/** RFC 9162, section 2.1.3.2: whether the leaf stands at this place in the tree of this root. */
export async function includes(
  leafHash: Bytes,
  place: { readonly index: number; readonly size: number },
  path: readonly Bytes[],
  root: Bytes,
): Promise<boolean> {
  if (!(place.index >= 0 && place.index < place.size)) return false
  let node = leafHash
  let index = place.index
  let last = place.size - 1
  for (const sibling of path) {
    if (last === 0) return false
    if (index % 2 === 1 || index === last) {
      node = await sha256(nodeInput(sibling, node))
      while (index % 2 === 0 && index !== 0) {
        index /= 2
        last = half(last)
      }
    } else {
      node = await sha256(nodeInput(node, sibling))
    }
    index = half(index)
    last = half(last)
  }
  return last === 0 && equal(node, root)
}

/** RFC 9162, section 2.1.4.2: whether the older tree is the beginning of the newer one. */
export async function continues(
  older: { readonly size: number; readonly root: Bytes },
  newer: { readonly size: number; readonly root: Bytes },
  proof: readonly Bytes[],
): Promise<boolean> {
  if (older.size === newer.size) return proof.length === 0 && equal(older.root, newer.root)
  if (older.size < 1 || older.size > newer.size || proof.length === 0) return false
  // A power of two is itself a subtree of the newer tree, so the proof need not repeat its root.
  const path = isPowerOfTwo(older.size) ? [older.root, ...proof] : proof
  let index = older.size - 1
  let last = newer.size - 1
  while (index % 2 === 1) {
    index = half(index)
    last = half(last)
  }
  const [first, ...rest] = path
  if (first === undefined) return false
  let olderNode = first
  let newerNode = first
  for (const sibling of rest) {
    if (last === 0) return false
    if (index % 2 === 1 || index === last) {
      olderNode = await sha256(nodeInput(sibling, olderNode))
      newerNode = await sha256(nodeInput(sibling, newerNode))
      while (index % 2 === 0 && index !== 0) {
        index /= 2
        last = half(last)
      }
    } else {
      newerNode = await sha256(nodeInput(newerNode, sibling))
    }
    index = half(index)
    last = half(last)
  }
  return last === 0 && equal(olderNode, older.root) && equal(newerNode, newer.root)
}

// Not `>> 1`: a log may grow beyond 2^31 records.
function half(n: number): number {
  return Math.floor(n / 2)
}

function isPowerOfTwo(n: number): boolean {
  let rest = n
  while (rest % 2 === 0) rest /= 2
  return rest === 1
}

function at(row: readonly Bytes[], i: number): Bytes {
  const node = row[i]
  if (node === undefined) throw new RangeError(`no node ${i}`)
  return node
}
