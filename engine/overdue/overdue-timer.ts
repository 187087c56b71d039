import type { GrantState } from '#core/grant/grant.ts'
import type { Timer } from '../store/store.ts'

export function overdueTimerId(grantId: string): string {
  return `${grantId}:overdue`
}

/**
 * When to look whether a removal is proven; null when there is nothing to look for. It is set with the end of the grant and
 * cancelled with its last release. Whoever comes by the same end again leaves it as it stands.
 */
export function overdueTimerOf(grantId: string, grant: GrantState, afterMs: number): Timer | null {
  if (grant.status !== 'ending' || grant.endingSince === null || grant.overdue) return null
  const dueAt = Date.parse(grant.endingSince) + afterMs
  return { id: overdueTimerId(grantId), kind: 'removal overdue', about: grantId, dueAt, unlessSet: true }
}
