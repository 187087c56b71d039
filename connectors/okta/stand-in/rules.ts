import type { Instant } from '#core/instant.ts'
import type { Company, Doing } from './company.ts'
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
  readonly all: ReadonlyMap<string, Rule>
  /** The active rules that hold this member in the group. */
  managing(groupId: string, userId: string): readonly Rule[]
  /** Lets every active rule act, on everybody or on one. `at` is null before the story begins: then nothing is logged. */
  fire(at: Instant | null, only?: SeedUser): void
  /** A removal by hand, over the API or in the console: who was held by rules goes on their exclusion lists. */
  removeByHand(groupId: string, userId: string, at: Instant, doing: Doing): void
  setStatus(ruleId: string, status: Rule['status'], at: Instant): void
  /** An administrator takes everybody off the exclusion list, and the rule gives them the group again. */
  clearExclusions(ruleId: string, at: Instant): void
  /** The group or the user is deleted. A rule whose group is gone is invalid from then on. */
  forgetGroup(groupId: string, at: Instant): void
  forgetUser(userId: string, at: Instant): void
}

export function createRules(seed: readonly SeedRule[], company: Company): Rules {
  const all = new Map(seed.map((rule) => [rule.id, { ...rule, excludedUsers: new Set(rule.excluded) }]))
  const managed = new Map<string, Set<string>>()
  const keyOf = (groupId: string, userId: string): string => `${groupId} ${userId}`
  const meetingOf = createMeetings()

  function apply(rule: Rule, groupId: string, user: SeedUser, at: Instant | null): void {
    const key = keyOf(groupId, user.id)
    const holders = managed.get(key)
    const doing = { by: { kind: 'rule' as const, id: rule.id }, requestId: null }
    if (!rule.excludedUsers.has(user.id) && user.status !== 'DEPROVISIONED' && meetingOf(rule)(user)) {
      if (holders === undefined) managed.set(key, new Set([rule.id]))
      else holders.add(rule.id)
      if (at === null) company.place(groupId, user.id)
      else company.add(groupId, user.id, at, doing)
    } else if (holders?.delete(rule.id) === true && holders.size === 0) {
      managed.delete(key)
      if (at !== null) company.remove(groupId, user.id, at, doing, false)
    }
  }

  function managing(groupId: string, userId: string): readonly Rule[] {
    const holders = managed.get(keyOf(groupId, userId))
    if (holders === undefined) return []
    return [...holders].map((id) => all.get(id)!).filter(({ status }) => status === 'ACTIVE')
  }

  function fire(at: Instant | null, only?: SeedUser): void {
    for (const rule of all.values()) {
      if (rule.status !== 'ACTIVE') continue
      for (const groupId of rule.groupIds) {
        if (only !== undefined) apply(rule, groupId, only, at)
        else for (const user of company.users.values()) apply(rule, groupId, user, at)
      }
    }
  }

  function ruleOf(ruleId: string): Rule {
    const rule = all.get(ruleId)
    if (rule === undefined) throw new Error(`no rule ${ruleId} in the stand-in`)
    return rule
  }

  function setStatus(ruleId: string, status: Rule['status'], at: Instant): void {
    all.set(ruleId, { ...ruleOf(ruleId), status })
    fire(at)
  }

  /** The membership ends with what was deleted; nobody took it away, so no rule excludes anybody for it. */
  function dropMembership(groupId: string, userId: string, at: Instant, id: string): void {
    const doing = { by: { kind: 'vendor' as const, id }, requestId: null }
    company.remove(groupId, userId, at, doing, managing(groupId, userId).length > 0)
    managed.delete(keyOf(groupId, userId))
  }

  return {
    all,
    managing,
    fire,
    removeByHand(groupId, userId, at, doing) {
      const holders = managing(groupId, userId)
      if (!company.remove(groupId, userId, at, doing, holders.length > 0)) return
      for (const rule of holders) rule.excludedUsers.add(userId)
      managed.delete(keyOf(groupId, userId))
    },
    setStatus,
    clearExclusions(ruleId, at) {
      ruleOf(ruleId).excludedUsers.clear()
      fire(at)
    },
    forgetGroup(groupId, at) {
      for (const userId of company.membersOf(groupId, at).keys()) dropMembership(groupId, userId, at, 'group deleted')
      for (const rule of all.values()) {
        if (rule.groupIds.includes(groupId)) all.set(rule.id, { ...rule, status: 'INVALID' })
      }
    },
    forgetUser(userId, at) {
      for (const { id } of company.groupsOf(userId, at)) dropMembership(id, userId, at, 'user deleted')
      for (const rule of all.values()) rule.excludedUsers.delete(userId)
    },
  }
}

type Meeting = (user: SeedUser) => boolean

/** Who meets a rule. Throws for an expression that neither the stand-in nor the seed can answer: a seed's mistake. */
function createMeetings(): (rule: Rule) => Meeting {
  const known = new Map<string, Meeting>()
  return (rule) => {
    const { matches } = rule
    if (matches !== undefined) return (user) => matches.includes(user.id)
    let meeting = known.get(rule.expression)
    if (meeting === undefined) {
      const choices = rule.expression.split(/\s+OR\s+/i).map((part) => part.split(/\s+AND\s+/i).map(termOf))
      meeting = (user) => choices.some((terms) => terms.every((term) => term(user)))
      known.set(rule.expression, meeting)
    }
    return meeting
  }
}

function termOf(text: string): Meeting {
  const [, attribute, sign, word] = /^\s*user\.(\w+)\s*(==|!=)\s*"([^"]*)"\s*$/.exec(text) ?? []
  if (attribute === undefined) {
    throw new Error(`the stand-in cannot work out the rule term ${text}: give the rule "matches"`)
  }
  return ({ profile }) => (profile[attribute] === word) === (sign === '==')
}
