import type { Event } from '#core/event.ts'
import type { FindingState } from '#core/finding/finding.ts'
import type { GrantState } from '#core/grant/grant.ts'
import type { MembershipState } from '#core/identity-action/membership.ts'
import { decidingReason } from '#core/identity-action/native-end.ts'
import type { OutboxMessage } from '../store/store.ts'

/** Events that people hear about on the ticket. What exactly is said is the surface's business: a message only says "look at this event". */
const ANNOUNCED = new Set([
  'RequestSubmitted',
  'RequestRefused',
  'RequestApproved',
  'RequestDeclined',
  'RequestVoided',
  'AnswerNotCounted',
  'EditNoted',
  'WindowStarted',
  'GrantEnding',
  'GrantEnded',
  'GrantFailed',
  'RevokeRefused',
])

/** What is said about an overdue removal goes to an issue of its own, and waits for no ticket. */
const ABOUT_OVERDUE = new Set(['GrantOverdue', 'OverdueProven'])
const OVERDUE_PREFIX = 'overdue/'

export function overdueMessageKey(grantId: string): string {
  return `${OVERDUE_PREFIX}${grantId}`
}

/** Which grant's overdue removal the messages of this key are about; null: they are a ticket's. */
export function grantOfOverdueMessages(key: string): string | null {
  return key.startsWith(OVERDUE_PREFIX) ? key.slice(OVERDUE_PREFIX.length) : null
}

const ABOUT_FINDING = new Set(['FindingRemovalDecided', 'FindingBecameTask', 'FindingSettled'])
const FINDING_PREFIX = 'finding/'

/** Which finding's issue the messages of this key belong to; null: they belong to none. */
export function findingOfMessages(key: string): string | null {
  return key.startsWith(FINDING_PREFIX) ? key.slice(FINDING_PREFIX.length) : null
}

function aboutFinding(stream: string, version: number, event: Event, before: FindingState): OutboxMessage | null {
  const { findingId, leadId } = event.data
  // One issue for all that one look found.
  if (event.type === 'FindingRaised')
    return typeof leadId === 'string' && leadId === findingId
      ? { key: `${FINDING_PREFIX}${leadId}`, stream, version }
      : null
  const lead = before.found?.leadId ?? null
  return lead !== null && ABOUT_FINDING.has(event.type) ? { key: `${FINDING_PREFIX}${lead}`, stream, version } : null
}

/** The message for an event, or null. Messages of one request go out in order, so its id is the key. `before`: the state that the event met. */
export function announcementOf(stream: string, version: number, event: Event, before: unknown): OutboxMessage | null {
  const [kind, id = ''] = stream.split('/')
  if (kind === 'finding') return aboutFinding(stream, version, event, before as FindingState)
  if (kind === 'request' && ANNOUNCED.has(event.type)) return { key: id, stream, version }
  if (kind === 'grant' && ABOUT_OVERDUE.has(event.type)) return { key: overdueMessageKey(id), stream, version }
  if (kind === 'grant' && ANNOUNCED.has(event.type)) {
    const requestId = (before as GrantState).opened?.requestId
    return requestId ? { key: requestId, stream, version } : null
  }
  // Trouble with a provider is said once per change and kind of trouble; the retries that follow are silent, and so is
  // the next change that meets the same rejection.
  const { change, blocked, native, reasons, troubled } = before as MembershipState
  if (event.type === 'ChangeAbandoned' && event.data['trouble'] === true && change && !troubled)
    return { key: change.requestId, stream, version }
  // The provider's own end took what a reason still holds.
  if (event.type === 'FoundGone' && event.data['endedBy'] === 'the provider') {
    const requestId = decidingReason(reasons)?.requestId
    return requestId ? { key: requestId, stream, version } : null
  }
  // The vendor said that it was done, and a minute later a read still shows that it is not.
  if (event.type === 'ChangeResent' && event.data['because'] === 'no effect was read' && change)
    return { key: change.requestId, stream, version }
  if (event.type !== 'ChangeAnswered') return null
  const { kind: answer, because, do: about } = event.data
  const known = about === 'set end' ? (native?.refused ?? null) : blocked
  const news = answer === 'unavailable' || (answer === 'rejected' && because !== known)
  return news && change ? { key: change.requestId, stream, version } : null
}
