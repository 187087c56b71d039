import { isDeepStrictEqual } from 'node:util'
import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { Event } from '#core/event.ts'
import { CATALOG, GRANT, GROUP, HALT, MEMBERSHIP, PERSON, REQUEST, RULE } from '#engine/handle/stream-kinds.ts'
import type { StoredEvent } from '#engine/store/store.ts'
import type { Facts } from '../facts.ts'
import { oracleOf } from '../oracle/oracle.ts'
import { toldOn } from '../oracle/told.ts'
import { changesOnRecord } from './changes-on-record.ts'
import { membershipInWords, timeOf } from './in-words.ts'
import type { Invariant, Violation } from './invariant.ts'
import { recordedOf, recordedStreams, type Recorded } from './recorded.ts'

/** Each commit is held against the log: what it changed, it said; what it said, it changed. */
export const withItsEvidence: Invariant = {
  id: 'I27',
  says: 'Every commit leaves each state as the events in it make it, nothing is called done without its proof, and every call of a change follows its intent.',
  check(facts) {
    return [
      ...commitsThatDiffer(facts),
      ...gapsIn(facts),
      ...doneWithoutProof(facts),
      ...toldWithoutRecord(facts),
      ...callsWithoutIntent(facts),
    ]
  },
}

interface AnyKind {
  readonly none: unknown
  evolve(state: unknown, event: Event, at: number): unknown
}

const KINDS = {
  request: REQUEST,
  grant: GRANT,
  membership: MEMBERSHIP,
  group: GROUP,
  catalog: CATALOG,
  'approval-rule': RULE,
  person: PERSON,
  halt: HALT,
} as unknown as Readonly<Record<string, AnyKind>>

function* commitsThatDiffer({ run, product }: Facts): Iterable<Violation> {
  const states = new Map<string, unknown>()
  let place = 0
  for (const { at, streams } of run.history.commits) {
    const count = streams.reduce((sum, each) => sum + each.types.length, 0)
    const written = Map.groupBy(product.events.slice(place, place + count), (each) => each.stream)
    place += count
    for (const { stream, types, state } of streams) {
      const events = written.get(stream) ?? []
      const kind = KINDS[stream.split('/')[0] ?? '']
      if (
        kind === undefined ||
        !isDeepStrictEqual(
          events.map((each) => each.type),
          types,
        )
      ) {
        yield {
          at,
          what: `a commit wrote ${types.join(', ')} to ${stream}, and the log holds ${events.map((each) => each.type).join(', ') || 'nothing'}`,
        }
        return
      }
      const folded = events.reduce(
        (before, each) => kind.evolve(before, eventOf(each), each.at),
        states.get(stream) ?? kind.none,
      )
      states.set(stream, folded)
      if (
        !isDeepStrictEqual(folded, state) &&
        !isDeepStrictEqual(JSON.parse(JSON.stringify(folded)), JSON.parse(JSON.stringify(state)))
      )
        yield { at, what: `after ${types.join(', ')} the state of ${stream} is not what its events make of it` }
    }
  }
  if (place !== product.events.length)
    yield { at: run.start, what: `the log holds ${product.events.length} events, and commits wrote ${place}` }
}

function eventOf({ type, data, personalFields }: StoredEvent): Event {
  return { type, data, ...(personalFields ? { personal: personalFields } : {}) }
}

function* gapsIn(facts: Facts): Iterable<Violation> {
  const { product } = facts
  for (const [stream, recorded] of recordedStreams(facts)) {
    const place = recorded.findIndex(({ event }, index) => event.version !== index + 1)
    const at = recorded.at(-1)?.at ?? 0
    if (place !== -1) yield { at, what: `${stream} has no version ${place + 1}` }
    const row = product.streams.get(stream) ?? product.memberships.get(stream)
    if (row?.version !== recorded.length)
      yield { at, what: `${stream} stands at ${row?.version}, with ${recorded.length} events` }
  }
}

/** What a read proved about a membership and what it means for a grant stand in the same commit, and name the same read. */
function* doneWithoutProof(facts: Facts): Iterable<Violation> {
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
function* toldWithoutRecord(facts: Facts): Iterable<Violation> {
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

/**
 * By the same process, or by the one from which it has taken the open change over. A call that was still on its way when
 * its change was settled by others is the late one of a process that had been away: it has its own intent.
 */
function* callsWithoutIntent(facts: Facts): Iterable<Violation> {
  const byKey = Map.groupBy(changesOnRecord(facts), (each) => `${each.do} ${each.group} ${each.user}`)
  for (const { op, group, user, call } of oracleOf(facts.run).calls.writes) {
    const { sentAt, replica } = call
    const isMeant = (byKey.get(`${op} ${group} ${user}`) ?? []).some(({ intended, resent, ended }) => {
      if (intended.at > sentAt) return false
      const isOpen = ended === null || ended.at >= sentAt
      return (
        isOpen || intended.replica === replica || resent.some((each) => each.replica === replica && each.at <= sentAt)
      )
    })
    if (!isMeant)
      yield {
        at: sentAt,
        what: `${replica} sent the ${op} of ${membershipInWords(group, user)} at ${timeOf(sentAt)}, and no intent of it was on record`,
      }
  }
}
