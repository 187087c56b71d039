import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { appendLeaves, consistencyProof, EMPTY_FRONTIER, inclusionProof, nodeHash, rootOf } from './merkle-tree.ts'
import { leafHashOf } from './seal.ts'

/** The eight leaves, and the roots of the trees of the first 0 to 8, that the Certificate Transparency projects share. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const leafHashes = LEAVES.map((leaf) => leafHashOf(Buffer.from(leaf, 'hex')))

test('the roots are those of the Certificate Transparency test vectors [R096]', () => {
  for (let size = 0; size <= 8; size++) {
    assert.equal(hex(rootOf(appendLeaves(EMPTY_FRONTIER, leafHashes.slice(0, size)))), ROOTS[size], `size ${size}`)
  }
})

test('leaves added one by one, in batches or all at once give the same tree', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 4 }), { maxLength: 70 }), fc.nat(70), (leaves, cut) => {
      const hashes = leaves.map(leafHashOf)
      const atOnce = appendLeaves(EMPTY_FRONTIER, hashes)
      const before = appendLeaves(EMPTY_FRONTIER, hashes.slice(0, cut))
      assert.deepEqual(appendLeaves(before, hashes.slice(cut)), atOnce)
      assert.equal(hex(rootOf(atOnce)), hex(rootByDefinition(hashes)))
      assert.equal(before.size, Math.min(cut, hashes.length))
    }),
    { numRuns: 100 },
  )
})

test('the frontier keeps one hash for each 1 in the binary form of the size', () => {
  let frontier = EMPTY_FRONTIER
  for (let size = 1; size <= 130; size++) {
    frontier = appendLeaves(frontier, [leafHashOf(Buffer.of(size))])
    assert.equal(frontier.peaks.length, size.toString(2).replaceAll('0', '').length)
  }
})

test('every complete subtree is told once, at each level from left to right', () => {
  const levels: string[][] = []
  appendLeaves(EMPTY_FRONTIER, leafHashes.slice(0, 7), (level, node) => (levels[level] ??= []).push(hex(node)))
  assert.deepEqual(
    levels.map((level) => level.length),
    [7, 3, 1],
  )
  assert.equal(levels[1]?.[1], hex(rootByDefinition(leafHashes.slice(2, 4))))
  assert.equal(levels[2]?.[0], ROOTS[4])
})

test('an inclusion proof leads from each leaf to the root, in trees of every size [R096]', () => {
  const hashes = Array.from({ length: 20 }, (_, i) => leafHashOf(Buffer.of(i)))
  for (let size = 1; size <= hashes.length; size++) {
    const tree = hashes.slice(0, size)
    for (let index = 0; index < size; index++) {
      const path = inclusionProof(tree, index)
      assert.deepEqual(path.map(hex), pathByDefinition(index, tree).map(hex))
      assert.ok(path.length <= Math.ceil(Math.log2(size)))
    }
  }
})

test('a consistency proof is the one that the RFC defines, between trees of every two sizes [I25]', () => {
  const hashes = Array.from({ length: 20 }, (_, i) => leafHashOf(Buffer.of(i)))
  for (let size = 1; size <= hashes.length; size++) {
    for (let oldSize = 1; oldSize <= size; oldSize++) {
      const tree = hashes.slice(0, size)
      assert.deepEqual(consistencyProof(tree, oldSize).map(hex), proofByDefinition(oldSize, tree, true).map(hex))
    }
  }
})

test('what cannot be proven is a fault', () => {
  assert.throws(() => inclusionProof(leafHashes, 8), /no leaf 8/)
  assert.throws(() => inclusionProof(leafHashes, -1), /no leaf -1/)
  assert.throws(() => consistencyProof(leafHashes, 0), /no proof/)
  assert.throws(() => consistencyProof(leafHashes, 9), /no proof/)
  assert.throws(() => appendLeaves(EMPTY_FRONTIER, [new Uint8Array(31)]), /31 bytes/)
})

test('a leaf and an inner node of the same bytes have different hashes', () => {
  const [left, right] = leafHashes
  assert.ok(left !== undefined && right !== undefined)
  assert.notEqual(hex(nodeHash(left, right)), hex(leafHashOf(Buffer.concat([left, right]))))
})

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/* The definitions of RFC 9162, sections 2.1.1 to 2.1.4, word by word: recursive and slow, but plainly what is written there. */

function rootByDefinition(d: readonly Uint8Array[]): Uint8Array {
  if (d.length === 0) return createHash('sha256').digest()
  const [only] = d
  if (d.length === 1 && only !== undefined) return only
  const k = splitByDefinition(d.length)
  return nodeHash(rootByDefinition(d.slice(0, k)), rootByDefinition(d.slice(k)))
}

function pathByDefinition(m: number, d: readonly Uint8Array[]): Uint8Array[] {
  if (d.length === 1) return []
  const k = splitByDefinition(d.length)
  return m < k
    ? [...pathByDefinition(m, d.slice(0, k)), rootByDefinition(d.slice(k))]
    : [...pathByDefinition(m - k, d.slice(k)), rootByDefinition(d.slice(0, k))]
}

function proofByDefinition(m: number, d: readonly Uint8Array[], whole: boolean): Uint8Array[] {
  if (m === d.length) return whole ? [] : [rootByDefinition(d)]
  const k = splitByDefinition(d.length)
  return m <= k
    ? [...proofByDefinition(m, d.slice(0, k), whole), rootByDefinition(d.slice(k))]
    : [...proofByDefinition(m - k, d.slice(k), false), rootByDefinition(d.slice(0, k))]
}

function splitByDefinition(n: number): number {
  return 2 ** (Math.ceil(Math.log2(n)) - 1)
}
