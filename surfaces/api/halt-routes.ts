import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { ApiOptions } from './api-options.ts'
import { readInput } from './read-input.ts'
import { refuse } from './refuse.ts'
import type { HaltsAnswer } from './wire.ts'

/** What is halted is told here and ordered on the server (tenure halt): nobody stops everything with a page that was left open. */
export function addHaltRoutes(app: FastifyInstance, options: ApiOptions): void {
  app.get('/api/halts', { config: { door: 'read what is halted' } }, async (request, reply) => {
    const query = readInput(z.strictObject({}), request.query)
    if (!query.ok) return refuse(request, reply, 'not understood', query.words)
    const halts = options.halts()
    if (!halts) return refuse(request, reply, 'starting')
    const answer: HaltsAnswer = { now: options.now(), halts: await halts.orders() }
    return reply.send(answer)
  })
}
