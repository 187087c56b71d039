import { URGENCIES, URGENCY, type Urgency } from '#core/identity-action/urgency.ts'
import type { Instant } from '#core/instant.ts'
import type { Ports } from '../ports.ts'
import type { ClaimedMembership, ClaimMembershipOptions } from '../store/store.ts'
import type { HaltWatch, Writable } from './halt-watch.ts'

/*
 * What an order forbids is not claimed at all, and so stays due as it is: no attempt counts, nothing is put off, and it
 * keeps nobody awake. The order that lifts it wakes whoever writes.
 */

/** When it is not known what is halted, somebody looks again so soon. */
const LOOK_AGAIN_MS = 100

const REMOVALS: readonly Urgency[] = URGENCIES.filter((each) => each < URGENCY.grant)

/** As the claim of the store, of what may be written. */
export async function claimWrites(
  ports: Ports,
  halts: HaltWatch,
  options: ClaimMembershipOptions & { readonly of: { readonly provider: string } },
): Promise<readonly ClaimedMembership[]> {
  const writable = await halts.look(options.of.provider)
  if (!writable?.('remove')) return []
  return ports.store.claimMemberships('write', { ...options, ...exempted(writable) })
}

/** When something is due that may be written; null when nothing is. */
export async function nextWriteDue(
  ports: Ports,
  halts: HaltWatch,
  of: { readonly provider: string },
): Promise<Instant | null> {
  const writable = await halts.look(of.provider)
  if (writable === null) return ports.clock.now() + LOOK_AGAIN_MS
  if (!writable('remove')) return null
  return ports.store.nextDue('membership', { work: 'write', of, ...exempted(writable) })
}

function exempted(writable: Writable): { readonly urgencies?: readonly Urgency[] } {
  return writable('add') ? {} : { urgencies: REMOVALS }
}
