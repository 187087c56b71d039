import type { StoredEvent } from '#engine/store/store.ts'
import { toldOn } from '../oracle/told.ts'
import { timeOf } from './in-words.ts'
import type { Invariant, Violation } from './invariant.ts'
import { memberships, streamsOf, type Stream } from './streams.ts'

/** Approved twice, clicked twice, told twice, tried again: it is one window, on the record and in the words on the ticket. */
export const oneWindowARequest: Invariant = {
  id: 'I13',
  says: 'A request becomes at most one grant, a grant at most one window, and a membership gets each reason once.',
  check({ run, product }) {
    const grants = streamsOf(product, 'grant')
    if (grants.length === 0) return null
    const opened = grants.flatMap(({ events }) => events.filter((each) => each.type === 'GrantOpened'))
    return [
      ...doubled(opened, ({ data }) => String(data['requestId'])).map((each) => ({
        ...each,
        what: `${each.what} became two grants`,
      })),
      ...grants.flatMap((grant) => moreThanOne(grant, 'WindowStarted', () => '')),
      ...memberships(product).flatMap((each) =>
        moreThanOne(each, 'ReasonAdded', ({ data }) => String(data['reasonId'])),
      ),
      ...run.jira.tickets().flatMap((ticket): readonly Violation[] => {
        const [first, ...more] = toldOn(ticket).live
        const other = more.find((each) => each.endsAt !== first?.endsAt || each.what !== first.what)
        return other === undefined
          ? []
          : [{ at: other.at, what: `${ticket.key} tells a second window at ${timeOf(other.at)}` }]
      }),
    ]
  },
}

function moreThanOne(
  { stream, events }: Stream,
  type: string,
  of: (event: StoredEvent) => string,
): readonly Violation[] {
  return doubled(
    events.filter((each) => each.type === type),
    of,
  ).map((each) => ({
    ...each,
    what: `${stream} has a second ${type} ${each.what}`,
  }))
}

function doubled(events: readonly StoredEvent[], of: (event: StoredEvent) => string): readonly Violation[] {
  const seen = new Set<string>()
  return events.flatMap((each) => {
    const what = of(each)
    if (!seen.has(what)) {
      seen.add(what)
      return []
    }
    return [{ at: each.at, what }]
  })
}
