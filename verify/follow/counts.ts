import type { EvidenceRecord } from '../record.ts'

/** What the records tell, counted. */
export interface Counts {
  /** Identity changes that were proven. */
  changes: number
  grants: number
  requests: number
  approved: number
  /** Windows that started: access that went live. */
  granted: number
  /** Grants that ended because their window did. */
  expired: number
  /** Removals that took something away, and were read back. */
  removedAndReadBack: number
}

export function newCounts(): Counts {
  return { changes: 0, grants: 0, requests: 0, approved: 0, granted: 0, expired: 0, removedAndReadBack: 0 }
}

export function count(counts: Counts, { type, data }: EvidenceRecord): void {
  switch (type) {
    case 'RequestSubmitted':
      counts.requests++
      break
    case 'RequestApproved':
      counts.approved++
      break
    case 'GrantOpened':
      counts.grants++
      break
    case 'WindowStarted':
      counts.granted++
      break
    case 'GrantEnding':
      if (data['because'] === 'window ended') counts.expired++
      break
    case 'ChangeProven':
      counts.changes++
      if (data['do'] === 'remove' && typeof data['readAt'] === 'string' && data['effect'] !== 'already so') {
        counts.removedAndReadBack++
      }
  }
}
