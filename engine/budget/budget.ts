import type { JsonObject } from '#core/event.ts'
import type { Instant } from '#core/instant.ts'
import type { Bucket, Limits } from '#connectors/kit/budget.ts'
import { bucketAt, newBucket, type BucketState } from './bucket.ts'
import { WELL, type BreakerState } from './breaker.ts'
import { NO_CALLS, type CallsAtOnceState } from './calls-at-once.ts'

/** All that replicas know together of one provider: one row, replaced as a whole by whoever saw something last. */
export interface BudgetState {
  readonly v: 2
  readonly buckets: Readonly<Record<string, BucketState>>
  readonly callsAtOnce: CallsAtOnceState
  readonly breaker: BreakerState
}

export const NEW_BUDGET: BudgetState = { v: 2, buckets: {}, callsAtOnce: NO_CALLS, breaker: WELL }

/** A row of another form is forgotten: it held nothing that the next answers do not tell. */
export function budgetOf(stored: JsonObject | null): BudgetState {
  return stored?.['v'] === 2 ? (stored as unknown as BudgetState) : NEW_BUDGET
}

export function bucketOf(state: BudgetState, bucket: Bucket, limits: Limits, now: Instant): BucketState {
  const { holders } = state.callsAtOnce
  // A call that is under way holds its place, so whoever holds none has none.
  const mayBeUnderWay = (replica: string): number => (now < (holders[replica]?.until ?? 0) ? limits.callsAtOnce : 0)
  return bucketAt(bucket, state.buckets[bucket.name] ?? newBucket(bucket), now, mayBeUnderWay)
}

export function withBucket(state: BudgetState, name: string, bucket: BucketState): BudgetState {
  return state.buckets[name] === bucket ? state : { ...state, buckets: { ...state.buckets, [name]: bucket } }
}
