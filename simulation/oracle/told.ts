import type { Instant } from '#core/instant.ts'
import { wordsOf } from '#connectors/jira/stand-in/rich-text.ts'
import type { Ticket } from '#connectors/jira/stand-in/site.ts'

/**
 * What people were told on a ticket: promises that access has to keep. Only the words of our own account count, and only
 * those that everybody on the ticket can read.
 */
export interface Told {
  /** "… approved": from here on it is known to be under way. */
  readonly approvedAt: Instant | null
  readonly live: readonly ToldLive[]
  /** "… is being taken back", "… is being removed", "… has ended", "… was not given": the reason is dead. */
  readonly overAt: Instant | null
  /** Nothing was given, and nothing will be. */
  readonly refusedAt: Instant | null
}

export interface ToldLive {
  readonly at: Instant
  /** Names of the app and the role. */
  readonly what: string
  /** To the minute, cut; null: without an end. */
  readonly endsAt: Instant | null
}

/** Tenure's account at the Jira of the simulation. */
export const OUR_ACCOUNT = '712020:00000000-0000-4000-8000-00007e9a9ce5'

const OVER = [
  'What was added is being taken back.',
  'revoked the access. It is being removed now.',
  'The access has ended:',
  'The access was not given:',
]
const REFUSED = ['Nothing was given.', 'No access was given.']
const OVER_STATUS = new Set(['Refused', 'Failed', 'Access ended'])

export function toldOn(ticket: Ticket): Told {
  let approvedAt: Instant | null = null
  let overAt: Instant | null = null
  let refusedAt: Instant | null = null
  const live: ToldLive[] = []
  for (const { by, internal, at, body } of ticket.comments) {
    if (by !== OUR_ACCOUNT || internal) continue
    const words = wordsOf(body)
    const what = /^The access is live: (.+?)\. It /.exec(words)?.[1]
    if (what !== undefined) live.push({ at, what, endsAt: endIn(words) })
    else if (OVER.some((each) => words.includes(each))) overAt ??= at
    else if (REFUSED.some((each) => words.includes(each))) refusedAt ??= at
    else if (words.includes('The access is being set up:')) approvedAt ??= at
  }
  for (const { by, at, items } of ticket.history) {
    const to = items.find((each) => each.fieldId === 'status')?.toText ?? ''
    if (by !== OUR_ACCOUNT || !OVER_STATUS.has(to)) continue
    if (to === 'Refused') refusedAt = Math.min(refusedAt ?? Infinity, at)
    else overAt = Math.min(overAt ?? Infinity, at)
  }
  return { approvedAt, live, overAt, refusedAt }
}

function endIn(words: string): Instant | null {
  const [, day, time] = /It ends by itself at (\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}) UTC\./.exec(words) ?? []
  if (day === undefined) return null
  return Date.parse(`${day}T${time}:00.000Z`)
}
