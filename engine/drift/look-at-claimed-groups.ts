import type { GroupRef } from '#core/identity-action/membership-key.ts'
import { CLAIMED_KEY } from '../handle/stream-kinds.ts'
import type { Ports } from '../ports.ts'
import { lookAtGroup } from './look-at-group.ts'

export interface LookedAtAll {
  readonly groups: number
  readonly raised: number
  readonly settled: number
  /** Groups that could not be read this time; each is looked at again with the next sync. */
  readonly unread: number
}

/** Looks at every claimed group of one directory, one after the other. One that cannot be read keeps none from being looked at. */
export async function lookAtClaimedGroups(ports: Ports, provider: string): Promise<LookedAtAll> {
  const sum = { groups: 0, raised: 0, settled: 0, unread: 0 }
  for (const group of await claimedGroups(ports, provider)) {
    const looked = await lookAtGroup(ports, group)
    sum.groups += 1
    if (looked.kind === 'looked') {
      sum.raised += looked.raised
      sum.settled += looked.settled
      continue
    }
    sum.unread += 1
    ports.log('warning', `the members of the ${provider} group ${group.id} could not be compared: ${looked.said}`)
    // Whoever is down or tells us to wait is asked no further.
    if (looked.kind === 'unreadable' && looked.retryAfterMs !== null) break
  }
  return sum
}

async function claimedGroups({ store }: Ports, provider: string): Promise<readonly GroupRef[]> {
  return (await store.find(CLAIMED_KEY)).flatMap((name) => {
    const [, of = '', id = ''] = name.split('/')
    return of === provider ? [{ provider, id }] : []
  })
}
