import type { ClaimedMembership } from '../store/store.ts'

export function byProvider(claimed: readonly ClaimedMembership[]): ReadonlyMap<string, readonly ClaimedMembership[]> {
  return Map.groupBy(claimed, (each) => each.group.provider)
}
