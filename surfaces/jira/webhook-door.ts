import fastify, { type FastifyInstance } from 'fastify'
import type { RefusedWebhook, Webhooks } from '#connectors/kit/webhooks.ts'
import type { Ports } from '#engine/ports.ts'
import { acceptWebhook } from './accept-webhook.ts'

const LARGEST_BODY_BYTES = 5 * 1_024 * 1_024

/** What the sender is told. Jira tries again on 408, 409, 425, 429 and 5xx only, so none of these is repeated. */
const REFUSED: Readonly<Record<RefusedWebhook['because'], { readonly status: number; readonly words: string }>> = {
  'too large': { status: 413, words: 'The body is too large.' },
  'signature missing': {
    status: 401,
    words: 'The header X-Hub-Signature is missing: give the webhook its secret in Jira.',
  },
  'signature wrong': {
    status: 401,
    words: 'The signature does not fit the body: the secret in Jira and JIRA_WEBHOOK_SECRET differ.',
  },
  'not JSON': { status: 400, words: 'The body is not JSON.' },
  'another site': { status: 403, words: 'This server is not paired with that site.' },
  'not about an issue': { status: 400, words: 'The body is about no issue: choose issue events only.' },
}

/**
 * The webhook door: a server of its own, which may be public because it accepts nothing but signed requests. One route;
 * the body is kept as the exact bytes that were signed.
 */
export function buildWebhookDoor(options: {
  readonly webhooks: Webhooks
  readonly ports: () => Ports | null
  readonly onFault: (fault: unknown) => void
}): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: LARGEST_BODY_BYTES,
    requestTimeout: 15_000,
    forceCloseConnections: true,
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  app.post('/webhooks/jira', async (request, reply) => {
    const ports = options.ports()
    // 503 makes Jira try again: nothing is lost while the database starts.
    if (!ports) return reply.code(503).send({ error: 'starting' })
    const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const accepted = await acceptWebhook(ports, options.webhooks, { headers: request.headers, rawBody })
    if (accepted.kind !== 'refused')
      return reply.code(accepted.kind === 'received' ? 202 : 200).send({ result: accepted.kind })
    const { status, words } = REFUSED[accepted.because]
    return reply.code(status).send({ error: accepted.because, words })
  })

  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'not found' }))
  app.setErrorHandler((fault: { statusCode?: number }, _request, reply) => {
    const status = fault.statusCode ?? 500
    if (status >= 500) options.onFault(fault)
    return reply.code(status).send({ error: status === 413 ? 'too large' : status >= 500 ? 'fault' : 'refused' })
  })
  return app
}
