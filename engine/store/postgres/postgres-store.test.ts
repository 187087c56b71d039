import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { describeStoreConformance } from '../conformance.ts'
import { append, claim, commit, ids, membership, NOW, timer, versionOf } from '../conformance-given.ts'
import { sealingNoting } from '../conformance-log.ts'
import { postgresSubject } from './empty-store-for-tests.ts'

const subject = await postgresSubject()
after(() => subject.end())

describeStoreConformance(subject)

/* What only several connections at once can show: in the twin, one operation follows upon the other. */

test('of many births of one stream at once exactly one is written, and so of many next steps [I12, I13]', async () => {
  const { store } = await subject.open()
  for (const stream of ['grant/grt_1', membership('per_1')]) {
    for (const expected of [0, 1]) {
      const all = Array.from({ length: 8 }, (_, n) => append(stream, expected, { state: { n } }))
      const outcomes = await Promise.all(all.map((each) => commit(store, { appends: [each] })))
      assert.deepEqual(outcomes.toSorted(), ['committed', ...Array.from({ length: 7 }, () => 'conflict')])
      const winner = outcomes.indexOf('committed')
      const stored = (await store.load([stream])).get(stream)
      assert.deepEqual(stored, { version: expected + 1, state: { n: winner } })
    }
  }
})

test('claims side by side never hand out the same work, and leave none behind [I12]', async () => {
  const { store } = await subject.open()
  const all = Array.from({ length: 40 }, (_, n) => `t${n}`)
  await commit(store, { setTimers: all.map((id) => timer(id)) })
  const taken: string[] = []
  for (let before = -1; taken.length > before;) {
    before = taken.length
    const claims = await Promise.all(Array.from({ length: 6 }, () => claim(store, 'timer', { limit: 5 })))
    taken.push(...claims.flatMap(ids))
  }
  assert.deepEqual(taken.toSorted(), all.toSorted())
})

test('of two turns that each act on what the other undoes, at most one is written', async () => {
  const { store } = await subject.open()
  await commit(store, { appends: [append('catalog'), append('group/okta/00g1')] })
  const names = ['catalog', 'group/okta/00g1'] as const
  const outcomes = await Promise.all(
    [names, names.toReversed()].map(([read = '', written = '']) =>
      commit(store, { appends: [append(written, 1)], requires: [{ stream: read, version: 1 }] }),
    ),
  )
  const standing = await Promise.all(names.map((name) => versionOf(store, name)))
  assert.equal(
    standing.filter((version) => version === 2).length,
    outcomes.filter((each) => each === 'committed').length,
  )
  assert.ok(outcomes.includes('conflict'), outcomes.join())
})

test('however many seal at once, every event is a leaf once, and the log has no gap [I25]', async () => {
  const { store } = await subject.open()
  for (let n = 0; n < 12; n += 1) await commit(store, { appends: [append(`s/${n}`)] })
  for (let sealed = 0; sealed < 12;) {
    const counts = await Promise.all(Array.from({ length: 4 }, () => store.seal(3, sealingNoting())))
    sealed += counts.reduce((a, b) => a + b)
  }
  const leaves = await store.sealed(0, 99)
  assert.deepEqual(
    leaves.map((each) => each.index),
    [...leaves.keys()],
  )
  assert.equal(new Set(leaves.map((each) => each.event.stream)).size, 12)
  assert.deepEqual([leaves.length, (await store.newestCheckpoint())?.at], [12, NOW])
})
