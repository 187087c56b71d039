import type { Ports } from '../ports.ts'
import type { MembersRead } from '../store/store.ts'
import { compareGroup } from '../drift/look-at-group.ts'
import { claimedGroupsOf } from './claimed-groups.ts'

/** Groups in one piece of work: a sync of thousands gives way to others between two of them, and goes on where it was. */
const AT_A_TIME = 25
/** Rows that are held in memory before they are written. */
const MOST_ROWS = 20_000

export type MembersReadOf =
  | { readonly kind: 'done' }
  | { readonly kind: 'more'; readonly read: number }
  /** Nothing at all could be read. What waits goes on waiting. */
  | { readonly kind: 'unreadable'; readonly said: string; readonly retryAfterMs: number | null }

/**
 * Reads the members of some groups that wait for it, the claimed ones first, and compares those with the grants. Each list is kept
 * whole or not at all. A group that cannot be read, or in which something of ours is under way, waits for the next sync.
 */
export async function readMembers(ports: Ports, provider: string): Promise<MembersReadOf> {
  const membership = ports.provider(provider)?.membership
  if (!membership)
    return { kind: 'unreadable', said: `no directory named ${provider} is connected`, retryAfterMs: null }
  const claimed = new Set(await claimedGroupsOf(ports, provider))
  const waiting = await ports.store.groupsToRead(provider, [...claimed], AT_A_TIME)
  if (waiting.length === 0) return { kind: 'done' }
  let kept: MembersRead[] = []
  let read = 0
  let trouble: { readonly said: string; readonly retryAfterMs: number | null } | null = null
  const save = async (): Promise<void> => {
    if (kept.length > 0) await ports.store.saveMembers(provider, kept)
    kept = []
  }
  for (const groupId of waiting) {
    const group = { provider, id: groupId }
    const reading = await membership.members(group)
    if (reading.kind === 'unreadable') {
      trouble = reading
      ports.log('warning', `the members of the ${provider} group ${groupId} could not be read: ${reading.said}`)
      // Whoever is down or tells us to wait is asked no further, and that is no fault of this group's: it is the next one.
      if (reading.retryAfterMs !== null) break
      await ports.store.putOffMembers(provider, [groupId], ports.clock.now())
      continue
    }
    read += 1
    const members = reading.kind === 'read' ? reading.value : null
    // A group that is not there any more has no members: what was found in it is over, and what grants hold in it is gone.
    const compared = claimed.has(groupId) ? await compareGroup(ports, group, members ?? [], reading.startedAt) : null
    kept.push({ groupId, members, at: reading.startedAt, ...(compared?.isUnclear ? { again: true } : {}) })
    if (kept.reduce((sum, each) => sum + (each.members?.length ?? 0), 0) >= MOST_ROWS) await save()
  }
  await save()
  return trouble !== null && (read === 0 || trouble.retryAfterMs !== null)
    ? { kind: 'unreadable', ...trouble }
    : { kind: 'more', read }
}
