import { groupStream, membershipStream, type GroupRef, type PersonId } from '#core/identity-action/membership-key.ts'
import type { GroupFacts } from '#core/request/request.ts'
import type { Ports } from '../ports.ts'
import { GROUP, MEMBERSHIP } from './stream-kinds.ts'
import type { Turn } from './turn.ts'

/** How the directories say that a person holds groups, by the stream name of the group. */
export type Held =
  | { readonly kind: 'read'; readonly groups: ReadonlyMap<string, 'direct' | 'rule' | 'unknown'> }
  | { readonly kind: 'unreadable'; readonly said: string; readonly retryAfterMs: number | null }
  | { readonly kind: 'no account' }

/** What the person holds now, as the directories tell: read before each decision, because those who decide must know. */
export async function readHoldings(ports: Ports, personId: PersonId, of: readonly GroupRef[]): Promise<Held> {
  const people = await ports.store.people([personId])
  const groups = new Map<string, 'direct' | 'rule' | 'unknown'>()
  for (const provider of new Set(of.map((each) => each.provider))) {
    const account = people.find((each) => each.provider === provider)?.account
    if (!account) return { kind: 'no account' }
    const membership = ports.provider(provider)?.membership
    if (!membership) {
      return { kind: 'unreadable', said: `no directory named ${provider} is connected`, retryAfterMs: null }
    }
    const reading = await membership.groupsOf(account)
    if (reading.kind === 'absent') return { kind: 'no account' }
    if (reading.kind === 'unreadable') return reading
    for (const each of reading.value) groups.set(groupStream(each.group), each.source)
  }
  return { kind: 'read', groups }
}

/** The same as the core wants to know it: claimed or not, and whether it is ours. */
export async function holdingsIn(
  turn: Turn,
  ports: Ports,
  personId: PersonId,
  groups: readonly GroupRef[],
  held: ReadonlyMap<string, 'direct' | 'rule' | 'unknown'>,
): Promise<readonly GroupFacts[]> {
  const names = new Map((await ports.store.groups(groups)).map((each) => [groupStream(each.group), each.name]))
  await turn.load([...groups.map(groupStream), ...groups.map((group) => membershipStream({ group, personId }))])
  return groups.map((group) => {
    const { claimed } = turn.openLoaded(GROUP, groupStream(group)).state
    const { desired, ending } = turn.openLoaded(MEMBERSHIP, membershipStream({ group, personId })).state
    const ours = desired === 'held' || ending.length > 0
    const source = held.get(groupStream(group))
    const heldBy = source === undefined ? null : source === 'rule' ? 'rule' : ours ? 'ours' : 'another hand'
    return { group, name: names.get(groupStream(group)) ?? group.id, claimed, heldBy }
  })
}
