import type { Random } from '#sandbox/company/random.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#core/instant.ts'
import type { Habit } from '#connectors/okta/stand-in/habits.ts'
import type { Fault } from '../schedule/schedule.ts'

/** Where a fault takes hold: a call to a vendor, a change of the database, a replica, a webhook, or a moment at which something is done to a vendor. */
export type Hold = 'okta call' | 'jira call' | 'database' | 'replica' | 'webhook' | 'moment'

/** A kind of fault. `number`: its place in the list of 48; several kinds may share one. */
export interface FaultKind {
  readonly number: number
  readonly kind: string
  readonly hold: Hold
  draw(random: Random, stormMs: number): Omit<Fault, 'number' | 'kind'>
}

/** A window within the storm, of a length up to `longestMs`. */
function within(random: Random, stormMs: number, longestMs: number): { readonly at: number; readonly until: number } {
  const at = random.below(stormMs)
  return { at, until: Math.min(stormMs, at + 1 + random.below(longestMs)) }
}

function at(...shares: readonly number[]) {
  return (random: Random, stormMs: number): Omit<Fault, 'number' | 'kind'> => ({
    ...within(random, stormMs, stormMs),
    share: random.pick(shares),
    on: random.below(1000),
    size: random.below(1_000_000),
  })
}

const often = at(0.02, 0.1, 0.3, 0.7)
/** What costs a process its life or its connection: more often than this, nothing would ever be done. */
const seldom = at(0.01, 0.03, 0.1)

/** At least an hour of the storm is left without it: what only waits for the end of an outage tells little. */
function briefly(longestMs: number, size = 0) {
  return (random: Random, stormMs: number): Omit<Fault, 'number' | 'kind'> => ({
    ...within(random, stormMs, Math.min(longestMs, stormMs - HOUR_MS)),
    share: 1,
    on: random.below(1000),
    size: size === 0 ? 0 : random.below(size),
  })
}

const call = (number: number, kind: string): FaultKind => ({ number, kind, hold: 'okta call', draw: often })
const desk = (number: number, kind: string): FaultKind => ({ number, kind, hold: 'jira call', draw: often })

/** Bad days of the directory by their own names (connectors/okta/stand-in), each under the number of its fault. */
const HABITS: readonly (readonly [number: number, habit: Habit])[] = [
  [3, '429'],
  [3, '429 for a moment'],
  [3, '429 with Retry-After'],
  [3, '429 with a date in Retry-After'],
  [4, '429 without headers'],
  [5, '429 with a reset in the past'],
  [5, '429 with a reset hours ahead'],
  [5, '429 by a clock that is an hour ahead'],
  [6, '500'],
  [6, '502'],
  [6, '503'],
  [6, '504'],
  [6, '500 after the effect'],
  [6, '503 after the effect'],
  [7, 'error in a 200'],
  [7, 'nothing in a 200'],
  [8, 'HTML login page'],
  [8, 'redirect to a login page'],
  [9, 'half a JSON'],
  [10, 'last page missing'],
  [11, 'cursor that loops'],
  [11, 'next page on another host'],
  [12, 'row missing'],
  [12, 'row twice'],
  [22, '401'],
  [22, '403'],
  [24, '429 about calls at once'],
  [27, 'unknown fields'],
  [27, 'unknown enum value'],
  [27, 'null where a value was'],
]

export const FAULT_KINDS: readonly FaultKind[] = [
  call(1, 'request lost'),
  call(2, 'answer lost'),
  ...HABITS.map(([number, habit]) => call(number, habit)),
  call(25, 'slow'),
  call(25, 'effect long after'),
  { number: 13, kind: 'stale reads', hold: 'moment', draw: briefly(2 * HOUR_MS, 24 * HOUR_MS) },
  { number: 13, kind: 'reads a little stale', hold: 'moment', draw: briefly(2 * HOUR_MS, 50 * SECOND_MS) },
  { number: 14, kind: 'reads flip-flop', hold: 'moment', draw: briefly(2 * HOUR_MS, 50 * SECOND_MS) },
  { number: 16, kind: 'group deleted', hold: 'moment', draw: briefly(SECOND_MS) },
  { number: 17, kind: 'group renamed, and another takes the name', hold: 'moment', draw: briefly(SECOND_MS) },
  { number: 18, kind: 'user deleted and re-created', hold: 'moment', draw: briefly(SECOND_MS) },
  { number: 19, kind: 'a rule puts the member back', hold: 'moment', draw: briefly(SECOND_MS) },
  { number: 20, kind: 'a member added by hand', hold: 'moment', draw: briefly(SECOND_MS, 1_000) },
  { number: 20, kind: 'a member removed by hand', hold: 'moment', draw: briefly(SECOND_MS, 1_000) },
  { number: 22, kind: 'role lost', hold: 'moment', draw: briefly(40 * MINUTE_MS) },
  { number: 22, kind: 'tokens refused', hold: 'moment', draw: briefly(40 * MINUTE_MS) },
  { number: 23, kind: 'a competitor', hold: 'moment', draw: briefly(HOUR_MS, 1_000) },
  { number: 26, kind: 'outage', hold: 'moment', draw: briefly(2 * HOUR_MS) },
  desk(1, 'desk: request lost'),
  desk(2, 'desk: answer lost'),
  desk(25, 'desk: slow'),
  { number: 48, kind: 'desk away', hold: 'jira call', draw: briefly(24 * HOUR_MS) },
  { number: 28, kind: 'webhook lost', hold: 'webhook', draw: often },
  { number: 29, kind: 'webhook doubled', hold: 'webhook', draw: often },
  { number: 30, kind: 'webhooks out of order', hold: 'webhook', draw: often },
  { number: 31, kind: 'webhook hours late', hold: 'webhook', draw: often },
  { number: 32, kind: 'forged webhook', hold: 'webhook', draw: often },
  { number: 33, kind: 'replayed webhook', hold: 'webhook', draw: often },
  { number: 34, kind: 'webhook of another site', hold: 'webhook', draw: often },
  { number: 43, kind: 'killed', hold: 'replica', draw: briefly(3 * MINUTE_MS) },
  { number: 43, kind: 'killed at a commit', hold: 'database', draw: seldom },
  { number: 44, kind: 'paused', hold: 'replica', draw: briefly(2 * MINUTE_MS) },
  { number: 45, kind: 'serialisation failure', hold: 'database', draw: often },
  { number: 45, kind: 'connection lost before', hold: 'database', draw: seldom },
  { number: 45, kind: 'connection lost after COMMIT', hold: 'database', draw: seldom },
  { number: 45, kind: 'disk full', hold: 'database', draw: briefly(10 * MINUTE_MS) },
  { number: 45, kind: 'database away', hold: 'database', draw: briefly(10 * MINUTE_MS) },
  { number: 46, kind: 'clock stands still in a pause', hold: 'replica', draw: briefly(2 * MINUTE_MS) },
  { number: 46, kind: 'clock off', hold: 'replica', draw: briefly(HOUR_MS, 2_000) },
  { number: 47, kind: 'one scheduler more', hold: 'replica', draw: briefly(HOUR_MS) },
  // New kinds come last: a seed draws the others as before.
  call(7, '204 without effect'),
  { number: 44, kind: 'paused while a change is under way', hold: 'okta call', draw: at(0.03, 0.1, 0.3) },
]

/** For longer than any lease lasts: somebody else has taken over when the process goes on. */
export function pauseMsOf({ size }: Pick<Fault, 'size'>): number {
  return 12 * SECOND_MS + (size % (40 * SECOND_MS))
}

/** Fault 35 is in what people do: two answers within a millisecond. */
export const DOUBLE_CLICK = { number: 35, kind: 'two people click within a millisecond' } as const

/** Faults whose feature does not exist yet: named, so that nobody takes their silence for a yes. */
export const PENDING_FAULTS: readonly { readonly number: number; readonly until: string }[] = [
  { number: 15, until: 'Entra ID and Google Workspace: Okta answers a repeated change as it answers the first' },
  { number: 21, until: 'Entra ID, which refuses to remove the last owner of a group' },
  {
    number: 45,
    until:
      'the sub-kinds "failover that loses the last seconds" and "older backup": reconciliation after a restore (I40)',
  },
]

export function kindOf(fault: Pick<Fault, 'kind'>): FaultKind {
  const found = FAULT_KINDS.find((each) => each.kind === fault.kind)
  if (!found) throw new Error(`nobody knows the fault "${fault.kind}"`)
  return found
}
