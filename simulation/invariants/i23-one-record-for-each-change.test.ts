import { test } from 'node:test'
import type { JsonObject } from '#core/event.ts'
import { HOUR_MS, isoOf, MINUTE_MS } from '#core/instant.ts'
import type { Facts } from '../facts.ts'
import type { StoredEvent } from '#engine/store/store.ts'
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
} from './real-run-for-tests.ts'

const facts = await runOf()
const proof = firstOf(facts, 'ChangeProven')
const { changeId = '', receipt = '' } = proof.data
const change = facts.changes.find((each) => each.requestId === receipt)
const isOfThat = (each: StoredEvent): boolean => each.data['changeId'] === changeId

/** The first proof says something else, or is another event. */
function withInstead(data: object, type = 'ChangeProven'): Facts {
  return withEvents(facts, (each) => (each === proof ? { ...each, type, data: { ...each.data, ...data } } : each))
}

const effect = 'found by read-back'
/** Of an answer: it never came. */
const unheard = (data: JsonObject): JsonObject => ({ changeId: data['changeId'] ?? '', kind: 'unavailable' })

test('what the directory says that we did is what we say that we did [I23]', async () => {
  await holds(oneRecordForEachChange, facts)
  await cannotTell(oneRecordForEachChange, withNothing(facts))
})

test('a change that is on no record [I23]', () =>
  breaks(oneRecordForEachChange, withInstead({ because: 'rejected' }, 'ChangeAbandoned'), /has no record/))

test('given up without a certain answer is an honest record: nobody knows [I23]', () =>
  holds(oneRecordForEachChange, withInstead({ because: 'superseded', readAt: null }, 'ChangeAbandoned')))

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
          data: { ...each.data, changeId, effect: 'found by read-back' },
        }
      : each,
  )
  await holds(oneRecordForEachChange, told)
})

test('the record holds the receipt of another call, or none although we were told [I23]', async () => {
  await breaks(oneRecordForEachChange, withInstead({ receipt: 'req-other' }), /the receipt of another call/)
  const none = withData(withInstead({ receipt: null, answeredAt: null, effect }), 'ChangeAnswered', unheard, isOfThat)
  await breaks(oneRecordForEachChange, none, /is recorded without its receipt, which reached us/)
})

test('where the answer was lost, "found by read-back" is all that can be said [I23]', async () => {
  const calls = facts.run.history.calls.map((each) => (each.method === 'PUT' ? { ...each, clean: false } : each))
  const none = withData(withInstead({ receipt: null, answeredAt: null, effect }), 'ChangeAnswered', unheard, isOfThat)
  await holds(oneRecordForEachChange, withHistory(none, { calls }))
})

test('the record tells of another time, or that nothing was to be done [I23]', async () => {
  const at = isoOf((change?.at ?? 0) + 1_500)
  const late = withData(facts, 'ChangeAnswered', (data) => ({ ...data, at, vendorAt: at }), isOfThat)
  await breaks(oneRecordForEachChange, late, /is recorded 1500 ms apart/)
  await breaks(oneRecordForEachChange, withInstead({ effect: 'already so' }), /is recorded as "already so"/)
  const intendedAt = isoOf((change?.at ?? 0) + 1)
  await breaks(oneRecordForEachChange, withInstead({ intendedAt }), /has no record/)
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
  const never = withInstead({ readAt: isoOf(Date.parse(String(proof.data['readAt'])) + 1) })
  await breaks(oneRecordForEachChange, never, /is proven by a read at .* that nobody made after the answer/)
  const [put] = facts.run.history.calls.filter((each) => each.method === 'PUT' && each.arrivedAt === change?.at)
  const later = (put?.answeredAt ?? 0) + HOUR_MS
  const calls = facts.run.history.calls.map((each) => (each === put ? { ...each, answeredAt: later } : each))
  const answered = withHistory(withInstead({ answeredAt: isoOf(later) }), { calls })
  await breaks(oneRecordForEachChange, answered, /that nobody made after the answer/)
})
