import { MINUTE_MS, SECOND_MS, type Instant } from '#core/instant.ts'
import type { Call } from '../world/history.ts'
import { timeOf } from './in-words.ts'
import type { Invariant, Violation } from './invariant.ts'
import { clocksOf } from '../oracle/clocks.ts'
import { SILENCE_MS } from '../world/network.ts'

/**
 * Sick is who has given nothing but bad answers for so long, and so many of them to reads of one process that it is no accident:
 * a vendor that takes no changes may be well otherwise. A moment later the others have heard of it. (What a process knew that
 * died, nobody knows.)
 */
const SICK_AFTER_MS = MINUTE_MS
const BAD_ANSWERS = 5
const HEARD_AFTER_MS = 5 * SECOND_MS
const PROBE_EVERY_MS = 30 * SECOND_MS
/** A probe is let go a moment before it is sent, and the clock of another process may be a second off; or more, where it is known to be (oracle/clocks.ts). */
const LETTING_GO_MS = 2 * SECOND_MS
interface Outcome {
  readonly at: Instant
  readonly isGood: boolean
  readonly replica: string
  readonly isRead: boolean
}

/** A refusal, and a 429, are answers of somebody who is well; and what was only spoilt on the way may have been one. */
function outcomeOf({ sentAt, arrivedAt, answeredAt, status, replica, method }: Call): Outcome {
  const of = { replica, isRead: method === 'GET' }
  if (answeredAt === null) return { at: Math.min(arrivedAt ?? sentAt, sentAt + SILENCE_MS), isGood: false, ...of }
  return { at: answeredAt, isGood: status !== null && status < 500, ...of }
}

export const aSickProviderIsLeftAlone: Invariant = {
  id: 'I34',
  says: 'A provider that gives nothing but bad answers for a minute is asked at most once in 30 s, by all processes together, until it gives a good one.',
  check({ run }) {
    const offAt = clocksOf(run)
    const calls = run.history.calls.filter((each) => each.vendor === 'okta')
    const outcomes = calls.map(outcomeOf).sort((a, b) => a.at - b.at)
    let next = 0
    let since: Instant | null = null
    const deaths = new Map<string, Instant>()
    for (const { at, replica, what } of run.history.replicas) if (what === 'killed') deaths.set(replica, at)
    let before: Instant | null = null
    let wasSick = false
    const bad = new Map<string, number>()
    const knownAt = new Map<string, Instant>()
    const broken: Violation[] = []
    for (const { sentAt, method, path } of calls) {
      for (let each = outcomes[next]; each !== undefined && each.at <= sentAt; each = outcomes[next]) {
        next += 1
        if (each.isGood) {
          bad.clear()
          knownAt.clear()
          since = before = null
          continue
        }
        since ??= each.at
        if (!each.isRead) continue
        const count = (bad.get(each.replica) ?? 0) + 1
        bad.set(each.replica, count)
        if (count === BAD_ANSWERS) knownAt.set(each.replica, each.at)
      }
      const isKnown = [...knownAt].some(
        ([replica, at]) => sentAt - at >= HEARD_AFTER_MS && (deaths.get(replica) ?? Infinity) > sentAt,
      )
      if (since === null || !isKnown || sentAt - since < SICK_AFTER_MS) continue
      wasSick = true
      const sinceLastMs = before === null ? Infinity : sentAt - before
      before = sentAt
      const behindMs = Math.min(offAt(sentAt).behindMs, offAt(sentAt - sinceLastMs).behindMs)
      if (sinceLastMs >= PROBE_EVERY_MS - LETTING_GO_MS + behindMs) continue
      const what = `${method} ${path} was sent ${sinceLastMs} ms after the call before it, and all answers since ${timeOf(since)} were bad`
      broken.push({ at: sentAt, what })
    }
    return wasSick ? broken : null
  },
}
