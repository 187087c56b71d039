import { SECOND_MS } from '#core/instant.ts'
import type { MembershipState } from '#core/identity-action/membership.ts'
import type { Contents } from '#engine/store/memory/contents.ts'
import { timeOf } from './in-words.ts'
import type { Invariant } from './invariant.ts'

const LONGEST_MS = 10 * SECOND_MS

interface Work {
  readonly id: string
  readonly dueAt: number | null
  readonly leaseUntil: number | null
}

/** Looked at when the run ends, after the calm: whatever was left lying in the storm lies there still. */
export const nothingStaysInProgress: Invariant = {
  id: 'I31',
  says: 'Nothing is due, or begun and unanswered, for more than 10 s without a lease that lives.',
  check({ run, product }) {
    const end = run.start + run.schedule.endMs
    const late = [...workOf(product)].filter(
      ({ dueAt, leaseUntil }) => dueAt !== null && dueAt < end - LONGEST_MS && (leaseUntil ?? 0) < end - LONGEST_MS,
    )
    const open = [...product.memberships.values()].filter(({ state, dueAt, leaseUntil }) => {
      const { change } = state as unknown as MembershipState
      return change !== null && dueAt === null && leaseUntil === null
    })
    return [
      ...late.map(({ id, dueAt }) => ({
        at: end,
        what: `${id} has been due since ${timeOf(dueAt ?? 0)}, and nobody has it`,
      })),
      ...open.map(({ id }) => ({ at: end, what: `${id} has begun a change, and nobody will look at it again` })),
    ]
  },
}

function* workOf({ memberships, timers, inbox, outbox }: Contents): Iterable<Work> {
  yield* memberships.values()
  yield* timers.values()
  yield* inbox.values()
  yield* outbox.values()
}
