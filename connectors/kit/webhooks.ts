import type { Instant } from '#core/instant.ts'

/**
 * Checks what is posted to us in a vendor's name, before anybody believes a word of it. Pure: no network, no clock.
 * A genuine webhook is a reason to read a ticket again and never a fact by itself: it may come late, twice, out of
 * order or not at all.
 */
export interface Webhooks {
  verify(posted: PostedWebhook): WebhookVerdict
}

export interface PostedWebhook {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The exact bytes: JSON that was read and written again has another signature. */
  readonly rawBody: Uint8Array
}

export type WebhookVerdict = GenuineWebhook | RefusedWebhook

export interface GenuineWebhook {
  readonly kind: 'genuine'
  /** The vendor's own id, the same over its retries; the digest of the body where the vendor sent none. */
  readonly deliveryId: string
  /** SHA-256 in hex. The signature covers the body and not the headers, so a replay may carry a new id: the digest still knows it. */
  readonly bodyDigest: string
  readonly siteUrl: string
  readonly issueKey: string
  readonly issueId: string
  /** The vendor's name for it, e.g. `jira:issue_updated`. */
  readonly event: string
  /** When it happened, by the vendor's clock; null when it does not say. */
  readonly at: Instant | null
  /** The account that did it, or null. */
  readonly by: string | null
}

export interface RefusedWebhook {
  readonly kind: 'refused'
  readonly because:
    'too large' | 'signature missing' | 'signature wrong' | 'not JSON' | 'another site' | 'not about an issue'
}
