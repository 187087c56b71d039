import { test } from 'node:test'
import { HOUR_MS, isoOf, MINUTE_MS } from '#core/instant.ts'
import type { Facts } from '../facts.ts'
import { changesOnRecord } from './changes-on-record.ts'
import { oneRecordForEachChange } from './i23-one-record-for-each-change.ts'
import {
  breaks,
  cannotTell,
  firstOf,
  holds,
  runOf,
  withData,
  withEvents,
  withHistory,
  withNothing,
} from './run-for-tests.ts'

const facts = await runOf()
const [record] = changesOnRecord(facts)
const proof = firstOf(facts, 'ChangeProven')
const change = facts.changes.find((each) => each.by.kind === 'client')

/** The first proof is another event. */
function withInstead(type: string, data: object): Facts {
  return withEvents(facts, (each) => (each === proof ? { ...each, type, data: { ...each.data, ...data } } : each))
}

test('what the directory says that we did is what we say that we did [I23]', async () => {
  await holds(oneRecordForEachChange, facts)
  await cannotTell(oneRecordForEachChange, withNothing(facts))
})

test('a change that is on no record [I23]', () =>
  breaks(oneRecordForEachChange, withInstead('ChangeAbandoned', { because: 'rejected' }), /has no record/))

test('given up without a certain answer is an honest record: nobody knows [I23]', () =>
  holds(oneRecordForEachChange, withInstead('ChangeAbandoned', { because: 'superseded', readAt: null })))

test('a change that had its effect long after it was proven [I23]', async () => {
  const at = (change?.at ?? 0) + 30 * MINUTE_MS
  const again = { ...facts, changes: facts.changes.map((each) => (each === change ? { ...each, at } : each)) }
  await breaks(oneRecordForEachChange, again, /has no record/)
  // The next event of the membership, as it happens, tells it.
  const next = facts.product.events.find((each) => each.stream === proof.stream && each.version > proof.version)
  const told = withEvents(again, (each) =>
    each === next || each === proof
      ? {
          ...each,
          type: each === next ? 'LateEffect' : 'ChangeProven',
          data: { ...each.data, changeId: record?.changeId ?? '', effect: 'found by read-back' },
        }
      : each,
  )
  await holds(oneRecordForEachChange, told)
})

test('the record holds the receipt of another call, or none although we were told [I23]', async () => {
  await breaks(
    oneRecordForEachChange,
    withInstead('ChangeProven', { receipt: 'req-other' }),
    /the receipt of another call/,
  )
  await breaks(
    oneRecordForEachChange,
    withInstead('ChangeProven', { receipt: null, answeredAt: null, effect: 'found by read-back' }),
    /is recorded without its receipt, which reached us/,
  )
})

test('where the answer was lost, "found by read-back" is all that can be said [I23]', async () => {
  const calls = facts.run.history.calls.map((each) => (each.method === 'PUT' ? { ...each, clean: false } : each))
  const data = { receipt: null, answeredAt: null, effect: 'found by read-back' }
  await holds(oneRecordForEachChange, withHistory(withInstead('ChangeProven', data), { calls }))
})

test('the record tells of another time, or that nothing was to be done [I23]', async () => {
  const answeredAt = isoOf((change?.at ?? 0) + 1_500)
  await breaks(oneRecordForEachChange, withInstead('ChangeProven', { answeredAt }), /is recorded 1500 ms apart/)
  await breaks(
    oneRecordForEachChange,
    withInstead('ChangeProven', { effect: 'already so' }),
    /is recorded as "already so"/,
  )
  const intendedAt = isoOf((change?.at ?? 0) + 1)
  await breaks(oneRecordForEachChange, withInstead('ChangeProven', { intendedAt }), /has no record/)
})

test('"changed" is said of what was never changed, unless another hand did the same meanwhile [I23]', async () => {
  const without = { ...facts, changes: facts.changes.filter((each) => each !== change) }
  await breaks(oneRecordForEachChange, without, /says "changed" of what was never changed/)
  const byAdmin = { kind: 'admin', id: 'admin' } as const
  const others = facts.changes.map((each) => (each === change ? { ...each, by: byAdmin } : each))
  await holds(oneRecordForEachChange, { ...facts, changes: others })
})

test('two changes by one record, unless another hand undid the first [I23]', async () => {
  const [op, again] = [change?.op ?? 'add', { ...change, at: (change?.at ?? 0) + 1 } as Facts['changes'][number]]
  await breaks(oneRecordForEachChange, { ...facts, changes: [...facts.changes, again] }, /tells of two changes/)
  const undone = { ...again, op: op === 'add' ? 'remove' : 'add', by: { kind: 'admin', id: 'admin' } } as const
  await holds(oneRecordForEachChange, { ...facts, changes: [...facts.changes, undone, again] })
})

test('a proof by a read that nobody made, or that began before the answer came [I23]', async () => {
  const never = withInstead('ChangeProven', { readAt: isoOf(Date.parse(String(proof.data['readAt'])) + 1) })
  await breaks(oneRecordForEachChange, never, /is proven by a read at .* that nobody made after the answer/)
  const { calls } = facts.run.history
  const late = calls.map((each) =>
    each.method === 'PUT' ? { ...each, answeredAt: (each.answeredAt ?? 0) + HOUR_MS } : each,
  )
  const answeredAt = isoOf((calls.find((each) => each.method === 'PUT')?.answeredAt ?? 0) + HOUR_MS)
  await breaks(
    oneRecordForEachChange,
    withHistory(
      withData(facts, 'ChangeProven', (data) => ({ ...data, answeredAt })),
      { calls: late },
    ),
    /that nobody made after the answer/,
  )
})
