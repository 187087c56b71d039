import type { HttpRequest } from '#connectors/kit/io.ts'
import type { Limits } from './limits.ts'

/** How well the site behaves. Nothing here is random: a test or a seeded schedule says when. */
export interface JiraHabits {
  /** Null switches the rate limits off; absent means the vendor's numbers. */
  readonly limits?: Limits | null
  /** How long the search index trails behind a write. */
  readonly searchLagMs?: number
  /** False: `expand=properties` on comments is ignored, as the published description does not promise it. */
  readonly expandsCommentProperties?: boolean
  /** Asked for every REST request; `count` is its number, from 1. */
  readonly misbehave?: (request: HttpRequest, count: number) => Misbehaviour | null
  readonly webhooks?: WebhookHabits
}

export interface Misbehaviour {
  readonly answer: 'html' | 'half a JSON' | 'unavailable' | 'global quota' | 'empty'
  /** True: what was asked was done all the same, so the caller cannot know. */
  readonly done: boolean
}

/** Counted over all deliveries of the site. Every second one is `2`. */
export interface WebhookHabits {
  readonly loseEvery?: number
  readonly doubleEvery?: number
  /** What was queued together is handed over last first. */
  readonly reverse?: boolean
}
