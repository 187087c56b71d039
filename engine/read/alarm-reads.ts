import type { Instant } from '#core/instant.ts'
import type { Queue } from '../store/store.ts'
import type { OverdueRemoval } from './overdue-view.ts'

/** What the surfaces may ask about work that does not go as it should. */
export interface AlarmReads {
  /** The longest first. */
  overdue(): Promise<readonly OverdueRemoval[]>
  gauges(): Promise<Gauges & { readonly lastHeartbeatAt: Instant | null }>
}

/** What an operator's own instruments ask for: counts and ages, and nobody's name. */
export interface Gauges {
  readonly overdueRemovals: number
  readonly liveWindows: number
  readonly due: readonly DueWork[]
  readonly sealedRecords: number
  readonly unsealedRecords: number
}

export interface DueWork {
  readonly queue: Queue
  /** Due by now, and not done: also what somebody holds at this moment. */
  readonly count: number
  /** How long the oldest of it has been due. */
  readonly oldestAgeMs: number
}
