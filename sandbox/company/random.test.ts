import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomOf } from './random.ts'

const drawn = (seed: number, label: string) =>
  Array.from(
    { length: 50 },
    (
      (random) => () =>
        random.below(1_000)
    )(randomOf(seed, label)),
  )

test('one seed and one label always draw the same', () => {
  assert.deepEqual(drawn(7, 'names'), drawn(7, 'names'))
})

test('another seed draws otherwise, and so does another label', () => {
  assert.notDeepEqual(drawn(7, 'names'), drawn(8, 'names'))
  assert.notDeepEqual(drawn(7, 'names'), drawn(7, 'groups'))
})

test('what is drawn is spread evenly', () => {
  const random = randomOf(1, 'spread')
  const counts = Array.from({ length: 10 }, () => 0)
  for (let draw = 0; draw < 100_000; draw += 1) {
    const at = random.below(10)
    counts[at] = (counts[at] ?? 0) + 1
  }
  // Six standard deviations: an even spread is outside once in hundreds of millions, and the seed is fixed anyway.
  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 570, `${count} of 100,000 for one of ten`)
})

test('nothing can be picked from an empty list', () => {
  assert.throws(() => randomOf(1, 'empty').pick([]), /nothing to pick from/)
})
