import { isDeepStrictEqual } from 'node:util'
import { folded, kindOfStream } from '#engine/handle/fold.ts'
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

function* commitsThatDiffer({ run, product }: Facts): Iterable<Violation> {
  const states = new Map<string, unknown>()
  let place = 0
  for (const { at, streams } of run.history.commits) {
    const count = streams.reduce((sum, each) => sum + each.types.length, 0)
    const written = Map.groupBy(product.events.slice(place, place + count), (each) => each.stream)
    place += count
    for (const { stream, types, state } of streams) {
      const events = written.get(stream) ?? []
      const kind = kindOfStream(stream)
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
      const anew = events.reduce<unknown>((before, each) => folded(kind, before, each), states.get(stream) ?? kind.none)
      states.set(stream, anew)
      if (
        !isDeepStrictEqual(anew, state) &&
        !isDeepStrictEqual(JSON.parse(JSON.stringify(anew)), JSON.parse(JSON.stringify(state)))
      )
        yield { at, what: `after ${types.join(', ')} the state of ${stream} is not what its events make of it` }
    }
  }
  if (place !== product.events.length)
    yield { at: run.start, what: `the log holds ${product.events.length} events, and commits wrote ${place}` }
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
