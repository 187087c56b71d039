import type { Member } from '#connectors/kit/connector.ts'
import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { Instant } from '#core/instant.ts'
import type { MembersRead, MembersSaved, MembersWanted, SyncStanding } from '../store.ts'
import { order } from './directory-index.ts'
import type { GroupReading } from './directory-tables.ts'
import type { Tables } from './tables.ts'

const NEVER: GroupReading = { wantedAt: null, readAt: null, triedAt: null }

export function wantMembers({ directory }: Tables, provider: string, wanted: MembersWanted): number {
  const { at, groups, cursor } = wanted
  const known = directory.change(provider)
  const ids = [...known.groups.keys()].filter((id) =>
    groups === 'all'
      ? (known.readings.get(id) ?? NEVER).readAt !== null || known.groupSeenAt.get(id) === newestOf(known.groupSeenAt)
      : groups.includes(id),
  )
  for (const [id, reading] of known.readings)
    if (reading.wantedAt !== null) known.readings.set(id, { ...reading, triedAt: null })
  for (const id of ids) known.readings.set(id, { ...(known.readings.get(id) ?? NEVER), wantedAt: at, triedAt: null })
  known.cursor = { cursor, fullAt: groups === 'all' ? at : (known.cursor?.fullAt ?? at) }
  return ids.length
}

function newestOf(seenAt: ReadonlyMap<string, Instant>): Instant {
  let newest = Number.NEGATIVE_INFINITY
  for (const at of seenAt.values()) newest = Math.max(newest, at)
  return newest
}

export function groupsToRead(
  { directory }: Tables,
  provider: string,
  first: readonly string[],
  limit: number,
): readonly string[] {
  const rank = (id: string): number => (first.includes(id) ? 0 : 1)
  return [...(directory.of(provider)?.readings ?? [])]
    .filter(([, { wantedAt, triedAt }]) => wantedAt !== null && triedAt === null)
    .map(([id]) => id)
    .sort((a, b) => rank(a) - rank(b) || order(a, b))
    .slice(0, limit)
}

export function saveMembers({ directory }: Tables, provider: string, reads: readonly MembersRead[]): MembersSaved {
  const known = directory.change(provider)
  let [added, removed] = [0, 0]
  for (const { groupId, members, at, again = false } of reads) {
    const reading = known.readings.get(groupId) ?? NEVER
    if (!known.groups.has(groupId) || (reading.readAt ?? 0) > at) continue
    const before = known.members.get(groupId) ?? new Map<string, Member['source']>()
    const now = new Map((members ?? []).map(({ account, source }) => [account, source]))
    added += [...now.keys()].filter((account) => !before.has(account)).length
    removed += [...before.keys()].filter((account) => !now.has(account)).length
    known.members.set(groupId, now)
    const isThere = members !== null
    const wantedAt = again ? at : isThere && (reading.wantedAt ?? 0) > at ? reading.wantedAt : null
    known.readings.set(groupId, { triedAt: again ? at : null, readAt: isThere ? at : null, wantedAt })
  }
  return { added, removed }
}

export function putOffMembers({ directory }: Tables, provider: string, ids: readonly string[], at: Instant): void {
  const { groups, readings } = directory.change(provider)
  for (const id of ids) if (groups.has(id)) readings.set(id, { ...(readings.get(id) ?? NEVER), triedAt: at })
}

export function membersOf({ directory }: Tables, { provider, id }: GroupRef): readonly Member[] {
  return [...(directory.of(provider)?.members.get(id) ?? [])]
    .map(([account, source]) => ({ account, source }))
    .sort((a, b) => order(a.account, b.account))
}

export function syncStanding({ directory }: Tables, provider: string): SyncStanding {
  const known = directory.of(provider)
  return {
    cursor: known?.cursor?.cursor ?? null,
    fullAt: known?.cursor?.fullAt ?? null,
    people: [...(known?.people.values() ?? [])].filter((each) => each.active).length,
    groups: known?.groups.size ?? 0,
    waiting: [...(known?.readings.values() ?? [])].filter((each) => each.wantedAt !== null).length,
    memberships: [...(known?.members.values() ?? [])].reduce((sum, each) => sum + each.size, 0),
  }
}
