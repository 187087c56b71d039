import { SECOND_MS, type Instant } from '#core/instant.ts'
import type { Webhooks } from '#connectors/kit/webhooks.ts'
import { signatureOf, type WebhookDelivery } from '#connectors/jira/stand-in/webhooks.ts'
import type { Ports } from '#engine/ports.ts'
import { acceptWebhook } from '#surfaces/jira/accept-webhook.ts'
import type { Heap } from '../heap.ts'
import type { History, Posted } from './history.ts'
import type { Replica } from './replica.ts'
import type { Site } from './site.ts'

/** What becomes of one webhook on its way. */
export interface PostFate {
  readonly lost: boolean
  readonly copies: number
  readonly afterMs: number
  /** Others that an attacker, or a proxy that kept a copy, sends beside it. */
  readonly forgery: 'forged' | 'replayed' | 'of another site' | null
}

/** Carries what Jira would post to whichever process of ours is there. */
export interface Post {
  collect(): void
}

interface Door {
  readonly replica: Replica
  readonly ports: Ports
  readonly webhooks: Webhooks
}

/** Jira tries again when nobody answers (primary lane: within half a minute). */
const AGAIN_MS = 30 * SECOND_MS
const MOST_TRIES = 5

export function createPost(
  site: Site,
  heap: Heap,
  fateOf: (delivery: WebhookDelivery) => PostFate,
  history: History,
  echoes: boolean,
  door: () => Door | null,
): Post {
  function post(delivery: WebhookDelivery, when: Instant, kind: Posted['kind'], tries = 0): void {
    heap.at(when, () => {
      const open = door()
      if (open === null || open.replica.paused()) {
        if (tries < MOST_TRIES) post(delivery, heap.now() + AGAIN_MS, kind, tries + 1)
        else history.webhooks.push({ at: heap.now(), kind, body: delivery.body, verdict: 'no answer' })
        return
      }
      const posted: Posted = { at: heap.now(), kind, body: delivery.body, verdict: 'no answer' }
      history.webhooks.push(posted)
      open.replica.deliver(() => {
        acceptWebhook(open.ports, open.webhooks, {
          headers: delivery.headers,
          rawBody: Buffer.from(delivery.body),
        }).then(
          (verdict) => void (posted.verdict = verdict.kind === 'refused' ? verdict.because : verdict.kind),
          () => {
            posted.verdict = 'failed'
            if (tries < MOST_TRIES) post(delivery, heap.now() + AGAIN_MS, kind, tries + 1)
          },
        )
      })
    })
  }

  return {
    collect() {
      for (const delivery of site.jira.takeDeliveries()) {
        if (!echoes && isEcho(delivery)) continue
        const fate = fateOf(delivery)
        if (!fate.lost) {
          for (let copy = 0; copy < fate.copies; copy += 1)
            post(delivery, heap.now() + fate.afterMs + copy * 7, 'genuine')
        }
        if (fate.forgery !== null) post(forged(delivery, fate.forgery), heap.now() + fate.afterMs + 11, fate.forgery)
      }
    },
  }
}

const OUR_ACCOUNT = '"accountId":"712020:00000000-0000-4000-8000-00007e9a9ce5"'

/** The account that acted is told before the ticket. */
function isEcho({ body }: WebhookDelivery): boolean {
  const head = body.slice(0, body.indexOf('"issue":'))
  return head.includes(OUR_ACCOUNT)
}

function forged(delivery: WebhookDelivery, how: 'forged' | 'replayed' | 'of another site'): WebhookDelivery {
  switch (how) {
    case 'forged': {
      const body = delivery.body.replace('"jira:issue', ' "jira:issue')
      return { ...delivery, body: body === delivery.body ? `${body} ` : body }
    }
    case 'replayed':
      return {
        ...delivery,
        headers: { ...delivery.headers, 'x-atlassian-webhook-identifier': `again-${delivery.body.length}` },
      }
    case 'of another site':
      return {
        ...delivery,
        headers: { ...delivery.headers, 'x-hub-signature': signatureOf('the secret of another site', delivery.body) },
      }
  }
}
