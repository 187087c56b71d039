import type { Refusal } from '#core/event.ts'
import type { RevokeRights } from '#core/grant/grant.ts'
import type { PersonId } from '#core/identity-action/membership-key.ts'
import type { Door } from '#core/trigger/actor.ts'
import type { Ports } from '../ports.ts'
import { endReasons } from './end-grant.ts'
import { GRANT } from './stream-kinds.ts'
import { takeTurn } from './turn.ts'

/** Somebody asks that a grant ends now. Who they are decides; anybody else is refused, and that is recorded too. */
export async function revokeGrant(
  ports: Ports,
  grantId: string,
  asked: { readonly byId: PersonId | null; readonly attemptId: string; readonly door: Door },
): Promise<Refusal | null> {
  const catalog = (await ports.store.catalogInForce())?.catalog
  const by =
    asked.byId === null
      ? ({ kind: 'engine' } as const)
      : ({ kind: 'person', id: asked.byId, door: asked.door } as const)
  const result = await takeTurn(ports, by, async (turn) => {
    const grant = await turn.open(GRANT, `grant/${grantId}`)
    const { opened } = grant.state
    if (!opened) return { code: 'not live', detail: {} } as const
    const role = catalog?.roles.find((each) => each.id === opened.roleId)
    const app = catalog?.apps.find((each) => each.id === role?.appId)
    const [holder] = await ports.store.people([opened.personId])
    const rights: RevokeRights = {
      managerId: holder?.managerId ?? null,
      ownerIds: [...(app?.ownerIds ?? []), ...(role?.ownerIds ?? [])],
      securityIds: catalog?.securityIds ?? [],
      administratorIds: catalog?.administratorIds ?? [],
    }
    const refusal = grant.decide({
      kind: 'revoke',
      byId: asked.byId,
      attemptId: asked.attemptId,
      rights,
      now: turn.now,
    })
    await endReasons(turn, grantId, grant)
    if (refusal) return refusal
    return grant.state.status === 'live' || grant.state.status === 'opening'
      ? ({ code: 'may not revoke', detail: {} } as const)
      : null
  })
  if (result === 'lease lost') throw new Error('a turn without a claim lost a lease')
  return result
}
