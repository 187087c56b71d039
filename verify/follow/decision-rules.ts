import type { Fields } from '../record.ts'
import { ruleVersion, text } from './fields.ts'
import type { Broken, Known, KnownRequest } from './known.ts'

/** An approval, as its `RequestApproved` tells it, beside the request that it answers. */
export interface Approval {
  readonly requestId: string
  readonly by: Fields
  readonly askHash: string
  /** `<id>@<version>` */
  readonly rule: string
  /** Whether the record names an approval on a desk. */
  readonly hasApproval: boolean
  readonly request: KnownRequest | null
}

export type DecisionRule = (approval: Approval, known: Known) => Broken | null

/** A decision answers a request that was submitted. */
export const answersARequest: DecisionRule = ({ request, requestId }) =>
  request === null
    ? { code: 'no trigger', said: `no RequestSubmitted of ${requestId} comes before this decision` }
    : null

/** What was approved is what was asked: the hash of the ask is the same. */
export const answersTheAsk: DecisionRule = ({ request, askHash }) =>
  request !== null && request.askHash !== askHash
    ? { code: 'decision of another ask', said: 'the hash of what was approved is not the hash of what was asked' }
    : null

/** The rule version under which it was decided was published before. */
export const wasDecidedUnderAKnownRule: DecisionRule = ({ rule }, known) =>
  known.ruleVersions.has(rule)
    ? null
    : { code: 'rule version unknown', said: `no ApprovalRulePublished of ${rule} comes before this decision` }

/** Either a rule decided alone, and then it is that rule; or a person did, and then the desk's approval is named. */
export const hasADecider: DecisionRule = ({ by, hasApproval, rule }) => {
  const kind = by['kind']
  const holds = kind === 'rule' ? !hasApproval && ruleVersion(by, 'id') === rule : kind === 'person' && hasApproval
  const said = `decided by ${String(kind)}, ${hasApproval ? 'with' : 'without'} an approval on a desk, under rule ${rule}`
  return holds ? null : { code: 'decided without a decider', said }
}

/** Nobody approves what they asked for, or what is for themselves. */
export const wasNotDecidedByWhoeverAsked: DecisionRule = ({ by, request }) => {
  if (request === null || by['kind'] !== 'person') return null
  const id = text(by, 'id')
  if (id !== request.requesterId && id !== request.beneficiaryId) return null
  return { code: 'decided by whoever asked', said: `${id} asked for this access, or is to get it, and approved it` }
}

export const DECISION_RULES: readonly DecisionRule[] = [
  answersARequest,
  answersTheAsk,
  wasDecidedUnderAKnownRule,
  hasADecider,
  wasNotDecidedByWhoeverAsked,
]
