import { isProtectedGroup } from '#core/catalog/catalog.ts'
import type { Refusal } from '#core/event.ts'
import { groupStream, type GroupRef } from '#core/identity-action/membership-key.ts'
import type { Actor } from '#core/trigger/actor.ts'
import type { Ports } from '../ports.ts'
import { GROUP } from './stream-kinds.ts'
import { takeTurn } from './turn.ts'

/** Puts a group under governance: from now on its members may be written. Claiming writes nothing and adopts nobody. */
export async function claimGroup(ports: Ports, ref: GroupRef, by: Actor): Promise<Refusal | 'no such group' | null> {
  const [known] = await ports.store.groups([ref])
  if (!known) return 'no such group'
  const catalog = (await ports.store.catalogInForce())?.catalog
  const isProtected = catalog !== undefined && isProtectedGroup(catalog, ref)
  const result = await takeTurn(ports, by, async (turn) => {
    const group = await turn.open(GROUP, groupStream(ref))
    return group.decide({ kind: 'claim', name: known.name, notWritable: known.notWritable, isProtected })
  })
  if (result === 'lease lost') throw new Error('a turn without a claim lost a lease')
  return result
}
