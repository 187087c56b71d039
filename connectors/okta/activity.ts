import { DAY_MS, isoOf } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { Activity, ActivityEvent } from '#connectors/kit/activity.ts'
import type { Reading } from '#connectors/kit/connector.ts'
import type { From, Page } from '#connectors/kit/directory.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { OktaClient } from './client.ts'
import { eventOf, EVENT_TYPES } from './events.ts'
import { saidBy, unread } from './outcome.ts'
import { logEvent } from './shapes.ts'

/**
 * The System Log in polling mode: without an end, the oldest first. So it is complete and in the order in which Okta kept it, also
 * where something is kept late; and after every page, an empty one as well, Okta tells where the next begins. That place is the
 * cursor. (With an end it may miss what is kept late. https://developer.okta.com/docs/reference/system-log-query/)
 */
const LOGS = '/logs'

/** Older events are missing without a word. */
const KEPT_FOR_MS = 90 * DAY_MS

export function createActivity(io: Io, client: OktaClient): Activity {
  function pathOf(from: From, since: Instant): string | null {
    if (from.kind === 'all') {
      const start = isoOf(Math.max(since, io.now() - KEPT_FOR_MS))
      const filter = encodeURIComponent(EVENT_TYPES.map((each) => `eventType eq "${each}"`).join(' or '))
      return `${LOGS}?since=${encodeURIComponent(start)}&sortOrder=ASCENDING&limit=1000&filter=${filter}`
    }
    const place = from.kind === 'since' ? from.cursor : from.place
    return PLACE.test(place) ? place : null
  }

  return {
    async events(from, since): Promise<Reading<Page<ActivityEvent>>> {
      const path = pathOf(from, since)
      if (path === null) return { kind: 'absent', startedAt: io.now(), said: 'no place or cursor of this list' }
      const answer = await client.page(path, logEvent, LOGS)
      if (answer.kind !== 'answered') {
        // A place that Okta does not know any more: 400, whatever the code.
        if (answer.kind === 'refused' && answer.status === 400 && from.kind !== 'all')
          return { kind: 'absent', startedAt: answer.startedAt, said: saidBy(answer) }
        const reading = unread(answer)
        return reading.kind === 'absent' ? { kind: 'unreadable', retryAfterMs: null, said: reading.said } : reading
      }
      const { rows, next } = answer.value
      // Without it nobody knows where to go on, and beginning anew would tell everything again or leave something out.
      if (next === null)
        return { kind: 'unreadable', retryAfterMs: null, said: 'Okta does not tell where its log goes on' }
      const isLast = rows.length === 0
      return {
        kind: 'read',
        startedAt: answer.startedAt,
        value: {
          rows: rows.flatMap((row) => eventOf(row) ?? []),
          gone: [],
          next: isLast ? null : next,
          cursor: isLast ? next : null,
        },
      }
    },
  }
}

const PLACE = /^\/logs\?[\x21-\x7e]{1,4000}$/
