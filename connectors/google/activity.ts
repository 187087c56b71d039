import { HOUR_MS, isoOf } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import type { Activity, ActivityEvent } from '#connectors/kit/activity.ts'
import type { Reading } from '#connectors/kit/connector.ts'
import type { From, Page } from '#connectors/kit/directory.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { Addresses } from './addresses.ts'
import { withPage } from './client.ts'
import type { GoogleClient } from './client.ts'
import { KEPT_FOR_MS, LOGS, toldIn } from './events.ts'
import type { Log, Told } from './events.ts'
import { isForgotten, saidBy, unread } from './outcome.ts'
import { SCOPE } from './scopes.ts'
import { activities } from './shapes.ts'

/**
 * Four logs, one after the other: what administrators did, what happened in groups otherwise, who signed in to Google, and who
 * signed in to an application through it. Each comes the newest first, within minutes or hours, and none has a cursor of its own,
 * so the next list begins some hours before this one began, and tells some events twice.
 *
 * A place is `<log> <began> <from> <Google's token, or ->`; a cursor is the moment from which to list.
 */
const LATE_BY_MS = 6 * HOUR_MS

interface Step {
  readonly log: Log
  readonly began: Instant
  readonly from: Instant
  readonly token: string | null
}

export function createActivity(io: Io, client: GoogleClient, addresses: Addresses): Activity {
  function stepOf(from: From, since: Instant): Step | null {
    const now = io.now()
    if (from.kind === 'all') return { log: 'admin', began: now, from: Math.max(since, oldest(now)), token: null }
    if (from.kind === 'since') {
      const start = /^\d{1,16}$/.test(from.cursor) ? Number(from.cursor) : Number.NaN
      // Of before that the log tells nothing, which must not look as if nothing had happened.
      return start >= oldest(now) ? { log: 'admin', began: now, from: start, token: null } : null
    }
    const [, name, began, start, token] = WORDS.exec(from.place) ?? []
    const log = LOGS.find((each) => each === name)
    if (log === undefined) return null
    return { log, began: Number(began), from: Number(start), token: token === '-' ? null : (token ?? null) }
  }

  async function read(step: Step): Promise<Reading<Page<ActivityEvent>>> {
    const { log, from, token } = step
    const path = `/admin/reports/v1/activity/users/all/applications/${log}?maxResults=1000&startTime=${isoOf(from)}`
    const answer = await client.read(SCOPE.audit, withPage(path, token), activities)
    if (answer.kind !== 'answered') {
      if (token !== null && isForgotten(answer)) return absent(io.now(), saidBy(answer))
      // An edition without this log has nothing to tell of it, and everything else of the list is still true.
      const isOfNoEdition = log === 'groups_enterprise' && answer.kind === 'refused' && answer.status === 400
      return isOfNoEdition ? pageOf(answer.startedAt, [], after(step)) : unread(answer)
    }
    const told = (answer.value.items ?? []).flatMap((row) => toldIn(row, log))
    const rows = await Promise.all(told.map(eventOf))
    const bad = rows.find((row) => row.kind !== 'read')
    if (bad !== undefined) return bad
    const { nextPageToken: next } = answer.value
    const to = next ? { next: wordOf({ ...step, token: next }), cursor: null } : after(step)
    return pageOf(
      answer.startedAt,
      rows.flatMap((row) => (row.kind === 'read' ? (row.value ?? []) : [])),
      to,
    )
  }

  async function eventOf({ what, ...event }: Told): Promise<Reading<ActivityEvent | null>> {
    if (what.kind === 'signed in') return known({ ...event, what })
    const person = await addresses.idOf('user', what.person)
    if (person.kind !== 'answered') return unread(person)
    const account = person.value
    if (account === null) return known(null)
    if (what.kind === 'account changed') return known({ ...event, what: { kind: what.kind, account } })
    const group = await addresses.idOf('group', what.group)
    if (group.kind !== 'answered') return unread(group)
    if (group.value === null) return known(null)
    return known({ ...event, what: { kind: what.kind, account, group: { provider: 'google', id: group.value } } })
  }

  return {
    async events(from, since) {
      const step = stepOf(from, since)
      return step === null
        ? absent(io.now(), 'no place or cursor of this list, or one from before the log')
        : read(step)
    },
  }
}

const WORDS = /^(\w{1,20}) (\d{1,16}) (\d{1,16}) ([\x21-\x7e]{1,3900})$/

function after({ log, began, from }: Step): Pick<Page<unknown>, 'next' | 'cursor'> {
  const following = LOGS[LOGS.indexOf(log) + 1]
  if (following !== undefined) return { next: wordOf({ log: following, began, from, token: null }), cursor: null }
  return { next: null, cursor: String(Math.max(0, began - LATE_BY_MS)) }
}

function wordOf({ log, began, from, token }: Step): string {
  return `${log} ${began} ${from} ${token ?? '-'}`
}

function oldest(now: Instant): Instant {
  return Math.max(0, now - KEPT_FOR_MS)
}

function pageOf<Row>(
  startedAt: Instant,
  rows: readonly Row[],
  to: Pick<Page<unknown>, 'next' | 'cursor'>,
): Reading<Page<Row>> {
  return { kind: 'read', startedAt, value: { rows, gone: [], ...to } }
}

function absent(startedAt: Instant, said: string): Reading<never> {
  return { kind: 'absent', startedAt, said }
}

function known<Value>(value: Value): Reading<Value> {
  return { kind: 'read', startedAt: 0, value }
}
