import type { FastifyError, FastifyInstance } from 'fastify'
import fastify from 'fastify'
import type { ApiOptions } from './api-options.ts'
import { authorise } from './authorise.ts'
import { addAlarmRoutes } from './alarm-routes.ts'
import { addConsoleRoutes } from './console-routes.ts'
import { tokenIn } from './cookie.ts'
import type { Door } from './doors.ts'
import { addEntryRoutes } from './entry-routes.ts'
import type { Session } from './entry.ts'
import type { ErrorCode } from './errors.ts'
import { addHaltRoutes } from './halt-routes.ts'
import { localHostOf } from './loopback.ts'
import { refuse } from './refuse.ts'
import { addRequestRoutes } from './request-routes.ts'
import { addSandboxRoutes } from './sandbox-routes.ts'
import { SECURITY_HEADERS } from './security-headers.ts'
import { addSessionRoutes } from './session-routes.ts'
import type { HealthAnswer } from './wire.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    door?: Door
  }
  interface FastifyRequest {
    session: Session | null
  }
}

/**
 * The server of console and API: routes, one authorisation in front of them, one table of errors behind them.
 * It does not listen by itself: `listenOnLoopback` does, and refuses every other address.
 */
export function buildApi(options: ApiOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: 16 * 1_024,
    requestTimeout: 30_000,
    // A console that polls keeps its connection; closing the server must not wait for it.
    forceCloseConnections: true,
    frameworkErrors: (_error, request, reply) => {
      reply.headers(SECURITY_HEADERS)
      void refuse(request, reply, 'not found')
    },
  })
  app.removeContentTypeParser('text/plain')
  app.decorateRequest('session', null)

  app.addHook('onRoute', (route) => {
    if (!route.config?.door) throw new Error(`the route ${route.url} names no door`)
  })

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS)
    const { host, origin, cookie, 'sec-fetch-site': fetchSite } = request.headers
    const token = tokenIn(cookie, localHostOf(host)?.port ?? '')
    request.session = token === null ? null : options.entry.sessionOf(token)
    const authorisation = authorise(
      request.routeOptions.config.door ?? 'nowhere',
      {
        remoteAddress: request.socket.remoteAddress ?? '',
        hostHeader: host,
        originHeader: origin,
        fetchSite: Array.isArray(fetchSite) ? fetchSite.join() : fetchSite,
        session: request.session,
      },
      { sandbox: options.sandbox !== null },
    )
    if (authorisation.kind === 'refused') return refuse(request, reply, authorisation.code)
    return undefined
  })

  app.setNotFoundHandler((request, reply) => refuse(request, reply, 'not found'))
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const code = CODE_OF[error.code] ?? (isUnreadableBody(error) ? 'not understood' : 'fault')
    // The route's pattern, not the address: an address may hold the code of an entry link.
    if (code === 'fault') options.onFault(error, `${request.method} ${request.routeOptions.url ?? 'nowhere'}`)
    return refuse(request, reply, code)
  })

  app.get('/health', { config: { door: 'ask whether it lives' } }, async (_request, reply) => {
    const answer: HealthAnswer = {
      status: 'ok',
      database: options.reads() ? 'ready' : 'starting',
      console: options.console.state().kind,
    }
    return reply.send(answer)
  })
  addEntryRoutes(app, options)
  addConsoleRoutes(app, options)
  addSessionRoutes(app, options)
  addRequestRoutes(app, options)
  addHaltRoutes(app, options)
  addAlarmRoutes(app, options)
  addSandboxRoutes(app, options)
  return app
}

/** Fastify's own refusals, in our words. */
const CODE_OF: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'wrong type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'not understood',
  FST_ERR_CTP_INVALID_JSON_BODY: 'not understood',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'not understood',
}

/** The JSON parser's errors carry no code of Fastify's, only a status below 500. */
function isUnreadableBody(error: FastifyError): boolean {
  return error.statusCode === 400 && (error.name === 'SyntaxError' || error instanceof SyntaxError)
}
