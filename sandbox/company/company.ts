import type { Catalog } from '#core/catalog/catalog.ts'
import type { GroupRef } from '#core/identity-action/membership-key.ts'
import { casesOf, type Cases } from './cases.ts'
import { catalogOf } from './catalog.ts'
import { groupRulesOf, groupsOf, isClaimed, type Group, type GroupRule } from './groups.ts'
import { jiraAccountsOf, linksOf, type AccountLink, type JiraAccount } from './jira-accounts.ts'
import { OTHER_GROUPS, type OtherGroup } from './other-groups.ts'
import { DOMAIN, peopleOf, type Person } from './people.ts'

/**
 * Halden: a company that does not exist, whole enough to try everything on. The same seed gives the same bytes; the
 * well-known people and cases are in every one of them. Nothing in it knows what day it is.
 */
export interface Company {
  readonly name: string
  readonly domain: string
  readonly people: readonly Person[]
  readonly groups: readonly Group[]
  readonly groupRules: readonly GroupRule[]
  /** Groups of the directories beside Okta. */
  readonly otherGroups: readonly OtherGroup[]
  readonly jiraAccounts: readonly JiraAccount[]
  readonly links: readonly AccountLink[]
  readonly catalog: Catalog
  /** Claimed for governance before the first request. */
  readonly claimedGroups: readonly GroupRef[]
  readonly cases: Cases
}

/** What a company is without its well-known cases: enough to make its stand-ins and its catalog of. */
export type CompanyFacts = Omit<Company, 'cases'>

/** The company that `npm start`, the demo and docs/sandbox.md show. */
export const SANDBOX_SEED = 1

export function generateCompany(seed: number): Company {
  const people = peopleOf(seed)
  const groups = groupsOf(seed, people)
  return {
    name: 'Halden',
    domain: DOMAIN,
    people,
    groups,
    groupRules: groupRulesOf(seed),
    otherGroups: OTHER_GROUPS,
    jiraAccounts: jiraAccountsOf(seed, people),
    links: linksOf(seed, people),
    catalog: catalogOf(people, groups),
    claimedGroups: [
      ...groups.filter(isClaimed).map((group) => ({ provider: 'okta', id: group.id })),
      ...OTHER_GROUPS.filter(({ department }) => department === undefined).map(({ provider, id }) => ({
        provider,
        id,
      })),
    ],
    cases: casesOf(seed, people, groups),
  }
}
