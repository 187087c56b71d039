import { instantOf } from '../record.ts'
import type { Broken, KnownChange, Links } from './known.ts'

/** What a `ChangeProven` claims. */
export interface Proof extends Links {
  readonly changeId: string
  readonly effect: 'changed' | 'already so' | 'found by read-back'
  readonly receipt: string | null
  readonly intendedAt: string
  readonly answeredAt: string | null
  /** Null is not a value it may have; it is read as one to say so in words. */
  readonly readAt: string | null
}

/** What must hold between a proof and the change that was intended. */
export type ProofRule = (proof: Proof, change: KnownChange) => Broken | null

/** The proof is of that change: the same direction, grant, request and moment. */
export const agreesWithTheIntent: ProofRule = (proof, change) => {
  const same =
    proof.does === change.does &&
    proof.grantId === change.grantId &&
    proof.requestId === change.requestId &&
    proof.intendedAt === change.intendedAt
  return same ? null : { code: 'intent differs', said: `the proof does not say what ${change.record} intended` }
}

/** The outcome: the vendor's answer with this change id, or an effect that was found by reading back. */
export const leadsToAnOutcome: ProofRule = ({ effect, changeId }, { answers }) =>
  effect === 'found by read-back' || answers.length > 0
    ? null
    : { code: 'no outcome', said: `no ChangeAnswered of ${changeId} says that it was done` }

/** When the proof names an answer, that answer is in the log, with that receipt. */
export const agreesWithTheOutcome: ProofRule = ({ effect, answeredAt, receipt }, { answers }) => {
  // Found by reading back: there may be no answer to name. No answer at all is the business of the rule above.
  if (effect === 'found by read-back' && answeredAt === null && receipt === null) return null
  if (effect !== 'found by read-back' && answers.length === 0) return null
  return answers.some((answer) => answer.at === answeredAt && answer.receipt === receipt)
    ? null
    : { code: 'outcome differs', said: 'the proof names another moment or receipt than the answers of this change' }
}

/** Nothing is done until it was read back. */
export const leadsToAReadBack: ProofRule = ({ readAt }) =>
  readAt === null ? { code: 'no read-back', said: 'the proof does not say when the membership was read back' } : null

/** A read that is older than the answer proves nothing; without an answer, one that is older than the intent. */
export const readBackIsNotOlderThanTheAnswer: ProofRule = ({ readAt, answeredAt, intendedAt }) => {
  const since = answeredAt ?? intendedAt
  if (readAt === null || Number(instantOf(readAt)) >= Number(instantOf(since))) return null
  return { code: 'read before the answer', said: `read back at ${readAt}, which is before ${since}` }
}

export const PROOF_RULES: readonly ProofRule[] = [
  agreesWithTheIntent,
  leadsToAnOutcome,
  agreesWithTheOutcome,
  leadsToAReadBack,
  readBackIsNotOlderThanTheAnswer,
]
