import type { Desk } from '#connectors/kit/desk.ts'
import { isoOf, MINUTE_MS, type Instant } from '#core/instant.ts'
import { takeTurn } from '#engine/handle/turn.ts'
import type { Ports } from '#engine/ports.ts'
import type { Claimed, Timer } from '#engine/store/store.ts'
import type { Worked } from '#engine/workers/workers.ts'

export const POLL_EVERY_MS = 5 * MINUTE_MS
/** Jira's search index lags behind, so each poll looks back over the one before it. */
const OVERLAP_MS = 5 * MINUTE_MS

export const POLL_TIMER = 'poll:jira'

/** Closes the gaps that lost webhooks leave: every ticket that moved since the last poll is looked at once more. */
export async function pollTickets(
  ports: Ports,
  desk: Desk,
  timer: Claimed,
  everyMs: number = POLL_EVERY_MS,
): Promise<Worked> {
  const now = ports.clock.now()
  const since = Date.parse(timer.about)
  const reading = await desk.updatedSince(since - OVERLAP_MS)
  if (reading.kind !== 'read') {
    return {
      kind: 'try again',
      why: reading.said,
      afterMs: reading.kind === 'unreadable' ? reading.retryAfterMs : null,
    }
  }
  for (const key of reading.value) {
    await ports.store.receive({ id: `poll:${key}:${timer.about}`, source: 'poll', about: key, receivedAt: now })
  }
  await takeTurn(ports, { kind: 'engine' }, (turn) => turn.setTimer(pollTimer(now, now + everyMs)))
  return { kind: 'done' }
}

/** Starts polling, unless it goes on from before: then the poll that is due covers the time when nobody looked. */
export async function startPolling(ports: Ports, firstAt: Instant = ports.clock.now()): Promise<void> {
  const first = pollTimer(ports.clock.now(), firstAt)
  await takeTurn(ports, { kind: 'engine' }, (turn) => turn.setTimer({ ...first, unlessSet: true }))
}

/** What was updated since then is what the poll will look at. */
function pollTimer(since: Instant, dueAt: Instant): Timer {
  return { id: POLL_TIMER, kind: 'poll tickets', about: isoOf(since), dueAt }
}
