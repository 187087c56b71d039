import type { Refusal } from '#core/event.ts'
import { haltStream, type HaltCommand } from '#core/halt/halt.ts'
import type { Actor } from '#core/trigger/actor.ts'
import { HALT } from '../handle/stream-kinds.ts'
import { takeTurn } from '../handle/turn.ts'
import type { Ports } from '../ports.ts'
import { KNOWN_FOR_MS } from './halt-watch.ts'

/** How long after its commit an order is in force in every replica; what lies above `KNOWN_FOR_MS` is for clocks that tick coarsely. */
export const IN_FORCE_AFTER_MS: number = KNOWN_FOR_MS + 100

export interface HaltOrder {
  /** A provider's name, or `ALL`. */
  readonly scope: string
  readonly exceptRemovals: boolean
  readonly reason: string
}

/**
 * Orders the emergency stop, and returns when it is in force: from then on no write that it forbids starts in any replica.
 * A call that was handed to the network before is not held back any more: it is finished, and recorded.
 */
export async function haltAccess(ports: Ports, order: HaltOrder, by: Actor): Promise<Refusal | null> {
  const { scope, exceptRemovals, reason } = order
  const refusal = await tell(ports, scope, { kind: 'halt', exceptRemovals, reason }, by)
  // Only lengths of time count here, so it does not matter how far the clocks of two machines are apart.
  if (refusal === null) await ports.clock.sleep(IN_FORCE_AFTER_MS)
  return refusal
}

/** Lifts the order of this scope, and of no other. What has waited is due at once: its commit wakes whoever writes. */
export function resumeAccess(ports: Ports, scope: string, reason: string, by: Actor): Promise<Refusal | null> {
  return tell(ports, scope, { kind: 'resume', reason }, by)
}

async function tell(ports: Ports, scope: string, command: HaltCommand, by: Actor): Promise<Refusal | null> {
  const result = await takeTurn(ports, by, async (turn) => {
    const halt = await turn.open(HALT, haltStream(scope))
    return halt.decide(command)
  })
  if (result === 'lease lost') throw new Error('a turn without a claim lost a lease')
  return result
}
