import type { Limits } from './limits.ts'

/** How the site behaves all the time. What it does on a bad day is for its hands to say. */
export interface JiraHabits {
  /** Null switches the rate limits off; absent means the vendor's numbers. */
  readonly limits?: Limits | null
  /** How long the search index trails behind a write. */
  readonly searchLagMs?: number
  /** False: `expand=properties` on comments is ignored, as the published description does not promise it. */
  readonly expandsCommentProperties?: boolean
  readonly webhooks?: WebhookHabits
}

/** Counted over all deliveries of the site. Every second one is `2`. */
export interface WebhookHabits {
  readonly loseEvery?: number
  readonly doubleEvery?: number
  /** What was queued together is handed over last first. */
  readonly reverse?: boolean
}
