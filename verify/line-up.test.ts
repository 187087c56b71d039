import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { newLineUp } from './line-up.ts'
import type { Disorder } from './line-up.ts'

/** The disorder of lines that give these leaves, in a log of `size`. */
function disorder(size: number, leaves: readonly number[]): Partial<Disorder> {
  const lineUp = newLineUp(size)
  for (const leaf of leaves) lineUp.take(leaf)
  const whole = lineUp.end()
  return Object.fromEntries(Object.entries(whole).filter(([, list]) => list.length > 0))
}

const place = (position: number, leaf: number) => ({ position, leaf })
const UNKNOWN = -1

test('lines in the order of the log are in order', () => {
  assert.deepEqual(disorder(5, [0, 1, 2, 3, 4]), {})
  assert.deepEqual(disorder(0, []), {})
})

test('a line that was dropped is missing, and no other is blamed', () => {
  assert.deepEqual(disorder(6, [1, 2, 3, 4, 5]), { missing: [0] })
  assert.deepEqual(disorder(6, [0, 1, 3, 4, 5]), { missing: [2] })
  assert.deepEqual(disorder(6, [0, 1, 2, 3, 5]), { missing: [4] })
  assert.deepEqual(disorder(6, [0, 1, 2, 3, 4]), { missing: [5] })
  assert.deepEqual(disorder(8, [0, 2, 4, 6, 7]), { missing: [1, 3, 5] })
})

test('a line that stands twice is doubled, wherever the second one stands', () => {
  assert.deepEqual(disorder(5, [0, 1, 1, 2, 3, 4]), { doubled: [place(2, 1)] })
  assert.deepEqual(disorder(5, [0, 1, 2, 3, 4, 1]), { doubled: [place(5, 1)] })
  assert.deepEqual(disorder(5, [0, 4, 1, 2, 3, 4]), { misplaced: [place(1, 4)], doubled: [place(5, 4)] })
})

test('of two lines that changed places both are named, neighbours or not', () => {
  assert.deepEqual(disorder(6, [0, 2, 1, 3, 4, 5]), { misplaced: [place(1, 2), place(2, 1)] })
  assert.deepEqual(disorder(6, [0, 4, 2, 3, 1, 5]), { misplaced: [place(1, 4), place(4, 1)] })
  assert.deepEqual(disorder(4, [0, 1, 3, 2]), { misplaced: [place(2, 3), place(3, 2)] })
  assert.deepEqual(disorder(4, [3, 1, 2, 0]), { misplaced: [place(0, 3), place(3, 0)] })
})

test('a line that was moved is the only one named', () => {
  assert.deepEqual(disorder(7, [0, 5, 1, 2, 3, 4, 6]), { misplaced: [place(1, 5)] })
  assert.deepEqual(disorder(7, [0, 2, 3, 4, 5, 1, 6]), { misplaced: [place(5, 1)] })
})

test('of two blocks that changed places one is named', () => {
  assert.deepEqual(disorder(8, [0, 1, 4, 5, 2, 3, 6, 7]), { misplaced: [place(4, 2), place(5, 3)] })
})

test('an unknown line is the leaf whose place it has taken, changed', () => {
  assert.deepEqual(disorder(5, [0, UNKNOWN, 2, 3, 4]), { changed: [place(1, 1)] })
  assert.deepEqual(disorder(5, [0, 1, 2, 3, UNKNOWN]), { changed: [place(4, 4)] })
  assert.deepEqual(disorder(5, [UNKNOWN, UNKNOWN, 2, 3, 4]), { changed: [place(0, 0), place(1, 1)] })
})

test('an unknown line between two neighbours is added', () => {
  assert.deepEqual(disorder(4, [0, 1, UNKNOWN, 2, 3]), { added: [2] })
  assert.deepEqual(disorder(4, [0, 1, 2, 3, UNKNOWN]), { added: [4] })
  assert.deepEqual(disorder(4, [0, 1, UNKNOWN, UNKNOWN, 3]), { added: [3], changed: [place(2, 2)] })
})

test('two lines that ran together are one changed and one missing', () => {
  assert.deepEqual(disorder(5, [0, UNKNOWN, 3, 4]), { changed: [place(1, 1)], missing: [2] })
})

test('whatever is done to the order, something is told exactly when something was done', () => {
  const leaves = fc.integer({ min: 0, max: 9 }).chain((size) =>
    fc.record({
      size: fc.constant(size),
      lines: fc.array(fc.integer({ min: UNKNOWN, max: size - 1 }), { maxLength: 12 }),
    }),
  )
  fc.assert(
    fc.property(leaves, ({ size, lines }) => {
      const untouched = lines.length === size && lines.every((leaf, position) => leaf === position)
      const told = newLineUp(size)
      for (const leaf of lines) told.take(leaf)
      const { misplaced, doubled, changed, added, missing } = told.end()
      assert.equal(misplaced.length + doubled.length + changed.length + added.length + missing.length === 0, untouched)
      // Every leaf is accounted for once.
      const distinct = new Set(lines.filter((leaf) => leaf !== UNKNOWN)).size
      assert.equal(distinct + changed.length + missing.length, size)
      assert.equal(changed.length + added.length, lines.filter((leaf) => leaf === UNKNOWN).length)
    }),
    { numRuns: 5000 },
  )
})

test('every two lines of a log can change places, and both are named', () => {
  for (let size = 2; size <= 9; size++) {
    for (let a = 0; a < size; a++) {
      for (let b = a + 1; b < size; b++) {
        const leaves = Array.from({ length: size }, (_, i) => (i === a ? b : i === b ? a : i))
        assert.deepEqual(disorder(size, leaves), { misplaced: [place(a, b), place(b, a)] }, `${size}: ${leaves}`)
      }
    }
  }
})
