import type { ApprovalRule, ApproverSource } from '../approval-rule/approval-rule.ts'
import type { GroupRef } from '../identity-action/membership-key.ts'
import type { App, Catalog, Role } from './catalog.ts'

/** A small catalog, valid as it stands, that the tests of the core speak about. Every part can be replaced. */

export function group(id: string): GroupRef {
  return { provider: 'okta', id }
}

export const READERS: GroupRef = group('00gReaders')
export const WRITERS: GroupRef = group('00gWriters')

export function app(more: Partial<App> = {}): App {
  return { id: 'app_ledger', name: 'Ledger', description: 'The books', ownerIds: ['per_olga'], ...more }
}

export function role(more: Partial<Role> = {}): Role {
  return {
    id: 'role_reader',
    appId: 'app_ledger',
    name: 'Reader',
    description: 'Sees every entry',
    tier: 'standard',
    ownerIds: ['per_rolf'],
    groups: [READERS],
    durations: { hours: [], maximumHours: null, noEnd: true },
    ruleId: 'rule_manager',
    ...more,
  }
}

export const ADMIN: Role = role({
  id: 'role_admin',
  name: 'Admin',
  tier: 'privileged',
  groups: [READERS, WRITERS],
  durations: { hours: [1, 6, 24], maximumHours: 24, noEnd: false },
})

export function rule(approvers: readonly ApproverSource[], more: Partial<ApprovalRule> = {}): ApprovalRule {
  return { id: 'rule_manager', name: 'Manager says yes', autoApprove: [], approvers, ...more }
}

export function catalog(more: Partial<Catalog> = {}): Catalog {
  return {
    apps: [app()],
    roles: [role(), ADMIN],
    rules: [rule([{ kind: 'manager' }])],
    securityIds: ['per_sami'],
    administratorIds: ['per_ada'],
    shortNeedHours: 168,
    completeWithinHours: 24,
    ...more,
  }
}
