import type { Instant } from '#core/instant.ts'
import type { StoredEvent } from '#engine/store/store.ts'
import type { Facts } from '../facts.ts'

/** An event of the log, beside the commit that wrote it, as it was seen from outside. */
export interface Recorded {
  readonly event: StoredEvent
  /** When it was written, by the time of the world: the clock of whoever wrote it may have shown another. */
  readonly at: Instant
  readonly replica: string
  /** What was written together has the same number; -1: no commit that was seen wrote it. */
  readonly commit: number
}

const kept = new WeakMap<Facts, readonly Recorded[]>()

/** All events in the order of the log, which is the order in which commits were carried out. */
export function recordedOf(facts: Facts): readonly Recorded[] {
  let recorded = kept.get(facts)
  if (recorded === undefined) kept.set(facts, (recorded = besideCommits(facts)))
  return recorded
}

/** By stream, each in its order. */
export function recordedStreams(facts: Facts): ReadonlyMap<string, readonly Recorded[]> {
  let streams = byStream.get(facts)
  if (streams === undefined) {
    streams = Map.groupBy(recordedOf(facts), ({ event }) => event.stream)
    byStream.set(facts, streams)
  }
  return streams
}

const byStream = new WeakMap<Facts, ReadonlyMap<string, readonly Recorded[]>>()

function besideCommits({ run, product }: Facts): readonly Recorded[] {
  const recorded: Recorded[] = []
  const { events } = product
  for (const [commit, { at, replica, streams }] of run.history.commits.entries()) {
    const count = streams.reduce((sum, each) => sum + each.types.length, 0)
    for (const event of events.slice(recorded.length, recorded.length + count))
      recorded.push({ event, at, replica, commit })
  }
  for (const event of events.slice(recorded.length)) recorded.push({ event, at: event.at, replica: '', commit: -1 })
  return recorded
}
