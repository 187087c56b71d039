import type { Instant } from '#core/instant.ts'
import type { Call } from '../world/history.ts'
import type { Run } from '../world/simulate.ts'
import { SILENCE_MS } from '../world/network.ts'

export interface Most {
  readonly calls: number
  readonly at: Instant
}

/** The most calls to a vendor that were under way at once, as the callers saw it. The dead wait for nothing. */
export function mostAtOnce(
  run: Run,
  vendor: Call['vendor'],
  whose: 'all processes together' | { readonly replica: string },
): Most {
  const deaths = new Map<string, Instant>()
  for (const { at, replica, what } of run.history.replicas) if (what === 'killed') deaths.set(replica, at)
  const steps: { readonly at: Instant; readonly by: 1 | -1 }[] = []
  for (const call of run.history.calls) {
    if (call.vendor !== vendor || (typeof whose === 'object' && call.replica !== whose.replica)) continue
    const { sentAt, arrivedAt, answeredAt } = call
    const over = answeredAt ?? Math.min(arrivedAt ?? sentAt, sentAt + SILENCE_MS)
    steps.push(
      { at: sentAt, by: 1 },
      { at: Math.max(sentAt, Math.min(over, deaths.get(call.replica) ?? Infinity)), by: -1 },
    )
  }
  // What ends in the moment in which another begins has made room for it.
  steps.sort((a, b) => a.at - b.at || a.by - b.by)
  let now = 0
  let most: Most = { calls: 0, at: run.start }
  for (const { at, by } of steps) {
    now += by
    if (now > most.calls) most = { calls: now, at }
  }
  return most
}
