import {
  decideCatalog,
  evolveCatalog,
  NO_CATALOG,
  type CatalogEvent,
  type CatalogState,
  type PublishCatalog,
} from '#core/catalog/catalog.ts'
import {
  decideRule,
  evolveRule,
  NO_RULE,
  type ApprovalRuleEvent,
  type ApprovalRuleState,
  type PublishRule,
} from '#core/approval-rule/approval-rule.ts'
import type { Decision, Event } from '#core/event.ts'
import {
  decideFinding,
  evolveFinding,
  isOpen,
  NO_FINDING,
  type FindingCommand,
  type FindingEvent,
  type FindingState,
} from '#core/finding/finding.ts'
import {
  decideGrant,
  evolveGrant,
  NO_GRANT,
  type GrantCommand,
  type GrantEvent,
  type GrantState,
} from '#core/grant/grant.ts'
import {
  decideGroup,
  evolveGroup,
  UNCLAIMED,
  type GroupCommand,
  type GroupEvent,
  type GroupState,
} from '#core/group/group.ts'
import { decideHalt, evolveHalt, RUNNING, type HaltCommand, type HaltEvent, type HaltState } from '#core/halt/halt.ts'
import type { Instant } from '#core/instant.ts'
import {
  decideMembership,
  evolveMembership,
  NO_MEMBERSHIP,
  type MembershipCommand,
  type MembershipEvent,
  type MembershipState,
} from '#core/identity-action/membership.ts'
import {
  decidePerson,
  evolvePerson,
  NO_PERSON,
  type PersonCommand,
  type PersonEvent,
  type PersonState,
} from '#core/person/person.ts'
import {
  decideRequest,
  evolveRequest,
  NO_REQUEST,
  type RequestCommand,
  type RequestEvent,
  type RequestState,
} from '#core/request/request.ts'
import { findingKey, foundWithKey, OPEN_FINDING_KEY, openInKey } from './finding-keys.ts'

/** A kind of stream: how it decides and how it remembers. `keys` are what it can be found by. */
export interface StreamKind<State, Command, E extends Event<string, unknown>> {
  readonly none: State
  decide(command: Command, state: State): Decision<E>
  evolve(state: State, event: E, at: Instant): State
  keys(state: State): readonly string[]
}

export const REQUEST: StreamKind<RequestState, RequestCommand, RequestEvent> = {
  none: NO_REQUEST,
  decide: decideRequest,
  evolve: evolveRequest,
  keys: ({ issue, submitted }) => [
    ...(issue ? [issueKey(issue.desk, issue.id), ticketKey(issue.desk, issue.key)] : []),
    ...(submitted ? [askKey(submitted.beneficiaryId, submitted.roleId)] : []),
  ],
}

export function issueKey(desk: string, issueId: string): string {
  return `issue:${desk}:${issueId}`
}

/** By the name that people use; it may change, and then the id finds the ticket still. */
export function ticketKey(desk: string, key: string): string {
  return `ticket:${desk}:${key}`
}

/** The same role for the same person: finds what they asked for, have or had. */
export function askKey(personId: string, roleId: string): string {
  return `ask:${personId}:${roleId}`
}

/** Finds the grants whose removal is overdue. */
export const OVERDUE_KEY = 'overdue'

export const GRANT: StreamKind<GrantState, GrantCommand, GrantEvent> = {
  none: NO_GRANT,
  decide: decideGrant,
  evolve: evolveGrant,
  keys: ({ opened, overdue }) => [
    ...(opened ? [`holder:${opened.personId}`] : []),
    ...(overdue && !overdue.over ? [OVERDUE_KEY] : []),
  ],
}

export const MEMBERSHIP: StreamKind<MembershipState, MembershipCommand, MembershipEvent> = {
  none: NO_MEMBERSHIP,
  decide: decideMembership,
  evolve: evolveMembership,
  keys: () => [],
}

/** Finds the groups that are claimed. */
export const CLAIMED_KEY = 'claimed group'

export const GROUP: StreamKind<GroupState, GroupCommand, GroupEvent> = {
  none: UNCLAIMED,
  decide: decideGroup,
  evolve: evolveGroup,
  keys: ({ claimed }) => (claimed ? [CLAIMED_KEY] : []),
}

export const FINDING: StreamKind<FindingState, FindingCommand, FindingEvent> = {
  none: NO_FINDING,
  decide: decideFinding,
  evolve: evolveFinding,
  keys: (state) => {
    const { found } = state
    if (!found) return []
    const lead = found.leadId === null ? [] : [foundWithKey(found.leadId)]
    return [findingKey(found.findingId), ...lead, ...(isOpen(state) ? [OPEN_FINDING_KEY, openInKey(found.group)] : [])]
  },
}

export const HALT: StreamKind<HaltState, HaltCommand, HaltEvent> = {
  none: RUNNING,
  decide: decideHalt,
  evolve: evolveHalt,
  keys: () => [],
}

export const CATALOG: StreamKind<CatalogState, PublishCatalog, CatalogEvent> = {
  none: NO_CATALOG,
  decide: decideCatalog,
  evolve: evolveCatalog,
  keys: () => [],
}

export const RULE: StreamKind<ApprovalRuleState, PublishRule, ApprovalRuleEvent> = {
  none: NO_RULE,
  decide: decideRule,
  evolve: evolveRule,
  keys: () => [],
}

export const PERSON: StreamKind<PersonState, PersonCommand, PersonEvent> = {
  none: NO_PERSON,
  decide: decidePerson,
  evolve: evolvePerson,
  keys: () => [],
}
