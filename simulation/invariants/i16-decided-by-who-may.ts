import type { ApprovalRule } from '#core/approval-rule/approval-rule.ts'
import { SECOND_MS, type Instant } from '#core/instant.ts'
import type { Facts } from '../facts.ts'
import { COMPANY } from '../company.ts'
import { absencesOf } from '../oracle/activity.ts'
import { clocksOf } from '../oracle/clocks.ts'
import type { Run } from '../world/simulate.ts'
import { decisionInWords, decisionsOf, type Decision, type Submitted } from './decisions.ts'
import { timeOf } from './in-words.ts'
import type { Invariant, Violation } from './invariant.ts'
import { streamsOf } from './streams.ts'

/** Between looking who somebody is and recording what they decided lie a few looks at the database. */
const A_TURN_MS = SECOND_MS

/**
 * A directory is read every hour, so somebody who was deactivated a minute ago still decides: what counts is what it had
 * told when the decision was used. Who is eligible is worked out anew, from the rule's text in the log.
 */
export const decidedByWhoMay: Invariant = {
  id: 'I16',
  says: 'A decision counts only from somebody whom the directory had told to be active, and whom the rule version in the record makes an approver.',
  check(facts) {
    const decisions = decisionsOf(facts)
    if (decisions.length === 0) return null
    const rules = rulesOf(facts)
    const wasAbsent = absenceToldOf(facts.run)
    return decisions.flatMap((each): readonly Violation[] => {
      const { event, at, submitted } = each
      const stated = (event.data['rule'] ?? submitted.rule) as Submitted['rule']
      const rule = rules.get(`${stated.id}@${stated.version}`)
      const flaw =
        rule === undefined || rule.at > event.position
          ? `states ${stated.id}@${stated.version}, which was not published before it`
          : event.by.kind === 'rule'
            ? flawOfRule(each, rule.definition, stated)
            : event.by.kind === 'person'
              ? flawOfPerson(event.by.id, each, rule.definition, wasAbsent)
              : null
      return flaw === null ? [] : [{ at, what: `${decisionInWords(each)} ${flaw}` }]
    })
  },
}

interface Published {
  readonly at: number
  readonly definition: ApprovalRule
}

function rulesOf({ product }: Facts): ReadonlyMap<string, Published> {
  const rules = new Map<string, Published>()
  for (const { events } of streamsOf(product, 'approval-rule')) {
    for (const { data, position } of events) {
      const definition = data['definition'] as unknown as ApprovalRule
      rules.set(`${String(data['ruleId'])}@${String(data['version'])}`, { at: position, definition })
    }
  }
  return rules
}

function flawOfRule({ submitted, event }: Decision, rule: ApprovalRule, stated: Submitted['rule']): string | null {
  const role = COMPANY.catalog.roles.find((each) => each.id === submitted.roleId)
  const holder = COMPANY.people.find((each) => each.id === submitted.beneficiaryId)
  const { by } = event
  if (by.kind !== 'rule' || by.id !== stated.id || by.version !== stated.version)
    return 'is by another rule than it states'
  if (role?.ruleId !== rule.id || role.tier !== 'standard')
    return `is by ${rule.id}, which may not give ${submitted.roleId} by itself`
  const fits = rule.autoApprove.some(
    ({ departments, titles }) =>
      (departments ?? titles) !== undefined &&
      (departments?.includes(holder?.department ?? '') ?? true) &&
      (titles?.includes(holder?.title ?? '') ?? true),
  )
  return fits ? null : `is by ${rule.id}, in which nobody like ${holder?.firstName ?? submitted.beneficiaryId} is known`
}

function flawOfPerson(
  decider: string,
  { submitted, at }: Decision,
  rule: ApprovalRule,
  wasAbsent: (person: string, at: Instant) => Instant | null,
): string | null {
  const name = COMPANY.people.find((each) => each.id === decider)?.firstName ?? decider
  if (!approversBy(rule, submitted).has(decider)) return `is by ${name}, whom ${rule.id} does not ask`
  const since = wasAbsent(decider, at)
  return since === null
    ? null
    : `is by ${name}, and the directory had told that they are not active since ${timeOf(since)}`
}

function approversBy(rule: ApprovalRule, { appId, roleId, beneficiaryId }: Submitted): ReadonlySet<string> {
  const { apps, roles, securityIds } = COMPANY.catalog
  const found = rule.approvers.flatMap((source): readonly (string | null | undefined)[] => {
    switch (source.kind) {
      case 'manager':
        return [COMPANY.people.find((each) => each.id === beneficiaryId)?.managerId]
      case 'app owner':
        return apps.find((each) => each.id === appId)?.ownerIds ?? []
      case 'role owner':
        return roles.find((each) => each.id === roleId)?.ownerIds ?? []
      case 'named':
        return source.people
      case 'security':
        return securityIds
    }
  })
  return new Set(found.filter((each) => typeof each === 'string'))
}

/** Since when somebody had been away, if the newest reading that was kept before then told so. */
function absenceToldOf(run: Run): (person: string, at: Instant) => Instant | null {
  const absences = absencesOf(run)
  const offAt = clocksOf(run)
  return (person, at) => {
    const away = absences.get(person)
    if (away === undefined) return null
    const newest = run.history.syncs
      .filter((each) => each.at + A_TURN_MS < at)
      .reduce<(typeof run.history.syncs)[number] | null>((a, b) => (a === null || b.readAt > a.readAt ? b : a), null)
    if (newest === null) return null
    const beganAt = newest.readAt - offAt(newest.at).beforeMs
    return away.find(({ from, until }) => from < beganAt && newest.at < until)?.from ?? null
  }
}
