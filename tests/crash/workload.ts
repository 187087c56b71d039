import { endReasons } from '#engine/handle/end-grant.ts'
import { GRANT, MEMBERSHIP } from '#engine/handle/stream-kinds.ts'
import { takeTurn } from '#engine/handle/turn.ts'
import type { Ports } from '#engine/ports.ts'
import { membershipStream, type GroupRef } from '#core/identity-action/membership-key.ts'

/** A grant as an approval would have opened it, without the ticket around it. */
export interface TestGrant {
  readonly grantId: string
  readonly personId: string
  readonly account: string
  readonly groups: readonly GroupRef[]
}

export async function openGrants(ports: Ports, grants: readonly TestGrant[]): Promise<void> {
  await takeTurn(ports, { kind: 'engine' }, async (turn) => {
    await turn.load(
      grants.flatMap((each) => [
        `grant/${each.grantId}`,
        ...each.groups.map((group) => membershipStream({ group, personId: each.personId })),
      ]),
    )
    for (const { grantId, personId, account, groups } of grants) {
      const requestId = grantId.replace('grt_', 'req_')
      const open = {
        kind: 'open',
        requestId,
        personId,
        roleId: 'role',
        groups,
        hours: 6,
        completeWithinHours: 24,
        ownerId: null,
      } as const
      turn.openLoaded(GRANT, `grant/${grantId}`).decide({ ...open, now: turn.now })
      for (const group of groups) {
        turn
          .openLoaded(MEMBERSHIP, membershipStream({ group, personId }))
          .decide({ kind: 'add reason', grantId, requestId, account, heldBefore: false, privileged: false })
      }
    }
  })
}

export async function endGrants(ports: Ports, grants: readonly TestGrant[]): Promise<void> {
  for (const { grantId, personId } of grants) {
    await takeTurn(ports, { kind: 'person', id: personId, door: 'cli' }, async (turn) => {
      const grant = await turn.open(GRANT, `grant/${grantId}`)
      const rights = { managerId: null, ownerIds: [], securityIds: [], administratorIds: [] }
      grant.decide({ kind: 'revoke', byId: personId, attemptId: `${grantId}:end`, rights, now: turn.now })
      await endReasons(turn, grantId, grant)
    })
  }
}
