import { membershipStream, type GroupRef } from '#core/identity-action/membership-key.ts'
import { GRANT, MEMBERSHIP } from '#engine/handle/stream-kinds.ts'
import { takeTurn } from '#engine/handle/turn.ts'
import type { Ports } from '#engine/ports.ts'
import { benchUser } from './okta-server.ts'

/** Approved grants, one a person, each for all these groups: memberships that are due to be written. `set` keeps the people of one round apart from another's. */
export async function openBenchGrants(
  ports: Ports,
  of: { readonly set: number; readonly people: number; readonly groups: readonly GroupRef[] },
): Promise<void> {
  const { set, people, groups } = of
  for (let first = 0; first < people; first += 50) {
    await takeTurn(ports, { kind: 'engine' }, (turn) => {
      for (let place = first; place < Math.min(first + 50, people); place += 1) {
        const number = set * people + place
        const [grantId, requestId, personId] = [`grt_bench${number}`, `req_bench${number}`, `per_bench${number}`]
        const asked = {
          requestId,
          personId,
          roleId: 'bench',
          groups,
          hours: 24,
          completeWithinHours: 24,
          ownerId: null,
        }
        turn.openLoaded(GRANT, `grant/${grantId}`).decide({ kind: 'open', ...asked, now: turn.now })
        for (const group of groups) {
          const reason = {
            kind: 'add reason',
            grantId,
            requestId,
            account: benchUser(number),
            heldBefore: false,
            privileged: false,
          } as const
          turn.openLoaded(MEMBERSHIP, membershipStream({ group, personId })).decide(reason)
        }
      }
    })
  }
}
