import { createHmac, hash } from 'node:crypto'
import type { Instant } from '#core/instant.ts'
import { issueFields } from './issue-fields.ts'
import { changelogItemShape, commentShape, userShape } from './shapes.ts'
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
  if (site.webhook === null) return
  // The greater part of each body, and the same in both.
  const issue = JSON.stringify(issueOf(site, ticket))
  if (happening.kind === 'created') return queue(site, 'jira:issue_created', now, changeOf(site, issue, by, happening))
  if (happening.kind === 'commented') {
    const comment = JSON.stringify(commentShape(site, happening.comment, { version: 2, withProperties: false }))
    queue(site, 'comment_created', now, `"comment":${comment},"issue":${issue},"eventType":"primaryAction"`)
  }
  queue(site, 'jira:issue_updated', now, changeOf(site, issue, by, happening))
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

/** The members of the body, as JSON. */
function changeOf(site: Site, issue: string, by: string, happening: Happening): string {
  const user = JSON.stringify(userShape(site, by, 2))
  const common = (name: string): string => `"issue_event_type_name":"${name}","user":${user},"issue":${issue}`
  switch (happening.kind) {
    case 'created':
      return common('issue_created')
    case 'commented': {
      const comment = commentShape(site, happening.comment, { version: 2, withProperties: false })
      return `${common('issue_commented')},"comment":${JSON.stringify(comment)}`
    }
    case 'changed': {
      const { id, items } = happening.entry
      const changelog = JSON.stringify({ id, items: items.map(changelogItemShape) })
      return `${common(happening.generic ? 'issue_generic' : 'issue_updated')},"changelog":${changelog}`
    }
  }
}

function issueOf(site: Site, ticket: Ticket): object {
  const self = `${site.url}/rest/api/2/issue/${ticket.id}`
  return { id: ticket.id, self, key: ticket.key, fields: issueFields(site, ticket, 2) }
}

function queue(site: Site, webhookEvent: JiraWebhookEvent, at: Instant, members: string): void {
  const { webhook } = site
  if (webhook === null || (webhook.events !== undefined && !webhook.events.includes(webhookEvent))) return
  const body = `{"timestamp":${at},"webhookEvent":"${webhookEvent}",${members}}`
  site.lastWebhook += 1
  // Unique also when a site starts anew and counts from the beginning: the body holds the moment.
  const numbered = `${site.seed.cloudId} ${site.lastWebhook} ${body}`
  let headers: WebhookDelivery['headers'] | null = null
  site.deliveries.push({
    url: webhook.url,
    // Signed when somebody looks: whoever leaves out what we did ourselves looks at the body alone.
    get headers() {
      return (headers ??= {
        'content-type': 'application/json; charset=UTF-8',
        'user-agent': 'Atlassian Webhook HTTP Client',
        'x-atlassian-webhook-identifier': hash('sha256', numbered).slice(0, 32),
        'x-atlassian-webhook-flow': 'Primary',
        'x-hub-signature': signatureOf(webhook.secret, body),
      })
    },
    body,
  })
}
