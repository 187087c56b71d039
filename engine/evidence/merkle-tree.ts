import { hash } from 'node:crypto'

/**
 * The Merkle tree of RFC 6962 (the same in RFC 9162), grown from the right.
 *
 * A tree of `size` leaves is a row of complete subtrees, one for each 1 in the binary form of `size`, the largest on
 * the left. Their roots, the *peaks*, are all that is needed to add leaves and to know the root, so whoever seals
 * records keeps at most 32 bytes for each binary digit of the size.
 */
export interface Frontier {
  readonly size: number
  /** Roots of the complete subtrees, the largest first. */
  readonly peaks: readonly Uint8Array[]
}

/** Told about every complete subtree of 2^level leaves, at each level from left to right. */
export type OnNode = (level: number, hash: Uint8Array) => void

export const EMPTY_FRONTIER: Frontier = { size: 0, peaks: [] }

/** The tree with these leaves added at the right. The given frontier stays as it is. */
export function appendLeaves(frontier: Frontier, leafHashes: Iterable<Uint8Array>, onNode?: OnNode): Frontier {
  const peaks = [...frontier.peaks]
  let size = frontier.size
  for (const leafHash of leafHashes) {
    if (leafHash.length !== HASH_BYTES) throw new Error(`a leaf hash of ${leafHash.length} bytes`)
    let node = leafHash
    let level = 0
    onNode?.(level, node)
    // Each trailing 1 of the size is a complete subtree as large as the one just finished: the two become one.
    for (let digits = size; digits % 2 === 1; digits = (digits - 1) / 2) {
      const left = peaks.pop()
      if (left === undefined) throw new Error(`a frontier of size ${frontier.size} lacks a peak`)
      node = nodeHash(left, node)
      level++
      onNode?.(level, node)
    }
    peaks.push(node)
    size++
  }
  return { size, peaks }
}

/** The root of the tree; of the empty tree, as the RFC says, the hash of nothing. */
export function rootOf(frontier: Frontier): Uint8Array {
  let root: Uint8Array | null = null
  for (const peak of frontier.peaks.toReversed()) root = root === null ? peak : nodeHash(peak, root)
  return root ?? hash('sha256', '', 'buffer')
}

/** RFC 6962, section 2.1: inner nodes are hashed under the prefix 0x01. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = Buffer.allocUnsafe(1 + 2 * HASH_BYTES)
  input[0] = 1
  input.set(left, 1)
  input.set(right, 1 + HASH_BYTES)
  return hash('sha256', input, 'buffer')
}

/**
 * The audit path of one leaf (RFC 9162, section 2.1.3.1): with it, whoever holds the record, the nonce and a signed
 * root needs nothing else of the log. `leafHashes` are all the leaves of the tree.
 */
export function inclusionProof(leafHashes: readonly Uint8Array[], index: number): readonly Uint8Array[] {
  if (!Number.isInteger(index) || index < 0 || index >= leafHashes.length) {
    throw new Error(`no leaf ${index} in a tree of ${leafHashes.length}`)
  }
  const path: Uint8Array[] = []
  let from = 0
  let to = leafHashes.length
  // Down from the root: the half without the leaf goes on the path.
  while (to - from > 1) {
    const middle = from + splitOf(to - from)
    if (index < middle) {
      path.push(rangeHash(leafHashes, middle, to))
      to = middle
    } else {
      path.push(rangeHash(leafHashes, from, middle))
      from = middle
    }
  }
  return path.toReversed()
}

/**
 * The proof that the tree of `oldSize` leaves is a beginning of the tree of all `leafHashes` (RFC 9162, section
 * 2.1.4.1): nothing that was once published has been changed since.
 */
export function consistencyProof(leafHashes: readonly Uint8Array[], oldSize: number): readonly Uint8Array[] {
  if (!Number.isInteger(oldSize) || oldSize < 1 || oldSize > leafHashes.length) {
    throw new Error(`no proof from a tree of ${oldSize} to one of ${leafHashes.length}`)
  }
  const path: Uint8Array[] = []
  let from = 0
  let to = leafHashes.length
  while (oldSize !== to) {
    const middle = from + splitOf(to - from)
    if (oldSize <= middle) {
      path.push(rangeHash(leafHashes, middle, to))
      to = middle
    } else {
      path.push(rangeHash(leafHashes, from, middle))
      from = middle
    }
  }
  // `from` is 0 exactly when the old tree is a subtree of the new one; then its root is known to whoever checks.
  if (from > 0) path.push(rangeHash(leafHashes, from, to))
  return path.toReversed()
}

const HASH_BYTES = 32

function rangeHash(leafHashes: readonly Uint8Array[], from: number, to: number): Uint8Array {
  return rootOf(appendLeaves(EMPTY_FRONTIER, leafHashes.slice(from, to)))
}

/** The largest power of two below `size`: where RFC 6962 splits a tree. */
function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}
