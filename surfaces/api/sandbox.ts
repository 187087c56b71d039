import type { PersonChoice } from './wire.ts'

/** What the sandbox company lets its visitor do. Handed in by the composition root, and only in sandbox mode. */
export interface Sandbox {
  readonly companyName: string
  /** Everybody whom the visitor may be; empty while the company is still being set up. */
  persons(): Promise<readonly PersonChoice[]>
  /** Moves the sandbox's clock forward. Resolves when the engine has been told of the new time. */
  advance(hours: number): Promise<void>
}
