import { oneChangeAtATime } from './i12-one-change-at-a-time.ts'
import { nothingStumblesByItself } from './i00-nothing-stumbles-by-itself.ts'
import type { Invariant } from './invariant.ts'

/** Every promise that the simulation checks, in the order of their ids. */
export const INVARIANTS: readonly Invariant[] = [nothingStumblesByItself, oneChangeAtATime]

/** Promises whose feature does not exist yet: named here, so that nobody takes their silence for a yes. */
export const PENDING: readonly { readonly id: `I${number}`; readonly until: string }[] = []
