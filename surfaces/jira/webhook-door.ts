import fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import type { RefusedWebhook, Webhooks } from '#connectors/kit/webhooks.ts'
import type { Ports } from '#engine/ports.ts'
import { acceptWebhook } from './accept-webhook.ts'
import { boundedBodies, type BodyLimits } from './bounded-bodies.ts'

const MEBIBYTE = 1_024 * 1_024
const LIMITS: BodyLimits = { oneBodyBytes: 5 * MEBIBYTE, allBodiesBytes: 64 * MEBIBYTE }
const MOST_CONNECTIONS = 64

/** What a signature looks like; whether it is one shows only when the whole body is there. */
const SIGNATURE = /^sha256=[0-9a-f]{64}$/i

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
 * the body is kept as the exact bytes that were signed. Whoever does not even claim a signature is sent away before their
 * body is read, and the bodies of all others together have a bound: memory is nothing that a stranger can use up.
 */
export function buildWebhookDoor(options: {
  readonly webhooks: Webhooks
  readonly ports: () => Ports | null
  readonly onFault: (fault: unknown) => void
  readonly limits?: BodyLimits
}): FastifyInstance {
  const app = fastify({
    logger: false,
    requestTimeout: 15_000,
    forceCloseConnections: true,
  })
  app.server.maxConnections = MOST_CONNECTIONS
  const withBody = boundedBodies(options.limits ?? LIMITS)
  // No parser reads a body: that is the business of the one route, within its limits.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined))

  const refuse = (reply: FastifyReply, because: RefusedWebhook['because']): FastifyReply => {
    const { status, words } = REFUSED[because]
    return reply.code(status).send({ error: because, words })
  }

  app.addHook('onRequest', async (request, reply) => {
    // Whatever else an unwanted sender has to say, they say to a closed door.
    if (request.is404) return reply.code(404).header('connection', 'close').send({ error: 'not found' })
    const signature = request.headers['x-hub-signature']
    if (typeof signature === 'string' && SIGNATURE.test(signature)) return undefined
    reply.header('connection', 'close')
    return refuse(reply, signature === undefined ? 'signature missing' : 'signature wrong')
  })

  app.post('/webhooks/jira', async (request, reply) => {
    const ports = options.ports()
    // 503 makes Jira try again: nothing is lost while the database starts.
    if (!ports) return reply.code(503).header('connection', 'close').send({ error: 'starting' })
    const body = await withBody(request.raw, (rawBody) =>
      acceptWebhook(ports, options.webhooks, { headers: request.headers, rawBody }),
    )
    if (body.kind !== 'used') {
      reply.header('connection', 'close')
      if (body.kind === 'busy') return reply.code(503).send({ error: 'busy' })
      return body.kind === 'too large' ? refuse(reply, 'too large') : reply.code(400).send({ error: 'cut off' })
    }
    const { result } = body
    if (result.kind === 'refused') return refuse(reply, result.because)
    return reply.code(result.kind === 'received' ? 202 : 200).send({ result: result.kind })
  })

  app.setErrorHandler((fault: { statusCode?: number }, _request, reply) => {
    const status = fault.statusCode ?? 500
    if (status >= 500) options.onFault(fault)
    return reply.code(status).send({ error: status >= 500 ? 'fault' : 'refused' })
  })
  return app
}
