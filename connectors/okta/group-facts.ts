import { HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import type { Instant } from '#core/instant.ts'
import { unavailable } from '#connectors/kit/http.ts'
import type { Exchange } from '#connectors/kit/http.ts'
import type { Io } from '#connectors/kit/io.ts'
import type { OktaClient } from './client.ts'
import { createRemembered } from './remembered.ts'
import type { Remembered } from './remembered.ts'
import { group, groupRule } from './shapes.ts'
import type { OktaError, OktaGroup, OktaGroupRule } from './shapes.ts'
import { wholeList } from './whole-list.ts'

/** A group never changes its type; what may change is whether it is there and whether we may see it. */
const TYPE_FRESH_FOR_MS = 5 * MINUTE_MS

/**
 * An administrator may switch a rule on at any time, and a removal that does not know of it puts a person on the
 * rule's exclusion list. One small request a minute, and only while somebody removes or reads, is a fair price.
 */
const RULES_FRESH_FOR_MS = MINUTE_MS

/**
 * Of a list of which a row or a page is missing nobody can tell that it is. So a rule that was there is not believed to be
 * gone just because a list lacks it: for so long it may still hold members, and Okta is asked about each.
 */
const MISSED_FOR_MS = HOUR_MS

/** A rule that adds people to groups now. */
export interface ActiveRule {
  readonly id: string
  readonly name: string
  /** False: its status is neither on nor off, it is not listed any more, or it leaves out groups: so it may hold members or not. */
  readonly certain: boolean
  /** It holds nobody who is in certain groups. Whether somebody is, their attributes do not tell. */
  readonly leavesOutGroups: boolean
  readonly expression: string | null
  readonly excluded: ReadonlySet<string>
  readonly groupIds: readonly string[]
}

/** What we must know of a group before we write to it, and of the rules that may write to it as well. */
export interface GroupFacts {
  /**
   * `OKTA_GROUP`, `APP_GROUP`, `BUILT_IN`, a type that is newer than this code, or '' when Okta did not say. Only the
   * first three are remembered.
   */
  readonly typeOf: Remembered<string, OktaError>
  /** The active rules that add people to this group. */
  rulesFeeding(groupId: string): Promise<Exchange<readonly ActiveRule[], OktaError>>
  learn(groups: readonly OktaGroup[], at: Instant): void
}

export function createGroupFacts(io: Io, client: OktaClient, payer?: () => object): GroupFacts {
  const typeOf = createRemembered<string, OktaError>(
    io.now,
    TYPE_FRESH_FOR_MS,
    async (groupId) => {
      const answer = await client.read(`/groups/${groupId}`, group)
      return answer.kind === 'answered' ? { ...answer, value: answer.value.type ?? '' } : answer
    },
    isKnownType,
    payer,
  )

  const listed = new Map<string, { readonly rule: ActiveRule; readonly at: Instant }>()

  /** These, and those that were listed within the hour and are not any more. */
  function withMissed(
    active: readonly ActiveRule[],
    all: readonly OktaGroupRule[],
    at: Instant,
  ): readonly ActiveRule[] {
    const told = new Set(all.map((each) => each.id ?? ''))
    for (const id of listed.keys()) if (told.has(id)) listed.delete(id)
    for (const rule of active) if (rule.id !== '') listed.set(rule.id, { rule, at })
    const missed: ActiveRule[] = []
    for (const [id, last] of listed) {
      if (at - last.at > MISSED_FOR_MS) listed.delete(id)
      else if (!told.has(id)) missed.push({ ...last.rule, certain: false })
    }
    return [...active, ...missed]
  }

  const rules = createRemembered<ReadonlyMap<string, readonly ActiveRule[]>, OktaError>(
    io.now,
    RULES_FRESH_FOR_MS,
    async () => {
      const startedAt = io.now()
      const answer = await wholeList(client, '/groups/rules', 200, groupRule)
      if (answer.kind === 'answered') {
        const active = activeOf(answer.value)
        // Without knowing which groups a rule feeds, nothing can be said of any group.
        if (active === null) return unavailable('not the shape', 'a group rule does not say which groups it feeds')
        return { ...answer, value: byGroup(withMissed(active, answer.value, startedAt)) }
      }
      if (answer.kind === 'refused' && saysThatThereAreNoRules(answer.refusal)) {
        return { kind: 'answered', status: 200, headers: answer.headers, value: new Map(), startedAt }
      }
      return answer
    },
    undefined,
    payer,
  )

  return {
    typeOf,
    async rulesFeeding(groupId) {
      const answer = await rules.ask('all')
      return answer.kind === 'answered' ? { ...answer, value: answer.value.get(groupId) ?? [] } : answer
    },
    learn(groups, at) {
      for (const one of groups) typeOf.learn(one.id, one.type ?? '', at)
    },
  }
}

/**
 * An organisation without the feature has no rules (E0000015), and neither has a server that does not know the path
 * (E0000007, E0000022). A missing permission is another code, and tells nothing.
 */
function saysThatThereAreNoRules(refusal: OktaError): boolean {
  return ['E0000007', 'E0000015', 'E0000022'].includes(refusal.errorCode)
}

/** A group never changes its type, so what is known stays so. */
export function isKnownType(type: string): boolean {
  return type === 'OKTA_GROUP' || type === 'APP_GROUP' || type === 'BUILT_IN'
}

/** Rules that are surely off hold nobody. Null when a rule that may be on hides its groups. */
function activeOf(rules: readonly OktaGroupRule[]): readonly ActiveRule[] | null {
  const active: ActiveRule[] = []
  for (const rule of rules) {
    if (rule.status === 'INACTIVE' || rule.status === 'INVALID') continue
    const groupIds = rule.actions?.assignUserToGroups?.groupIds ?? null
    if (groupIds === null) return null
    const leavesOutGroups = (rule.conditions?.people?.groups?.exclude ?? []).length > 0
    active.push({
      id: rule.id ?? '',
      name: rule.name ?? '',
      certain: rule.status === 'ACTIVE' && !leavesOutGroups,
      leavesOutGroups,
      expression: rule.conditions?.expression?.value ?? null,
      excluded: new Set(rule.conditions?.people?.users?.exclude),
      groupIds,
    })
  }
  return active
}

function byGroup(rules: readonly ActiveRule[]): ReadonlyMap<string, readonly ActiveRule[]> {
  const feeding = new Map<string, ActiveRule[]>()
  for (const rule of rules) {
    for (const groupId of rule.groupIds) {
      const others = feeding.get(groupId)
      if (others === undefined) feeding.set(groupId, [rule])
      else others.push(rule)
    }
  }
  return feeding
}
