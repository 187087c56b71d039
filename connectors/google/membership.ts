import type { GroupRef } from '#core/identity-action/membership-key.ts'
import type { Outcome } from '#core/identity-action/outcome.ts'
import type { Change, Holding, Member, Membership, Reading } from '#connectors/kit/connector.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { GoogleClient } from './client.ts'
import type { Ends } from './ends.ts'
import { isDynamic } from './group-facts.ts'
import type { GroupFacts } from './group-facts.ts'
import type { Labels } from './labels.ts'
import type { MemberWrites, Todo } from './member-writes.ts'
import { isNotFound, saidBy, saysThatSomebodyIsMissing, unread, unreadable } from './outcome.ts'
import type { People } from './people.ts'
import { SCOPE } from './scopes.ts'
import { GROUP_ID, groups, members as memberPage, USER_ID } from './shapes.ts'
import type { GoogleMember } from './shapes.ts'
import type { Writable } from './writable.ts'

/**
 * Memberships of groups.
 *
 * Before a write the group is known to be one whose members are set by hand. Then each change is one call, as many at once as
 * the client lets through; what is to be ended by Google is asked of Cloud Identity (ends.ts). Changes of one membership happen
 * one after the other, as they were given.
 */
export function createMembership(
  io: Io,
  client: GoogleClient,
  facts: GroupFacts,
  labels: Labels,
  people: People,
  writable: Writable,
  writes: MemberWrites,
  ends: Ends | null,
  domain: string,
): Membership {
  async function one(todo: Todo): Promise<void> {
    const { change } = todo
    const isSettled = change.do === 'add' && change.endsAt != null && (await ends?.begin(todo)) === true
    if (!isSettled) await writes.write(todo)
  }

  async function change(
    changes: readonly Change[],
    mayStart: (place: number) => boolean = () => true,
  ): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = []
    const waves: Todo[][] = []
    const turns = new Map<string, number>()
    for (const [place, each] of changes.entries()) {
      const key = `${each.group.id} ${each.account}`
      const turn = turns.get(key) ?? 0
      turns.set(key, turn + 1)
      const settle = (outcome: Outcome): void => void (outcomes[place] = outcome)
      ;(waves[turn] ??= []).push({ change: each, settle, mayStart: () => mayStart(place) })
    }
    for (const wave of waves) await Promise.all((await writable(wave)).map(one))
    return outcomes
  }

  async function members(group: GroupRef): Promise<Reading<readonly Member[]>> {
    if (group.provider !== 'google' || !GROUP_ID.test(group.id)) return notAnId(io, 'group')
    const path = `/admin/directory/v1/groups/${group.id}/members?maxResults=200`
    const answer = await client.list(SCOPE.readGroups, path, memberPage, ({ members: rows }) => rows)
    // Nothing remembered is good enough beside a list that is empty or was refused.
    if (answer.kind !== 'answered' || answer.value.length === 0) facts.forget(group.id)
    const kind = await facts.kindOf(group.id)
    if (answer.kind !== 'answered') {
      const isGone = answer.kind === 'refused' && isNotFound(answer) && kind.kind === 'refused' && isNotFound(kind)
      return isGone ? { kind: 'absent', startedAt: answer.startedAt, said: saidBy(answer) } : unread(answer)
    }
    // An empty list is believed only beside a group that is seen.
    if (answer.value.length === 0 && kind.kind !== 'answered') return unread(kind)
    const source = kind.kind !== 'answered' ? 'unknown' : isDynamic(kind.value.labels) ? 'rule' : 'direct'
    const endOf = await ends?.endsIn(group.id)
    if (endOf && endOf.kind !== 'read') return endOf
    const value = new Map<string, Member>()
    for (const row of answer.value) {
      const account = accountOf(row, domain)
      if (account === 'not a person') continue
      if (account === null) return unreadable('a member without an id: it could be anybody')
      const endsAt = endOf?.value.get(row.email?.toLowerCase() ?? '') ?? null
      value.set(account, { account, source, ...(endOf ? { endsAt } : {}) })
    }
    return { kind: 'read', startedAt: answer.startedAt, value: [...value.values()] }
  }

  async function groupsOf(account: string): Promise<Reading<readonly Holding[]>> {
    if (!USER_ID.test(account)) return notAnId(io, 'user')
    const path = `/admin/directory/v1/groups?userKey=${account}&maxResults=200`
    const answer = await client.list(SCOPE.readGroups, path, groups, ({ groups: rows }) => rows)
    if (answer.kind !== 'answered' || answer.value.length === 0) {
      const person = await people.userOf(account)
      if (person.kind === 'refused' && saysThatSomebodyIsMissing(person)) {
        return { kind: 'absent', startedAt: person.startedAt, said: saidBy(person) }
      }
      if (answer.kind !== 'answered') return unread(answer)
      if (person.kind !== 'answered') return unread(person)
    }
    const marked = answer.value.length === 0 ? null : await labels.marked()
    const endOf = await ends?.endsOf(account)
    if (endOf && endOf.kind !== 'read') return endOf
    const value = new Map<string, Holding>()
    for (const { id, email } of answer.value) {
      const address = email?.toLowerCase() ?? ''
      const isTold = marked?.kind === 'answered' && address !== ''
      const source = !isTold ? 'unknown' : isDynamic(marked.value.get(address) ?? []) ? 'rule' : 'direct'
      const endsAt = endOf?.value.get(address) ?? null
      value.set(id, { group: { provider: 'google', id }, source, ...(endOf ? { endsAt } : {}) })
    }
    return { kind: 'read', startedAt: answer.startedAt, value: [...value.values()] }
  }

  return { change, members, groupsOf }
}

/**
 * The account of a row of a list of members. Groups, and the company as a whole, are members and no people. Somebody outside
 * who has no account at Google has no number either, and is shown by the address, so that nobody is hidden; nothing is ever
 * written by it. Null: a row that could be anybody.
 */
function accountOf({ id, email, type }: GoogleMember, domain: string): string | 'not a person' | null {
  if (type === 'GROUP' || type === 'CUSTOMER') return 'not a person'
  if (id) return USER_ID.test(id) ? id : null
  const address = email?.toLowerCase() ?? ''
  return /^[^\s@]{1,64}@[^\s@]{1,255}$/.test(address) && !address.endsWith(domain) ? address : null
}

function notAnId(io: Io, what: 'group' | 'user'): Reading<never> {
  return { kind: 'absent', startedAt: io.now(), said: `not the id of a ${what} of Google` }
}
