import type { MembershipChange } from '#connectors/okta/stand-in/company.ts'
import type { Contents } from '#engine/store/memory/contents.ts'
import type { MemoryStore } from '#engine/store/memory/memory-store.ts'
import type { Store } from '#engine/store/store.ts'
import type { Run } from './world/simulate.ts'

/** Everything that a check may look at, gathered once a run. */
export interface Facts {
  readonly run: Run
  /** Ground truth: every membership change that really happened at the directory. */
  readonly changes: readonly MembershipChange[]
  /** What the product holds at the end: its evidence and its rows. The oracle never looks here. */
  readonly product: Contents
  /** The same behind its port, for what has to be asked as the product asks. Never to be written. */
  readonly store: Store
}

export function factsOf(run: Run, store: MemoryStore): Facts {
  return { run, changes: run.okta.truth.changeLog, product: store.contents, store }
}
