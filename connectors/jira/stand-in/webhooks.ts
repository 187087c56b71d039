import { createHmac } from 'node:crypto'
import type { Instant } from '#core/instant.ts'
import { changelogItemShape, commentShape, issueFields, userShape } from './shapes.ts'
import type { JiraWebhookEvent } from './seed.ts'
import type { Comment, HistoryEntry, Site, Ticket } from './site.ts'

/** One webhook, ready to be posted. The identifier stays the same when it is tried again. */
export interface WebhookDelivery {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Happening =
  | { readonly kind: 'created' }
  | { readonly kind: 'changed'; readonly entry: HistoryEntry; readonly generic: boolean }
  | { readonly kind: 'commented'; readonly comment: Comment }

/** Queues what Jira would send for this, if an administrator has set a webhook and ticked the event. */
export function tell(site: Site, ticket: Ticket, by: string, happening: Happening, now: Instant): void {
  if (happening.kind === 'created') queue(site, 'jira:issue_created', bodyOf(site, ticket, by, happening, now))
  else {
    if (happening.kind === 'commented') {
      const comment = commentShape(site, happening.comment, { version: 2, withProperties: false })
      const body = { timestamp: now, comment, issue: issueOf(site, ticket), eventType: 'primaryAction' }
      queue(site, 'comment_created', body)
    }
    queue(site, 'jira:issue_updated', bodyOf(site, ticket, by, happening, now))
  }
}

/** Hands over what was queued, with the site's habits, and forgets it. */
export function takeDeliveries(site: Site): readonly WebhookDelivery[] {
  const queued = site.deliveries.splice(0)
  const { loseEvery, doubleEvery, reverse } = site.habits.webhooks ?? {}
  const handed: WebhookDelivery[] = []
  for (const delivery of queued) {
    site.deliveryCount += 1
    if (loseEvery !== undefined && site.deliveryCount % loseEvery === 0) continue
    handed.push(delivery)
    if (doubleEvery !== undefined && site.deliveryCount % doubleEvery === 0) handed.push(delivery)
  }
  return reverse === true ? handed.reverse() : handed
}

/** The same delivery, as Jira sends it the `count`th time over. */
export function retried(delivery: WebhookDelivery, count: number): WebhookDelivery {
  return { ...delivery, headers: { ...delivery.headers, 'x-atlassian-webhook-retry': String(count) } }
}

export function signatureOf(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

function bodyOf(site: Site, ticket: Ticket, by: string, happening: Happening, now: Instant): object {
  const kindName = { created: 'issue_created', commented: 'issue_commented' } as const
  return {
    timestamp: now,
    issue_event_type_name:
      happening.kind === 'changed' ? (happening.generic ? 'issue_generic' : 'issue_updated') : kindName[happening.kind],
    user: userShape(site, by, 2),
    issue: issueOf(site, ticket),
    ...(happening.kind === 'changed'
      ? { changelog: { id: happening.entry.id, items: happening.entry.items.map(changelogItemShape) } }
      : {}),
    ...(happening.kind === 'commented'
      ? { comment: commentShape(site, happening.comment, { version: 2, withProperties: false }) }
      : {}),
  }
}

function issueOf(site: Site, ticket: Ticket): object {
  const self = `${site.url}/rest/api/2/issue/${ticket.id}`
  return { id: ticket.id, self, key: ticket.key, fields: issueFields(site, ticket, 2) }
}

function queue(site: Site, webhookEvent: JiraWebhookEvent, content: object): void {
  const { webhook } = site
  if (webhook === null || (webhook.events !== undefined && !webhook.events.includes(webhookEvent))) return
  const { timestamp, ...rest } = content as { timestamp: Instant }
  const body = JSON.stringify({ timestamp, webhookEvent, ...rest })
  site.lastWebhook += 1
  // Unique also when a site starts anew and counts from the beginning: the body holds the moment.
  const identifier = createHmac('sha256', site.seed.cloudId)
    .update(`${site.lastWebhook} ${body}`)
    .digest('hex')
    .slice(0, 32)
  site.deliveries.push({
    url: webhook.url,
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      'user-agent': 'Atlassian Webhook HTTP Client',
      'x-atlassian-webhook-identifier': identifier,
      'x-atlassian-webhook-flow': 'Primary',
      'x-hub-signature': signatureOf(webhook.secret, body),
    },
    body,
  })
}
