import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { PostedWebhook, RefusedWebhook, WebhookVerdict } from '#connectors/kit/webhooks.ts'
import { ISSUE_KEY } from './shapes.ts'

/** Jira's bodies hold a whole ticket with its comments. More than this is no ticket of ours. */
export const LARGEST_WEBHOOK_BYTES = 5 * 1024 * 1024

export interface ExpectedWebhook extends PostedWebhook {
  readonly secret: string
  /** The only site that is listened to, e.g. `https://acme.atlassian.net`. */
  readonly siteUrl: string
}

/**
 * A webhook of Jira Cloud (https://developer.atlassian.com/cloud/jira/platform/webhooks/): `X-Hub-Signature` is
 * `sha256=` and the HMAC over the exact bytes of the body, by the secret that both sides know. Whoever knows the
 * secret of another site still cannot speak for this one. The body's words are not believed beyond which ticket to read.
 */
export function verifyJiraWebhook({ headers, rawBody, secret, siteUrl }: ExpectedWebhook): WebhookVerdict {
  if (rawBody.byteLength > LARGEST_WEBHOOK_BYTES) return refused('too large')
  const signature = headerOf(headers, 'x-hub-signature')
  if (signature === '') return refused('signature missing')
  if (!isSignedBy(secret, rawBody, signature)) return refused('signature wrong')

  const body = parsed(rawBody)
  if (body === undefined) return refused('not JSON')
  const read = aboutIssue.safeParse(body)
  if (!read.success) return refused('not about an issue')
  const { issue, timestamp, webhookEvent, user, comment } = read.data
  if (!isAt(siteUrl, issue.self)) return refused('another site')
  const bodyDigest = createHash('sha256').update(rawBody).digest('hex')
  const identifier = headerOf(headers, 'x-atlassian-webhook-identifier')
  return {
    kind: 'genuine',
    deliveryId: /^[\x21-\x7e]{1,200}$/.test(identifier) ? identifier : bodyDigest,
    bodyDigest,
    siteUrl,
    issueKey: issue.key,
    issueId: issue.id,
    event: webhookEvent,
    at: timestamp ?? null,
    by: user?.accountId ?? comment?.author?.accountId ?? null,
  }
}

const someone = z.object({ accountId: z.string().max(128).nullish() }).nullish()

const aboutIssue = z.object({
  webhookEvent: z.string().max(100),
  timestamp: z.int().nullish(),
  user: someone,
  comment: z.object({ author: someone }).nullish(),
  issue: z.object({
    id: z.union([z.string().regex(/^\d{1,20}$/), z.int().nonnegative().transform(String)]),
    key: z.string().max(300).regex(ISSUE_KEY),
    self: z.string().max(2_000),
  }),
})

/** Constant in time for every signature of the right length; a wrong length tells nothing about the secret. */
function isSignedBy(secret: string, rawBody: Uint8Array, signature: string): boolean {
  const [method, hex] = [signature.slice(0, 7), signature.slice(7)]
  if (method !== 'sha256=' || !/^[0-9a-f]{64}$/i.test(hex)) return false
  return timingSafeEqual(createHmac('sha256', secret).update(rawBody).digest(), Buffer.from(hex, 'hex'))
}

function parsed(rawBody: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody))
  } catch {
    return undefined
  }
}

/** The ticket's own address must lie below the site's: a name that only begins alike is another site. */
function isAt(siteUrl: string, self: string): boolean {
  const [site, ticket] = [URL.parse(siteUrl), URL.parse(self)]
  if (site === null || ticket === null || site.origin !== ticket.origin) return false
  return ticket.pathname.startsWith(`${site.pathname.replace(/\/$/, '')}/rest/api/`)
}

/** Two values for a header that comes once are nobody's but a forger's. */
function headerOf(headers: PostedWebhook['headers'], name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value.trim() : ''
}

function refused(because: RefusedWebhook['because']): RefusedWebhook {
  return { kind: 'refused', because }
}
