import type { OpenChange } from '#core/identity-action/membership.ts'
import { workOf, type MembershipState } from '#core/identity-action/membership.ts'
import { MEMBERSHIP } from '../handle/stream-kinds.ts'
import type { Instant } from '#core/instant.ts'
import { takeTurn, type Turn } from '../handle/turn.ts'
import type { Ports } from '../ports.ts'
import type { ClaimedMembership } from '../store/store.ts'

/*
 * What is not written although it was claimed for writing: an emergency stop is in force, or might be, the lease ran out
 * before its turn had come, or the budget held it back. It is no trouble of this change, so nobody waits longer for it, and
 * no attempt counts.
 */

/** The change that a claimed membership asks for. */
export function wantedChange(claim: ClaimedMembership): 'add' | 'remove' {
  return (claim.state as unknown as MembershipState).desired === 'removed' ? 'remove' : 'add'
}

/** Before an intent was recorded: the work stays due as it was. */
export async function putBack(ports: Ports, claimed: readonly ClaimedMembership[]): Promise<void> {
  if (claimed.length === 0) return
  const result = await takeTurn(ports, { kind: 'engine' }, async (turn) => {
    await turn.loadKnown(claimed.map((each) => [each.id, { version: each.version, state: each.state }]))
    for (const { id, fence, dueAt } of claimed) {
      const work = workOf(turn.openLoaded(MEMBERSHIP, id).state)
      const own = { queue: 'membership', id, fence } as const
      if (work === null) turn.settle({ ...own, dueAt: null, progress: true })
      else turn.settle({ ...own, dueAt, work, progress: true, note: 'held back by an emergency stop' })
    }
  })
  if (result === 'lease lost' && claimed.length > 1) for (const each of claimed) await putBack(ports, [each])
}

/**
 * After the intent was recorded, and before the call: what was never sent is over, what may have been sent before is read
 * first. `counts`: it was this change's own trouble, so its wait grows.
 */
export function callOff(
  turn: Turn,
  claim: ClaimedMembership,
  { changeId }: OpenChange,
  again: { readonly dueAt: Instant; readonly counts: boolean; readonly trouble?: string },
): void {
  const { id, fence } = claim
  const subject = turn.openLoaded(MEMBERSHIP, id)
  const { trouble } = again
  subject.decide({ kind: 'call off', changeId, ...(trouble === undefined ? {} : { trouble }) })
  const work = workOf(subject.state)
  const own = { queue: 'membership', id, fence } as const
  if (work === null) turn.settle({ ...own, dueAt: null, progress: true })
  else {
    const progress = work === 'write' && !again.counts
    turn.settle({ ...own, dueAt: again.dueAt, work, progress, note: 'called off before it was sent' })
  }
}
