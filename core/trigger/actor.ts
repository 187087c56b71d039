import type { PersonId } from '../identity-action/membership-key.ts'

/** Who or what made something happen. Every event and every evidence record names one. */
export type Actor =
  | { readonly kind: 'person'; readonly id: PersonId; readonly door: Door }
  /** An approval rule that decided without a person. */
  | { readonly kind: 'rule'; readonly id: string; readonly version: number }
  /** A moment that came: the end of a window, a deadline. */
  | { readonly kind: 'timer' }
  /** Tenure itself, carrying out what was decided. */
  | { readonly kind: 'engine' }
  /** Somebody with a shell on the server. */
  | { readonly kind: 'operator'; readonly name: string }

/** Where a person told us something. */
export type Door = 'jira' | 'console' | 'cli' | 'api' | 'slack'
