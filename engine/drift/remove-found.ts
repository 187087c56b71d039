import { isProtectedGroup, isProtectedPerson } from '#core/catalog/catalog.ts'
import type { Refusal } from '#core/event.ts'
import { membershipStream } from '#core/identity-action/membership-key.ts'
import type { Actor } from '#core/trigger/actor.ts'
import { endReasons } from '../handle/end-grant.ts'
import { findingKey } from '../handle/finding-keys.ts'
import { FINDING, GRANT, MEMBERSHIP } from '../handle/stream-kinds.ts'
import { takeTurn } from '../handle/turn.ts'
import type { Ports } from '../ports.ts'

/**
 * Somebody decides that what was found is to go. A grant is opened that ends at once, all in the turn of the decision: from
 * there on it is a removal like every other, under the emergency stop, read back, and overdue when it takes too long.
 */
export async function removeFound(
  ports: Ports,
  findingId: string,
  by: Actor,
  reason: string,
): Promise<Refusal | 'no such finding' | null> {
  const [stream] = await ports.store.find(findingKey(findingId))
  if (stream === undefined) return 'no such finding'
  const result = await takeTurn(ports, by, async (turn): Promise<Refusal | null> => {
    const finding = await turn.open(FINDING, stream)
    const { found } = finding.state
    const inForce = await ports.store.catalogInForce()
    if (inForce) await turn.requireCatalog(inForce.version)
    const { personId = null, group, account = '' } = found ?? {}
    const membership =
      personId !== null && group ? await turn.open(MEMBERSHIP, membershipStream({ group, personId })) : null
    const grantId = findingId.replace('fnd_', 'grt_')
    const refusal = finding.decide({
      kind: 'decide removal',
      findingId,
      grantId,
      reason,
      isProtectedPerson: inForce !== null && personId !== null && isProtectedPerson(inForce.catalog, personId),
      isProtectedGroup: inForce !== null && group !== undefined && isProtectedGroup(inForce.catalog, group),
      isHeld: membership !== null && (membership.state.desired === 'held' || membership.state.ending.length > 0),
    })
    if (refusal || !membership || personId === null || !group) return refusal
    const grant = await turn.open(GRANT, `grant/${grantId}`)
    grant.decide({ kind: 'open to remove', requestId: findingId, personId, group, ownerId: null, now: turn.now })
    membership.decide({
      kind: 'add reason',
      grantId,
      requestId: findingId,
      account,
      heldBefore: true,
      privileged: false,
      ...(turn.endsByItself(group.provider) ? { until: turn.now } : {}),
    })
    await endReasons(turn, grantId, grant)
    return null
  })
  if (result === 'lease lost') throw new Error('a turn without a claim lost a lease')
  return result
}
