import { isDeepStrictEqual } from 'node:util'
import type { GrantState } from '#core/grant/grant.ts'
import { workOf, type MembershipState } from '#core/identity-action/membership.ts'
import type { Instant } from '#core/instant.ts'
import { folded, kindOfStream, STREAM_KINDS } from '#engine/handle/fold.ts'
import type { Contents } from '#engine/store/memory/contents.ts'
import type { Invariant, Violation } from './invariant.ts'
import { streamsOf } from './streams.ts'

/** Whatever waits has something that will wake it; and every state is what today's `evolve` makes of its events. */
export const noTimerLost: Invariant = {
  id: 'I39',
  says: 'Every state is the fold of its events, every window has its timer, and every membership that waits has its moment.',
  check({ run, product }) {
    const at = run.start + run.schedule.endMs
    const lost = [...timersLost(product), ...membershipsLost(product), ...statesThatDiffer(product)]
    return lost.map((what): Violation => ({ at, what }))
  },
}

function* timersLost({ streams, timers }: Contents): Iterable<string> {
  for (const id of ALWAYS) if (!timers.has(id)) yield `the timer ${id} is gone`
  for (const [name, { state }] of streams) {
    const [kind, id = ''] = name.split('/')
    const wanted =
      kind === 'grant'
        ? timerOf(state as unknown as GrantState)
        : kind === 'request' && state['status'] === 'waiting'
          ? { name: 'look', dueAt: null }
          : null
    if (wanted === null) continue
    const dueAt = timers.get(`${id}:${wanted.name}`)?.dueAt ?? null
    if (dueAt === null) yield `${name} waits for its timer "${wanted.name}", which nobody has set`
    else if (wanted.dueAt !== null && dueAt !== wanted.dueAt)
      yield `the timer "${wanted.name}" of ${name} is set for another moment than its own`
  }
}

/** What goes on for ever: looking for tickets that moved, and reading the directory. */
const ALWAYS = ['poll:jira', 'sync:okta']

function timerOf(grant: GrantState): { readonly name: string; readonly dueAt: Instant | null } | null {
  const { status, opened, endsAt, overdue } = grant
  if (status === 'opening') return { name: 'complete', dueAt: Date.parse(opened?.completeBy ?? '') }
  if (status === 'live' && endsAt !== null) return { name: 'window', dueAt: Date.parse(endsAt) }
  return status === 'ending' && !overdue ? { name: 'overdue', dueAt: null } : null
}

function* membershipsLost({ memberships }: Contents): Iterable<string> {
  for (const [name, { state, work, dueAt, leaseUntil }] of memberships) {
    const waitsFor = workOf(state as unknown as MembershipState)
    if (waitsFor !== null && dueAt === null && leaseUntil === null)
      yield `${name} waits for a ${waitsFor}, and no moment is set`
    if (waitsFor === null && dueAt !== null) yield `${name} waits for nothing, and is due for a ${String(work)}`
  }
}

function* statesThatDiffer(product: Contents): Iterable<string> {
  for (const kindName of STREAM_KINDS) {
    const kind = kindOfStream(kindName)
    if (kind === undefined) continue
    for (const { stream, events } of streamsOf(product, kindName)) {
      const stored = product.streams.get(stream) ?? product.memberships.get(stream)
      const anew = events.reduce((state, each) => folded(kind, state, each), kind.none)
      if (stored?.version !== events.length)
        yield `${stream} has ${events.length} events, and stands at version ${stored?.version}`
      else if (!isDeepStrictEqual(JSON.parse(JSON.stringify(anew)), stored.state))
        yield `the state of ${stream} is not what its events make of it`
    }
  }
}
