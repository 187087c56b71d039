import type { RefusalCode } from '#core/event.ts'
import type { PersonId } from '#core/identity-action/membership-key.ts'
import { APPLICATIONS } from './applications.ts'
import { ASKS, type NamedAsk } from './asks.ts'
import { UNCLAIMED } from './group-list.ts'
import { groupRulesOf, type Group } from './groups.ts'
import { secondAccountOf, strangerOf } from './jira-accounts.ts'
import { personNamed, type Person } from './people.ts'

/** A request that somebody of a story makes, and what must come of it. */
export interface CaseAsk {
  readonly personId: PersonId
  readonly appId: string
  readonly roleId: string
  readonly hours: number | null
  readonly reason: string
  readonly then:
    | { readonly kind: 'approved by rule' }
    /** Any one of them. */
    | { readonly kind: 'answered by'; readonly personIds: readonly PersonId[] }
    | { readonly kind: 'refused'; readonly code: RefusalCode }
}

/** The well-known cases, each findable in every company that is generated. */
export interface Cases {
  /** They start on Monday and need Salesforce before 1 pm. */
  readonly newHires: readonly CaseAsk[]
  readonly contractorReadsNetSuite: CaseAsk
  readonly engineerOperatesProduction: CaseAsk
  readonly supportRepFiveApps: readonly CaseAsk[]
  readonly roleOfFiveGroups: CaseAsk
  /** By the person of `roleOfFiveGroups`: `groupId` belongs to both roles. */
  readonly secondWindowOnOneGroup: CaseAsk & { readonly groupId: string }
  /** The role's groups are in Okta, Entra ID and Google Workspace. */
  readonly threeDirectories: CaseAsk
  /** Somebody added them by hand: the approval adopts the membership. */
  readonly heldByAnotherHand: CaseAsk & { readonly groupId: string }
  readonly heldByRule: CaseAsk & { readonly groupId: string; readonly groupRuleId: string }
  readonly unclaimedGroup: CaseAsk & { readonly groupId: string }
  readonly heldInUnclaimedGroup: CaseAsk & { readonly groupId: string }
  readonly appGroup: { readonly groupId: string }
  readonly everyoneGroup: { readonly groupId: string }
  readonly ownerAsksForOwnApp: CaseAsk
  readonly onlyOwnerCouldApprove: CaseAsk
  readonly ownerWithTwoAccounts: CaseAsk & { readonly jiraAccountIds: readonly [string, string] }
  readonly strangerAccount: { readonly jiraAccountId: string }
  readonly approverWithoutLink: CaseAsk & { readonly approverId: PersonId }
  readonly managerHasLeft: CaseAsk & { readonly managerId: PersonId }
  readonly namesakes: readonly [PersonId, PersonId]
}

export function casesOf(seed: number, people: readonly Person[], groups: readonly Group[]): Cases {
  const idOf = (name: string, title?: string) => personNamed(people, name, title).id
  const ask = (named: NamedAsk) => caseAskOf(named, people)
  const groupId = (name: string) => {
    const group = groups.find((each) => each.name === name)
    if (!group) throw new Error(`no group is named ${name}`)
    return group.id
  }
  const ruleOf = (name: string) => {
    const rule = groupRulesOf(seed).find((each) => each.groupId === groupId(name))
    if (!rule) throw new Error(`no rule feeds the group ${name}`)
    return rule.id
  }
  return {
    newHires: ASKS.newHires.map(ask),
    contractorReadsNetSuite: ask(ASKS.contractorReadsNetSuite),
    engineerOperatesProduction: ask(ASKS.engineerOperatesProduction),
    supportRepFiveApps: ASKS.supportRepFiveApps.map(ask),
    roleOfFiveGroups: ask(ASKS.roleOfFiveGroups),
    secondWindowOnOneGroup: { ...ask(ASKS.secondWindowOnOneGroup), groupId: groupId('datadog-responders') },
    threeDirectories: ask(ASKS.threeDirectories),
    heldByAnotherHand: { ...ask(ASKS.heldByAnotherHand), groupId: groupId('looker-explorers') },
    heldByRule: {
      ...ask(ASKS.heldByRule),
      groupId: groupId('figma-viewers'),
      groupRuleId: ruleOf('figma-viewers'),
    },
    unclaimedGroup: { ...ask(ASKS.unclaimedGroup), groupId: groupId(UNCLAIMED) },
    heldInUnclaimedGroup: { ...ask(ASKS.heldInUnclaimedGroup), groupId: groupId(UNCLAIMED) },
    appGroup: { groupId: groupId('Workday: All Workers') },
    everyoneGroup: { groupId: groupId('Everyone') },
    ownerAsksForOwnApp: ask(ASKS.ownerAsksForOwnApp),
    onlyOwnerCouldApprove: ask(ASKS.onlyOwnerCouldApprove),
    ownerWithTwoAccounts: {
      ...ask(ASKS.ownerWithTwoAccounts),
      jiraAccountIds: [
        personNamed(people, ASKS.ownerWithTwoAccounts.who).jiraAccountId,
        secondAccountOf(seed, people).accountId,
      ],
    },
    strangerAccount: { jiraAccountId: strangerOf(seed).accountId },
    approverWithoutLink: { ...ask(ASKS.approverWithoutLink), approverId: idOf('Beatriz Nunes') },
    managerHasLeft: { ...ask(ASKS.managerHasLeft), managerId: idOf('Conrad Fisk') },
    namesakes: [idOf('Anna Kowalska', 'Quality Engineer'), idOf('Anna Kowalska', 'Content Writer')],
  }
}

function caseAskOf(named: NamedAsk, people: readonly Person[]): CaseAsk {
  const app = APPLICATIONS.find((each) => each.roles.some((role) => role.id === named.role))
  if (!app) throw new Error(`no role has the id ${named.role}`)
  const { then } = named
  return {
    personId: personNamed(people, named.who).id,
    appId: app.id,
    roleId: named.role,
    hours: named.hours,
    reason: named.reason,
    then:
      then.kind === 'answered by'
        ? { kind: then.kind, personIds: then.names.map((name) => personNamed(people, name).id) }
        : then,
  }
}
