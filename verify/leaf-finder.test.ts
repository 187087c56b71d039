import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bytes } from './bytes.ts'
import { newLeafFinder } from './leaf-finder.ts'

function leaf(first: number, rest: number): Bytes {
  const bytes = new Uint8Array(32).fill(rest)
  bytes.fill(first, 0, 4)
  return bytes
}

function finderOver(leaves: readonly (Bytes | null)[]): (leafHash: Bytes) => number {
  return newLeafFinder({ size: leaves.length, at: (index) => leaves[index] ?? null })
}

test('a leaf is found at its place, also among leaves that begin alike', () => {
  const leaves = [leaf(255, 1), leaf(255, 2), leaf(0, 3), leaf(255, 4)]
  const find = finderOver(leaves)
  assert.deepEqual(leaves.map(find), [0, 1, 2, 3])
  assert.equal(find(leaf(255, 5)), -1)
  assert.equal(find(leaf(1, 1)), -1)
})

test('a leaf for which nothing vouches is not found, and an empty log has none', () => {
  assert.equal(finderOver([leaf(1, 1), null])(leaf(2, 2)), -1)
  assert.equal(finderOver([])(leaf(0, 0)), -1)
})
