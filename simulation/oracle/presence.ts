import type { Instant } from '#core/instant.ts'
import type { MembershipChange } from '#connectors/okta/stand-in/company.ts'
import { fitsCondition } from '#sandbox/company/groups.ts'
import { COMPANY } from '../company.ts'
import type { Run } from '../world/simulate.ts'

/** Somebody was in a group, from one instant to another, as Okta's own change log tells. */
export interface Presence {
  readonly group: string
  readonly user: string
  /** `before`: it was so when the run began. */
  readonly begunBy: MembershipChange['by']['kind'] | 'before'
  readonly from: Instant
  /** Infinity: to the end of the run, and beyond. */
  readonly until: Instant
  readonly endedBy: MembershipChange | null
  /** Since when a rule of the directory holds it, if one does: a birthright, which is never ours. */
  readonly ruledFrom: Instant
}

export interface Presences {
  readonly all: readonly Presence[]
  /** Of one membership, in their order. */
  of(group: string, user: string): readonly Presence[]
}

const NONE: readonly Presence[] = []

export function presencesOf(run: Run): Presences {
  const { truth } = run.okta
  const byKey = new Map<string, Presence[]>()
  const cleared = run.history.fired.filter((each) => each.kind === 'a rule puts the member back').map((each) => each.at)
  const changes = Map.groupBy(truth.changeLog, (each) => keyOf(each.group, each.user))
  for (const [key, own] of changes) {
    const [first] = own
    if (first) byKey.set(key, spans(first.group, first.user, own, first.op === 'remove', cleared))
  }
  for (const { id: group } of COMPANY.groups) {
    for (const user of truth.members(group)) {
      const key = keyOf(group, user)
      if (!changes.has(key)) byKey.set(key, spans(group, user, [], true, cleared))
    }
  }
  return { all: [...byKey.values()].flat(), of: (group, user) => byKey.get(keyOf(group, user)) ?? NONE }
}

function spans(
  group: string,
  user: string,
  own: readonly MembershipChange[],
  before: boolean,
  cleared: readonly Instant[],
): Presence[] {
  const found: Presence[] = []
  const isMet = meetsARule(group, user)
  let open: Pick<Presence, 'begunBy' | 'from'> | null = before ? { begunBy: 'before', from: -Infinity } : null
  const close = (until: Instant, endedBy: MembershipChange | null): void => {
    if (open === null) return
    const { begunBy, from } = open
    // Who meets a rule and is a member already becomes the rule's when its exclusions are cleared.
    const since = isMet ? cleared.find((each) => from <= each && each < until) : undefined
    const ruledFrom = begunBy === 'rule' || (begunBy === 'before' && isMet) ? from : (since ?? Infinity)
    found.push({ group, user, begunBy, from, until, endedBy, ruledFrom })
    open = null
  }
  for (const change of own) {
    if (change.op === 'remove') close(change.at, change)
    else open = { begunBy: change.by.kind, from: change.at }
  }
  close(Infinity, null)
  return found
}

function meetsARule(group: string, user: string): boolean {
  const person = COMPANY.people.find((each) => each.oktaId === user)
  return COMPANY.groupRules.some(
    ({ groupId, condition }) => groupId === group && person !== undefined && fitsCondition(person, condition),
  )
}

function keyOf(group: string, user: string): string {
  return `${group} ${user}`
}
