import { CLAIMED_KEY } from '../handle/stream-kinds.ts'
import type { Ports } from '../ports.ts'

/** Ids of the claimed groups of one directory. */
export async function claimedGroupsOf({ store }: Ports, provider: string): Promise<readonly string[]> {
  return (await store.find(CLAIMED_KEY)).flatMap((name) => {
    const [, of, id = ''] = name.split('/')
    return of === provider ? [id] : []
  })
}
