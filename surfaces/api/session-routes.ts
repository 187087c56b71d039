import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { ApiOptions } from './api-options.ts'
import type { Session } from './entry.ts'
import { readInput } from './read-input.ts'
import { refuse } from './refuse.ts'
import type { SessionAnswer } from './wire.ts'

const choice = z.strictObject({ personId: z.string().min(1).max(100).nullable() })

export function addSessionRoutes(app: FastifyInstance, options: ApiOptions): void {
  app.get('/api/session', { config: { door: 'read the session' } }, async (request, reply) => {
    const query = readInput(z.strictObject({}), request.query)
    if (!query.ok) return refuse(request, reply, 'not understood', query.words)
    return reply.send(await describe(options, request.session))
  })

  app.post('/api/session/person', { config: { door: 'choose a person' } }, async (request, reply) => {
    const body = readInput(choice, request.body)
    if (!body.ok) return refuse(request, reply, 'not understood', body.words)
    const { personId } = body.value
    const persons = (await options.sandbox?.persons()) ?? []
    if (personId !== null && !persons.some((person) => person.personId === personId)) {
      return refuse(request, reply, 'no such person')
    }
    if (request.session) request.session.personId = personId
    return reply.send(await describe(options, request.session))
  })
}

async function describe(options: ApiOptions, session: Session | null): Promise<SessionAnswer> {
  const { sandbox } = options
  const persons = sandbox ? await sandbox.persons() : []
  return {
    now: options.now(),
    askUrl: options.askUrl(),
    person: persons.find((person) => person.personId === session?.personId) ?? null,
    sandbox: sandbox ? { companyName: sandbox.companyName, persons } : null,
  }
}
