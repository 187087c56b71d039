import type { ApprovalRule, ApproverSource } from '#core/approval-rule/approval-rule.ts'
import { personNamed, type Person } from './people.ts'

/** Every kind of rule, at least once. Ids are what records name: they never change. */
export type RuleId =
  | 'known-role-sales'
  | 'known-role-support'
  | 'known-role-engineering'
  | 'known-role-diagnosis'
  | 'known-role-counsel'
  | 'everyday-reader'
  | 'manager'
  | 'app-owner'
  | 'role-owner'
  | 'manager-or-app-owner'
  | 'data-stewards'
  | 'records-specialist'
  | 'security'
  | 'app-owner-or-security'

export const SUPPORT_TITLES = ['Support Representative', 'Senior Support Representative'] as const

const MANAGER: ApproverSource = { kind: 'manager' }
const APP_OWNER: ApproverSource = { kind: 'app owner' }
const ROLE_OWNER: ApproverSource = { kind: 'role owner' }
const SECURITY: ApproverSource = { kind: 'security' }

export function approvalRulesOf(people: readonly Person[]): readonly (ApprovalRule & { readonly id: RuleId })[] {
  const named = (...names: readonly string[]): ApproverSource => ({
    kind: 'named',
    people: names.map((name) => personNamed(people, name).id),
  })
  return [
    {
      id: 'known-role-sales',
      name: 'Everybody in Sales, else the manager',
      autoApprove: [{ departments: ['Sales'] }],
      approvers: [MANAGER],
    },
    {
      id: 'known-role-support',
      name: 'Support representatives, else the manager',
      autoApprove: [{ departments: ['Support'], titles: SUPPORT_TITLES }],
      approvers: [MANAGER],
    },
    {
      id: 'known-role-engineering',
      name: 'Everybody in Engineering, else the manager',
      autoApprove: [{ departments: ['Engineering'] }],
      approvers: [MANAGER],
    },
    {
      id: 'known-role-diagnosis',
      name: 'Engineering and support representatives, else the manager',
      autoApprove: [{ departments: ['Engineering'] }, { titles: SUPPORT_TITLES }],
      approvers: [MANAGER],
    },
    {
      id: 'known-role-counsel',
      name: 'Counsel, else the manager',
      autoApprove: [{ departments: ['Legal'], titles: ['General Counsel', 'Senior Counsel', 'Counsel'] }],
      approvers: [MANAGER],
    },
    {
      id: 'everyday-reader',
      name: 'Departments that read reports every day, else the manager',
      autoApprove: [{ departments: ['Sales', 'Support', 'Product', 'Marketing', 'Operations'] }],
      approvers: [MANAGER],
    },
    { id: 'manager', name: 'The manager', autoApprove: [], approvers: [MANAGER] },
    { id: 'app-owner', name: 'The owner of the app', autoApprove: [], approvers: [APP_OWNER] },
    { id: 'role-owner', name: 'The owner of the role', autoApprove: [], approvers: [ROLE_OWNER] },
    {
      id: 'manager-or-app-owner',
      name: 'The manager or the owner of the app',
      autoApprove: [],
      approvers: [MANAGER, APP_OWNER],
    },
    {
      id: 'data-stewards',
      name: 'One of the two data stewards',
      autoApprove: [],
      approvers: [named('Elif Kaya', 'Gustavo Pires')],
    },
    {
      id: 'records-specialist',
      name: 'The records specialist',
      autoApprove: [],
      approvers: [named('Beatriz Nunes')],
    },
    { id: 'security', name: 'Security', autoApprove: [], approvers: [SECURITY] },
    {
      id: 'app-owner-or-security',
      name: 'The owner of the app or Security',
      autoApprove: [],
      approvers: [APP_OWNER, SECURITY],
    },
  ]
}
