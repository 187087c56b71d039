import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { ApiOptions } from './api-options.ts'
import type { Wanted } from './find-requests.ts'
import { findRequests } from './find-requests.ts'
import { readInput } from './read-input.ts'
import { refuse } from './refuse.ts'
import type { RequestAnswer, RequestsAnswer } from './wire.ts'

const requestId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)

const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  before: requestId.optional(),
  state: z
    .enum([
      'open',
      'waiting for approval',
      'declined',
      'refused',
      'void',
      'being granted',
      'live',
      'being removed',
      'ended',
      'failed',
    ])
    .optional(),
  search: z.string().max(200).optional(),
  concern: z.enum(['asked', 'waiting']).optional(),
})

export function addRequestRoutes(app: FastifyInstance, options: ApiOptions): void {
  app.get('/api/requests', { config: { door: 'read requests' } }, async (request, reply) => {
    const query = readInput(listQuery, request.query)
    if (!query.ok) return refuse(request, reply, 'not understood', query.words)
    const reads = options.reads()
    if (!reads) return refuse(request, reply, 'starting')

    const { limit, before, state, search, concern } = query.value
    let concerning: Wanted['concerning']
    if (concern) {
      const personId = request.session?.personId ?? null
      if (personId === null) return refuse(request, reply, 'nobody chosen')
      concerning = { how: concern, personId }
    }
    const found = await findRequests(reads, { limit, before, state, text: search, concerning })
    const answer: RequestsAnswer = { now: options.now(), ...found }
    return reply.send(answer)
  })

  app.get('/api/requests/:id', { config: { door: 'read requests' } }, async (request, reply) => {
    const params = readInput(z.strictObject({ id: requestId }), request.params)
    // An id that cannot be one of ours names no request: for the asker it is the same.
    if (!params.ok) return refuse(request, reply, 'no such request')
    const query = readInput(z.strictObject({}), request.query)
    if (!query.ok) return refuse(request, reply, 'not understood', query.words)
    const reads = options.reads()
    if (!reads) return refuse(request, reply, 'starting')

    const view = await reads.view(params.value.id)
    if (!view) return refuse(request, reply, 'no such request')
    const answer: RequestAnswer = { now: options.now(), request: view }
    return reply.send(answer)
  })
}
