import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { lastWordInWords } from '../words/last-word.ts'
import type { ApiOptions } from './api-options.ts'
import { METRICS_TYPE, metricsOf } from './metrics.ts'
import { readInput } from './read-input.ts'
import { refuse } from './refuse.ts'
import type { OverdueAnswer } from './wire.ts'

/** More than anybody reads on one page; the count says how many there are. */
const SHOWN = 200

export function addAlarmRoutes(app: FastifyInstance, options: ApiOptions): void {
  app.get('/api/overdue', { config: { door: 'read what is overdue' } }, async (request, reply) => {
    const query = readInput(z.strictObject({}), request.query)
    if (!query.ok) return refuse(request, reply, 'not understood', query.words)
    const alarms = options.alarms()
    if (!alarms) return refuse(request, reply, 'starting')

    const removals = await alarms.overdue()
    const answer: OverdueAnswer = {
      now: options.now(),
      count: removals.length,
      overdue: removals.slice(0, SHOWN).map((removal) => ({
        ...removal,
        groups: removal.groups.map((group) => ({ ...group, lastWord: lastWordInWords(group.lastWord) })),
      })),
    }
    return reply.send(answer)
  })

  app.get('/metrics', { config: { door: 'read the gauges' } }, async (request, reply) => {
    const alarms = options.alarms()
    if (!alarms) return refuse(request, reply, 'starting')
    return reply.type(METRICS_TYPE).send(metricsOf(await alarms.gauges()))
  })
}
