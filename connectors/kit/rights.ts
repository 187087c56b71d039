import type { Reading } from './connector.ts'

/** What the credentials may do. Asked at the start: with a right too many nothing is begun. */
export interface Rights {
  check(): Promise<Reading<RightsFound>>
}

export interface RightsFound {
  /** In the vendor's words, e.g. `GroupMember.ReadWrite.All`. */
  readonly held: readonly string[]
  /** Declared as needed, and not held: what needs them will be refused. */
  readonly missing: readonly string[]
  /** Held, and they must not be: a mistake with them could not be undone. Each with the reason and what to do. */
  readonly tooMany: readonly { readonly right: string; readonly why: string }[]
  /** What an operator should know, e.g. that an API token has all the rights of whoever made it. */
  readonly warnings: readonly string[]
}
