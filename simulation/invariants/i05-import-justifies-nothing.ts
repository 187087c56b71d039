import { oracleOf } from '../oracle/oracle.ts'
import type { Invariant, Violation } from './invariant.ts'
import { recordedStreams } from './recorded.ts'
import { memberships, streamsOf } from './streams.ts'

/**
 * A directory may be read as often as one likes: a reason to hold something comes from an agreement, and from nothing else.
 * So each grant has an agreement on its own ticket, for its person and its role; each reason came with its grant, in the
 * same turn; and nothing is held that has no reason.
 */
export const importJustifiesNothing: Invariant = {
  id: 'I5',
  says: 'Reading a directory creates no reason: every grant was agreed on its ticket, every reason came with its grant, and nothing else is held.',
  check(facts) {
    const { run, product } = facts
    const wasRead = run.history.calls.some(
      ({ vendor, path, clean, sentAt }) =>
        vendor === 'okta' && clean && sentAt > run.start && path.startsWith('/api/v1/users?'),
    )
    if (!wasRead) return null
    const { windows } = oracleOf(run)
    const tickets = new Map(
      streamsOf(product, 'request').map(({ stream, events }) => [
        stream.slice('request/'.length),
        (events[0]?.data['issue'] as { readonly key?: string } | undefined)?.key ?? '',
      ]),
    )
    const opened = new Map<string, number>()
    const broken: Violation[] = []
    for (const { stream, events } of streamsOf(product, 'grant')) {
      const [first] = events
      if (first === undefined) continue
      opened.set(stream.slice('grant/'.length), first.at)
      const { requestId, personId, roleId } = first.data
      // The clock of whoever wrote it may be behind.
      const openedAt = recordedStreams(facts).get(stream)?.[0]?.at ?? first.at
      const key = tickets.get(String(requestId))
      const isAgreed = windows.some(
        ({ agreement, from }) =>
          agreement.ticket.key === key &&
          agreement.holder.id === personId &&
          agreement.role.id === roleId &&
          from <= openedAt,
      )
      if (!isAgreed)
        broken.push({
          at: first.at,
          what: `${stream} (${String(roleId)}) was opened, and ${key} agreed to nothing of the kind`,
        })
    }
    for (const { stream, events } of memberships(product)) {
      for (const { type, data, at } of events) {
        if (type === 'ReasonAdded' && opened.get(String(data['reasonId'])) !== at)
          broken.push({ at, what: `${stream} got the reason ${String(data['reasonId'])} without its grant` })
      }
      const held = product.memberships.get(stream)?.state as unknown as Held | undefined
      if (held === undefined || (held.desired === 'held') === held.reasons.length > 0) continue
      const what = `${stream} is "${held.desired}" with ${held.reasons.length} reasons`
      broken.push({ at: events.at(-1)?.at ?? run.start, what })
    }
    return broken
  },
}

interface Held {
  readonly desired: string
  readonly reasons: readonly unknown[]
}
