import { test } from 'node:test'
import type { Facts } from '../facts.ts'
import type { History } from '../world/history.ts'
import { withItsEvidence } from './i27-with-its-evidence.ts'
import { breaks, firstOf, holds, runOf, withData, withEvents, withHistory } from './real-run-for-tests.ts'

const facts = await runOf()
const { commits, calls } = facts.run.history

test('a run in which every commit tells what it does [I27]', () => holds(withItsEvidence, facts))

/** Each commit in which something of this kind of stream is told, with something else told of it. */
function withCommits(kind: string, change: (each: Told) => Told): Facts {
  return withHistory(facts, {
    commits: commits.map((each) => ({
      ...each,
      streams: each.streams.map((one) => (one.stream.startsWith(kind) ? change(one) : one)),
    })),
  })
}

type Told = (typeof commits)[number]['streams'][number]

test('a state that was changed without an event, or an event that changes no state [I27]', async () => {
  const otherState = withCommits('grant/', (each) => ({ ...each, state: { ...each.state, status: 'ended' } }))
  await breaks(withItsEvidence, otherState, /the state of grant\/\w+ is not what its events make of it/)
  const otherEvent = withData(facts, 'WindowStarted', (data) => ({ ...data, endsAt: null }))
  await breaks(withItsEvidence, otherEvent, /the state of grant\/\w+ is not what its events make of it/)
})

test('evidence that was written by another commit than the state [I27]', async () => {
  const apart = withCommits('grant/', (each) => ({ ...each, types: [] }))
  await breaks(withItsEvidence, apart, /and the log holds|and commits wrote/)
  const more = {
    ...facts,
    product: { ...facts.product, events: [...facts.product.events, firstOf(facts, 'GrantOpened')] },
  }
  await breaks(withItsEvidence, more, /the log holds \d+ events, and commits wrote \d+/)
})

test('a gap in a stream, or a state that stands at another version [I27]', async () => {
  const later = withEvents(facts, (each) => (each.type === 'WindowStarted' ? { ...each, version: 77 } : each))
  await breaks(withItsEvidence, later, /has no version \d+/)
  const streams = new Map([...facts.product.streams].map(([name, row]) => [name, { ...row, version: row.version + 1 }]))
  await breaks(withItsEvidence, { ...facts, product: { ...facts.product, streams } }, /stands at \d+, with \d+ events/)
})

test('a grant is called live, released or over without the reads that prove it [I27]', async () => {
  const readAt = '2026-03-04T00:00:00.000Z'
  for (const type of ['GroupConfirmed', 'GroupReleased'])
    await breaks(
      withItsEvidence,
      withData(
        facts,
        type,
        (data) => ({ ...data, readAt }),
        (each) => each.data['readAt'] !== null,
      ),
      /that its membership does not know/,
    )
  const without = (type: string): Facts =>
    withEvents(facts, (each) => (each.type === type ? { ...each, type: 'X' } : each))
  await breaks(withItsEvidence, without('GroupConfirmed'), /is live with 0 of \d groups read back/)
  await breaks(withItsEvidence, without('GroupReleased'), /is over with 0 of \d groups released/)
})

test('people are told that it is live, and the window is nowhere, or later [I27]', () =>
  breaks(
    withItsEvidence,
    withEvents(facts, (each) => (each.type === 'WindowStarted' ? { ...each, type: 'X' } : each)),
    /is said to be live, and no window of it is on record/,
  ))

test('a change that is sent before its intent was committed, or without one [I27]', async () => {
  const early = calls.map((each) => (each.method === 'PUT' ? { ...each, sentAt: facts.run.start } : each))
  await breaks(
    withItsEvidence,
    withHistory(facts, { calls: early }),
    /sent the add of .* no intent of it was on record/,
  )
  const other = calls.map((each) =>
    each.method === 'PUT' && each.vendor === 'okta'
      ? { ...each, method: 'DELETE', sentAt: each.sentAt + 60_000 }
      : each,
  )
  await breaks(
    withItsEvidence,
    withHistory(facts, { calls: other }),
    /sent the remove of .* no intent of it was on record/,
  )
})

test('only a process that had been away sends what others have ended meanwhile, and only what it meant [I27]', async () => {
  const [put] = calls.filter((each) => each.method === 'PUT' && each.vendor === 'okta')
  const late = (replica: string, ...away: History['replicas']): Facts => {
    const later = { replica, sentAt: (put?.sentAt ?? 0) + 60_000 }
    const replicas = [...facts.run.history.replicas, ...away]
    return withHistory(facts, { calls: calls.map((each) => (each === put ? { ...each, ...later } : each)), replicas })
  }
  const own = put?.replica ?? ''
  const paused = (replica: string) => ({ at: (put?.sentAt ?? 0) + 1, replica, what: 'paused' }) as const
  await holds(withItsEvidence, late(own, paused(own)))
  await breaks(withItsEvidence, late(own), /sent the add of .* no intent of it was on record/)
  await breaks(withItsEvidence, late('r77', paused('r77')), /r77 sent the add of/)
})
