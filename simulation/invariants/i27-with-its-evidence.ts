import { isDeepStrictEqual } from 'node:util'
import type { Event } from '#core/event.ts'
import { CATALOG, GRANT, GROUP, HALT, MEMBERSHIP, PERSON, REQUEST, RULE } from '#engine/handle/stream-kinds.ts'
import type { StoredEvent } from '#engine/store/store.ts'
import type { Facts } from '../facts.ts'
import type { Invariant, Violation } from './invariant.ts'
import { callsWithoutIntent } from './intent-before-call.ts'
import { doneWithoutProof, toldWithoutRecord } from './done-and-proven.ts'
import { recordedStreams } from './recorded.ts'

/** Each commit is held against the log: what it changed, it said; what it said, it changed. */
export const withItsEvidence: Invariant = {
  id: 'I27',
  says: 'Every commit leaves each state as the events in it make it, nothing is called done without its proof, and every call of a change follows its intent.',
  check(facts) {
    return [
      ...commitsThatDiffer(facts),
      ...gapsIn(facts),
      ...doneWithoutProof(facts),
      ...toldWithoutRecord(facts),
      ...callsWithoutIntent(facts),
    ]
  },
}

interface AnyKind {
  readonly none: unknown
  evolve(state: unknown, event: Event, at: number): unknown
}

const KINDS = {
  request: REQUEST,
  grant: GRANT,
  membership: MEMBERSHIP,
  group: GROUP,
  catalog: CATALOG,
  'approval-rule': RULE,
  person: PERSON,
  halt: HALT,
} as unknown as Readonly<Record<string, AnyKind>>

function* commitsThatDiffer({ run, product }: Facts): Iterable<Violation> {
  const states = new Map<string, unknown>()
  let place = 0
  for (const { at, streams } of run.history.commits) {
    const count = streams.reduce((sum, each) => sum + each.types.length, 0)
    const written = Map.groupBy(product.events.slice(place, place + count), (each) => each.stream)
    place += count
    for (const { stream, types, state } of streams) {
      const events = written.get(stream) ?? []
      const kind = KINDS[stream.split('/')[0] ?? '']
      if (
        kind === undefined ||
        !isDeepStrictEqual(
          events.map((each) => each.type),
          types,
        )
      ) {
        yield {
          at,
          what: `a commit wrote ${types.join(', ')} to ${stream}, and the log holds ${events.map((each) => each.type).join(', ') || 'nothing'}`,
        }
        return
      }
      const folded = events.reduce(
        (before, each) => kind.evolve(before, eventOf(each), each.at),
        states.get(stream) ?? kind.none,
      )
      states.set(stream, folded)
      if (
        !isDeepStrictEqual(folded, state) &&
        !isDeepStrictEqual(JSON.parse(JSON.stringify(folded)), JSON.parse(JSON.stringify(state)))
      )
        yield { at, what: `after ${types.join(', ')} the state of ${stream} is not what its events make of it` }
    }
  }
  if (place !== product.events.length)
    yield { at: run.start, what: `the log holds ${product.events.length} events, and commits wrote ${place}` }
}

function eventOf({ type, data, personalFields }: StoredEvent): Event {
  return { type, data, ...(personalFields ? { personal: personalFields } : {}) }
}

function* gapsIn(facts: Facts): Iterable<Violation> {
  const { product } = facts
  for (const [stream, recorded] of recordedStreams(facts)) {
    const place = recorded.findIndex(({ event }, index) => event.version !== index + 1)
    const at = recorded.at(-1)?.at ?? 0
    if (place !== -1) yield { at, what: `${stream} has no version ${place + 1}` }
    const row = product.streams.get(stream) ?? product.memberships.get(stream)
    if (row?.version !== recorded.length)
      yield { at, what: `${stream} stands at ${row?.version}, with ${recorded.length} events` }
  }
}
