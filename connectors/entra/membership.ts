import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import type { Change, Holding, Member, Membership, Reading } from '#connectors/kit/connector.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { Assignments } from './assignments.ts'
import type { EntraClient } from './client.ts'
import { isManaged } from './group-facts.ts'
import type { GroupFacts } from './group-facts.ts'
import type { MemberWrites, Todo } from './member-writes.ts'
import { absentIfNotFound, unread } from './outcome.ts'
import { group as groupShape, ID, KIND_FIELDS, member, user } from './shapes.ts'
import type { EntraGroup } from './shapes.ts'
import type { Writable } from './writable.ts'

/**
 * Memberships of groups.
 *
 * Before a write the group is known to be one whose members are set by hand. Then, at the same time: adds to one group by
 * twenties, what is single by batches of twenty, and what is to be ended by Entra one by one (`assignments.ts`). Changes of one
 * membership happen one after the other, as they were given.
 */
export function createMembership(
  io: Io,
  client: EntraClient,
  facts: GroupFacts,
  writable: Writable,
  writes: MemberWrites,
  assignments: Assignments | null,
): Membership {
  async function wave(todos: readonly Todo[]): Promise<void> {
    const allowed = await writable(todos)
    const adds = allowed.filter(({ change }) => change.do === 'add')
    const removals = allowed.filter(({ change }) => change.do === 'remove')
    const ending = assignments === null ? [] : adds.filter(({ change }) => change.endsAt != null)
    const plain = adds.filter((todo) => !ending.includes(todo))
    await Promise.all([
      writes.add(plain),
      assignments?.assign(ending).then(writes.add),
      assignments === null ? writes.remove(removals) : assignments.unassign(removals).then(writes.remove),
    ])
  }

  async function change(
    changes: readonly Change[],
    mayStart: (place: number) => boolean = () => true,
  ): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = []
    const waves: Todo[][] = []
    const turns = new Map<string, number>()
    for (const [place, each] of changes.entries()) {
      const key = `${each.group.id} ${each.account}`.toLowerCase()
      const turn = turns.get(key) ?? 0
      turns.set(key, turn + 1)
      const settle = (outcome: Outcome): void => void (outcomes[place] = outcome)
      ;(waves[turn] ??= []).push({ change: each, settle, mayStart: () => mayStart(place) })
    }
    for (const each of waves) await wave(each)
    return outcomes
  }

  async function members(group: GroupRef): Promise<Reading<readonly Member[]>> {
    if (group.provider !== 'entra' || !ID.test(group.id)) return notAnId(io, 'group')
    const path = `/groups/${group.id}/members?$select=id&$top=999`
    const answer = await client.list(path, member)
    if (answer.kind !== 'answered') {
      return absentIfNotFound(answer, () => client.read(`/groups/${group.id}?$select=${KIND_FIELDS}`, groupShape))
    }
    const people = answer.value.filter((one) => !NOT_PEOPLE.test(one['@odata.type'] ?? ''))
    // An empty list is believed only beside a group that is seen.
    if (people.length === 0) facts.forget(group.id)
    const kind = await facts.kindOf(group.id)
    if (people.length === 0 && kind.kind !== 'answered') return unread(kind)
    const source = kind.kind === 'answered' ? sourceIn(kind.value) : 'unknown'
    const ends = await assignments?.endsIn(group.id)
    if (ends && ends.kind !== 'read') return ends
    const value = new Map<string, Member>()
    for (const { id } of people) {
      value.set(id, { account: id, source, ...(ends ? { endsAt: ends.value.get(id.toLowerCase()) ?? null } : {}) })
    }
    return { kind: 'read', startedAt: answer.startedAt, value: [...value.values()] }
  }

  async function groupsOf(account: string): Promise<Reading<readonly Holding[]>> {
    if (!ID.test(account)) return notAnId(io, 'user')
    const answer = await client.list(`/users/${account}/memberOf?$select=${KIND_FIELDS}&$top=999`, groupShape)
    if (answer.kind !== 'answered') {
      return absentIfNotFound(answer, () => client.read(`/users/${account}?$select=id`, user))
    }
    const ends = await assignments?.endsOf(account)
    if (ends && ends.kind !== 'read') return ends
    const value = new Map<string, Holding>()
    for (const one of answer.value) {
      if (NOT_GROUPS.test(one['@odata.type'] ?? '')) continue
      const group = { provider: 'entra', id: one.id }
      const end = ends ? { endsAt: ends.value.get(one.id.toLowerCase()) ?? null } : {}
      value.set(one.id, { group, source: sourceIn(one), ...end })
    }
    return { kind: 'read', startedAt: answer.startedAt, value: [...value.values()] }
  }

  return { change, members, groupsOf }
}

/** Members may also be groups, devices and apps, and people are also in roles and units. What nobody knows of counts. */
const NOT_PEOPLE = /^#microsoft[.]graph[.](group|device|servicePrincipal|orgContact|application)$/
const NOT_GROUPS = /^#microsoft[.]graph[.](directoryRole|administrativeUnit)$/

function sourceIn(kind: EntraGroup): Member['source'] {
  if (isManaged(kind)) return 'rule'
  return Array.isArray(kind.groupTypes) ? 'direct' : 'unknown'
}

function notAnId(io: Io, what: 'group' | 'user'): Reading<never> {
  return { kind: 'absent', startedAt: io.now(), said: `not an id of a ${what} of Entra` }
}
