import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { ApiOptions } from './api-options.ts'
import { sessionCookie } from './cookie.ts'
import { localHostOf } from './loopback.ts'
import { htmlOf } from './page.ts'
import { readInput } from './read-input.ts'
import { refuse } from './refuse.ts'

const query = z.strictObject({ code: z.string().max(100) })

export function addEntryRoutes(app: FastifyInstance, options: ApiOptions): void {
  // HEAD would use the link up without anybody seeing the page.
  app.get('/enter', { config: { door: 'enter by a link' }, exposeHeadRoute: false }, async (request, reply) => {
    const input = readInput(query, request.query)
    if (!input.ok) return refuse(request, reply, 'link unknown')
    // A browser that loads ahead, or a page that embeds the address, is not a person who opens it.
    const dest = request.headers['sec-fetch-dest']
    if (request.headers['sec-purpose'] !== undefined || (dest !== undefined && dest !== 'document')) {
      return refuse(request, reply, 'link not opened by a person')
    }
    const entering = options.entry.enter(input.value.code)
    if (entering.kind === 'refused') return refuse(request, reply, entering.code)

    const port = localHostOf(request.headers.host)?.port ?? ''
    // A page that goes on by itself, not a redirect: after a redirect from a link on another site the browser would keep
    // the new `SameSite=Strict` cookie back.
    return reply
      .header('set-cookie', sessionCookie(port, entering.token, entering.lastsMs))
      .type('text/html; charset=utf-8')
      .send(
        htmlOf({
          title: 'Welcome',
          paragraphs: ['The console opens now.'],
          link: { href: '/console/', words: 'Open the console' },
          refresh: { afterSeconds: 0, to: '/console/' },
        }),
      )
  })
}
