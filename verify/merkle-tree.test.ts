import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOf, fromHex, hexOf } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { sha256, sha256All } from './digest.ts'
import { append, continues, includes, leafInput, nodeInput, rootOf } from './merkle-tree.ts'
import type { Frontier } from './merkle-tree.ts'

/** The leaves and roots that the Certificate Transparency projects share. */
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
const leafHashes = await sha256All(LEAVES.map((leaf) => leafInput(bytes(leaf))))

test('the roots are those of the Certificate Transparency test vectors, in batches of every size', async () => {
  for (let size = 0; size <= 8; size++) {
    for (let batch = 1; batch <= Math.max(size, 1); batch++) {
      const frontier: Frontier = []
      for (let from = 0; from < size; from += batch) {
        await append(frontier, leafHashes.slice(from, Math.min(from + batch, size)))
      }
      assert.equal(hexOf(await rootOf(frontier)), ROOTS[size], `size ${size}, batches of ${batch}`)
    }
  }
})

test('a leaf is included where it stands, and nowhere else', async () => {
  const [, , , l3, l4, l5, , l7] = leafHashes as [Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes]
  const root = bytes(ROOTS[7] ?? '')
  // The tree of seven leaves, for the leaf at 4: l5, l6, and the root of the first four.
  const path = [l5, leafHashes[6] as Bytes, bytes(ROOTS[4] ?? '')]
  assert.equal(await includes(l4, { index: 4, size: 7 }, path, root), true)
  for (const index of [-1, 0, 3, 5, 6, 7]) assert.equal(await includes(l4, { index, size: 7 }, path, root), false)
  assert.equal(await includes(l3, { index: 4, size: 7 }, path, root), false)
  assert.equal(await includes(l4, { index: 4, size: 7 }, path.slice(1), root), false)
  assert.equal(await includes(l4, { index: 4, size: 7 }, [...path, l7], root), false)
  assert.equal(await includes(l4, { index: 4, size: 7 }, [l7, ...path.slice(1)], root), false)
})

test('a tree of one leaf includes it without a path', async () => {
  const [leaf] = leafHashes as [Bytes]
  assert.equal(await includes(leaf, { index: 0, size: 1 }, [], bytes(ROOTS[1] ?? '')), true)
  assert.equal(await includes(leaf, { index: 0, size: 0 }, [], bytes(ROOTS[0] ?? '')), false)
})

test('a newer tree continues the older one only with its proof [I25]', async () => {
  const [, , l2, l3] = leafHashes as [Bytes, Bytes, Bytes, Bytes]
  const head = (size: number) => ({ size, root: bytes(ROOTS[size] ?? '') })
  const two = bytes(ROOTS[2] ?? '')
  // From three leaves to four: l2, l3 and the root of the first two. From two to four only the other half.
  const half = await sha256(nodeInput(l2, l3))
  assert.equal(await continues(head(3), head(4), [l2, l3, two]), true)
  assert.equal(await continues(head(2), head(4), [half]), true)
  assert.equal(await continues(head(4), head(4), []), true)
  assert.equal(await continues(head(3), head(4), [l3, l2, two]), false)
  assert.equal(await continues({ size: 3, root: two }, head(4), [l2, l3, two]), false)
  assert.equal(await continues(head(3), { size: 4, root: two }, [l2, l3, two]), false)
  assert.equal(await continues(head(3), head(4), []), false)
  assert.equal(await continues(head(4), head(3), [l2, l3, two]), false)
  assert.equal(await continues(head(0), head(4), [l2]), false)
  assert.equal(await continues(head(4), { size: 4, root: two }, []), false)
})

function bytes(hex: string): Bytes {
  return fromHex(hex, hex.length / 2) ?? bytesOf('')
}
