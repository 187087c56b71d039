import { test } from 'node:test'
import { HOUR_MS, MINUTE_MS } from '#core/instant.ts'
import type { Facts } from '../facts.ts'
import { COMPANY } from '../company.ts'
import { decisionsOf } from './decisions.ts'
import { decidedByWhoMay } from './i16-decided-by-who-may.ts'
import {
  breaks,
  cannotTell,
  holds,
  runOf,
  withData,
  withEvents,
  withHistory,
  withNothing,
} from './real-run-for-tests.ts'

const facts = await runOf()
const approved = decisionsOf(facts).filter((each) => each.type === 'RequestApproved')
const byPerson = approved.find((each) => each.event.by.kind === 'person')
const byRule = approved.find((each) => each.event.by.kind === 'rule')

test('a run in which those approve whom the rule asks holds; without a decision nothing can be told [I16]', async () => {
  await holds(decidedByWhoMay, facts)
  await cannotTell(decidedByWhoMay, withNothing(facts))
})

/** The decider is deactivated, and readings of the directory end so long before the decision. */
function deactivated(minutesBefore: number, ...readBefore: readonly number[]): Facts {
  const at = byPerson?.at ?? 0
  const { by } = byPerson?.event ?? {}
  const seat = COMPANY.people.findIndex((each) => by?.kind === 'person' && each.id === by.id)
  return withHistory(facts, {
    deeds: [{ at: at - minutesBefore * MINUTE_MS, deed: { at: 0, do: 'deactivate', seat }, result: 'done' }],
    syncs: readBefore.map((minutes) => ({ at: at - minutes * MINUTE_MS, readAt: at - minutes * MINUTE_MS - 100 })),
  })
}

test('an approver who is not active any more, as the directory had told [I16]', () =>
  breaks(decidedByWhoMay, deactivated(30, 70, 10), /had told that they are not active since/))

test('what the directory had not told yet, nobody knows [I16]', async () => {
  await holds(decidedByWhoMay, deactivated(30, 90, 40))
  await holds(decidedByWhoMay, deactivated(30))
})

test('somebody whom the rule in the record does not ask [I16]', async () => {
  const other = COMPANY.people.at(-1)?.id ?? ''
  const by = { kind: 'person', id: other, door: 'jira' } as const
  const changed = withEvents(facts, (each) => (each === byPerson?.event ? { ...each, by } : each))
  await breaks(decidedByWhoMay, changed, /is by Finn, whom [\w-]+ does not ask/)
})

test('a version of the rule that was never published, or later [I16]', async () => {
  const isThat = (each: unknown): boolean => each === byPerson?.event
  const rule = { id: byPerson?.submitted.rule.id ?? '', version: 7 }
  const unknown = withData(facts, 'RequestApproved', (data) => ({ ...data, rule }), isThat)
  await breaks(decidedByWhoMay, unknown, /@7, which was not published before it/)
  const later = withEvents(facts, (each) =>
    each.type === 'ApprovalRulePublished' ? { ...each, position: each.position + HOUR_MS } : each,
  )
  await breaks(decidedByWhoMay, later, /@1, which was not published before it/)
})

test('a rule that knows nobody like them cannot have approved by itself [I16]', async () => {
  const changed = withData(
    facts,
    'ApprovalRulePublished',
    (data) => ({ ...data, definition: { ...(data['definition'] as object), autoApprove: [] } }),
    (each) => each.data['ruleId'] === byRule?.submitted.rule.id,
  )
  await breaks(decidedByWhoMay, changed, /is by known, in which nobody like \w+ is known/)
})
