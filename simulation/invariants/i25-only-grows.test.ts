import { test } from 'node:test'
import { onlyGrows } from './i25-only-grows.ts'
import { breaks, cannotTell, holds, runOf, withEvents, withNothing } from './real-run-for-tests.ts'

const facts = await runOf()
const { checkpoints, events } = facts.product

test('every head that was signed is that of the first events; without a head nothing can be told [I25]', async () => {
  await holds(onlyGrows, facts)
  await cannotTell(onlyGrows, withNothing(facts))
})

test('an event that was changed, left out, or put elsewhere after it was sealed [I25]', async () => {
  const changed = withEvents(facts, (each) => (each === events[3] ? { ...each, at: each.at + 1 } : each))
  await breaks(onlyGrows, changed, /is not what was sealed in its place/)
  const dropped = { ...facts, product: { ...facts.product, events: events.toSpliced(3, 1) } }
  await breaks(onlyGrows, dropped, /is not what was sealed in its place/)
  const [first, second] = events.slice(3, 5)
  const swapped = first && second ? events.toSpliced(3, 2, second, first) : events
  const turned = { ...facts, product: { ...facts.product, events: swapped } }
  await breaks(onlyGrows, turned, /is not what was sealed in its place/)
  const short = { ...facts, product: { ...facts.product, events: events.slice(0, 3) } }
  await breaks(onlyGrows, short, /was signed, and there are 3 events/)
})

test('where no pack is written, some of the leaves are computed anew all the same [I25]', async () => {
  const other = await runOf(301)
  await holds(onlyGrows, other)
  const changed = withEvents(other, (each) => ({ ...each, at: each.at + 1 }))
  await breaks(onlyGrows, changed, /is not what was sealed in its place/)
})

test('a leaf that was changed together with its event: then the signed roots are other ones [I25]', async () => {
  const { store } = facts
  const sealed = async (from: number, limit: number) =>
    (await store.sealed(from, limit)).map((each) => (each.index === 3 ? { ...each, leafHash: Buffer.alloc(32) } : each))
  await breaks(onlyGrows, { ...facts, store: { ...store, sealed } }, /is not that of the first events of the log/)
})

test('a head that is smaller than one before it, or of another root [I25]', async () => {
  const turned = { ...facts, product: { ...facts.product, checkpoints: checkpoints.toReversed() } }
  await breaks(onlyGrows, turned, /came after one of/)
  const [first, ...others] = checkpoints
  const other = first ? [{ ...first, rootHash: Buffer.alloc(32) }, ...others] : []
  await breaks(onlyGrows, { ...facts, product: { ...facts.product, checkpoints: other } }, /is not that of the first/)
})

test('a note that signs something else than what is kept beside it [I25]', async () => {
  const other = checkpoints.map((each) => ({ ...each, note: each.note.replace(`\n${each.size}\n`, '\n7\n') }))
  const changed = { ...facts, product: { ...facts.product, checkpoints: other } }
  await breaks(onlyGrows, changed, /the signed note of the head of \d+ leaves says something else/)
})

test('a pack on disk that does not pass the auditor [I25]', async () => {
  const { store } = facts
  const forging = {
    ...facts,
    store: {
      ...store,
      sealed: async (from: number, limit: number) =>
        (await store.sealed(from, limit)).map((each) =>
          each.index === 5 ? { ...each, event: { ...each.event, at: each.event.at + 1 } } : each,
        ),
    },
  }
  await breaks(onlyGrows, forging, /the pack: record changed/)
})
