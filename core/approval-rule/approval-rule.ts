import { accepted, type Decision, type Event, type JsonObject } from '../event.ts'
import type { PersonId } from '../identity-action/membership-key.ts'

/** Who must say yes. Rules are data; `assess` is the one evaluator. */
export interface ApprovalRule {
  readonly id: string
  readonly name: string
  /** Known roles for which nobody is asked: any entry that fits the beneficiary approves. Empty: somebody is always asked. */
  readonly autoApprove: readonly KnownRole[]
  /** Anyone found by any of these sources may answer; one answer decides. */
  readonly approvers: readonly ApproverSource[]
}

/** A known role in the company. Every list that is given must hold the person's value. */
export interface KnownRole {
  readonly departments?: readonly string[]
  readonly titles?: readonly string[]
}

export type ApproverSource =
  | { readonly kind: 'manager' }
  | { readonly kind: 'app owner' }
  | { readonly kind: 'role owner' }
  | { readonly kind: 'named'; readonly people: readonly PersonId[] }
  | { readonly kind: 'security' }

export type ApprovalRuleEvent = Event<
  'ApprovalRulePublished',
  { readonly ruleId: string; readonly version: number; readonly hash: string; readonly definition: JsonObject }
>

export interface ApprovalRuleState {
  /** 0 before the first publication. */
  readonly version: number
  readonly hash: string | null
}

export const NO_RULE: ApprovalRuleState = { version: 0, hash: null }

export interface PublishRule {
  readonly kind: 'publish rule'
  readonly rule: ApprovalRule
  /** Hash of the canonical form: the same content again publishes nothing, so a version always means one content. */
  readonly hash: string
}

export function decideRule(command: PublishRule, state: ApprovalRuleState): Decision<ApprovalRuleEvent> {
  if (command.hash === state.hash) return accepted()
  return accepted({
    type: 'ApprovalRulePublished',
    data: {
      ruleId: command.rule.id,
      version: state.version + 1,
      hash: command.hash,
      definition: command.rule as unknown as JsonObject,
    },
  })
}

export function evolveRule(_state: ApprovalRuleState, event: ApprovalRuleEvent): ApprovalRuleState {
  return { version: event.data.version, hash: event.data.hash }
}
