import { request } from 'node:http'
import { SECOND_MS, type Instant } from '#core/instant.ts'
import { serveStandIn, type ServeOptions } from '#connectors/kit/serve-stand-in.ts'
import type { JiraStandIn } from './state.ts'
import { retried, type WebhookDelivery } from './webhooks.ts'

export interface ServedJira {
  readonly url: string
  /** Resolves when no webhook is on its way any more. */
  settled(): Promise<void>
  close(): Promise<void>
}

export interface JiraServeOptions extends ServeOptions {
  readonly now: () => Instant
  /** Waits before the second and every later try. Jira takes minutes; a demo has no time for that. */
  readonly retryWaitsMs?: readonly number[]
}

/** The vendor tries again on these, when no connection comes about, and when no answer comes in time: RFC 9110 names. */
const TRIED_AGAIN = new Set([408, 409, 425, 429])
const ANSWER_WITHIN_MS = 20 * SECOND_MS
/** Six tries in all: the first and five more, as Jira promises. */
const RETRY_WAITS_MS = [250, 500, 1_000, 2_000, 4_000]
const AT_ONCE = 8

/** Serves the site on loopback and posts its webhooks, to loopback only. */
export async function serveJira(standIn: JiraStandIn, options: JiraServeOptions): Promise<ServedJira> {
  const waitsMs = options.retryWaitsMs ?? RETRY_WAITS_MS
  const waiting: WebhookDelivery[] = []
  const onTheWay = new Set<Promise<void>>()
  const stop = new AbortController()

  const served = await serveStandIn((incoming, now) => {
    const answer = standIn.answer(incoming, now)
    waiting.push(...standIn.takeDeliveries())
    // The answer goes out first: a webhook about a call must not overtake its own answer more often than with Jira.
    setImmediate(startSome)
    return answer
  }, options)
  standIn.standAt(served.url)

  function startSome(): void {
    while (waiting.length > 0 && onTheWay.size < AT_ONCE && !stop.signal.aborted) {
      const delivery = waiting.shift()
      if (delivery === undefined) return
      const way: Promise<void> = deliver(delivery, waitsMs, stop.signal).finally(() => {
        onTheWay.delete(way)
        startSome()
      })
      onTheWay.add(way)
    }
  }

  return {
    url: served.url,
    async settled() {
      // A turn of the event loop, because a call that was just answered starts its webhooks after the answer.
      await new Promise((resolve) => setImmediate(resolve))
      while (onTheWay.size > 0) await Promise.all(onTheWay)
    },
    async close() {
      stop.abort()
      await Promise.all(onTheWay)
      await served.close()
    },
  }
}

async function deliver(delivery: WebhookDelivery, waitsMs: readonly number[], stop: AbortSignal): Promise<void> {
  if (!isLoopback(delivery.url)) return
  for (let tries = 0; !stop.aborted; tries += 1) {
    const status = await post(tries === 0 ? delivery : retried(delivery, tries), stop)
    if (status !== null && !TRIED_AGAIN.has(status) && status < 500) return
    const waitMs = waitsMs[tries]
    if (waitMs === undefined) return
    await pause(waitMs, stop)
  }
}

export function isLoopback(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return (
    protocol === 'http:' && (/^127\.\d+\.\d+\.\d+$/.test(hostname) || hostname === '[::1]' || hostname === 'localhost')
  )
}

/** The status of the answer, or null when none came. */
function post(delivery: WebhookDelivery, signal: AbortSignal): Promise<number | null> {
  return new Promise((resolve) => {
    const length = Buffer.byteLength(delivery.body)
    const headers = { ...delivery.headers, 'content-length': length, connection: 'close' }
    const outgoing = request(delivery.url, { method: 'POST', headers, signal, timeout: ANSWER_WITHIN_MS }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode ?? null))
      answer.on('error', () => resolve(null))
    })
    outgoing.on('timeout', () => outgoing.destroy())
    outgoing.on('error', () => resolve(null))
    outgoing.end(delivery.body)
  })
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', over)
      resolve()
    }
    const timer = setTimeout(over, ms)
    signal.addEventListener('abort', over)
  })
}
