import type { PostedWebhook, RefusedWebhook, Webhooks } from '#connectors/kit/webhooks.ts'
import type { Ports } from '#engine/ports.ts'

export type Accepted = { readonly kind: 'received' | 'already received' } | RefusedWebhook

/**
 * Verify, keep, and be done: the work comes later, from the inbox. A genuine webhook is only a reason to look at a
 * ticket. It is known again by the vendor's id and by its signed bytes, whichever a replay may have changed.
 */
export async function acceptWebhook(ports: Ports, webhooks: Webhooks, posted: PostedWebhook): Promise<Accepted> {
  const verdict = webhooks.verify(posted)
  if (verdict.kind === 'refused') return verdict
  const kind = await ports.store.receive({
    id: `jira:${verdict.bodyDigest}`,
    source: 'jira webhook',
    about: verdict.issueKey,
    receivedAt: ports.clock.now(),
  })
  return { kind }
}
