import type { Instant } from '#core/instant.ts'
import type { OktaSeed, SeedGroup, SeedUser } from './seed.ts'

/** Every change of a membership that really happened. Only tests and the simulation read it: it is the truth that the product is judged by. */
export interface MembershipChange {
  readonly at: Instant
  /** `vendor`: the group or the user was deleted, and the membership with it. */
  readonly by: { readonly kind: 'client' | 'admin' | 'rule' | 'vendor'; readonly id: string }
  readonly group: string
  readonly user: string
  readonly op: 'add' | 'remove'
  /** Null when nobody asked over the API. */
  readonly requestId: string | null
  /** Whether an active rule held the membership in the moment in which it was taken away. Never of what was added. */
  readonly heldByRule: boolean
}

/** Who did it, and by which request. */
export type Doing = Pick<MembershipChange, 'by' | 'requestId'>

/**
 * Users, groups and memberships. Each has a number that says when it began, so that lists have an order that does not
 * change while somebody pages through them, whoever comes and goes meanwhile.
 */
export interface Company {
  readonly users: Map<string, SeedUser>
  readonly groups: Map<string, SeedGroup>
  readonly changeLog: MembershipChange[]
  isMember(groupId: string, userId: string): boolean
  /** Members with their numbers, as a reader sees them who is told what was true at `asOf`. */
  membersOf(groupId: string, asOf: Instant): ReadonlyMap<string, number>
  groupsOf(userId: string, asOf: Instant): readonly SeedGroup[]
  /** The place of a user or a group in the list of all. */
  numberOf(id: string): number
  /** False when there was nothing to change, or nobody or no group to change it for. */
  add(groupId: string, userId: string, at: Instant, doing: Doing): boolean
  remove(groupId: string, userId: string, at: Instant, doing: Doing, heldByRule: boolean): boolean
  /** Puts a member in without a trace: the state before the story begins. */
  place(groupId: string, userId: string): void
  lastMembershipChange(groupId: string): Instant | null
}

interface Past {
  readonly change: MembershipChange
  readonly number: number
}

export function createCompany(seed: OktaSeed): Company {
  const users = new Map(seed.users.map((user) => [user.id, user]))
  const groups = new Map(seed.groups.map((group) => [group.id, group]))
  const members = new Map<string, Map<string, number>>()
  const holdings = new Map<string, Set<string>>()
  const ofGroup = new Map<string, Past[]>()
  const ofUser = new Map<string, Past[]>()
  const changeLog: MembershipChange[] = []
  const numbers = new Map<string, number>()
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
    const past = { change, number }
    entry(ofGroup, change.group, () => []).push(past)
    entry(ofUser, change.user, () => []).push(past)
  }

  function numberOf(id: string): number {
    return entry(numbers, id, () => (lastNumber += 1))
  }

  function membersOf(groupId: string, asOf: Instant): ReadonlyMap<string, number> {
    if (groups.get(groupId)?.type === 'BUILT_IN') {
      return new Map([...users.keys()].map((userId) => [userId, numberOf(userId)]))
    }
    const current = membersNow(groupId)
    const since = changesSince(ofGroup.get(groupId), asOf)
    if (since.length === 0) return current
    const past = new Map(current)
    for (const { change, number } of since) {
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
    isMember: (groupId, userId) => members.get(groupId)?.has(userId) === true,
    membersOf,
    groupsOf(userId, asOf) {
      let held: ReadonlySet<string> | undefined = holdings.get(userId)
      const since = changesSince(ofUser.get(userId), asOf)
      if (since.length > 0) {
        const past = new Set(held)
        for (const { change } of since) {
          if (change.op === 'add') past.delete(change.group)
          else past.add(change.group)
        }
        held = past
      }
      const found: SeedGroup[] = []
      for (const group of groups.values()) {
        if (group.type === 'BUILT_IN' || held?.has(group.id) === true) found.push(group)
      }
      return found
    },
    numberOf,
    add(groupId, userId, at, doing) {
      if (!groups.has(groupId) || !users.has(userId) || membersNow(groupId).has(userId)) return false
      const number = place(groupId, userId)
      record({ at, ...doing, group: groupId, user: userId, op: 'add', heldByRule: false }, number)
      return true
    },
    remove(groupId, userId, at, doing, heldByRule) {
      const number = membersNow(groupId).get(userId)
      if (number === undefined) return false
      membersNow(groupId).delete(userId)
      holdings.get(userId)?.delete(groupId)
      record({ at, ...doing, group: groupId, user: userId, op: 'remove', heldByRule }, number)
      return true
    },
    place: (groupId, userId) => void place(groupId, userId),
    lastMembershipChange: (groupId) => ofGroup.get(groupId)?.at(-1)?.change.at ?? null,
  }
}

const NOTHING: readonly Past[] = []

/** The changes that a reader of what was true at `asOf` has not heard of, newest first. */
function changesSince(all: readonly Past[] | undefined, asOf: Instant): readonly Past[] {
  if (all === undefined || (all.at(-1)?.change.at ?? asOf) <= asOf) return NOTHING
  const first = all.findLastIndex(({ change }) => change.at <= asOf) + 1
  return all.slice(first).reverse()
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
