import type { Instant } from '#core/instant.ts'
import type { GoogleSeed, SeedGroup, SeedUser } from './seed.ts'

/** Every change of a membership that really happened. Only tests and the simulation read it: it is the truth that the product is judged by. */
export interface MembershipChange {
  readonly at: Instant
  /** `owner`: of the group, without the console; `rule`: of a dynamic group; `expiry`: its end came; `vendor`: the group or the user was deleted. */
  readonly by: { readonly kind: 'client' | 'admin' | 'owner' | 'rule' | 'expiry' | 'vendor'; readonly id: string }
  readonly group: string
  readonly user: string
  readonly op: 'add' | 'remove'
  /** Null when nobody asked over the API. */
  readonly requestId: string | null
}

export type Doing = Pick<MembershipChange, 'by' | 'requestId'>

/** Users, groups and memberships, as they are and as they were: readers are told what was true some time ago. */
export interface Company {
  readonly changeLog: MembershipChange[]
  users(asOf: Instant): readonly SeedUser[]
  groups(asOf: Instant): readonly SeedGroup[]
  user(id: string, asOf: Instant): SeedUser | null
  group(id: string, asOf: Instant): SeedGroup | null
  /** By the id or the address. */
  userBy(key: string, asOf: Instant): SeedUser | null
  groupBy(key: string, asOf: Instant): SeedGroup | null
  putUser(user: SeedUser, at: Instant): void
  putGroup(group: SeedGroup, at: Instant): void
  /** Takes the memberships along. */
  deleteUser(id: string, at: Instant): void
  deleteGroup(id: string, at: Instant): void
  /** Null: it was there in the beginning. */
  bornAt(id: string): Instant | null
  isMember(groupId: string, userId: string): boolean
  membersOf(groupId: string, asOf: Instant): readonly string[]
  groupsOf(userId: string, asOf: Instant): readonly SeedGroup[]
  /** False when there was nothing to change. */
  add(groupId: string, userId: string, at: Instant, doing: Doing, endsAt?: Instant | null): boolean
  remove(groupId: string, userId: string, at: Instant, doing: Doing): boolean
  /** When the membership will end by itself; null: never. */
  endOf(groupId: string, userId: string, asOf: Instant): Instant | null
  setEnd(groupId: string, userId: string, endsAt: Instant | null, at: Instant): void
  /** Ends what is over by then. */
  endWhatIsOver(now: Instant): void
}

/** Truth of the moment, for whoever changes something. */
export const NOW: Instant = Number.POSITIVE_INFINITY

interface Version<Value> {
  readonly at: Instant
  readonly value: Value | null
}

export function createCompany(seed: GoogleSeed): Company {
  const users = createHistory(seed.users)
  const groups = createHistory(seed.groups)
  const members = new Map<string, Set<string>>()
  const holdings = new Map<string, Set<string>>()
  const changesOf = new Map<string, MembershipChange[]>()
  const changeLog: MembershipChange[] = []

  const setIn = (map: Map<string, Set<string>>, key: string): Set<string> => {
    const known = map.get(key) ?? new Set<string>()
    map.set(key, known)
    return known
  }

  function place(groupId: string, userId: string): void {
    setIn(members, groupId).add(userId)
    setIn(holdings, userId).add(groupId)
  }

  function record(change: MembershipChange): void {
    changeLog.push(change)
    for (const key of [change.group, change.user]) {
      const known = changesOf.get(key) ?? []
      known.push(change)
      changesOf.set(key, known)
    }
  }

  /** What was there at that time: what is there now, with everything that happened since undone, the newest first. */
  function asIt(was: ReadonlySet<string> | undefined, key: string, of: 'user' | 'group', asOf: Instant): Set<string> {
    const past = new Set(was)
    const log = changesOf.get(key) ?? []
    for (let place = log.length - 1; place >= 0; place -= 1) {
      const change = log[place]
      if (change === undefined || change.at <= asOf) break
      if (change.op === 'add') past.delete(change[of])
      else past.add(change[of])
    }
    return past
  }

  const ends = createHistory<End>([])
  const pending = new Set<string>()

  function setEnd(group: string, user: string, endsAt: Instant | null, at: Instant): void {
    const id = `${group} ${user}`
    if (endsAt === null && !pending.has(id)) return
    ends.put({ id, group, user, endsAt }, at)
    if (endsAt === null) pending.delete(id)
    else pending.add(id)
  }

  function add(groupId: string, userId: string, at: Instant, doing: Doing, endsAt: Instant | null = null): boolean {
    if (groups.at(groupId, NOW) === null || users.at(userId, NOW) === null) return false
    if (members.get(groupId)?.has(userId) === true) return false
    place(groupId, userId)
    record({ at, ...doing, group: groupId, user: userId, op: 'add' })
    setEnd(groupId, userId, endsAt, at)
    return true
  }

  function remove(groupId: string, userId: string, at: Instant, doing: Doing): boolean {
    if (members.get(groupId)?.delete(userId) !== true) return false
    holdings.get(userId)?.delete(groupId)
    setEnd(groupId, userId, null, at)
    record({ at, ...doing, group: groupId, user: userId, op: 'remove' })
    return true
  }

  /** The rule of each dynamic group, on one person. */
  function applyRules(userId: string, at: Instant): void {
    const user = users.at(userId, NOW)
    for (const { id, kind, department } of groups.all(NOW)) {
      if (kind !== 'dynamic') continue
      const doing: Doing = { by: { kind: 'rule', id }, requestId: null }
      if (user !== null && user.department === department) add(id, userId, at, doing)
      else remove(id, userId, at, doing)
    }
  }

  for (const [groupId, userId] of seed.members) place(groupId, userId)
  for (const { id, kind, department } of seed.groups) {
    for (const user of kind === 'dynamic' ? seed.users : []) if (user.department === department) place(id, user.id)
  }

  return {
    changeLog,
    users: (asOf) => users.all(asOf),
    groups: (asOf) => groups.all(asOf),
    user: (id, asOf) => users.at(id, asOf),
    group: (id, asOf) => groups.at(id, asOf),
    userBy: (key, asOf) => users.at(key, asOf) ?? users.all(asOf).find((each) => each.primaryEmail === key) ?? null,
    groupBy: (key, asOf) => groups.at(key, asOf) ?? groups.all(asOf).find((each) => each.email === key) ?? null,
    putUser(user, at) {
      users.put(user, at)
      applyRules(user.id, at)
    },
    putGroup(group, at) {
      groups.put(group, at)
      if (group.kind === 'dynamic') for (const { id } of users.all(NOW)) applyRules(id, at)
    },
    deleteUser(id, at) {
      const doing: Doing = { by: { kind: 'vendor', id: 'user deleted' }, requestId: null }
      for (const groupId of holdings.get(id) ?? []) remove(groupId, id, at, doing)
      users.delete(id, at)
    },
    deleteGroup(id, at) {
      const doing: Doing = { by: { kind: 'vendor', id: 'group deleted' }, requestId: null }
      for (const userId of members.get(id) ?? []) remove(id, userId, at, doing)
      groups.delete(id, at)
    },
    bornAt: (id) => users.bornAt(id) ?? groups.bornAt(id),
    isMember: (groupId, userId) => members.get(groupId)?.has(userId) === true,
    membersOf: (groupId, asOf) => [...asIt(members.get(groupId), groupId, 'user', asOf)].sort(),
    groupsOf: (userId, asOf) =>
      [...asIt(holdings.get(userId), userId, 'group', asOf)].sort().flatMap((id) => groups.at(id, asOf) ?? []),
    add,
    remove,
    endOf: (group, user, asOf) => ends.at(`${group} ${user}`, asOf)?.endsAt ?? null,
    setEnd,
    endWhatIsOver(now) {
      for (const id of pending) {
        const end = ends.at(id, NOW)
        if (end === null || end.endsAt === null || end.endsAt > now) continue
        remove(end.group, end.user, end.endsAt, { by: { kind: 'expiry', id: 'cloud-support' }, requestId: null })
      }
    },
  }
}

interface End {
  readonly id: string
  readonly group: string
  readonly user: string
  readonly endsAt: Instant | null
}

interface History<Value> {
  at(id: string, asOf: Instant): Value | null
  all(asOf: Instant): readonly Value[]
  put(value: Value, at: Instant): void
  delete(id: string, at: Instant): void
  bornAt(id: string): Instant | null
}

const ALWAYS: Instant = Number.NEGATIVE_INFINITY

function createHistory<Value extends { readonly id: string }>(seed: readonly Value[]): History<Value> {
  const versions = new Map<string, Version<Value>[]>(seed.map((value) => [value.id, [{ at: ALWAYS, value }]]))
  let changed: Instant = ALWAYS
  let kept: readonly Value[] | null = null

  const at = (id: string, asOf: Instant): Value | null =>
    versions.get(id)?.findLast((version) => version.at <= asOf)?.value ?? null

  function put(id: string, value: Value | null, when: Instant): void {
    const known = versions.get(id)
    if (known === undefined) versions.set(id, [{ at: when, value }])
    else known.push({ at: when, value })
    changed = when
    kept = null
  }

  return {
    at,
    all(asOf) {
      if (asOf < changed) return [...versions.keys()].flatMap((id) => at(id, asOf) ?? [])
      kept ??= [...versions.keys()].flatMap((id) => at(id, NOW) ?? [])
      return kept
    },
    put: (value, when) => put(value.id, value, when),
    delete: (id, when) => put(id, null, when),
    bornAt(id) {
      const first = versions.get(id)?.find(({ value }) => value !== null)?.at ?? ALWAYS
      return first === ALWAYS ? null : first
    },
  }
}
