import type { Instant } from '#core/instant.ts'
import type { OktaSeed, SeedGroup, SeedUser } from './seed.ts'

/** Every change of a membership that really happened. Only tests and the simulation read it: it is the truth that the product is judged by. */
export interface MembershipChange {
  readonly at: Instant
  readonly by: { readonly kind: 'client' | 'admin' | 'rule'; readonly id: string }
  readonly group: string
  readonly user: string
  readonly op: 'add' | 'remove'
  /** Null when nobody asked over the API. */
  readonly requestId: string | null
}

/** Who did it, and by which request. */
export type Doing = Pick<MembershipChange, 'by' | 'requestId'>

/**
 * Users, groups and memberships. A membership has a number that says when it began, so that lists have an order that
 * does not change while somebody pages through them.
 */
export interface Company {
  readonly users: Map<string, SeedUser>
  readonly groups: Map<string, SeedGroup>
  readonly changeLog: MembershipChange[]
  isMember(groupId: string, userId: string): boolean
  /** Members with their numbers, as a reader sees them who is told what was true at `asOf`. */
  membersOf(groupId: string, asOf: Instant): ReadonlyMap<string, number>
  groupsOf(userId: string, asOf: Instant): readonly SeedGroup[]
  /** False when there was nothing to change. */
  add(groupId: string, userId: string, at: Instant, doing: Doing): boolean
  remove(groupId: string, userId: string, at: Instant, doing: Doing): boolean
  /** Puts a member in without a trace: the state before the story begins. */
  place(groupId: string, userId: string): void
  lastMembershipChange(groupId: string): Instant | null
}

export function createCompany(seed: OktaSeed): Company {
  const users = new Map(seed.users.map((user) => [user.id, user]))
  const groups = new Map(seed.groups.map((group) => [group.id, group]))
  const members = new Map<string, Map<string, number>>()
  const holdings = new Map<string, Set<string>>()
  const history = new Map<string, { readonly change: MembershipChange; readonly number: number }[]>()
  const changeLog: MembershipChange[] = []
  let lastNumber = 0

  const membersNow = (groupId: string): Map<string, number> => entry(members, groupId, () => new Map<string, number>())

  function place(groupId: string, userId: string): number {
    const present = membersNow(groupId).get(userId)
    if (present !== undefined) return present
    lastNumber += 1
    membersNow(groupId).set(userId, lastNumber)
    entry(holdings, userId, () => new Set<string>()).add(groupId)
    return lastNumber
  }

  function record(change: MembershipChange, number: number): void {
    changeLog.push(change)
    entry(history, change.group, () => []).push({ change, number })
  }

  function membersOf(groupId: string, asOf: Instant): ReadonlyMap<string, number> {
    if (groups.get(groupId)?.type === 'BUILT_IN') {
      return new Map([...users.keys()].map((userId, index) => [userId, index]))
    }
    const current = membersNow(groupId)
    const changes = history.get(groupId) ?? []
    const newest = changes.at(-1)
    if (newest === undefined || newest.change.at <= asOf) return current
    const past = new Map(current)
    for (let index = changes.length - 1; index >= 0; index -= 1) {
      const { change, number } = changes[index]!
      if (change.at <= asOf) break
      if (change.op === 'add') past.delete(change.user)
      else past.set(change.user, number)
    }
    return new Map([...past].sort(([, a], [, b]) => a - b))
  }

  for (const [groupId, userId] of seed.members) place(groupId, userId)

  return {
    users,
    groups,
    changeLog,
    isMember: (groupId, userId) => membersNow(groupId).has(userId),
    membersOf,
    groupsOf(userId, asOf) {
      const candidates = new Set(holdings.get(userId))
      for (let index = changeLog.length - 1; index >= 0; index -= 1) {
        const change = changeLog[index]!
        if (change.at <= asOf) break
        if (change.user === userId) candidates.add(change.group)
      }
      return [...groups.values()].filter(
        ({ id, type }) => type === 'BUILT_IN' || (candidates.has(id) && membersOf(id, asOf).has(userId)),
      )
    },
    add(groupId, userId, at, doing) {
      if (membersNow(groupId).has(userId)) return false
      const number = place(groupId, userId)
      record({ at, ...doing, group: groupId, user: userId, op: 'add' }, number)
      return true
    },
    remove(groupId, userId, at, doing) {
      const number = membersNow(groupId).get(userId)
      if (number === undefined) return false
      membersNow(groupId).delete(userId)
      holdings.get(userId)?.delete(groupId)
      record({ at, ...doing, group: groupId, user: userId, op: 'remove' }, number)
      return true
    },
    place: (groupId, userId) => void place(groupId, userId),
    lastMembershipChange: (groupId) => history.get(groupId)?.at(-1)?.change.at ?? null,
  }
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
