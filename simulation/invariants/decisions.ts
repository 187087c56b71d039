import type { RequestState } from '#core/request/request.ts'
import type { Instant } from '#core/instant.ts'
import type { Approval, Ticket } from '#connectors/jira/stand-in/site.ts'
import type { StoredEvent } from '#engine/store/store.ts'
import type { Facts } from '../facts.ts'
import { recordedStreams } from './recorded.ts'

export type Submitted = NonNullable<RequestState['submitted']>

/** A yes or a no that the product counted, as its log tells it, beside what the desk knows of it. */
export interface Decision {
  readonly requestId: string
  readonly submitted: Submitted
  readonly submittedAt: Instant
  readonly type: 'RequestApproved' | 'RequestDeclined'
  readonly event: StoredEvent
  /** When it was used: when its commit was carried out. */
  readonly at: Instant
  readonly ticket: Ticket | null
  /** The approval that the record names, as it stands on the ticket. Null: it names none, or the ticket has none of that id. */
  readonly approval: Approval | null
}

const kept = new WeakMap<Facts, readonly Decision[]>()

export function decisionsOf(facts: Facts): readonly Decision[] {
  let decisions = kept.get(facts)
  if (decisions === undefined) kept.set(facts, (decisions = look(facts)))
  return decisions
}

function look(facts: Facts): readonly Decision[] {
  const tickets = new Map(facts.run.jira.tickets().map((each) => [each.id, each]))
  const decisions: Decision[] = []
  for (const [stream, recorded] of recordedStreams(facts)) {
    if (!stream.startsWith('request/')) continue
    const first = recorded.find(({ event }) => event.type === 'RequestSubmitted')
    if (first === undefined) continue
    const submitted = first.event.data as unknown as Submitted
    const ticket = tickets.get(submitted.issue.id) ?? null
    for (const { event, at } of recorded) {
      const { type, data } = event
      if (type !== 'RequestApproved' && type !== 'RequestDeclined') continue
      const approvalId = (data['approval'] as { readonly id: string } | null | undefined)?.id
      decisions.push({
        requestId: stream.slice('request/'.length),
        submitted,
        submittedAt: first.at,
        type,
        event,
        at,
        ticket,
        approval: ticket?.approvals.find((each) => each.id === approvalId) ?? null,
      })
    }
  }
  return decisions
}

export function decisionInWords({ type, ticket, requestId }: Decision): string {
  return `the ${type === 'RequestApproved' ? 'approval' : 'refusal'} of ${ticket?.key ?? requestId}`
}
