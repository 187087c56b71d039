import type { Instant } from '#core/instant.ts'
import type { AlarmReads } from '#engine/read/alarm-reads.ts'
import type { HaltReads } from '#engine/read/halt-view.ts'
import type { RequestReads } from '#engine/read/request-reads.ts'
import type { ConsoleBuild } from './console-build.ts'
import type { Entry } from './entry.ts'
import type { Sandbox } from './sandbox.ts'

/** All that the server of console and API is made from. */
export interface ApiOptions {
  /** Null while the database starts: the server answers at once, and says so. */
  readonly reads: () => RequestReads | null
  /** As `reads`. */
  readonly halts: () => Pick<HaltReads, 'orders'> | null
  /** As `reads`. */
  readonly alarms: () => AlarmReads | null
  /** Null: a real company. */
  readonly sandbox: Sandbox | null
  readonly console: ConsoleBuild
  readonly entry: Entry
  /** The engine's one clock. In the sandbox it is the story's, not the wall's. */
  readonly now: () => Instant
  /** Where people ask for access (the portal), for the words of an empty list. */
  readonly askUrl: () => string | null
  /** A bug: goes to the operator's log. What the caller reads says only that something broke. */
  readonly onFault: (fault: unknown, where: string) => void
}
