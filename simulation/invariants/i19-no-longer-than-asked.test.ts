import { test } from 'node:test'
import { HOUR_MS, isoOf } from '#core/instant.ts'
import type { JsonObject } from '#core/event.ts'
import { noLongerThanAsked } from './i19-no-longer-than-asked.ts'
import { breaks, cannotTell, holds, runOf, withData, withNothing, withTickets } from './real-run-for-tests.ts'

const facts = await runOf()

function lasting(hours: number) {
  return (data: JsonObject): JsonObject => ({
    ...data,
    endsAt: isoOf(Date.parse(String(data['startsAt'])) + hours * HOUR_MS),
  })
}

test('windows as long as the tickets ask for hold; where none began, nothing can be told [I19]', async () => {
  await holds(noLongerThanAsked, facts)
  await cannotTell(noLongerThanAsked, withNothing(facts))
})

test('a window that is longer than was asked, or has no end [I19]', async () => {
  await breaks(noLongerThanAsked, withData(facts, 'WindowStarted', lasting(48)), /lasts 48 h, and \d+ h were asked for/)
  const endless = withData(facts, 'WindowStarted', (data) => ({ ...data, endsAt: null }))
  await breaks(noLongerThanAsked, endless, /lasts Infinity h/)
})

test('a window that is shorter gives nobody more [I19]', () =>
  holds(noLongerThanAsked, withData(facts, 'WindowStarted', lasting(0.5))))

test('a window of which the ticket says something shorter by the time it is answered [I19]', () =>
  breaks(
    noLongerThanAsked,
    withTickets(facts, (each) => ({ ...each, duration: 'nothing that the catalog offers' })),
    /and 0 h were asked for/,
  ))
