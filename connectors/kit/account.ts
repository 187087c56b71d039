import type { Outcome } from '#core/identity-action/outcome.ts'
import type { AccountId, Reading } from './connector.ts'

/**
 * The account itself. What is done here can be undone, except `deactivate`; nothing here ever deletes. The outcome is the
 * vendor's word for it; a read of `standing` is the proof.
 */
export interface Account {
  /** Nobody signs in with it until it is restored. Groups and applications stay. */
  suspend(account: AccountId): Promise<Outcome>
  restore(account: AccountId): Promise<Outcome>
  /** Where the vendor knows more than suspending: applications are taken away, and restoring does not bring them back. */
  readonly deactivate?: (account: AccountId) => Promise<Outcome>
  standing(account: AccountId): Promise<Reading<AccountStanding>>
}

/** `leaving`: the vendor is at work on a deactivation. `other`: neither can it be used nor was it stopped, e.g. not yet activated. */
export type AccountStanding = 'active' | 'suspended' | 'leaving' | 'deactivated' | 'other'

export interface Sessions {
  /**
   * Ends what can be ended: sessions, refresh tokens, consents, passwords of single applications. What outlives it (access
   * tokens that were handed out, sessions of the applications themselves) is told in the connector's README.
   */
  end(account: AccountId): Promise<Outcome>
}
