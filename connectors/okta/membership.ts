import type { Outcome } from '#core/identity-action/outcome.ts'
import type { Change, Holding, Member, Membership, Reading } from '#connectors/kit/connector.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { OktaClient } from './client.ts'
import { isKnownType } from './group-facts.ts'
import type { GroupFacts } from './group-facts.ts'
import { sourceByRules } from './member-source.ts'
import type { MemberSource } from './member-source.ts'
import { changed, isNotFound, outcomeOfRefusal, outcomeOfTrouble, rejected } from './outcome.ts'
import { group as groupShape, ID, user } from './shapes.ts'
import { absentIfSeeing, BLIND, CONTRADICTION, whyBlind } from './sight.ts'
import type { Sight } from './sight.ts'
import { wholeList } from './whole-list.ts'

/** Says why a group's members are never ours to write, or null. https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Group/ */
export function whyNotWritable(type: string): string | null {
  if (type === 'OKTA_GROUP') return null
  if (type === 'APP_GROUP') return 'APP_GROUP: members come from the application that imported the group'
  if (type === 'BUILT_IN') return 'BUILT_IN: Okta itself manages the members'
  if (type === '') return 'a group whose type Okta does not tell'
  return `${type}: a type of group that Tenure does not know`
}

/**
 * Writes memberships, one call each, because Okta has none for several.
 *
 * Before a write the group is known to be an `OKTA_GROUP`. Before a removal from a group that a rule feeds, the
 * member is known not to be the rule's: Okta would remove them all the same and put them on the rule's exclusion
 * list for ever, so that the rule never gives them the group again, not after a transfer back and not after a rehire.
 */
export function createMembership(
  io: Io,
  client: OktaClient,
  facts: GroupFacts,
  sources: MemberSource,
  sight: Sight,
): Membership {
  async function one({ do: what, account, group }: Change, mayStart: () => boolean): Promise<Outcome> {
    if (!isId(account)) return rejected('no such person', 'not an id of an Okta user')
    if (group.provider !== 'okta' || !ID.test(group.id)) return rejected('no such group', 'not an id of an Okta group')

    let type = facts.typeOf.known(group.id)
    if (type === null) {
      const answer = await facts.typeOf.ask(group.id)
      if (answer.kind === 'unavailable') return outcomeOfTrouble(answer)
      if (answer.kind === 'refused') return isNotFound(answer) ? noSuchGroup() : outcomeOfRefusal(answer)
      type = answer.value
    }
    // Said once without a type, it will be said with one again: nothing is refused for good because of it.
    if (type === '')
      return { kind: 'unavailable', retryAfterMs: null, said: 'Okta does not tell the type of the group' }
    const never = whyNotWritable(type)
    if (never !== null) return rejected('group is managed by the vendor', never)

    const stop = what === 'remove' ? await reasonNotToRemove(group.id, account) : null
    if (stop !== null) return stop

    const path = `/groups/${group.id}/users/${account}`
    const answer = await client.write(what === 'add' ? 'PUT' : 'DELETE', path, mayStart)
    if (answer.kind === 'answered')
      return answer.status === 204 ? changed(answer.headers, io.now()) : notOktas(answer.status)
    if (answer.kind === 'unavailable') return outcomeOfTrouble(answer)
    return isNotFound(answer) ? whoIsMissing(group.id, account) : outcomeOfRefusal(answer)
  }

  async function reasonNotToRemove(groupId: string, account: string): Promise<Outcome | null> {
    const rules = await facts.rulesFeeding(groupId)
    if (rules.kind === 'unavailable') return outcomeOfTrouble(rules)
    if (rules.kind === 'refused') {
      return rejected('not allowed', 'the group rules cannot be read, and without them a removal may poison a rule')
    }
    const source = await sources.of(groupId, account, rules.value)
    if (source.kind === 'unavailable') return outcomeOfTrouble(source)
    if (source.kind === 'no such person') return rejected('no such person', 'Okta knows no such user')
    if (source.source === 'direct') return null
    const names = source.rules.join(', ')
    const said =
      source.source === 'rule' ? `held by the rule ${names}` : `may be held by the rule ${names}: Okta does not tell`
    return rejected('membership comes from a rule', said)
  }

  /** Okta's 404 names the missing one only in prose. The group is asked for anew: what is remembered may be old. */
  async function whoIsMissing(groupId: string, account: string): Promise<Outcome> {
    facts.typeOf.forget(groupId)
    const answer = await facts.typeOf.ask(groupId)
    if (answer.kind === 'unavailable') return outcomeOfTrouble(answer)
    if (answer.kind === 'refused') return isNotFound(answer) ? noSuchGroup() : outcomeOfRefusal(answer)
    const person = await client.read(`/users/${account}`, user)
    if (person.kind === 'unavailable') return outcomeOfTrouble(person)
    if (person.kind === 'answered') return { kind: 'unavailable', retryAfterMs: null, said: CONTRADICTION }
    return isNotFound(person)
      ? rejected('no such person', 'Okta knows the group, and no such user')
      : outcomeOfRefusal(person)
  }

  async function noSuchGroup(): Promise<Outcome> {
    const seen = await sight('groups')
    if (seen.kind === 'unavailable') return outcomeOfTrouble(seen)
    if (seen.kind === 'refused') return outcomeOfRefusal(seen)
    return seen.value ? rejected('no such group', 'Okta knows no such group') : rejected('not allowed', BLIND)
  }

  async function members(group: {
    readonly provider: string
    readonly id: string
  }): Promise<Reading<readonly Member[]>> {
    if (group.provider !== 'okta' || !ID.test(group.id)) return notAnId(io, 'group')
    const answer = await wholeList(client, `/groups/${group.id}/users`, 1000, user)
    if (answer.kind !== 'answered') {
      return absentIfSeeing(answer, sight, 'groups', () => client.read(`/groups/${group.id}`, groupShape))
    }
    const { startedAt } = answer
    // An empty list is also what an app gets that lost its role: it counts only beside a group that is seen right now.
    const empty = answer.value.length === 0
    if (empty) facts.typeOf.forget(group.id)
    const type = await facts.typeOf.ask(group.id)
    if (empty && type.kind !== 'answered') {
      const retryAfterMs = type.kind === 'unavailable' ? type.retryAfterMs : null
      return { kind: 'unreadable', retryAfterMs, said: 'an empty list of a group that cannot be seen' }
    }
    const rules = await facts.rulesFeeding(group.id)
    const told = type.kind === 'answered' && isKnownType(type.value) && rules.kind === 'answered'
    const managed = type.kind === 'answered' && isManaged(type.value)
    const value = new Map<string, Member>()
    for (const { id, profile } of answer.value) {
      const source = managed ? 'rule' : told ? sourceByRules(rules.value, id, profile) : 'unknown'
      value.set(id, { account: id, source })
    }
    return { kind: 'read', startedAt, value: [...value.values()] }
  }

  async function groupsOf(account: string): Promise<Reading<readonly Holding[]>> {
    if (!isId(account)) return notAnId(io, 'user')
    const answer = await client.list(`/users/${account}/groups`, groupShape)
    if (answer.kind !== 'answered') {
      return absentIfSeeing(answer, sight, 'users', () => client.read(`/users/${account}`, user))
    }
    const blind = answer.value.length === 0 ? await whyBlind(sight, 'groups') : null
    if (blind !== null) return blind
    facts.learn(answer.value, answer.startedAt)
    const distinct = new Map(answer.value.map((one) => [one.id, one]))
    const value = await Promise.all(
      [...distinct.values()].map(async ({ id, type }): Promise<Holding> => {
        const group = { provider: 'okta', id }
        const known = facts.typeOf.known(id) ?? type ?? ''
        if (isManaged(known)) return { group, source: 'rule' }
        if (!isKnownType(known)) return { group, source: 'unknown' }
        const rules = await facts.rulesFeeding(id)
        if (rules.kind !== 'answered') return { group, source: 'unknown' }
        const source = await sources.of(id, account, rules.value)
        return { group, source: source.kind === 'told' ? source.source : 'unknown' }
      }),
    )
    return { kind: 'read', startedAt: answer.startedAt, value }
  }

  return { change: (changes, mayStart = () => true) => inOrder(changes, mayStart, one), members, groupsOf }
}

/** Of these types Okta says that no hand of ours put a member there. */
function isManaged(type: string): boolean {
  return isKnownType(type) && whyNotWritable(type) !== null
}

/** Okta says 204 to what it did. An empty answer of another kind is somebody's in between, who did nothing. */
function notOktas(status: number): Outcome {
  const said = `${status} without a body, where Okta answers 204`
  return { kind: 'unavailable', retryAfterMs: null, said }
}

/** Several at once, except that two changes to one membership happen one after the other, as they were given. */
async function inOrder(
  changes: readonly Change[],
  mayStart: (place: number) => boolean,
  one: (change: Change, mayStart: () => boolean) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  const last = new Map<string, Promise<Outcome>>()
  return Promise.all(
    changes.map((change, place) => {
      const run = (): Promise<Outcome> => one(change, () => mayStart(place))
      const key = `${change.group.id} ${change.account}`
      const before = last.get(key)
      const outcome = before === undefined ? run() : before.then(run)
      last.set(key, outcome)
      return outcome
    }),
  )
}

/** `me` is an address of Okta's for the caller, never an id. */
function isId(account: string): boolean {
  return account !== 'me' && ID.test(account)
}

function notAnId(io: Io, what: 'group' | 'user'): Reading<never> {
  return { kind: 'absent', startedAt: io.now(), said: `not an id of an Okta ${what}` }
}
