import type { z } from 'zod'
import { HOUR_MS, isoOf } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { Activity, ActivityEvent } from '#connectors/kit/activity.ts'
import type { Reading } from '#connectors/kit/connector.ts'
import type { From, Page } from '#connectors/kit/directory.ts'
import type { Io } from '#connectors/kit/io.ts'
import { CAN_WAIT } from './client.ts'
import type { EntraClient } from './client.ts'
import { eventOfAudit, eventOfSignIn } from './events.ts'
import { unread } from './outcome.ts'
import type { GraphRefusal } from './outcome.ts'
import { directoryAudit, signIn } from './shapes.ts'

/**
 * Two logs, one after the other: what was changed, and who signed in. Both come the newest first, within hours, and neither has a
 * cursor of its own, so the next list begins some hours before this one began, and tells some events twice.
 *
 * A place is `audits <began> <from> <path>` or `sign-ins …`; a cursor is the moment from which to list.
 */
const LATE_BY_MS = 2 * HOUR_MS

const LOGS = {
  audits: {
    base: '/auditLogs/directoryAudits',
    filter: (from: Instant) =>
      `activityDateTime ge ${isoOf(from)} and (category eq 'GroupManagement' or category eq 'UserManagement')`,
  },
  'sign-ins': { base: '/auditLogs/signIns', filter: (from: Instant) => `createdDateTime ge ${isoOf(from)}` },
} as const

interface Step {
  readonly log: keyof typeof LOGS
  readonly began: Instant
  readonly from: Instant
  readonly path: string
}

export function createActivity(io: Io, client: EntraClient): Activity {
  function first(log: keyof typeof LOGS, began: Instant, from: Instant): Step {
    const { base, filter } = LOGS[log]
    return { log, began, from, path: `${base}?$filter=${encodeURIComponent(filter(from))}&$top=1000` }
  }

  function stepOf(from: From, since: Instant): Step | null {
    const now = io.now()
    if (from.kind === 'all') return first('audits', now, since)
    if (from.kind === 'since') return /^\d{1,16}$/.test(from.cursor) ? first('audits', now, Number(from.cursor)) : null
    const [, log, began, start, path = ''] = /^(audits|sign-ins) (\d{1,16}) (\d{1,16}) (\/\S+)$/.exec(from.place) ?? []
    if ((log !== 'audits' && log !== 'sign-ins') || !path.startsWith(`${LOGS[log].base}?`)) return null
    return { log, began: Number(began), from: Number(start), path }
  }

  async function read<Row>(
    step: Step,
    item: z.ZodType<Row>,
    eventOf: (row: Row) => ActivityEvent | null,
  ): Promise<Reading<Page<ActivityEvent>>> {
    const answer = await client.page(step.path, item, LOGS[step.log].base, CAN_WAIT)
    if (answer.kind !== 'answered') {
      // An edition without the log has nothing to tell of it, and everything else of the list is still true.
      if (answer.kind === 'refused' && isOfNoEdition(answer)) {
        return { kind: 'read', startedAt: answer.startedAt, value: { rows: [], gone: [], ...after(step) } }
      }
      const reading = unread(answer)
      return reading.kind === 'absent' ? { kind: 'unreadable', retryAfterMs: null, said: reading.said } : reading
    }
    const rows = answer.value.rows.flatMap((row) => eventOf(row) ?? [])
    const { next } = answer.value
    const to = next === null ? after(step) : { next: wordOf({ ...step, path: next }), cursor: null }
    return { kind: 'read', startedAt: answer.startedAt, value: { rows, gone: [], ...to } }
  }

  function after({ log, began, from }: Step): Pick<Page<unknown>, 'next' | 'cursor'> {
    if (log === 'audits') return { next: wordOf(first('sign-ins', began, from)), cursor: null }
    return { next: null, cursor: String(Math.max(0, began - LATE_BY_MS)) }
  }

  return {
    async events(from, since) {
      const step = stepOf(from, since)
      if (step === null) return { kind: 'absent', startedAt: io.now(), said: 'no place or cursor of this list' }
      return step.log === 'audits' ? read(step, directoryAudit, eventOfAudit) : read(step, signIn, eventOfSignIn)
    },
  }
}

function wordOf({ log, began, from, path }: Step): string {
  return `${log} ${began} ${from} ${path}`
}

/** https://learn.microsoft.com/graph/api/signin-list: sign-ins need an edition with P1 or P2. */
function isOfNoEdition({ status, refusal }: GraphRefusal): boolean {
  return status === 403 && /NonPremiumTenant/i.test(refusal.error.code)
}
