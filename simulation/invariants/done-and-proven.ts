import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { Facts } from '../facts.ts'
import { toldOn } from '../oracle/told.ts'
import type { Violation } from './invariant.ts'
import { recordedOf, recordedStreams, type Recorded } from './recorded.ts'

/** What a read proved about a membership and what it means for a grant stand in the same commit, and name the same read. */
export function* doneWithoutProof(facts: Facts): Iterable<Violation> {
  const byCommit = Map.groupBy(recordedOf(facts), (each) => each.commit)
  for (const [stream, recorded] of recordedStreams(facts)) {
    if (!stream.startsWith('grant/')) continue
    const [opened] = recorded
    const { personId, groups } = (opened?.event.data ?? {}) as unknown as {
      readonly personId: string
      readonly groups: readonly GroupRef[]
    }
    let [confirmed, released] = [0, 0]
    for (const { event, at, commit } of recorded) {
      const { type, data } = event
      const { group, readAt } = data as unknown as { readonly group: GroupRef; readonly readAt: string | null }
      const isProven = (present: boolean): boolean =>
        (byCommit.get(commit) ?? []).some((each) =>
          proves(each, `membership/${group.provider}/${group.id}/${personId}`, present, readAt),
        )
      if (type === 'GroupConfirmed') {
        confirmed += 1
        if (!isProven(true))
          yield { at, what: `${stream} has a group confirmed by a read at ${readAt} that its membership does not know` }
      }
      if (type === 'GroupReleased') {
        released += 1
        if (readAt !== null && !isProven(false))
          yield { at, what: `${stream} has a group released by a read at ${readAt} that its membership does not know` }
      }
      if (type === 'WindowStarted' && confirmed !== groups.length)
        yield { at, what: `${stream} is live with ${confirmed} of ${groups.length} groups read back` }
      if ((type === 'GrantEnded' || type === 'GrantFailed') && released !== groups.length)
        yield { at, what: `${stream} is over with ${released} of ${groups.length} groups released` }
    }
  }
}

/** An end is also proven by what shows that another hand gave it meanwhile: then it is left, and not ours. */
function proves({ event }: Recorded, membership: string, present: boolean, readAt: string | null): boolean {
  const { stream, type, data } = event
  if (stream !== membership || data['readAt'] !== readAt) return false
  if (type === 'ChangeProven') return data['do'] === (present ? 'add' : 'remove')
  return type === 'StateProven' && (data['present'] === present || !present)
}

/** People hear that something is done when it is on record, and not before. */
export function* toldWithoutRecord(facts: Facts): Iterable<Violation> {
  const grants = new Map<string, readonly Recorded[]>()
  for (const [stream, recorded] of recordedStreams(facts)) {
    if (!stream.startsWith('request/')) continue
    const issue = recorded[0]?.event.data['issue'] as { readonly id: string } | undefined
    const grant = recordedStreams(facts).get(stream.replace('request/req_', 'grant/grt_'))
    if (issue !== undefined && grant !== undefined) grants.set(issue.id, grant)
  }
  for (const ticket of facts.run.jira.tickets()) {
    const grant = grants.get(ticket.id) ?? []
    for (const { at } of toldOn(ticket).live) {
      if (!grant.some((each) => each.event.type === 'WindowStarted' && each.at <= at))
        yield { at, what: `${ticket.key} is said to be live, and no window of it is on record` }
    }
  }
}
