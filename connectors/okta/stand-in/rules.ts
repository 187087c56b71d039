import type { Instant } from '#core/instant.ts'
import type { Company } from './company.ts'
import type { SeedRule, SeedUser } from './seed.ts'

export interface Rule extends SeedRule {
  /** Put here by Okta itself when somebody removes a member that the rule manages. */
  readonly excludedUsers: Set<string>
}

/**
 * Group rules, as Okta's help describes them: a rule adds whoever meets it; a member who was added by hand and meets
 * a rule becomes the rule's; who no longer meets it loses the group; and who is removed by hand is excluded for ever.
 */
export interface Rules {
  readonly all: Map<string, Rule>
  /** The active rules that hold this member in the group. */
  managing(groupId: string, userId: string): readonly Rule[]
  /** Lets every active rule act. `at` is null before the story begins: then nothing is logged. */
  fire(at: Instant | null): void
  /** Called when a member was removed by hand: they go on the exclusion list of every rule that held them. */
  exclude(groupId: string, userId: string): void
}

export function createRules(seed: readonly SeedRule[], company: Company): Rules {
  const all = new Map(seed.map((rule) => [rule.id, { ...rule, excludedUsers: new Set(rule.excluded) }]))
  const managed = new Map<string, Set<string>>()
  const keyOf = (groupId: string, userId: string): string => `${groupId} ${userId}`

  function apply(rule: Rule, groupId: string, user: SeedUser, at: Instant | null): void {
    const key = keyOf(groupId, user.id)
    const holders = managed.get(key)
    const doing = { by: { kind: 'rule' as const, id: rule.id }, requestId: null }
    if (!rule.excludedUsers.has(user.id) && user.status !== 'DEPROVISIONED' && matches(rule, user)) {
      if (holders === undefined) managed.set(key, new Set([rule.id]))
      else holders.add(rule.id)
      if (at === null) company.place(groupId, user.id)
      else company.add(groupId, user.id, at, doing)
    } else if (holders?.delete(rule.id) === true && holders.size === 0) {
      managed.delete(key)
      if (at !== null) company.remove(groupId, user.id, at, doing)
    }
  }

  function managing(groupId: string, userId: string): readonly Rule[] {
    const holders = managed.get(keyOf(groupId, userId)) ?? []
    return [...holders].map((id) => all.get(id)!).filter(({ status }) => status === 'ACTIVE')
  }

  return {
    all,
    managing,
    fire(at) {
      for (const rule of all.values()) {
        if (rule.status !== 'ACTIVE') continue
        for (const groupId of rule.groupIds) for (const user of company.users.values()) apply(rule, groupId, user, at)
      }
    },
    exclude(groupId, userId) {
      for (const rule of managing(groupId, userId)) rule.excludedUsers.add(userId)
      managed.delete(keyOf(groupId, userId))
    },
  }
}

/** Throws for an expression that neither the stand-in nor the seed can answer: a seed's mistake. */
function matches(rule: Rule, user: SeedUser): boolean {
  if (rule.matches !== undefined) return rule.matches.includes(user.id)
  return rule.expression.split(/\s+OR\s+/i).some((part) => part.split(/\s+AND\s+/i).every((term) => holds(term, user)))
}

function holds(term: string, user: SeedUser): boolean {
  const [, attribute, sign, word] = /^\s*user\.(\w+)\s*(==|!=)\s*"([^"]*)"\s*$/.exec(term) ?? []
  if (attribute === undefined)
    throw new Error(`the stand-in cannot work out the rule term ${term}: give the rule "matches"`)
  return (user.profile[attribute] === word) === (sign === '==')
}
