import { equal, fromHex } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import { sha256, sha256All } from './digest.ts'
import { append, HASH_BYTES, nodeInput, rootOf } from './merkle-tree.ts'
import type { Frontier } from './merkle-tree.ts'
import { storedNames } from './stored-names.ts'
import type { PackSource } from './pack-source.ts'

/**
 * The leaf hashes that a signed root stands for, as far as they can be known. They are asked for only when the records
 * do not give that root, to find out which of them are to blame.
 *
 * Nothing in the pack is believed. A list of leaf hashes counts when it gives the signed root. When none does, the
 * stored tree is walked down from the signed root: a node whose parent is vouched for and whose hash fits is vouched
 * for as well, so what was rewritten is narrowed down to where the chain breaks.
 */
export interface SignedLeaves {
  readonly size: number
  /** Null where the signed root vouches for no hash. */
  readonly at: (index: number) => Bytes | null
}

const BATCH = 1024

/** Null when nothing in the pack leads to the signed root. */
export async function signedLeaves(source: PackSource, { size, root }: Checkpoint): Promise<SignedLeaves | null> {
  const tree = await storedLevel(source, 0, size)
  if (tree !== null && equal(await rootOver(tree), root)) return leavesOf(tree, null)
  const names = await leavesOfNames(source, size)
  if (names !== null && equal(await rootOver(names), root)) return leavesOf(names, null)
  if (tree === null || !equal(await rootOfPeaks(source, size), root)) return null
  return descend(source, tree, names)
}

/** From the peaks, which give the signed root, down to the leaves. */
async function descend(source: PackSource, tree: Bytes, names: Bytes | null): Promise<SignedLeaves | null> {
  const size = tree.length / HASH_BYTES
  let vouched = new Uint8Array(0)
  for (let level = heightOf(size); level >= 0; level--) {
    const row = new Uint8Array(countOf(size, level))
    // A node without a right neighbour is a peak.
    if (row.length % 2 === 1) row[row.length - 1] = 1
    for (let from = 0; from < vouched.length; from += BATCH) {
      const parents = hashesIn(await readNodes(source, level + 1, from, BATCH))
      const children = hashesIn(await readNodes(source, level, 2 * from, 2 * BATCH))
      const computed = await sha256All(
        parents.map((_, i) => nodeInput(hash(children, 2 * i), hash(children, 2 * i + 1))),
      )
      for (const [i, parent] of parents.entries()) {
        if (vouched[from + i] !== 1) continue
        const left = 2 * (from + i)
        const fits =
          equal(parent, hash(computed, i)) || (level === 0 && names !== null && (await mend(tree, names, left, parent)))
        if (fits) row.fill(1, left, left + 2)
      }
    }
    vouched = row
  }
  return leavesOf(tree, vouched)
}

/**
 * Two leaves whose parent is vouched for, and one of which was rewritten in the tree: the list of names holds every
 * leaf hash a second time. The pair that gives the parent is the true one, and is put in place.
 */
async function mend(tree: Bytes, names: Bytes, left: number, parent: Bytes): Promise<boolean> {
  for (const leftSource of [tree, names]) {
    for (const rightSource of [tree, names]) {
      const pair = [hashAt(leftSource, left), hashAt(rightSource, left + 1)] as const
      if (!equal(await sha256(nodeInput(...pair)), parent)) continue
      tree.set(pair[0], left * HASH_BYTES)
      tree.set(pair[1], (left + 1) * HASH_BYTES)
      return true
    }
  }
  return false
}

function leavesOf(leaves: Bytes, vouched: Uint8Array | null): SignedLeaves {
  const size = leaves.length / HASH_BYTES
  const at = (index: number): Bytes | null => {
    if (index < 0 || index >= size || (vouched !== null && vouched[index] !== 1)) return null
    return hashAt(leaves, index)
  }
  return { size, at }
}

async function leavesOfNames(source: PackSource, size: number): Promise<Bytes | null> {
  if (((await source.size('names.jsonl')) ?? 0) < size * HASH_BYTES) return null
  const leaves = new Uint8Array(size * HASH_BYTES)
  for await (const { position, leaf } of storedNames(source)) {
    const bytes = fromHex(leaf, HASH_BYTES)
    if (bytes !== null && position < size) leaves.set(bytes, position * HASH_BYTES)
  }
  return leaves
}

async function rootOver(leaves: Bytes): Promise<Bytes> {
  const frontier: Frontier = []
  for (let from = 0; from < leaves.length; from += BATCH * HASH_BYTES) {
    await append(frontier, hashesIn(leaves.subarray(from, from + BATCH * HASH_BYTES)))
  }
  return rootOf(frontier)
}

async function rootOfPeaks(source: PackSource, size: number): Promise<Bytes> {
  const frontier: Frontier = []
  for (let level = 0; level <= heightOf(size); level++) {
    const count = countOf(size, level)
    const [peak] = count % 2 === 1 ? hashesIn(await readNodes(source, level, count - 1, 1)) : []
    frontier[level] = peak ?? null
  }
  return rootOf(frontier)
}

async function storedLevel(source: PackSource, level: number, count: number): Promise<Bytes | null> {
  if (((await source.size(`tree/${level}`)) ?? 0) !== count * HASH_BYTES) return null
  return readNodes(source, level, 0, count)
}

async function readNodes(source: PackSource, level: number, from: number, count: number): Promise<Bytes> {
  if ((await source.size(`tree/${level}`)) === null) return new Uint8Array(0)
  return source.read(`tree/${level}`, from * HASH_BYTES, count * HASH_BYTES)
}

/** How many complete subtrees of 2^level leaves there are. */
function countOf(size: number, level: number): number {
  return Math.floor(size / 2 ** level)
}

/** The level of the largest complete subtree. */
function heightOf(size: number): number {
  let height = 0
  while (countOf(size, height + 1) > 0) height++
  return height
}

function hashesIn(bytes: Bytes): Bytes[] {
  return Array.from({ length: Math.floor(bytes.length / HASH_BYTES) }, (_, i) => hashAt(bytes, i))
}

function hashAt(bytes: Bytes, index: number): Bytes {
  return bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES)
}

/** A row that was cut short in the pack fits nothing. */
function hash(row: readonly Bytes[], index: number): Bytes {
  return row[index] ?? NO_HASH
}

const NO_HASH = new Uint8Array(HASH_BYTES)
