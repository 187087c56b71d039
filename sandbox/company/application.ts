import type { Tier } from '#core/catalog/catalog.ts'
import type { RuleId } from './approval-rules.ts'
import type { Lengths } from './lengths.ts'

export interface Application {
  readonly id: string
  readonly name: string
  readonly description: string
  /** A well-known person. */
  readonly owner: string
  readonly roles: readonly ApplicationRole[]
}

export interface ApplicationRole extends Lengths {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly tier: Tier
  /** A well-known person; null: the role has no owner of its own. */
  readonly owner: string | null
  /** Names of groups in Okta. */
  readonly groups: readonly string[]
  /** Names of groups in other directories (other-groups.ts). */
  readonly otherGroups?: readonly string[]
  readonly rule: RuleId
}
