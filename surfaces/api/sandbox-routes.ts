import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { ApiOptions } from './api-options.ts'
import { readInput } from './read-input.ts'
import { refuse } from './refuse.ts'
import type { NowAnswer } from './wire.ts'

const move = z.strictObject({ hours: z.number().int().min(1).max(168) })

export function addSandboxRoutes(app: FastifyInstance, options: ApiOptions): void {
  let moving = false

  app.post('/api/sandbox/advance', { config: { door: 'move the clock' } }, async (request, reply) => {
    const body = readInput(move, request.body)
    if (!body.ok) return refuse(request, reply, 'not understood', body.words)
    if (!options.reads() || !options.sandbox) return refuse(request, reply, 'starting')
    // Two moves at once would add up to a time that nobody asked for.
    if (moving) return refuse(request, reply, 'clock is moving')
    moving = true
    try {
      await options.sandbox.advance(body.value.hours)
    } finally {
      moving = false
    }
    const answer: NowAnswer = { now: options.now() }
    return reply.send(answer)
  })
}
